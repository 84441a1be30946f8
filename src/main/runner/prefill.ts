import type { LlamaContextSequence, Token } from 'node-llama-cpp';

/** Scored runs evaluate every prompt in these very chunks, so that greedy answers are bit-identical. */
const fixedChunkTokens = 128;
const smallestChunkTokens = 16;
/** A chunk that takes longer than this makes the next one smaller, so that a cancel is honoured in time. */
const slowChunkMs = 800;

export interface Prefilled {
  /** Tokens kept from an earlier prompt. */
  readonly cachedTokens: number;
  /** What is left to evaluate together with the first new token: at least one token, unless cancelled. */
  readonly tail: Token[];
  readonly cancelled: boolean;
}

/**
 * Brings a sequence to the state "the prompt but its last chunk is evaluated", in chunks that can be aborted
 * between one another. The library's own prompt evaluation cannot be aborted at all.
 * @param options.policy see `prefix` of the contract.
 * @param options.chunkTokens size of a chunk for `reuse` and `fresh`; `fixed` always takes 128.
 */
export async function prefill(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  options: {
    readonly policy: 'reuse' | 'fixed' | 'fresh';
    readonly chunkTokens: number;
    readonly signal: AbortSignal;
    readonly onProgress: (processedTokens: number) => void;
  },
): Promise<Prefilled> {
  const cachedTokens = await keepPrefix(sequence, tokens, options.policy);
  let chunkTokens = options.policy === 'fixed' ? fixedChunkTokens : options.chunkTokens;
  let at = cachedTokens;
  while (!options.signal.aborted && tokens.length - at > chunkTokens) {
    const startedAt = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, at + chunkTokens));
    at += chunkTokens;
    options.onProgress(at);
    const isSlow = performance.now() - startedAt > slowChunkMs;
    if (isSlow && options.policy !== 'fixed') chunkTokens = Math.max(smallestChunkTokens, Math.floor(chunkTokens / 2));
  }
  return { cachedTokens, tail: tokens.slice(at), cancelled: options.signal.aborted };
}

/** Erases what the new prompt does not begin with. @returns how many tokens stay. At least one is left to evaluate. */
async function keepPrefix(sequence: LlamaContextSequence, tokens: readonly Token[], policy: 'reuse' | 'fixed' | 'fresh'): Promise<number> {
  const wanted = policy === 'fresh' ? 0 : commonPrefix(sequence.contextTokens, tokens.slice(0, -1));
  const kept = policy === 'fixed' ? wanted - (wanted % fixedChunkTokens) : wanted;
  if (kept === 0) await sequence.clearHistory();
  // Without shifting, and without evaluating again by itself: recurrent and sliding-window models may come back shorter.
  else await sequence.adaptStateToTokens(tokens.slice(0, kept), false);
  if (policy === 'fixed' && sequence.nextTokenIndex % fixedChunkTokens !== 0) await sequence.clearHistory();
  return sequence.nextTokenIndex;
}

function commonPrefix(a: readonly Token[], b: readonly Token[]): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length++;
  return length;
}
