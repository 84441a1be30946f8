import type { GenerateItem, TokenLogprob } from '#shared/contract/runner.ts';
import type { ReasoningSplit } from './reasoningSplit.ts';
import { createStopWatch } from './stopSequences.ts';
import { createTokenFrames } from './tokenFrames.ts';
import type { TokenText } from './tokenText.ts';

/** Reads an answer token by token: its text, its reasoning, what of it may be shown, and when each came. */
export interface AnswerReader<Token> {
  readonly text: string;
  readonly reasoning: string;
  readonly stopSequence: string | null;
  /** When each token came, in milliseconds since the request. */
  readonly tokenTimesMs: readonly number[];
  readonly ttftMs: number | null;
  readonly ttfaMs: number | null;
  readonly logprobs: readonly TokenLogprob[];
  /** A token has come; it is read later. */
  note(): void;
  /** @returns whether a stop sequence ends the answer here */
  read(token: Token, logprob: TokenLogprob | null): boolean;
  /** Reads what is still held back. @returns whether a stop sequence was in it */
  readRest(): boolean;
  /** Sends what waits to be sent. */
  close(): void;
  tokensPerSecond(): number | null;
}

/** @param options.tokenText what a token says: each engine has its own */
export function createAnswerReader<Token>(options: {
  readonly tokenText: TokenText<Token>;
  readonly split: ReasoningSplit;
  readonly stop: readonly string[];
  readonly emit: (item: GenerateItem) => void;
  readonly now: () => number;
}): AnswerReader<Token> {
  const { tokenText, split, now } = options;
  const stopWatch = createStopWatch(options.stop);
  const frames = createTokenFrames(options);
  const tokenTimesMs: number[] = [];
  const logprobs: TokenLogprob[] = [];
  let text = '';
  let reasoning = '';
  let ttftMs: number | null = null;
  let ttfaMs: number | null = null;

  /** Of tokens that may yet turn out to be a mark of reasoning. */
  let undecided: TokenLogprob[] = [];

  function send(piece: { readonly text: string; readonly reasoning: string }, told: readonly TokenLogprob[] = []): void {
    text += piece.text;
    reasoning += piece.reasoning;
    logprobs.push(...told);
    if (piece.text === '' && piece.reasoning === '' && told.length === 0) return;
    frames.add({ ...piece, completionTokens: tokenTimesMs.length, tokensPerSecond: rateOf(tokenTimesMs), logprobs: told });
  }
  /** What a model thought is no part of its answer, nor is how likely that was. */
  function toldOf(before: ReasoningSplit['state'], logprob: TokenLogprob | null): readonly TokenLogprob[] {
    if (before !== 'reasoning' && logprob !== null) undecided.push(logprob);
    if (split.state === 'start') return [];
    const told = split.state === 'answer' ? undecided : [];
    undecided = [];
    return told;
  }
  function show(piece: { readonly text: string; readonly reasoning: string }, told: readonly TokenLogprob[] = []): boolean {
    const watched = stopWatch.push(piece.text);
    const atMs = tokenTimesMs.at(-1) ?? now();
    ttftMs ??= piece.text !== '' || piece.reasoning !== '' ? atMs : null;
    ttfaMs ??= piece.text !== '' ? atMs : null;
    send({ text: watched.text, reasoning: piece.reasoning }, told);
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
    logprobs,
    note: () => void tokenTimesMs.push(now()),
    read(token, logprob) {
      const before = split.state;
      const piece = split.push(tokenText.push(token));
      return show(piece, toldOf(before, logprob));
    },
    readRest() {
      const rest = tokenText.flush();
      if (rest !== '' && show(split.push(rest, 0))) return true;
      const last = split.flush();
      if (show(last, toldOf(split.state, null))) return true;
      send({ text: stopWatch.flush(), reasoning: '' });
      return false;
    },
    close: () => frames.finish(),
    tokensPerSecond: () => rateOf(tokenTimesMs),
  };
}

/** Tokens per second without the first token, whose time belongs to the prompt. Null below two tokens. */
function rateOf(tokenTimesMs: readonly number[]): number | null {
  const first = tokenTimesMs[0];
  const last = tokenTimesMs.at(-1);
  if (first === undefined || last === undefined || last <= first) return null;
  return (tokenTimesMs.length - 1) / ((last - first) / 1000);
}
