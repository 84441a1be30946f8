import { randomInt } from 'node:crypto';
import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import { Sampling } from '#shared/contract/chat.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';

/** How many of the last tokens a repeat penalty looks at, as in llama.cpp. */
export const repeatWindow = 64;

/** The seed that is used and reported: the given one, or a fresh one. */
export function chooseSeed(seed: number | null): number {
  return seed ?? randomInt(0, 2 ** 32);
}

/**
 * Sampling as the engine takes it. Off must be said (`topK: 0`, `topP: 1`): left out, the library uses its own defaults.
 * @param recentTokens the tokens that a repeat penalty looks at, newest last.
 * @throws {RpcError} bad-input. An option that throws inside the engine would leave the call waiting for ever.
 */
export function toEvaluateOptions(
  sampling: Sampling,
  options: { readonly seed: number; readonly recentTokens: () => readonly Token[] },
): SequenceEvaluateOptions {
  const checked = Sampling.safeParse({ ...sampling, seed: options.seed });
  if (!checked.success) {
    const issue = checked.error.issues[0];
    throw new RpcError(pipeErrors.badInput, `sampling.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`);
  }
  const { temperature, topK, topP, minP, repeatPenalty } = checked.data;
  return {
    temperature,
    topK: topK ?? 0,
    topP: topP ?? 1,
    minP: minP ?? 0,
    seed: options.seed,
    yieldEogToken: true,
    ...(repeatPenalty === null || repeatPenalty === 1
      ? {}
      : {
          repeatPenalty: {
            penalty: repeatPenalty,
            punishTokens: () => options.recentTokens().slice(-repeatWindow),
            maxPunishTokens: repeatWindow,
          },
        }),
  };
}
