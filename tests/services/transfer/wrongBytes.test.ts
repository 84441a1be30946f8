import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hubErrors } from '#shared/contract/catalog.ts';
import { downloadErrors } from '#shared/contract/downloads.ts';
import { kibibyte, mebibyte, openTransfer } from './transferHarness.ts';

test('a byte that came wrong is found by fetching again, and only until the hash is right', async () => {
  const sizeBytes = 8 * mebibyte;
  const transfer = await openTransfer({ sizeBytes, faults: [{ kind: 'cdn', flip: { at: 700 * kibibyte }, times: 2 }] });
  await transfer.run();
  expect(transfer.isWhole()).toBe(true);
  // The first block is looked at first, so most of the file is not fetched again.
  expect(transfer.sent().redundantBytes).toBeLessThan(sizeBytes);
});

test('what came from an answer that was cut is suspected before the rest', async () => {
  const sizeBytes = 24 * mebibyte;
  const transfer = await openTransfer({
    sizeBytes,
    faults: [
      { kind: 'cdn', minBytes: mebibyte / 2, skip: 30, times: 1, flip: { at: 0, count: sizeBytes }, short: { bytes: 1000, mode: 'close' } },
    ],
  });
  await transfer.run({ startConnections: 1 }, { maxConnections: 1 });
  expect(transfer.isWhole()).toBe(true);
  // One block, and the bytes that were on their way when the answer was cut.
  expect(transfer.sent().redundantBytes).toBeLessThan(6 * mebibyte);
});

test('a range with the bytes of another place is fetched again', async () => {
  const transfer = await openTransfer({ faults: [{ kind: 'cdn', wrongRangeBody: 4096, times: 2, skip: 3 }] });
  await transfer.run();
  expect(transfer.isWhole()).toBe(true);
});

test('a server that always sends other bytes than its hash says gets nothing delivered', async () => {
  const transfer = await openTransfer({ sizeBytes: 3 * mebibyte, faults: [{ kind: 'cdn', content: 1 }] });
  await expect(transfer.run()).rejects.toMatchObject({ code: downloadErrors.hashMismatch });
  // Every part was fetched a second time before that was said, and none a third time.
  expect(transfer.sent().bytes).toBeGreaterThanOrEqual(2 * transfer.resolved.sizeBytes);
  expect(transfer.sent().bytes).toBeLessThan(2.9 * transfer.resolved.sizeBytes);
});

test('what failed its hash can be tried again when the server has come to its senses', async () => {
  const transfer = await openTransfer({ sizeBytes: 3 * mebibyte, faults: [{ kind: 'cdn', content: 1 }] });
  await expect(transfer.run()).rejects.toMatchObject({ code: downloadErrors.hashMismatch });
  transfer.sim.setFaults([]);
  await transfer.run();
  expect(transfer.isWhole()).toBe(true);
});

test('a block that the disk has damaged between two runs is the only one fetched again', async () => {
  const transfer = await openTransfer({ sizeBytes: 6 * mebibyte });
  await transfer.run();
  const bytes = readFileSync(transfer.partialPath);
  bytes[2 * mebibyte + 77] = (bytes[2 * mebibyte + 77] ?? 0) ^ 1;
  writeFileSync(transfer.partialPath, bytes);
  transfer.sim.resetStats();
  await transfer.run();
  expect(transfer.isWhole()).toBe(true);
  expect(transfer.sent().bytes).toBeGreaterThanOrEqual(mebibyte);
  expect(transfer.sent().bytes).toBeLessThan(3 * mebibyte);
});

test('a small git file is checked by its git hash', async () => {
  const content = new TextEncoder().encode('{"architectures":["LlamaForCausalLM"]}');
  const transfer = await openTransfer({ path: 'config.json', content });
  expect(transfer.resolved.gitSha1).toMatch(/^[0-9a-f]{40}$/);
  const { sha256 } = await transfer.run();
  expect(transfer.isWhole()).toBe(true);
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('a small git file with other bytes is refused', async () => {
  const content = new TextEncoder().encode('{"architectures":["LlamaForCausalLM"]}');
  const transfer = await openTransfer({ path: 'config.json', content, faults: [{ kind: 'cache', content: 3 }] });
  await expect(transfer.run()).rejects.toMatchObject({ code: downloadErrors.hashMismatch });
});

test('an empty file is whole at once', async () => {
  const transfer = await openTransfer({ path: 'empty.gguf', content: new Uint8Array(0) });
  await transfer.run();
  expect(transfer.isWhole()).toBe(true);
});

test('a file that is another one on the hub by now is not mixed with what there is', async () => {
  const transfer = await openTransfer({ faults: [{ kind: 'resolve', etagChange: true }] });
  await expect(transfer.run()).rejects.toMatchObject({ code: downloadErrors.changedOnHub });
  expect(transfer.sent().bytes).toBe(0);
});

test('a file that changes on the hub while it is fetched ends the transfer', async () => {
  const transfer = await openTransfer({
    faults: [
      { kind: 'resolve', etagChange: true, skip: 1 },
      { kind: 'cdn', expireUrl: true, skip: 6 },
    ],
  });
  await expect(transfer.run()).rejects.toMatchObject({ code: downloadErrors.changedOnHub });
});

test('a server that refuses every fresh address is given up, with what was fetched kept', async () => {
  const transfer = await openTransfer({ faults: [{ kind: 'cdn', expireUrl: true, skip: 4 }] });
  await expect(transfer.run()).rejects.toMatchObject({ code: hubErrors.denied });
  transfer.sim.setFaults([]);
  transfer.sim.resetStats();
  await transfer.run();
  expect(transfer.isWhole()).toBe(true);
  expect(transfer.sent().bytes).toBeLessThan(transfer.resolved.sizeBytes);
});

test('a server that never answers what was asked is given up', async () => {
  const transfer = await openTransfer({ faults: [{ kind: 'cdn', badRange: 1 }] });
  await expect(transfer.run()).rejects.toMatchObject({ code: hubErrors.badAnswer });
});

test('a gated repo without a token is said as the hub says it', async () => {
  const transfer = await openTransfer({});
  await transfer.sim.put('maker/model-GGUF', { model: { gated: 'auto', virtual: { 'model-Q4_K_M.gguf': { size: mebibyte, seed: 7 } } } });
  await expect(transfer.run()).rejects.toMatchObject({ code: expect.stringMatching(/token-needed|repo-not-found|revision-not-found/) });
});

test('one stream that always breaks at the same place is given up', async () => {
  const transfer = await openTransfer({ faults: [{ kind: 'cdn', ignoreRange: true, drop: { after: 300 * kibibyte } }] });
  await expect(transfer.run()).rejects.toMatchObject({ code: hubErrors.badAnswer });
});

test('what ends a transfer ends it at once, also while other connections sit out a problem', async () => {
  const transfer = await openTransfer({
    faults: [
      { kind: 'cdn', status: 503, times: 3 },
      { kind: 'cdn', expireUrl: true },
      { kind: 'resolve', code: 'GatedRepo', status: 403 },
    ],
  });
  // The connections that met a 503 would rest for a minute.
  await expect(transfer.run({ firstRetryMs: 120_000, longestRetryMs: 120_000, maxOddAnswers: 1 })).rejects.toMatchObject({
    code: hubErrors.tokenNeeded,
  });
});
