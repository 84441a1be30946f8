import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { downloadErrors } from '#shared/contract/downloads.ts';
import { mebibyte, openTransfer, type Transfer } from './transferHarness.ts';

/** Runs until `bytes` are safe, then aborts. */
async function runUntil(transfer: Transfer, bytes: number, engine: Parameters<Transfer['run']>[0] = {}): Promise<void> {
  const abort = new AbortController();
  const reason = new Error('enough for now');
  const run = transfer.run(engine, {
    signal: abort.signal,
    onProgress(progress) {
      transfer.progress.push(progress);
      if (progress.bytesDone >= bytes) abort.abort(reason);
    },
  });
  await expect(run).rejects.toBe(reason);
}

const slow = { kind: 'cdn', throttle: 4 * mebibyte } as const;

test('an aborted transfer goes on where it was and fetches hardly anything twice', async () => {
  const sizeBytes = 12 * mebibyte;
  const transfer = await openTransfer({ sizeBytes, faults: [slow] });
  await runUntil(transfer, 2 * mebibyte);
  await runUntil(transfer, 5 * mebibyte);
  transfer.sim.setFaults([]);
  await transfer.run();
  expect(transfer.isWhole()).toBe(true);
  // Only what the server had already put on the wire when the connections were ended.
  expect(transfer.sent().redundantBytes).toBeLessThan(6 * mebibyte);
});

test('progress goes on from what an earlier run kept and never falls', async () => {
  const transfer = await openTransfer({ sizeBytes: 12 * mebibyte, faults: [slow] });
  await runUntil(transfer, 3 * mebibyte);
  transfer.sim.setFaults([]);
  await transfer.run();
  const done = transfer.progress.map((progress) => progress.bytesDone);
  expect(done).toEqual([...done].sort((one, other) => one - other));
  expect(done.at(-1)).toBe(transfer.resolved.sizeBytes);
});

test('a state that a power cut has emptied is replaced by the one that was kept before it', async () => {
  const transfer = await openTransfer({ sizeBytes: 6 * mebibyte, faults: [slow] });
  await runUntil(transfer, 3 * mebibyte, { keepMs: 0 });
  writeFileSync(transfer.statePath, Buffer.alloc(100));
  transfer.sim.setFaults([]);
  const { bytesReceived } = await transfer.run();
  expect(transfer.isWhole()).toBe(true);
  expect(bytesReceived).toBeLessThanOrEqual(3 * mebibyte);
});

test('an abort before anything began touches nothing', async () => {
  const transfer = await openTransfer({});
  await expect(transfer.run({}, { signal: AbortSignal.abort(new Error('not now')) })).rejects.toThrow('not now');
  expect(existsSync(transfer.partialPath)).toBe(false);
});

test('an abort ends the connections, also one that stands still', async () => {
  const transfer = await openTransfer({ faults: [{ kind: 'cdn', stall: { after: 1000, ms: 'forever' } }] });
  const abort = new AbortController();
  const run = transfer.run({ stallMs: 60_000 }, { signal: abort.signal });
  await expect.poll(() => transfer.sent().requests).toBeGreaterThan(0);
  abort.abort(new Error('enough'));
  await expect(run).rejects.toThrow('enough');
  await expect.poll(() => (transfer.sim.stats() as unknown as { inFlight: number }).inFlight).toBe(0);
});

test('an abort while it waits for the hub ends it at once', async () => {
  const transfer = await openTransfer({ faults: [{ kind: 'cdn', rateLimited: 3000 }] });
  const abort = new AbortController();
  const run = transfer.run({}, { signal: abort.signal });
  await expect.poll(() => transfer.progress.at(-1)?.phase).toBe('waiting');
  abort.abort(new Error('enough'));
  await expect(run).rejects.toThrow('enough');
});

test('a finished file is checked again and nothing is fetched', async () => {
  const transfer = await openTransfer({ sizeBytes: 3 * mebibyte });
  await transfer.run();
  transfer.sim.resetStats();
  const { bytesReceived } = await transfer.run();
  expect(bytesReceived).toBe(0);
  expect(transfer.sim.stats().requests).toBe(0);
});

describe('a state that cannot be true is not believed', () => {
  const lies: readonly [string, (transfer: Transfer) => void][] = [
    ['the partial file is shorter', (transfer) => truncateSync(transfer.partialPath, mebibyte)],
    ['the partial file is longer than the file', (transfer) => truncateSync(transfer.partialPath, 20 * mebibyte)],
    ['the state is cut off', (transfer) => writeFileSync(transfer.statePath, readFileSync(transfer.statePath, 'utf8').slice(0, -20))],
    ['the state is garbage', (transfer) => writeFileSync(transfer.statePath, Buffer.from([0, 1, 2, 255]))],
    ['the state is of another version', (transfer) => edit(transfer, (state) => ({ ...state, version: 99 }))],
    ['the state is of another file', (transfer) => edit(transfer, (state) => ({ ...state, sha256: 'f'.repeat(64) }))],
    ['the state is of a file of another size', (transfer) => edit(transfer, (state) => ({ ...state, sizeBytes: 5 }))],
    ['pieces overlap', (transfer) => edit(transfer, (state) => ({ ...state, pieces: [...state.pieces, ...state.pieces] }))],
    ['a piece reaches beyond the end', (transfer) => edit(transfer, (state) => ({ ...state, pieces: [[0, 9 * mebibyte, 1, 0]] }))],
    ['a piece has a negative start', (transfer) => edit(transfer, (state) => ({ ...state, pieces: [[-5, 10, 1, 0]] }))],
  ];

  test.each(lies)('%s', async (_, lie) => {
    const transfer = await openTransfer({ sizeBytes: 4 * mebibyte, faults: [slow] });
    await runUntil(transfer, mebibyte);
    lie(transfer);
    transfer.sim.setFaults([]);
    transfer.sim.resetStats();
    const { bytesReceived } = await transfer.run();
    expect(transfer.isWhole()).toBe(true);
    expect(bytesReceived).toBeGreaterThanOrEqual(4 * mebibyte);
  });

  test('the digests say something else than the disk', async () => {
    const transfer = await openTransfer({ sizeBytes: 4 * mebibyte, faults: [slow] });
    await runUntil(transfer, 2 * mebibyte);
    const handle = await open(transfer.partialPath, 'r+');
    await handle.write(Buffer.alloc(4 * mebibyte), 0, 4 * mebibyte, 0);
    await handle.close();
    transfer.sim.setFaults([]);
    await transfer.run();
    expect(transfer.isWhole()).toBe(true);
  });

  interface StateFile {
    readonly pieces: readonly unknown[];
    readonly [field: string]: unknown;
  }
  function edit(transfer: Transfer, change: (state: StateFile) => StateFile): void {
    writeFileSync(transfer.statePath, JSON.stringify(change(JSON.parse(readFileSync(transfer.statePath, 'utf8')) as StateFile)));
  }
});

/** A disk that takes so many bytes and then has no more room, or refuses for another reason. */
function fullAfter(bytes: number, code: string): typeof open {
  let left = bytes;
  return (async (path: string, flags: string) => {
    const handle = await open(path, flags);
    return {
      datasync: () => handle.datasync(),
      close: () => handle.close(),
      async writev(buffers: readonly Buffer[], position: number) {
        left -= buffers.reduce((sum, buffer) => sum + buffer.length, 0);
        if (left < 0) throw Object.assign(new Error('no'), { code });
        return await handle.writev([...buffers], position);
      },
    };
  }) as unknown as typeof open;
}

test.each([
  ['ENOSPC', downloadErrors.diskFull],
  ['EDQUOT', downloadErrors.diskFull],
  ['EROFS', downloadErrors.folderUnwritable],
  ['EIO', downloadErrors.folderUnwritable],
])('a disk that says %s ends it as %s, and what was written counts later', async (code, expected) => {
  const transfer = await openTransfer({ sizeBytes: 6 * mebibyte });
  await expect(transfer.run({ openFile: fullAfter(3 * mebibyte, code) })).rejects.toMatchObject({ code: expected });
  transfer.sim.resetStats();
  const { bytesReceived } = await transfer.run();
  expect(transfer.isWhole()).toBe(true);
  expect(bytesReceived).toBeLessThan(5.5 * mebibyte);
});

test('a folder that is not there is said as one that cannot be written', async () => {
  const transfer = await openTransfer({});
  const run = transfer.run({}, { partialPath: `${transfer.partialPath}/nowhere/x` });
  await expect(run).rejects.toMatchObject({ code: downloadErrors.folderUnwritable });
});

test('a device without room is a full disk', { skip: process.platform !== 'linux' }, async () => {
  const transfer = await openTransfer({});
  await expect(transfer.run({}, { partialPath: '/dev/full' })).rejects.toMatchObject({ code: downloadErrors.diskFull });
});
