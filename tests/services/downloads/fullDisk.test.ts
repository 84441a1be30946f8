import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { startHub } from '../../fixtures/hub/startHub.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { bytesSent, filesBelow, openDownloads, request, sha256Of, virtualRepo, when } from './downloadHarness.ts';
import type { HostTask } from './downloadHost.ts';

const repo = 'org/Tiny-1B-GGUF';
const file = 'Tiny-1B-Q4_K_M.gguf';
const sizeBytes = 5_000_000;
const tiny = { [repo]: virtualRepo({ [file]: sizeBytes }) };
const host = join(import.meta.dirname, 'downloadHost.ts');
/** A disk of its own for one process, without being an administrator; not every system lets one have it. */
const canMount = process.platform === 'linux' && spawnSync('unshare', ['-rm', 'true']).status === 0;

const disk = (facts: { freeBytes: number; totalBytes: number }) => ({ facts, read: () => Promise.resolve({ ...facts }) });

test('without room for it a download is refused before it begins, and told how much is missing', async () => {
  const { read } = disk({ freeBytes: 4_000_000_000, totalBytes: 100_000_000_000 });
  const large = { size: 4_500_000_000, sha256: 'ab'.repeat(32) };
  const harness = await openDownloads({ [repo]: { model: { virtual: { 'Tiny-1B-Q8_0.gguf': large } } } }, { readDiskSpace: read });
  await expect(harness.downloads.start(request(repo, 'Tiny-1B-Q8_0.gguf'))).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringMatching(/4\.5 GB are needed and 4\.0 GB are free/),
    data: { neededBytes: 4_500_000_000, freeBytes: 4_000_000_000 },
  });
  expect(harness.downloads.list()).toEqual([]);
  expect(filesBelow(harness.cache)).toEqual([]);
  expect(bytesSent(harness.hub)).toBe(0);
});

test('what is queued already counts: two that fit one by one are not both taken', async () => {
  const space = disk({ freeBytes: 8_200_000, totalBytes: 10_000_000 });
  const harness = await openDownloads(
    { [repo]: virtualRepo({ [file]: sizeBytes, 'Tiny-1B-Q8_0.gguf': sizeBytes }) },
    { readDiskSpace: space.read, hub: { faults: [{ kind: 'data', throttle: 50_000 }] } },
  );
  await harness.downloads.start(request(repo, file));
  await expect(harness.downloads.start(request(repo, 'Tiny-1B-Q8_0.gguf'))).rejects.toMatchObject({ code: 'disk-full' });
});

test('when the disk runs low on the way the download waits and says so, and goes on as soon as there is room', async () => {
  const space = disk({ freeBytes: 10_000_000, totalBytes: 20_000_000 });
  const harness = await openDownloads(tiny, { readDiskSpace: space.read, hub: { faults: [{ kind: 'data', throttle: 400_000 }] } });
  const { downloads, hub } = harness;
  const { id } = await downloads.start(request(repo, file));
  await when(downloads, id, (job) => job.state === 'running' && job.bytesDone > 0);
  space.facts.freeBytes = 10_000;
  const waiting = await when(downloads, id, (job) => job.state === 'waiting');
  expect(waiting).toMatchObject({ problem: { code: 'disk-full', hint: expect.any(String) }, bytesPerSecond: 0 });
  expect(waiting.retryAt).toBeGreaterThan(0);

  hub.setFaults([]);
  space.facts.freeBytes = 10_000_000;
  const ready = await downloads.whenDone(id);
  expect(await sha256Of(ready.path ?? '')).toBe(ready.files[0]?.sha256);
});

test('a clock that is set back does not make a download wait for room until it has caught up', async () => {
  const space = disk({ freeBytes: 10_000_000, totalBytes: 20_000_000 });
  const harness = await openDownloads(tiny, { readDiskSpace: space.read, hub: { faults: [{ kind: 'data', throttle: 400_000 }] } });
  const { id } = await harness.downloads.start(request(repo, file));
  await when(harness.downloads, id, (job) => job.bytesDone > 0);
  space.facts.freeBytes = 10_000;
  harness.hub.setFaults([]);
  let setBackMs = 0;
  const downloads = await harness.reopen({ now: () => Date.now() - setBackMs });
  await when(downloads, id, (job) => job.state === 'waiting');
  setBackMs = 24 * 3_600_000;
  space.facts.freeBytes = 10_000_000;
  expect((await downloads.whenDone(id)).state).toBe('ready');
});

test('a restart on a full disk waits for room instead of failing', async () => {
  const space = disk({ freeBytes: 10_000_000, totalBytes: 20_000_000 });
  const harness = await openDownloads(tiny, { readDiskSpace: space.read, hub: { faults: [{ kind: 'data', throttle: 400_000 }] } });
  const { id } = await harness.downloads.start(request(repo, file));
  await when(harness.downloads, id, (job) => job.bytesDone > 0);
  space.facts.freeBytes = 10_000;
  harness.hub.setFaults([]);
  const downloads = await harness.reopen();
  await when(downloads, id, (job) => job.state === 'waiting');
  space.facts.freeBytes = 10_000_000;
  // Whoever has made room need not wait for the next look.
  await downloads.resume(id);
  expect((await downloads.whenDone(id)).state).toBe('ready');
});

/** Runs a download host by a shell command that ends in it, and collects what it says. */
async function runHost(prepare: string, argv: readonly string[], task: HostTask): Promise<Record<string, unknown>[]> {
  const [command = '', ...rest] = [...argv, 'sh', '-c', `${prepare} && exec "$@"`, 'sh', process.execPath, host, JSON.stringify(task)];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: Record<string, unknown>[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line) as Record<string, unknown>));
  await once(child, 'close');
  return lines;
}

test.skipIf(!canMount)('a real disk that is full at 60 % stops the download, and once there is room it ends whole', async () => {
  const hub = await startHub(tiny, { faults: [{ kind: 'data', linkThrottle: 2_500_000 }] });
  const folder = temporaryFolder();
  const target = join(folder, 'disk');
  mkdirSync(target);
  const lines = await runHost(`mount -t tmpfs -o size=8m none ${target}`, ['unshare', '-rm'], {
    data: join(folder, 'data'),
    env: { HF_ENDPOINT: hub.url },
    folder: target,
    repo,
    file,
    fillDiskAt: sizeBytes * 0.6,
  });
  const states = lines.map((line) => line['state']);
  expect(states.indexOf('filled')).toBeGreaterThan(0);
  const waiting = lines.find((line) => line['state'] === 'waiting');
  expect(waiting).toMatchObject({ problem: { code: 'disk-full' } });
  expect(waiting?.['bytesDone']).toBeLessThan(sizeBytes);
  const hashes = await fetch(`${hub.url}/api/models/${repo}/tree/main`).then(
    (answer) => answer.json() as Promise<{ lfs: { oid: string } }[]>,
  );
  expect(lines.at(-1)).toMatchObject({ state: 'ready', path: join(target, repo, file), sha256: hashes[0]?.lfs.oid });
});

test.skipIf(process.platform === 'win32')(
  'a disk that takes no file of this size ends in a clear failure, and the partial is kept',
  async () => {
    const hub = await startHub(tiny);
    const folder = temporaryFolder();
    // 512-byte blocks: the limit of one file, as FAT32 has it at 4 GB.
    const lines = await runHost('ulimit -f 6000', [], {
      data: join(folder, 'data'),
      env: { HF_ENDPOINT: hub.url },
      folder: join(folder, 'models'),
      repo,
      file,
    });
    expect(lines.at(-1)).toMatchObject({
      state: 'failed',
      problem: { code: 'folder-unwritable', message: expect.stringContaining('size') },
    });
    expect(filesBelow(join(folder, 'models')).every((path) => path.includes('.incomplete'))).toBe(true);
  },
);
