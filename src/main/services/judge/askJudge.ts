import { checklistQuestion, type JudgeQuestion, preferenceQuestion } from '#core/bench/judge/judgeQuestion.ts';
import { bothOrders, type ChecklistReading, readChecklist, readPreference } from '#core/bench/judge/readJudgement.ts';
import type { Answerer } from '#main/services/benchmarks/answerer.ts';
import { scoredSampling } from '#main/services/benchmarks/askItem.ts';
import { startTimeLimit, type TimeLimit } from '#main/services/benchmarks/timeLimit.ts';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { endpointErrors, readEndpointModelId } from '#shared/contract/endpoints.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

const answerTokens = 1200;
/** A judge whose server keeps a stream open without a word would hold the run for ever. */
const usualAnswerSeconds = 600;

export interface Asking {
  readonly judge: Pick<Answerer, 'generate' | 'isAlive' | 'modelId'>;
  readonly signal: AbortSignal;
  /** 0 unless told: only how steady a judge is, is asked with more. */
  readonly temperature?: number;
  readonly seed?: number;
  /** 600 unless told. */
  readonly answerSeconds?: number;
}

/** Asks a judge about one answer. @returns null when it was aborted. @throws {RpcError} whatever the judge's runner throws */
export async function askChecklist(
  asked: { readonly task: string; readonly answer: string; readonly criteria: readonly string[]; readonly reference: string | null },
  asking: Asking,
): Promise<ChecklistReading | null> {
  const text = await ask(checklistQuestion(asked), asking);
  return text === null ? null : readChecklist(text, asked);
}

export interface PreferenceOutcome {
  /** 1 = the answer in question is better, 0 = worse, 0.5 = tie or undecided; null where the judge did not do as it was told. */
  readonly score: number | null;
  readonly note: string;
}

/** Asks a judge which of two answers is better, in both orders. @returns null when it was aborted. */
export async function askPreference(
  asked: { readonly task: string; readonly question: string; readonly answer: string; readonly against: string },
  asking: Asking,
): Promise<PreferenceOutcome | null> {
  const { task, question, answer, against } = asked;
  const ordered = await ask(preferenceQuestion({ task, question, first: answer, second: against }), asking);
  if (ordered === null) return null;
  const reversed = await ask(preferenceQuestion({ task, question, first: against, second: answer }), asking);
  if (reversed === null) return null;
  const first = readPreference(ordered);
  const outcome = bothOrders(first, readPreference(reversed));
  if (outcome === null) return { score: null, note: 'The judge gave no verdict that can be read.' };
  return { score: outcome.score, note: outcome.isConsistent ? first.note : 'It chose by the order the answers were shown in: a tie.' };
}

async function ask(question: JudgeQuestion, asking: Asking): Promise<string | null> {
  const { signal, answerSeconds = usualAnswerSeconds } = asking;
  using timeLimit = startTimeLimit(answerSeconds * 1000);
  try {
    const text = await answerTo(question, { ...asking, timeLimit });
    if (text !== null || signal.aborted) return text;
  } catch (error) {
    if (signal.aborted || !timeLimit.signal.aborted) throw error;
  }
  const isRemote = readEndpointModelId(asking.judge.modelId) !== null;
  throw new RpcError(isRemote ? endpointErrors.stalled : benchmarkErrors.limitReached, `The judge gave no answer in ${answerSeconds} s.`);
}

async function answerTo(
  question: JudgeQuestion,
  { judge, signal, temperature, seed, timeLimit }: Asking & { readonly timeLimit: TimeLimit },
): Promise<string | null> {
  const result = await judge.generate(
    {
      turns: [
        { role: 'system', content: question.system },
        { role: 'user', content: question.user },
      ],
      sampling: scoredSampling({ temperature: temperature ?? 0, seed: seed ?? 1, maxTokens: answerTokens }),
      schema: { ...question.schema },
      prefix: 'fixed',
      overflow: 'fail',
      // The grammar holds from the first token, so there is no room to think in.
      thinking: 'off',
    },
    { signal: AbortSignal.any([signal, timeLimit.signal]), onWaiting: timeLimit.hold },
  );
  return result.finishReason === 'cancelled' ? null : result.text;
}
