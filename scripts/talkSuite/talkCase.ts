import type { Answered } from '#core/bench/gradedItem.ts';
import type { Grader, JsonValue, JudgeTask } from '#core/bench/labelledItem.ts';
import type { FetchFixture, RecordedCall, ToolFault, ToolName } from '#core/tools/tool.ts';

/** One line of the suite, with an answer that must pass and one that must not: both are tried in the tests. */
export interface TalkCase {
  readonly row: {
    readonly id: string;
    readonly task: string;
    readonly system: string | null;
    readonly input: string;
    readonly expected?: JsonValue;
    readonly grader: Grader;
    readonly tools?: readonly ToolName[];
    readonly fixtures?: readonly FetchFixture[];
    readonly faults?: readonly ToolFault[];
    readonly judge?: JudgeTask;
    readonly tags: readonly string[];
  };
  readonly right: Answered;
  readonly wrong: Answered;
}

/** `code-explanation-07` */
export function caseId(task: string, number: number): string {
  return `${task.toLowerCase().replaceAll(' ', '-')}-${String(number).padStart(2, '0')}`;
}

/** An answer in text alone. */
export function said(text: string): Answered {
  return { text, calls: [], execution: null };
}

/** A call as a toolbox records it. */
export function called(
  turn: number,
  call: Pick<RecordedCall, 'name' | 'arguments' | 'result'> & { readonly error?: string },
): RecordedCall {
  const { name, result, error = null } = call;
  return { name, arguments: call.arguments, turn, result: error ?? result, error, tookMs: 1 };
}

/** A whole number from `low` to `high`. */
export function wholeBetween(low: number, high: number, random: () => number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** `1234` and `1,234`: a model may write either. */
export function spellings(number: number): readonly string[] {
  return [...new Set([String(number), number.toLocaleString('en-US')])];
}
