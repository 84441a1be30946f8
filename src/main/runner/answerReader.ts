import type { GenerateItem, TokenLogprob } from '#shared/contract/runner.ts';
import type { ReasoningSplit } from './reasoningSplit.ts';
import { createStopWatch } from './stopSequences.ts';
import { createTokenFrames, longestWaitMs } from './tokenFrames.ts';
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
  /** Reads a token, and what is kept before it. @returns whether a stop sequence ends the answer here */
  read(token: Token, logprob: TokenLogprob | null): boolean;
  /** Takes a token that need not be read before it can be shown; it is read in time for that, whatever comes. Only where nothing stops the answer. */
  keep(token: Token, logprob: TokenLogprob | null): void;
  /** Whether what is kept can be shown now. */
  isDue(): boolean;
  readKept(): boolean;
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
  let kept: { readonly token: Token; readonly logprob: TokenLogprob | null }[] = [];
  let timer: NodeJS.Timeout | null = null;
  /** What failed where nobody waited for it: the next step does. */
  let failure: { readonly error: unknown } | null = null;
  let readTokens = 0;

  function send(piece: { readonly text: string; readonly reasoning: string }, told: readonly TokenLogprob[] = []): void {
    text += piece.text;
    reasoning += piece.reasoning;
    logprobs.push(...told);
    if (piece.text === '' && piece.reasoning === '' && told.length === 0) return;
    frames.add({ ...piece, completionTokens: readTokens, tokensPerSecond: rateOf(tokenTimesMs), logprobs: told });
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
    const atMs = tokenTimesMs[readTokens - 1] ?? now();
    ttftMs ??= piece.text !== '' || piece.reasoning !== '' ? atMs : null;
    ttfaMs ??= piece.text !== '' ? atMs : null;
    send({ text: watched.text, reasoning: piece.reasoning }, told);
    return watched.stopped;
  }

  function readNext(token: Token, logprob: TokenLogprob | null): boolean {
    readTokens += 1;
    const before = split.state;
    const piece = split.push(tokenText.push(token));
    return show(piece, toldOf(before, logprob));
  }
  function readKept(): boolean {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (failure !== null) throw failure.error;
    const all = kept;
    kept = [];
    const hasEnded = all.map(({ token, logprob }) => readNext(token, logprob)).includes(true);
    frames.release();
    return hasEnded;
  }
  function readInTime(): void {
    try {
      readKept();
    } catch (error) {
      failure = { error };
    }
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
      if (readKept()) return true;
      const hasEnded = readNext(token, logprob);
      frames.release();
      return hasEnded;
    },
    keep(token, logprob) {
      kept.push({ token, logprob });
      timer ??= setTimeout(readInTime, longestWaitMs);
    },
    isDue: () => frames.isDue(),
    readKept,
    readRest() {
      if (readKept()) return true;
      const rest = tokenText.flush();
      if (rest !== '' && show(split.push(rest, 0))) return true;
      const last = split.flush();
      if (show(last, toldOf(split.state, null))) return true;
      send({ text: stopWatch.flush(), reasoning: '' });
      return false;
    },
    close() {
      if (timer !== null) clearTimeout(timer);
      frames.finish();
    },
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
