import { Agent } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { type RangeRequest, startRangeRequest } from '#main/services/downloads/transfer/rangeRequest.ts';
import { mebibyte, openTransfer, type Transfer } from './transferHarness.ts';

function start(
  transfer: Transfer,
  dispatcher: Agent,
  onChunk: (bytes: number) => void,
  more: Partial<Parameters<typeof startRangeRequest>[0]> = {},
): RangeRequest {
  return startRangeRequest({
    address: {
      url: new URL(transfer.resolved.url),
      headers: {},
      dispatcher,
      expiresAt: null,
      redirects: 0,
      entityTag: null,
      hasServed: false,
    },
    start: 0,
    end: 4 * mebibyte,
    sizeBytes: transfer.resolved.sizeBytes,
    comparesTags: true,
    isPage: false,
    stallMs: 60_000,
    now: Date.now,
    taker: {
      begin: () => true,
      take(chunk) {
        onChunk(chunk.length);
        return true;
      },
    },
    ...more,
  });
}

test('a request that is held before it has a connection does not read on until it may', async () => {
  const transfer = await openTransfer({});
  const dispatcher = new Agent({ allowH2: false });
  onTestFinished(() => dispatcher.destroy());
  let taken = 0;
  const held = start(transfer, dispatcher, (bytes) => {
    taken += bytes;
  });
  held.pause();
  // One that is not held comes to its end beside it.
  await start(transfer, dispatcher, () => undefined).ended;
  expect(taken).toBeLessThan(mebibyte);
  held.resume();
  expect(await held.ended).toEqual({ kind: 'ended' });
  expect(taken).toBe(4 * mebibyte);
});

test('a request that is stopped before it has a connection ends at once', async () => {
  const transfer = await openTransfer({ faults: [{ kind: 'cdn', latency: 60_000 }] });
  const dispatcher = new Agent({ allowH2: false });
  onTestFinished(() => dispatcher.destroy());
  const request = start(transfer, dispatcher, () => undefined);
  request.stop();
  expect(await request.ended).toEqual({ kind: 'stopped' });
});

test('a request that stands still is cut, also when the clock is set back meanwhile', async () => {
  const transfer = await openTransfer({ faults: [{ kind: 'cdn', stall: { after: 1000, ms: 'forever' } }] });
  const dispatcher = new Agent({ allowH2: false });
  onTestFinished(() => dispatcher.destroy());
  let setBackMs = 0;
  const onChunk = (): void => void queueMicrotask(() => (setBackMs = 3_600_000));
  const request = start(transfer, dispatcher, onChunk, { stallMs: 100, now: () => Date.now() - setBackMs });
  expect(await request.ended).toEqual({ kind: 'cut', error: null });
});
