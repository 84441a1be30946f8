import { retryAfterMs } from '../../hub/rateLimit.ts';
import type { ByteRange } from './heldBytes.ts';

/** What the head of an answer to a range request says about the body. */
export type AnswerVerdict =
  /** The bytes asked for; `isSuspect` where something about the answer does not fit. */
  | { readonly kind: 'range'; readonly isSuspect: boolean }
  /** The range was ignored: the whole file follows, from its first byte. */
  | { readonly kind: 'whole-file' }
  | { readonly kind: 'redirect'; readonly location: string }
  /** The address is worn out, or this connection is one too many. */
  | { readonly kind: 'denied' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'limited'; readonly waitMs: number }
  | { readonly kind: 'down'; readonly waitMs: number }
  /** A page where bytes should be: a captive portal, a proxy. */
  | { readonly kind: 'not-the-hub' }
  /** Bytes from another entity than those before. */
  | { readonly kind: 'other-tag' }
  | { readonly kind: 'odd'; readonly what: string };

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Judges the head of an answer to `Range: bytes=start-(end-1)` before a byte of its body is taken.
 * @param options.entityTag of the first answer from the same address; null when this is the first, or when tags are not compared
 */
export function judgeAnswer(options: {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly range: ByteRange;
  readonly sizeBytes: number;
  readonly isPage: boolean;
  readonly entityTag: string | null;
  readonly now: number;
}): AnswerVerdict {
  const { status, headers, range, sizeBytes } = options;
  const text = (name: string): string | null => {
    const value = headers[name];
    return typeof value === 'string' ? value : (value?.[0] ?? null);
  };
  if ([301, 302, 303, 307, 308].includes(status)) {
    const location = text('location');
    return location === null ? { kind: 'odd', what: 'a redirect to nowhere' } : { kind: 'redirect', location };
  }
  if (status === 401 || status === 403) return { kind: 'denied' };
  if (status === 404 || status === 410) return { kind: 'gone' };
  if (status === 429) return { kind: 'limited', waitMs: retryAfterMs(headers, options.now) };
  if (status >= 500 || status === 408 || status === 425) {
    return { kind: 'down', waitMs: text('retry-after') === null ? 0 : retryAfterMs(headers, options.now) };
  }
  if (status === 407 || status === 511) return { kind: 'not-the-hub' };
  if (status !== 200 && status !== 206) return { kind: 'odd', what: `status ${status}` };
  if (!options.isPage && /^text\/html\b/i.test(text('content-type') ?? '')) return { kind: 'not-the-hub' };
  const encoding = text('content-encoding');
  if (encoding !== null && encoding !== 'identity') return { kind: 'odd', what: 'an encoded body' };
  const entityTag = text('etag');
  if (options.entityTag !== null && entityTag !== null && entityTag !== options.entityTag) return { kind: 'other-tag' };

  const length = text('content-length');
  if (status === 200) {
    if (length !== null && Number(length) !== sizeBytes) return { kind: 'odd', what: 'a body of another size' };
    return { kind: 'whole-file' };
  }
  const place = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(text('content-range') ?? '');
  if (place === null) return { kind: 'odd', what: 'no place for its bytes' };
  const [start, last, total] = place.slice(1).map(Number);
  if (total !== sizeBytes) return { kind: 'odd', what: 'a file of another size' };
  if (start !== range.start || last !== range.end - 1) return { kind: 'odd', what: 'another range than asked for' };
  const rangeBytes = range.end - range.start;
  if (length !== null && Number(length) > rangeBytes) return { kind: 'odd', what: 'more bytes than asked for' };
  return { kind: 'range', isSuspect: length !== null && Number(length) !== rangeBytes };
}
