import type { LlamaContext, LlamaContextSequence, Token } from 'node-llama-cpp';
import type { AbortWatch } from './abortWatch.ts';
import type { ContextGate } from './contextGate.ts';

/** Scored runs evaluate every prompt in these very chunks, so that greedy answers are bit-identical. */
const fixedChunkTokens = 128;
const smallestChunkTokens = 16;
/** As long as a chunk may take: others who wait for the sequence, or work beside it, wait for its end. */
const chunkMs = { alone: 800, shared: 250 } as const;
/** The first chunk of a context, which tells how fast it reads. */
const firstChunkTokens = 32;
/** Tokens a millisecond, as the last chunk took. */
const readingSpeeds = new WeakMap<LlamaContext, number>();

/** Where the chunks ended that a sequence's scored prompt was evaluated in. Only at these may the next prompt take over. */
const chunkEnds = new WeakMap<LlamaContextSequence, readonly number[]>();

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
 * @param options.chunkTokens most of a chunk for `reuse` and `fresh`, which are cut to what is read in time; `fixed` always takes 128.
 * @param options.sharedTokens of `fixed`: where the part ends that other prompts begin with too; a chunk ends there. 0 = nowhere
 */
export async function prefill(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  options: {
    readonly policy: 'reuse' | 'fixed' | 'fresh';
    readonly chunkTokens: number;
    readonly sharedTokens: number;
    readonly signal: AbortSignal;
    /** Of the signal: no one waits for the chunk that is at work when it aborts. */
    readonly aborts: AbortWatch;
    readonly holdUntil: (settled: Promise<unknown>) => void;
    readonly isShared: () => boolean;
    readonly gate: ContextGate;
    readonly onProgress: (processedTokens: number) => void;
  },
): Promise<Prefilled> {
  const ends = options.policy === 'fixed' ? fixedChunkEnds(tokens.length, options.sharedTokens) : null;
  const before = chunkEnds.get(sequence) ?? [];
  chunkEnds.set(sequence, []);
  const keeping = options.gate.atRest(() =>
    ends === null
      ? keepPrefix(sequence, tokens, options.policy === 'fresh' ? 'fresh' : 'reuse')
      : keepChunks(sequence, tokens, { ends, before }),
  );
  const cachedTokens = await options.aborts.beside(keeping);
  if (cachedTokens === 'aborted') {
    options.holdUntil(keeping);
    return { cachedTokens: 0, tail: [...tokens], cancelled: true };
  }
  let at = cachedTokens;
  const chunkTokens = (): number => {
    const speed = readingSpeeds.get(sequence.context);
    if (speed === undefined) return Math.min(firstChunkTokens, options.chunkTokens);
    const inTime = Math.floor((speed * chunkMs[options.isShared() ? 'shared' : 'alone']) / smallestChunkTokens) * smallestChunkTokens;
    return Math.min(Math.max(inTime, smallestChunkTokens), options.chunkTokens);
  };
  const nextEnd = (): number | undefined => {
    if (ends !== null) return ends.find((end) => end > at);
    const size = chunkTokens();
    return tokens.length - at > size ? at + size : undefined;
  };
  for (let end = nextEnd(); !options.signal.aborted && end !== undefined; end = nextEnd()) {
    await options.gate.closed();
    const startedAt = performance.now();
    const chunk = sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, end));
    if ((await options.aborts.beside(chunk)) === 'aborted') {
      options.holdUntil(chunk);
      break;
    }
    readingSpeeds.set(sequence.context, (end - at) / Math.max(performance.now() - startedAt, 0.01));
    at = end;
    options.onProgress(at);
  }
  if (ends !== null)
    chunkEnds.set(
      sequence,
      ends.filter((end) => end <= at),
    );
  return { cachedTokens, tail: tokens.slice(at), cancelled: options.signal.aborted };
}

/**
 * Where the chunks of a scored prompt end, the last part aside: every 128 tokens, counted anew from where its shared beginning ends. It follows
 * from the prompt alone.
 * @param length of the prompt, in tokens
 */
export function fixedChunkEnds(length: number, sharedTokens: number): readonly number[] {
  const ends: number[] = [];
  for (let at = 0; at < sharedTokens; ) {
    at = Math.min(at + fixedChunkTokens, sharedTokens);
    ends.push(at);
  }
  for (let at = sharedTokens + fixedChunkTokens; at < length; at += fixedChunkTokens) ends.push(at);
  return ends;
}

/** Keeps the chunks that both prompts begin with and that were evaluated in the same way. @returns how many tokens stay */
async function keepChunks(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  { ends, before }: { readonly ends: readonly number[]; readonly before: readonly number[] },
): Promise<number> {
  const wanted = commonPrefix(sequence.contextTokens, tokens.slice(0, -1));
  const isCommon = (end: number, index: number): boolean => end <= wanted && before[index] === end;
  const firstOther = ends.findIndex((end, index) => !isCommon(end, index));
  const common = firstOther < 0 ? ends : ends.slice(0, firstOther);
  const kept = common.at(-1) ?? 0;
  if (kept === 0) await clear(sequence);
  // Without shifting, and without evaluating again by itself: recurrent and sliding-window models may come back shorter.
  else await sequence.adaptStateToTokens(tokens.slice(0, kept), false);
  if (sequence.nextTokenIndex > 0 && !common.includes(sequence.nextTokenIndex)) await clear(sequence);
  return sequence.nextTokenIndex;
}

/** Erases what the new prompt does not begin with. @returns how many tokens stay. At least one is left to evaluate. */
async function keepPrefix(sequence: LlamaContextSequence, tokens: readonly Token[], policy: 'reuse' | 'fresh'): Promise<number> {
  const kept = policy === 'fresh' ? 0 : commonPrefix(sequence.contextTokens, tokens.slice(0, -1));
  if (kept === 0) await clear(sequence);
  else await sequence.adaptStateToTokens(tokens.slice(0, kept), false);
  return sequence.nextTokenIndex;
}

/** Also what is empty would wait for the engine to rest. */
async function clear(sequence: LlamaContextSequence): Promise<void> {
  if (sequence.nextTokenIndex > 0) await sequence.clearHistory();
}

function commonPrefix(a: readonly Token[], b: readonly Token[]): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length++;
  return length;
}
