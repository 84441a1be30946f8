import { randomInt } from 'node:crypto';
import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import { Sampling } from '#shared/contract/chat.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';

/** How many of the last tokens the penalties look at, as in llama.cpp. */
export const repeatWindow = 64;

/** The seed that is used and reported: the given one, or a fresh one. */
export function chooseSeed(seed: number | null): number {
  return seed ?? randomInt(0, 2 ** 32);
}

/**
 * Sampling as the engine takes it. Off must be said (`topK: 0`, `topP: 1`): left out, the library uses its own defaults.
 * @param recentTokens the tokens that penalties look at, newest last.
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
  const { temperature, topK, topP, minP, repeatPenalty, presencePenalty, frequencyPenalty } = checked.data;
  const penalises = [repeatPenalty ?? 1, (presencePenalty ?? 0) + 1, (frequencyPenalty ?? 0) + 1].some((penalty) => penalty !== 1);
  return {
    temperature,
    topK: topK ?? 0,
    topP: topP ?? 1,
    minP: minP ?? 0,
    seed: options.seed,
    yieldEogToken: true,
    ...(penalises
      ? {
          repeatPenalty: {
            penalty: repeatPenalty ?? 1,
            presencePenalty: presencePenalty ?? 0,
            frequencyPenalty: frequencyPenalty ?? 0,
            punishTokens: () => options.recentTokens().slice(-repeatWindow),
            maxPunishTokens: repeatWindow,
          },
        }
      : {}),
  };
}
