import type { Dispatcher } from 'undici';
import { type AnswerVerdict, judgeAnswer } from './judgeAnswer.ts';
import type { TransferAddress } from './transferAddress.ts';

/** How one request ended. */
export type RequestEnd =
  /** The body came to its end, or its taker had enough. */
  | { readonly kind: 'ended' }
  /** The connection broke or stood still. `error` is null where it stood still. */
  | { readonly kind: 'cut'; readonly error: Error | null }
  | { readonly kind: 'stopped' }
  | Exclude<AnswerVerdict, { readonly kind: 'range' | 'whole-file' }>;

/** Takes the bytes of an answer. */
export interface BodyTaker {
  /** Told before the first byte. @returns false when the body is of no use */
  begin(verdict: Extract<AnswerVerdict, { readonly kind: 'range' | 'whole-file' }>): boolean;
  /** @returns false when nothing more is wanted */
  take(chunk: Buffer): boolean;
}

export interface RangeRequest {
  readonly ended: Promise<RequestEnd>;
  /** Ends it at once; what was taken stays. */
  stop(): void;
  pause(): void;
  resume(): void;
}

/**
 * Asks for one range and watches over the answer: the head is judged before any byte is taken, and a connection that stands still is cut.
 * Redirects are not followed here.
 */
export function startRangeRequest(options: {
  readonly address: TransferAddress;
  readonly start: number;
  readonly end: number;
  readonly sizeBytes: number;
  readonly comparesTags: boolean;
  /** The file itself is a page, so that a page is no sign of a captive portal. */
  readonly isPage: boolean;
  readonly stallMs: number;
  readonly now: () => number;
  readonly taker: BodyTaker;
}): RangeRequest {
  const { address, taker } = options;
  const ending = Promise.withResolvers<RequestEnd>();
  let controller: Dispatcher.DispatchController | null = null;
  let isOver = false;
  let isPaused = false;
  let lastByteAt = options.now();

  function end(result: RequestEnd, cut: boolean): void {
    if (isOver) return;
    isOver = true;
    clearInterval(watchdog);
    ending.resolve(result);
    if (cut) controller?.abort(new DOMException('Not needed any more.', 'AbortError'));
  }

  const watchdog = setInterval(() => {
    // By the clock, which goes on while the machine sleeps; one that was set back tells as little of the connection as one that stood still.
    if (!isPaused && Math.abs(options.now() - lastByteAt) >= options.stallMs) end({ kind: 'cut', error: null }, true);
  }, options.stallMs / 4);

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      // It may have been told to wait before there was anything to hold.
      if (isPaused) started.pause();
      if (isOver) started.abort(new DOMException('Not needed any more.', 'AbortError'));
    },
    onResponseStart(_controller, status, headers) {
      if (isOver || status < 200) return;
      lastByteAt = options.now();
      const verdict = judgeAnswer({
        status,
        headers,
        range: options,
        sizeBytes: options.sizeBytes,
        isPage: options.isPage,
        entityTag: options.comparesTags ? address.entityTag : null,
        now: options.now(),
      });
      if (verdict.kind !== 'range' && verdict.kind !== 'whole-file') end(verdict, true);
      else {
        address.hasServed = true;
        if (typeof headers['etag'] === 'string') address.entityTag ??= headers['etag'];
        if (!taker.begin(verdict)) end({ kind: 'stopped' }, true);
      }
    },
    onResponseData(_controller, chunk) {
      if (isOver) return;
      lastByteAt = options.now();
      if (!taker.take(chunk)) end({ kind: 'ended' }, true);
    },
    onResponseEnd: () => end({ kind: 'ended' }, false),
    onResponseError: (_controller, error) => end({ kind: 'cut', error }, false),
  };
  address.dispatcher.dispatch(
    {
      origin: address.url.origin,
      path: address.url.pathname + address.url.search,
      method: 'GET',
      headers: { ...address.headers, 'accept-encoding': 'identity', range: `bytes=${options.start}-${options.end - 1}` },
      headersTimeout: 0,
      bodyTimeout: 0,
    },
    handler,
  );

  return {
    ended: ending.promise,
    stop: () => end({ kind: 'stopped' }, true),
    pause() {
      isPaused = true;
      controller?.pause();
    },
    resume() {
      isPaused = false;
      lastByteAt = options.now();
      controller?.resume();
    },
  };
}
