import { expect, test } from 'vitest';
import { retryAfterMs } from '#main/services/hub/rateLimit.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

test.each([
  ['seconds', { 'retry-after': '7' }, 7000],
  ['a date', { 'retry-after': 'Sat, 21 Nov 2026 12:00:20 GMT' }, 20_000],
  ['a date in the past', { 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }, 0],
  ['the window of the hub, and a second', { ratelimit: '"api";r=0;t=55' }, 56_000],
  ['both: what was asked for', { 'retry-after': '3', ratelimit: '"api";r=0;t=55' }, 3000],
  ['nothing', {}, 30_000],
  ['nonsense', { 'retry-after': 'soon', ratelimit: 'x' }, 30_000],
  ['a year', { 'retry-after': '31536000' }, 900_000],
])('a limit that says %s', (_what, headers, expected) => {
  expect(retryAfterMs(headers, now)).toBe(expected);
});
