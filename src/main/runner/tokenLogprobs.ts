import type { LlamaModel, Token } from 'node-llama-cpp';
import type { TokenLogprob } from '#shared/contract/runner.ts';

/** Of what has no chance at all there is no logarithm; clients expect this number. */
const leastLogprob = -9999;

/**
 * How likely a token was, and what was likely in its place.
 * @param told of the engine: the model's probabilities, the most likely first; the token's own is among them
 * @param count how many are told beside it
 */
export function tokenLogprob(
  told: { readonly token: Token; readonly probabilities?: ReadonlyMap<Token, number> },
  { model, count }: { readonly model: LlamaModel; readonly count: number },
): TokenLogprob {
  const textOf = (token: Token): string => model.detokenize([token], true);
  const top: TokenLogprob['top'] = [];
  for (const [token, probability] of told.probabilities ?? []) {
    if (top.length === count) break;
    top.push({ token: textOf(token), logprob: naturalLog(probability) });
  }
  const probability = told.probabilities?.get(told.token) ?? 0;
  return { token: textOf(told.token), logprob: naturalLog(probability), top };
}

const naturalLog = (probability: number): number => (probability > 0 ? Math.min(0, Math.log(probability)) : leastLogprob);
