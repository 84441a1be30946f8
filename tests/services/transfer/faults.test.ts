import { expect, test } from 'vitest';
import type { HubFault } from '../../fixtures/hub/hubsim.mjs';
import { kibibyte, mebibyte, openTransfer } from './transferHarness.ts';

test('a file arrives whole, in parts over several connections, each with a range', async () => {
  const transfer = await openTransfer({ sizeBytes: 8 * mebibyte + 123 });
  const result = await transfer.run();
  expect(transfer.isWhole()).toBe(true);
  expect(result.sha256).toBe(transfer.resolved.sha256);
  expect(result.bytesReceived).toBeGreaterThanOrEqual(8 * mebibyte + 123);
  expect(transfer.ranges().every((range) => range.range !== null && range.status === 206)).toBe(true);
  expect(transfer.sim.stats().connections).toBeGreaterThan(1);
  expect(transfer.sim.stats().byKind['resolve']).toBe(1);
  // On a busy machine a slow part may have been split, which costs what was on the wire.
  expect(transfer.sent().redundantBytes).toBeLessThan(2 * mebibyte);
});

const cut: HubFault = { kind: 'cdn', drop: { min: 1, max: 300 * kibibyte }, times: 6, seed: 3 };

test.each<[string, HubFault]>([
  ['connections are cut', cut],
  ['connections are reset', { ...cut, rst: true }],
  ['some answers never begin', { kind: 'cdn', reset: true, times: 5 }],
  ['some answers stand still', { kind: 'cdn', stall: { after: 50 * kibibyte, ms: 'forever' }, times: 3 }],
  ['one connection crawls', { kind: 'cdn', throttle: 20 * kibibyte, times: 1 }],
  ['answers end early', { kind: 'cdn', short: { bytes: 9000, mode: 'close' }, times: 5 }],
  ['answers announce less than was asked for', { kind: 'cdn', short: { bytes: 9000, mode: 'lie' }, times: 5 }],
  ['answers without a length end early', { kind: 'cdn', short: { bytes: 9000, mode: 'chunked' }, times: 5 }],
  ['answers have no length', { kind: 'cdn', noLength: true }],
  ['answers do not say that they take ranges', { kind: 'cdn', noAcceptRanges: true }],
  ['some ranges begin elsewhere', { kind: 'cdn', badRange: 100, times: 4 }],
  ['every answer has another tag', { kind: 'cdn', etagChange: true }],
  ['addresses expire', { kind: 'cdn', expireUrl: true, times: 3, skip: 3 }],
  ['some answers are a page', { kind: 'cdn', html: true, times: 4 }],
  ['the server is down for a while', { kind: 'cdn', status: 503, times: 6 }],
  ['the hub is down for a while', { kind: 'resolve', status: 502, times: 7 }],
  ['only one connection is let in', { kind: 'cdn', maxParallel: 1, throttle: 8 * mebibyte }],
  ['ranges are ignored', { kind: 'cdn', ignoreRange: true }],
  ['ranges are ignored and connections cut', { kind: 'cdn', ignoreRange: true, drop: { min: 1, max: 400 * kibibyte }, times: 3 }],
  ['answers wait', { kind: 'cdn', latency: 30 }],
])('a file arrives whole although %s', async (_, fault) => {
  const transfer = await openTransfer({ sizeBytes: 5 * mebibyte + 777, faults: [fault] });
  const result = await transfer.run();
  expect(transfer.isWhole()).toBe(true);
  expect(result.sha256).toBe(transfer.resolved.sha256);
  expect(Object.values(transfer.sim.stats().faultsApplied)[0]).toBeGreaterThan(0);
});
