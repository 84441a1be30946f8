import { randomUUID } from 'node:crypto';
import { isTruncated } from '#core/bench/itemOutcomes.ts';
import type { GenerateResult, TokenLogprob, ToolCall } from '#shared/contract/runner.ts';
import { type ApiNeeds, type ApiPiece, type ApiQuestion, answerQuestion } from './apiAnswer.ts';
import { inOpenaiWords } from './openaiErrors.ts';

/** `call_` and 24 characters, as OpenAI names what a client sends back. */
export const openaiId = (kind: string): string => `${kind}_${randomUUID().replaceAll('-', '')}`;

/** Answers, with errors in the words of this dialect. @throws {ApiError | RpcError} */
export async function answerInOpenai(
  question: ApiQuestion,
  asking: { readonly signal: AbortSignal; readonly onPiece?: (piece: ApiPiece) => void },
  needs: Pick<ApiNeeds, 'models'>,
): Promise<GenerateResult> {
  try {
    return await answerQuestion(question, { onPiece: () => undefined, ...asking }, needs);
  } catch (error) {
    throw inOpenaiWords(error);
  }
}

/** What was called; only the first where a client takes no more at once. */
export function callsOf(result: GenerateResult, isParallel: boolean | null | undefined): readonly ToolCall[] {
  const calls = result.toolCalls ?? [];
  return isParallel === false ? calls.slice(0, 1) : calls;
}

export const endOf = (result: GenerateResult): 'stop' | 'length' => (isTruncated(result) ? 'length' : 'stop');

/** What answers have used, each one's own. */
export type AnswerUsage = Pick<GenerateResult, 'usage' | 'reasoning' | 'reasoningTokens'>;

export const usageOf = (result: AnswerUsage): object => ({
  prompt_tokens: result.usage.promptTokens,
  completion_tokens: result.usage.completionTokens,
  total_tokens: result.usage.promptTokens + result.usage.completionTokens,
  prompt_tokens_details: { cached_tokens: result.usage.cachedTokens },
  completion_tokens_details: reasoningTokensOf(result),
});

/** Left out where nobody has counted them. */
export function reasoningTokensOf({ reasoning, reasoningTokens }: Pick<AnswerUsage, 'reasoning' | 'reasoningTokens'>): object {
  const tokens = reasoning === null ? 0 : reasoningTokens;
  return tokens === undefined ? {} : { reasoning_tokens: tokens };
}

/** What JSON has no number for is told as OpenAI tells what is all but impossible. */
const smallest = -9999;
const encoder = new TextEncoder();
const likelihoodOf = ({ token, logprob }: Pick<TokenLogprob, 'token' | 'logprob'>) => ({
  token,
  logprob: Math.max(smallest, logprob),
  bytes: [...encoder.encode(token)],
});

/** Tokens with their likelihoods, as chat completions and responses have them. */
export const likelihoodsOf = (tokens: readonly TokenLogprob[]) =>
  tokens.map((token) => ({ ...likelihoodOf(token), top_logprobs: token.top.map(likelihoodOf) }));
