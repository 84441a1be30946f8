import type { GenerateItem, TokenLogprob } from '#shared/contract/runner.ts';

/** A frame goes out no sooner than this after the last one (rule 8: 16 to 33 ms). */
const shortestGapMs = 16;
/** Text that waits goes out this long after the last frame, even when no further token comes. */
export const longestWaitMs = 24;

/** Merges the tokens of one answer into frames. Counts are totals, so a frame that is merged away loses nothing. */
export interface TokenFrames {
  add(progress: {
    readonly text: string;
    readonly reasoning: string;
    readonly completionTokens: number;
    readonly tokensPerSecond: number | null;
    readonly logprobs?: readonly TokenLogprob[];
  }): void;
  /** Sends what was added if it is time for it, and else as soon as it is. */
  release(): void;
  /** Whether what is added now goes out at once. */
  isDue(): boolean;
  /** Sends what still waits and stops the clock. */
  finish(): void;
}

/** @param options.now milliseconds since the request began, on a monotonic clock. */
export function createTokenFrames(options: { readonly emit: (item: GenerateItem) => void; readonly now: () => number }): TokenFrames {
  let text = '';
  let reasoning = '';
  let logprobs: TokenLogprob[] = [];
  let completionTokens = 0;
  let tokensPerSecond: number | null = null;
  let waiting = false;
  let lastSentMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;

  function send(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (!waiting) return;
    waiting = false;
    lastSentMs = options.now();
    const told = logprobs.length === 0 ? {} : { logprobs };
    options.emit({ kind: 'tokens', text, reasoning, completionTokens, atMs: lastSentMs, tokensPerSecond, ...told });
    text = '';
    reasoning = '';
    logprobs = [];
  }

  const isDue = (): boolean => options.now() - lastSentMs >= shortestGapMs;

  return {
    isDue,
    add(progress) {
      text += progress.text;
      reasoning += progress.reasoning;
      if (progress.logprobs !== undefined) logprobs.push(...progress.logprobs);
      completionTokens = progress.completionTokens;
      tokensPerSecond = progress.tokensPerSecond;
      waiting = true;
    },
    release() {
      if (isDue()) send();
      else if (waiting) timer ??= setTimeout(send, Math.max(0, lastSentMs + longestWaitMs - options.now()));
    },
    finish: send,
  };
}
