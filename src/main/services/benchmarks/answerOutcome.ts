import type { LabelledItem } from '#core/bench/labelledItem.ts';
import type { WorkedAnswer } from '#main/services/tools/answerWithTools.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import type { RecordedCall as SentCall } from '#shared/contract/benchmarkSamples.ts';
import { benchmarkErrors, type RunPlan } from '#shared/contract/benchmarks.ts';
import type { RpcError } from '#shared/rpc/rpcError.ts';

/** What answering one item showed; the rest of a sample is known before it is asked. */
export type AnswerOutcome = Pick<
  JournaledSample,
  'state' | 'passed' | 'grade' | 'output' | 'reasoning' | 'calls' | 'work' | 'finishReason' | 'usage' | 'timings' | 'interTokenMs' | 'error'
>;

type Limits = Pick<RunPlan, 'answerSeconds'>;
type Shown = Pick<AnswerOutcome, 'output' | 'reasoning' | 'calls' | 'work' | 'finishReason' | 'usage' | 'timings' | 'interTokenMs'>;

/** What a person is shown of an answer, however it is judged. */
export function shown({ answer: last, calls, turns, modelMs, toolMs }: WorkedAnswer): Shown {
  return {
    output: last.text,
    reasoning: last.reasoning,
    ...(calls.length === 0 ? {} : { calls: calls as SentCall[] }),
    work: { modelMs, toolMs, turns, attempts: last.attempts ?? 1, beside: 1, joules: null, gpuUtilisation: null, gpuMemoryBytes: null },
    finishReason: last.finishReason,
    usage: last.usage,
    timings: last.timings,
    interTokenMs: last.interTokenMs,
  };
}

const nothingShown: Shown = { output: null, reasoning: null, finishReason: null, usage: null, timings: null };

/** An answer that ran into a limit, with what there was of it. @param reason in words, for the drill-down */
export function limited(item: LabelledItem, worked: WorkedAnswer, reason: string): AnswerOutcome {
  return { ...shown(worked), ...failedByLimit(item, reason) };
}

/** Whoever was asked gave nothing back before the time was up. */
export const outOfTime = (item: LabelledItem, plan: Limits): AnswerOutcome => ({
  ...nothingShown,
  ...failedByLimit(item, timeReason(plan)),
});

/** What is said of an answer that took too long. */
export const timeReason = ({ answerSeconds }: Limits): string =>
  `Not finished after ${answerSeconds} ${answerSeconds === 1 ? 'second' : 'seconds'}, the limit of the run.`;

function failedByLimit(item: LabelledItem, reason: string): Pick<AnswerOutcome, 'state' | 'passed' | 'grade' | 'finishReason' | 'error'> {
  return {
    state: 'failed',
    passed: false,
    grade: { grader: item.grader?.type ?? 'exact', reason, format: null, fields: null },
    finishReason: 'limit',
    error: { code: benchmarkErrors.limitReached, message: reason, hint: 'Start a run with more time or turns for an answer.' },
  };
}

/** What could not be asked or graded here, for no fault of the model. @param worked its answer, where there is one */
export function notRun({ code, message, hint }: RpcError, worked: WorkedAnswer | null = null): AnswerOutcome {
  const error = { code, message, ...(hint === undefined ? {} : { hint }) };
  return { ...(worked === null ? nothingShown : shown(worked)), state: 'skipped', passed: null, grade: null, error };
}
