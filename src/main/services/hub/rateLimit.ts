const unknownWaitMs = 30_000;
const longestWaitMs = 15 * 60_000;

/**
 * How long a 429 asks to wait: `Retry-After` in seconds or as a date, else the hub's `RateLimit: "api";r=0;t=55` plus a second.
 * @param headers of the answer, names in lower case
 * @param now ms since 1970
 * @returns ms; 30 s where nothing is said, at most 15 minutes
 */
export function retryAfterMs(headers: Readonly<Record<string, string | string[] | undefined>>, now: number): number {
  const told = asked(text(headers['retry-after']), now) ?? windowEnd(text(headers['ratelimit']));
  return Math.min(Math.max(told ?? unknownWaitMs, 0), longestWaitMs);
}

function asked(value: string, now: number): number | null {
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at - now;
}

function windowEnd(value: string): number | null {
  const seconds = /(?:^|;)\s*t=(\d{1,9})(?:;|$)/.exec(value)?.[1];
  return seconds === undefined ? null : (Number(seconds) + 1) * 1000;
}

function text(value: string | string[] | undefined): string {
  return ((Array.isArray(value) ? value[0] : value) ?? '').trim();
}
