import type { GenerateResult } from '#shared/contract/runner.ts';
import type { ApiNeeds, ApiPiece, ApiQuestion } from './apiAnswer.ts';
import { type AnswerUsage, answerInOpenai } from './openaiAnswer.ts';

/**
 * Answers a question several times side by side, each time with a seed of its own: the one that was asked for and those after it. Where one fails, the
 * others are ended too.
 * @param asking.onPiece is told which answer a piece belongs to
 * @param asking.onAnswer is given each answer as soon as it is there
 * @returns them in their order
 * @throws {ApiError | RpcError} what failed first
 */
export async function answerChoices(
  question: ApiQuestion,
  asking: {
    readonly count: number;
    readonly signal: AbortSignal;
    readonly onPiece?: (piece: ApiPiece, index: number) => void;
    readonly onAnswer?: (result: GenerateResult, index: number) => void;
  },
  needs: Pick<ApiNeeds, 'models'>,
): Promise<readonly GenerateResult[]> {
  const { count, onPiece, onAnswer } = asking;
  const failing = new AbortController();
  const signal = count === 1 ? asking.signal : AbortSignal.any([asking.signal, failing.signal]);
  const answers = Array.from({ length: count }, async (_, index) => {
    const tellsPiece = onPiece === undefined ? {} : { onPiece: (piece: ApiPiece) => onPiece(piece, index) };
    try {
      const result = await answerInOpenai(withSeed(question, index), { signal, ...tellsPiece }, needs);
      if (!failing.signal.aborted) onAnswer?.(result, index);
      return result;
    } catch (error) {
      failing.abort(error);
      throw error;
    }
  });
  // Nothing is told any more once this has failed.
  await Promise.allSettled(answers);
  if (failing.signal.aborted) throw failing.signal.reason;
  return await Promise.all(answers);
}

function withSeed(question: ApiQuestion, index: number): ApiQuestion {
  const { sampling } = question;
  if (index === 0 || sampling.seed === null) return question;
  return { ...question, sampling: { ...sampling, seed: (sampling.seed + index) >>> 0 } };
}

/** What several answers to one prompt have used: its tokens count once, as OpenAI counts them. */
export function usageOfChoices(answers: readonly GenerateResult[]): AnswerUsage {
  const [first, ...others] = answers;
  if (first === undefined) throw new Error('There is no answer.');
  return others.reduce<AnswerUsage>(
    (sum, { usage, reasoning, reasoningTokens }) => ({
      usage: { ...sum.usage, completionTokens: sum.usage.completionTokens + usage.completionTokens },
      reasoning: sum.reasoning ?? reasoning,
      ...(sum.reasoningTokens === undefined || reasoningTokens === undefined
        ? {}
        : { reasoningTokens: sum.reasoningTokens + reasoningTokens }),
    }),
    first,
  );
}
