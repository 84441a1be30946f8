import { gradeAnswer } from '#core/bench/gradeAnswer.ts';
import type { LabelledItem } from '#core/bench/labelledItem.ts';
import type { PythonSandbox } from '#main/services/sandbox/pythonSandbox.ts';
import type { ToolboxMaker } from '#main/services/tools/toolbox.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import type { RunPlan } from '#shared/contract/benchmarks.ts';
import { defaultSampling, type Sampling } from '#shared/contract/chat.ts';
import type { ChatTurn } from '#shared/contract/runner.ts';
import type { Answer, Answerer } from './answerer.ts';
import { gradingTools } from './gradingTools.ts';

/** What answering one item showed; the rest of a sample is known before it is asked. */
export type AnswerOutcome = Pick<
  JournaledSample,
  'state' | 'passed' | 'grade' | 'output' | 'reasoning' | 'calls' | 'work' | 'finishReason' | 'usage' | 'timings' | 'interTokenMs' | 'error'
>;

/** What an answer may need beside the model. */
export interface AnswerAids {
  readonly makeToolbox: ToolboxMaker;
  readonly sandbox: PythonSandbox;
}

/** At temperature 0 nothing is sampled, so nothing may be cut off; no hidden repeat penalty in a scored run. */
export function scoredSampling(options: { readonly temperature: number; readonly seed: number; readonly maxTokens: number }): Sampling {
  const isGreedy = options.temperature === 0;
  return {
    ...defaultSampling,
    ...(isGreedy ? { topP: null, topK: null, minP: null } : {}),
    repeatPenalty: null,
    temperature: options.temperature,
    seed: options.seed,
    maxTokens: options.maxTokens,
  };
}

/**
 * Asks one labelled item and grades the answer. The item's own system prompt is sent, or none; a prefix is kept in whole
 * chunks only, so that the same question is computed the same way whatever was asked before.
 * @returns null when it was aborted.
 * @throws {RpcError} whatever the runner throws.
 */
export async function askItem(
  answerer: Answerer,
  question: {
    readonly item: LabelledItem;
    readonly plan: RunPlan;
    readonly temperature: number;
    readonly seed: number;
    readonly signal: AbortSignal;
    readonly onText?: ((text: string) => void) | undefined;
  },
  _aids: AnswerAids,
): Promise<AnswerOutcome | null> {
  const { item, plan, temperature, seed, signal, onText } = question;
  const turns: ChatTurn[] = [{ role: 'user', content: item.input }];
  if (item.system !== null) turns.unshift({ role: 'system', content: item.system });
  const result = await answerer.generate(
    {
      turns,
      sampling: scoredSampling({ temperature, seed, maxTokens: plan.maxTokens }),
      schema: plan.constrained ? item.schema : null,
      prefix: 'fixed',
      overflow: 'fail',
    },
    {
      signal,
      onItem: (event) => {
        if (event.kind === 'tokens') onText?.(event.text);
      },
    },
  );
  return result.finishReason === 'cancelled' ? null : gradeResult(item, result);
}

function gradeResult(item: LabelledItem, result: Answer): AnswerOutcome {
  const graded = gradeAnswer(item, result.text, gradingTools);
  // An answer that was cut off was not given, whatever its beginning says.
  const isCut = result.finishReason === 'length' || result.finishReason === 'context-full';
  const length = result.usage === null ? '' : ` after ${result.usage.completionTokens} tokens`;
  const reason = isCut ? `Cut off${length}. ${graded.reason}` : graded.reason;
  const passed = graded.passed && !isCut;
  return {
    state: passed ? 'passed' : 'failed',
    passed,
    grade: {
      grader: graded.grader,
      reason,
      format: graded.format,
      fields: graded.fields === null ? null : graded.fields.map((field) => ({ ...field })),
    },
    output: result.text,
    finishReason: result.finishReason,
    usage: result.usage,
    timings: result.timings,
    interTokenMs: result.interTokenMs,
    error: null,
  };
}
