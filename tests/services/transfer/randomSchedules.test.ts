import { expect, test } from 'vitest';
import type { HubFault } from '../../fixtures/hub/hubsim.mjs';
import { repeats } from '../../fixtures/thorough.ts';
import { kibibyte, mebibyte, openTransfer, quick } from './transferHarness.ts';

/** Small and fast, and the same on every machine (xorshift32). */
function numbers(seed: number): () => number {
  let state = seed * 2_654_435_761 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const seeds = Array.from({ length: repeats({ quick: 6, thorough: 14 }) }, (_, index) => index + 1);

test.each(seeds)('schedule %i of faults, aborts and sizes ends with the whole file', async (seed) => {
  const random = numbers(seed);
  const between = (low: number, high: number): number => Math.floor(low + random() * (high - low));
  const anyOf = <Item>(items: readonly Item[]): Item => items[between(0, items.length)] as Item;
  const sizeBytes = between(1, 6 * mebibyte);
  const makers: readonly (() => HubFault)[] = [
    () => ({ kind: 'cdn', drop: { min: 1, max: 400 * kibibyte }, rst: random() < 0.5, prob: 0.3, times: 8, seed }),
    () => ({ kind: 'cdn', reset: true, prob: 0.2, times: 6, seed }),
    () => ({ kind: 'cdn', stall: { after: between(0, 200_000), ms: 'forever' }, prob: 0.1, times: 2, seed }),
    () => ({ kind: 'cdn', short: { bytes: between(1, 90_000), mode: anyOf(['close', 'lie', 'chunked']) }, prob: 0.3, times: 6, seed }),
    () => ({ kind: 'cdn', badRange: between(1, 5000), prob: 0.2, times: 4, seed }),
    () => ({ kind: 'cdn', wrongRangeBody: between(1, 70_000), prob: 0.1, times: 1, seed }),
    () => ({ kind: 'cdn', flip: { at: between(0, sizeBytes), count: between(1, 5) }, prob: 0.5, times: 1, seed }),
    () => ({ kind: 'cdn', status: anyOf([500, 502, 503]), prob: 0.2, times: 6, seed }),
    () => ({ kind: 'cdn', expireUrl: true, prob: 0.1, times: 3, seed }),
    () => ({ kind: 'cdn', etagChange: true, prob: 0.2, times: 5, seed }),
    () => ({ kind: 'cdn', html: true, prob: 0.1, times: 3, seed }),
    () => ({ kind: 'cdn', ignoreRange: true, prob: 0.1, times: 2, seed }),
    () => ({ kind: 'cdn', throttle: between(2, 20) * mebibyte, prob: 0.5, seed }),
    () => ({ kind: 'cdn', latency: between(1, 40), prob: 0.5, seed }),
    () => ({ kind: 'cdn', noLength: true, prob: 0.5, seed }),
    () => ({ kind: 'resolve', status: 503, times: 3 }),
  ];
  const faults = Array.from({ length: between(1, 5) }, () => anyOf(makers)());
  const transfer = await openTransfer({ sizeBytes, faults });

  const aborts = between(0, 4);
  for (let turn = 0; turn < aborts; turn++) {
    const until = between(0, sizeBytes);
    const abort = new AbortController();
    await transfer
      .run({}, { signal: abort.signal, onProgress: (progress) => progress.bytesDone >= until && abort.abort(new Error('enough')) })
      .catch((error: Error) => expect(error.message).toBe('enough'));
  }
  const engine = { ...quick, startConnections: between(1, 5), saveBytes: between(1, 20) * 100 * kibibyte };
  const result = await transfer.run(engine, { maxConnections: between(1, 9) });
  expect(transfer.isWhole(), JSON.stringify(faults)).toBe(true);
  expect(result.sha256).toBe(transfer.resolved.sha256);
});
