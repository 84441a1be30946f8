import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DownloadJob } from '#shared/contract/downloads.ts';
import { filesBelow, openDownloads, request, sha256Of, virtualRepo, when } from './downloadHarness.ts';

const megabyte = 1_000_000;
const repo = 'org/Tiny-1B-GGUF';
const q4 = 'Tiny-1B-Q4_K_M.gguf';
const q8 = 'Tiny-1B-Q8_0.gguf';
const twoQuants = { [repo]: virtualRepo({ [q4]: megabyte, [q8]: megabyte }) };
const slow = [{ kind: 'data', throttle: 500_000 }] as const;
const isRunning = (job: DownloadJob): boolean => job.state === 'running' && job.bytesDone > 0;

test.each([
  { layout: 'hub-cache', atOnce: 1 },
  { layout: 'hub-cache', atOnce: 2 },
  { layout: 'folder', atOnce: 1 },
  { layout: 'folder', atOnce: 2 },
] as const)('a quant is not disturbed when another one of its repo is cancelled ($layout, $atOnce at once)', async ({ layout, atOnce }) => {
  const harness = await openDownloads(twoQuants, { hub: { faults: slow } });
  const { downloads, hub, settings } = harness;
  settings.update({ simultaneousDownloads: atOnce, downloadLayout: layout });
  const first = await downloads.start(request(repo, q4));
  const second = await downloads.start(request(repo, q8));
  await when(downloads, atOnce === 1 ? first.id : second.id, isRunning);
  await downloads.cancel(first.id);
  hub.setFaults([]);
  const ready = await downloads.whenDone(second.id);
  expect(await sha256Of(ready.path ?? '')).toBe(ready.files[0]?.sha256);
});

test('the last of a repo to be cancelled takes the folders along that the first one made', async () => {
  const harness = await openDownloads(twoQuants, { hub: { faults: slow } });
  const { downloads, cache } = harness;
  const first = await downloads.start(request(repo, q4));
  const second = await downloads.start(request(repo, q8));
  await when(downloads, second.id, isRunning);
  await downloads.cancel(first.id);
  expect(existsSync(join(cache, 'models--org--Tiny-1B-GGUF/snapshots', second.commit))).toBe(true);
  await downloads.cancel(second.id);
  expect(existsSync(cache)).toBe(false);
});

test('after a restart a queued quant is not disturbed by what a cancelled one of its repo leaves to be cleaned up', async () => {
  const harness = await openDownloads(twoQuants, { hub: { faults: slow } });
  harness.settings.update({ simultaneousDownloads: 1 });
  const first = await harness.downloads.start(request(repo, q4));
  const second = await harness.downloads.start(request(repo, q8));
  await when(harness.downloads, first.id, isRunning);
  await harness.downloads.cancel(first.id);
  harness.hub.setFaults([]);
  const ready = await (await harness.reopen()).whenDone(second.id);
  expect(await sha256Of(ready.path ?? '')).toBe(ready.files[0]?.sha256);
});

test('a download that is cancelled stays so, whatever is resumed or cleared while it stops', async () => {
  const harness = await openDownloads(twoQuants, { hub: { faults: slow } });
  const { downloads, cache } = harness;
  const first = await downloads.start(request(repo, q4));
  const second = await downloads.start(request(repo, q8));
  await when(downloads, first.id, isRunning);
  await when(downloads, second.id, isRunning);
  const cancelling = [downloads.cancel(first.id), downloads.cancel(second.id)];
  downloads.resumeAll();
  await downloads.resume(first.id);
  await Promise.all(cancelling);
  expect(downloads.list().map((job) => job.state)).toEqual(['cancelled', 'cancelled']);
  expect(existsSync(cache)).toBe(false);

  const third = await downloads.start(request(repo, q4));
  await when(downloads, third.id, isRunning);
  const last = downloads.cancel(third.id);
  downloads.clearFinished();
  await last;
  expect((await harness.reopen()).list()).toEqual([]);
  expect(existsSync(cache)).toBe(false);
});

test('every file of an unfinished download carries the id of its job, by which the library knows it', async () => {
  const harness = await openDownloads(twoQuants, { hub: { faults: slow } });
  harness.settings.update({ downloadLayout: 'folder', downloadFolder: harness.cache });
  const job = await harness.downloads.start(request(repo, q4));
  await when(harness.downloads, job.id, isRunning);
  await harness.downloads.pause(job.id);
  const files = filesBelow(harness.cache);
  expect(files.length).toBeGreaterThan(1);
  expect(files.filter((file) => !file.includes(`.${job.id}.incomplete`))).toEqual([]);
});

test('what was fetched is not given up when it is asked for again while its disk is away', async () => {
  const harness = await openDownloads(twoQuants, { hub: { faults: slow } });
  const { downloads } = harness;
  const disk = join(harness.folder, 'disk');
  const folder = join(disk, 'models');
  const job = await downloads.start(request(repo, q4), { folder });
  await when(downloads, job.id, isRunning);
  await downloads.pause(job.id);
  renameSync(disk, join(harness.folder, 'away'));
  writeFileSync(disk, '');
  await expect(downloads.start(request(repo, q4), { folder })).rejects.toMatchObject({ code: 'folder-unwritable' });

  rmSync(disk);
  renameSync(join(harness.folder, 'away'), disk);
  harness.hub.setFaults([]);
  const again = await downloads.start(request(repo, q4), { folder });
  expect(again.id).toBe(job.id);
  expect(await downloads.whenDone(job.id)).toMatchObject({ state: 'ready' });
});

test('a split quant with the same part twice is refused, as it can never be whole', async () => {
  const part = (index: number): string => `Big-Q4_K_M-0000${index}-of-00002.gguf`;
  const twice = { size: 100_000, seed: 1 };
  const harness = await openDownloads({ [repo]: { model: { virtual: { [part(1)]: twice, [part(2)]: twice } } } });
  await expect(harness.downloads.start(request(repo, part(1)))).rejects.toMatchObject({ code: 'hub-answer-invalid' });
  expect(harness.downloads.list()).toEqual([]);
  expect(filesBelow(harness.cache)).toEqual([]);
});
