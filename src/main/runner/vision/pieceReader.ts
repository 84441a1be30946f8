import type { GenerateItem } from '#shared/contract/runner.ts';
import type { ReasoningSplit } from '../reasoningSplit.ts';
import { createStopWatch } from '../stopSequences.ts';
import { createTokenFrames } from '../tokenFrames.ts';

/** Reads an answer that comes in pieces of text, one a token. */
export interface PieceReader {
  readonly text: string;
  readonly reasoning: string;
  readonly stopSequence: string | null;
  /** When each came, in milliseconds since the request. */
  readonly tokenTimesMs: readonly number[];
  readonly ttftMs: number | null;
  readonly ttfaMs: number | null;
  /** @returns whether a stop sequence ends the answer here */
  read(piece: string): boolean;
  /** Reads what is still held back. @returns whether a stop sequence was in it */
  readRest(): boolean;
  /** Sends what waits to be sent. */
  close(): void;
  tokensPerSecond(): number | null;
}

/** @param options.now milliseconds since the request, on a monotonic clock */
export function createPieceReader(options: {
  readonly split: ReasoningSplit;
  readonly stop: readonly string[];
  readonly emit: (item: GenerateItem) => void;
  readonly now: () => number;
}): PieceReader {
  const { split, now } = options;
  const stopWatch = createStopWatch(options.stop);
  const frames = createTokenFrames(options);
  const tokenTimesMs: number[] = [];
  let text = '';
  let reasoning = '';
  let ttftMs: number | null = null;
  let ttfaMs: number | null = null;

  function tokensPerSecond(): number | null {
    const [first, last] = [tokenTimesMs[0], tokenTimesMs.at(-1)];
    return first === undefined || last === undefined || last <= first ? null : (tokenTimesMs.length - 1) / ((last - first) / 1000);
  }
  function send(piece: { readonly text: string; readonly reasoning: string }): void {
    text += piece.text;
    reasoning += piece.reasoning;
    frames.add({ ...piece, completionTokens: tokenTimesMs.length, tokensPerSecond: tokensPerSecond() });
  }
  function show(piece: { readonly text: string; readonly reasoning: string }): boolean {
    const atMs = tokenTimesMs.at(-1) ?? now();
    ttftMs ??= piece.text !== '' || piece.reasoning !== '' ? atMs : null;
    ttfaMs ??= piece.text !== '' ? atMs : null;
    const watched = stopWatch.push(piece.text);
    send({ text: watched.text, reasoning: piece.reasoning });
    return watched.stopped;
  }

  return {
    get text() {
      return text;
    },
    get reasoning() {
      return reasoning;
    },
    get stopSequence() {
      return stopWatch.matched;
    },
    tokenTimesMs,
    get ttftMs() {
      return ttftMs;
    },
    get ttfaMs() {
      return ttfaMs;
    },
    read(piece) {
      tokenTimesMs.push(now());
      return show(split.push(piece));
    },
    readRest() {
      if (show(split.flush())) return true;
      send({ text: stopWatch.flush(), reasoning: '' });
      return false;
    },
    close: () => frames.finish(),
    tokensPerSecond,
  };
}
