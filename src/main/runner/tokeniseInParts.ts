import { setImmediate } from 'node:timers/promises';
import type { Token } from 'node-llama-cpp';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';

/** A text's tokens, and how many they are; no tokens where they are too many. */
export interface CountedTokens {
  readonly tokens: Token[];
  readonly count: number;
}

/** Turning a text into tokens holds everybody up: about a MB a second. Longer ones are looked at in parts, with others in between. */
const wholeCharacters = 131_072;
const partCharacters = 32_768;
/** A cut goes through the middle of a word. */
const tokensOfCut = 4;
/** So many times more than fit need not be counted to the end. */
const muchTooLong = 8;

type Tokenise = (text: string) => Token[];

/**
 * Tokens of a text that is to fit. Of one that is so long that it surely does not only the number is told; beyond eight times the room it is estimated
 * from its beginning.
 * @throws {RpcError} cancelled
 */
export async function tokeniseInRoom(
  text: string,
  { tokenise, roomTokens, signal }: { readonly tokenise: Tokenise; readonly roomTokens: number; readonly signal: AbortSignal },
): Promise<CountedTokens> {
  if (text.length > wholeCharacters) {
    const { count, parts, isEstimated } = await countInParts(text, { tokenise, limitTokens: roomTokens * muchTooLong, signal });
    if (isEstimated || count - parts * tokensOfCut > roomTokens) return { tokens: [], count };
  }
  const tokens = tokenise(text);
  return { tokens, count: tokens.length };
}

/**
 * How many tokens a text has; of a long one a few more may be told, where it was cut to be counted.
 * @throws {RpcError} cancelled
 */
export async function countTokens(text: string, options: { readonly tokenise: Tokenise; readonly signal: AbortSignal }): Promise<number> {
  if (text.length <= wholeCharacters) return options.tokenise(text).length;
  return (await countInParts(text, { ...options, limitTokens: Number.POSITIVE_INFINITY })).count;
}

/** The first tokens of a text, as many as may be. */
export function firstTokens(text: string, { tokenise, mostTokens }: { readonly tokenise: Tokenise; readonly mostTokens: number }): Token[] {
  for (let length = mostTokens * 8; ; length *= 2) {
    const tokens = tokenise(text.slice(0, length));
    if (tokens.length >= mostTokens + tokensOfCut || length >= text.length) return tokens.slice(0, mostTokens);
  }
}

async function countInParts(
  text: string,
  options: { readonly tokenise: Tokenise; readonly limitTokens: number; readonly signal: AbortSignal },
): Promise<{ readonly count: number; readonly parts: number; readonly isEstimated: boolean }> {
  let count = 0;
  let parts = 0;
  for (let at = 0; at < text.length; at += partCharacters) {
    if (count > options.limitTokens) return { count: Math.round((count * text.length) / at), parts, isEstimated: true };
    count += options.tokenise(text.slice(at, at + partCharacters)).length;
    parts += 1;
    await setImmediate();
    if (options.signal.aborted) throw new RpcError(pipeErrors.cancelled, 'Cancelled while the prompt was counted.');
  }
  return { count, parts, isEstimated: false };
}
