import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scanCacheDir } from '@huggingface/hub';
import { expect, test } from 'vitest';
import type { DownloadService } from '#main/services/downloads/downloadService.ts';
import { createDownloadTable } from '#main/storage/downloadTable.ts';
import type { DownloadJob } from '#shared/contract/downloads.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { bytesSent, type DownloadHarness, filesBelow, openDownloads, request, sha256Of, virtualRepo, when } from './downloadHarness.ts';

const megabyte = 1_000_000;
const repo = 'org/Tiny-1B-GGUF';
const q4 = 'Tiny-1B-Q4_K_M.gguf';
const q8 = 'Tiny-1B-Q8_0.gguf';
const q2 = 'Tiny-1B-Q2_K.gguf';
const threeQuants = { [repo]: virtualRepo({ [q4]: 3 * megabyte, [q8]: 5 * megabyte, [q2]: 2 * megabyte }) };
/** So slow that nothing ends while a test looks at it. */
const slow = [{ kind: 'data', throttle: 100_000 }] as const;

const stateOf = (downloads: DownloadService, id: string): string | undefined => downloads.list().find((job) => job.id === id)?.state;
const isRunning = (job: DownloadJob): boolean => job.state === 'running' && job.bytesDone > 0;

async function startAll(harness: DownloadHarness, files: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const file of files) ids.push((await harness.downloads.start(request(repo, file))).id);
  return ids;
}

test('a quant is fetched, verified, placed in the shared cache and handed to the library', async () => {
  const harness = await openDownloads(threeQuants);
  const { downloads, cache } = harness;
  const job = await downloads.start(request(repo, q4));
  expect(job).toMatchObject({ repo, revision: 'main', quant: 'Q4_K_M', bytesTotal: 3 * megabyte, folder: cache, artifactId: null });

  const ready = await downloads.whenDone(job.id);
  expect(ready).toMatchObject({
    state: 'ready',
    bytesDone: 3 * megabyte,
    artifactId: q4.toLowerCase(),
    bytesPerSecond: null,
    problem: null,
  });
  expect(ready.path).toBe(join(cache, 'models--org--Tiny-1B-GGUF/snapshots', ready.commit, q4));
  expect(await sha256Of(ready.path ?? '')).toBe(ready.files[0]?.sha256);
  expect(harness.added).toMatchObject([{ isWhole: true, files: { repo, commit: ready.commit, projectorPath: null } }]);
  expect((await scanCacheDir(cache)).repos[0]?.revisions[0]).toMatchObject({ commitOid: ready.commit, refs: ['main'] });
  expect(filesBelow(cache)).toHaveLength(3);
});

test('through drops, wrong bytes, refusals and short answers the quant arrives whole', async () => {
  const harness = await openDownloads(threeQuants, {
    hub: {
      faults: [
        { kind: 'resolve', status: 503, times: 1 },
        { kind: 'data', drop: { min: 1000, max: 2_000_000 }, times: 4, seed: 3 },
        { kind: 'data', flip: { at: 1_500_000, count: 8 }, times: 1 },
        { kind: 'data', short: { bytes: 5000, mode: 'lie' }, times: 1, skip: 2 },
      ],
    },
  });
  const ready = await harness.downloads.whenDone((await harness.downloads.start(request(repo, q8))).id);
  expect(await sha256Of(ready.path ?? '')).toBe(ready.files[0]?.sha256);
  expect(harness.added).toMatchObject([{ isWhole: true }]);
});

test('in the layout of plain folders it lies under publisher and repo, also where only this one goes to another folder', async () => {
  const harness = await openDownloads(threeQuants);
  const folder = join(harness.folder, 'models');
  harness.settings.update({ downloadLayout: 'folder', downloadFolder: folder });
  const one = await harness.downloads.whenDone((await harness.downloads.start(request(repo, q4))).id);
  expect(one.path).toBe(join(folder, repo, q4));
  const elsewhere = join(harness.folder, 'elsewhere');
  const two = await harness.downloads.whenDone((await harness.downloads.start(request(repo, q2), { folder: elsewhere })).id);
  expect(two.path).toBe(join(elsewhere, repo, q2));
  expect([...filesBelow(folder), ...filesBelow(elsewhere)]).toEqual([join(repo, q4), join(repo, q2)]);
});

test('the same quant asked for twice is one job, and once it is here it is ready at once without a byte from the hub', async () => {
  const harness = await openDownloads(threeQuants);
  const { downloads, hub } = harness;
  const [first, second] = await Promise.all([downloads.start(request(repo, q4)), downloads.start(request(repo, q4))]);
  expect(second.id).toBe(first.id);
  await downloads.whenDone(first.id);
  hub.resetStats();
  expect(await downloads.start(request(repo, q4))).toMatchObject({ id: first.id, state: 'ready' });
  downloads.clearFinished();
  expect(await downloads.start(request(repo, q4))).toMatchObject({ state: 'ready', bytesDone: 3 * megabyte });
  expect(bytesSent(hub)).toBe(0);
});

test('a quant that was taken off the list of the library comes back to it when it is asked for again', async () => {
  const harness = await openDownloads(threeQuants);
  const first = await harness.downloads.start(request(repo, q4));
  await harness.downloads.whenDone(first.id);
  const added: unknown[] = [];
  const downloads = await harness.reopen({
    library: {
      list: () => [],
      addDownloaded(files) {
        added.push(files.files[0]?.path);
        return Promise.resolve({ id: 'tiny', problem: null } as Artifact);
      },
    },
  });
  const again = await downloads.start(request(repo, q4));
  const ready = await downloads.whenDone(again.id);
  expect(ready).toMatchObject({ state: 'ready', artifactId: 'tiny' });
  expect(added).toEqual([ready.path]);
  expect(bytesSent(harness.hub)).toBe(3 * megabyte);
});

test('what another program had put there before is told from what was fetched', async () => {
  const { downloads, added, reopen } = await openDownloads(threeQuants);
  await downloads.whenDone((await downloads.start(request(repo, q4))).id);
  downloads.clearFinished();
  await downloads.start(request(repo, q4));
  await (await reopen()).dispose();
  expect(added.map(({ files }) => files.wasHere)).toEqual([false, true]);
});

test('a new commit that changes nothing of the quant goes on with what was fetched, and counts as the new one', async () => {
  const harness = await openDownloads(threeQuants, { hub: { faults: slow } });
  const { downloads, hub } = harness;
  const first = await downloads.start(request(repo, q4));
  await when(downloads, first.id, isRunning);
  await downloads.pause(first.id);
  await hub.put(repo, { files: { 'README.md': '# a new card' } });
  hub.setFaults([]);
  const again = await downloads.start(request(repo, q4));
  expect(again.id).toBe(first.id);
  expect(again.commit).not.toBe(first.commit);
  expect(again.bytesDone).toBeGreaterThan(0);
  const ready = await downloads.whenDone(again.id);
  expect(ready.path).toContain(`snapshots/${again.commit}/`);
  expect((await scanCacheDir(harness.cache)).repos[0]?.revisions.map((revision) => revision.commitOid)).toEqual([again.commit]);

  await hub.put(repo, { files: { 'README.md': '# another card, longer' } });
  hub.resetStats();
  const newest = await downloads.start(request(repo, q4));
  expect(newest).toMatchObject({ state: 'ready', bytesDone: 3 * megabyte });
  expect(newest.commit).not.toBe(again.commit);
  expect(await sha256Of(newest.path ?? '')).toBe(newest.files[0]?.sha256);
  expect(bytesSent(hub)).toBe(0);
});

test("a file that the hub's own tools have fetched is checked and taken as it is", async () => {
  const harness = await openDownloads(threeQuants);
  const other = await harness.downloads.whenDone(
    (await harness.downloads.start(request(repo, q4), { folder: join(harness.folder, 'a') })).id,
  );
  const blob = join(harness.cache, 'models--org--Tiny-1B-GGUF/blobs', other.files[0]?.sha256 ?? '');
  mkdirSync(join(blob, '..'), { recursive: true });
  writeFileSync(blob, readFileSync(other.path ?? ''));
  harness.hub.resetStats();
  const ready = await harness.downloads.start(request(repo, q4));
  expect(ready.state).toBe('ready');
  expect(await sha256Of(ready.path ?? '')).toBe(ready.files[0]?.sha256);
  expect(bytesSent(harness.hub)).toBe(0);
});

test('bytes that another program has on this machine are copied and checked instead of fetched', async () => {
  const harness = await openDownloads(threeQuants);
  const cached = await harness.downloads.whenDone((await harness.downloads.start(request(repo, q4))).id);
  harness.hub.resetStats();
  const folder = join(harness.folder, 'models');
  const copied = await harness.downloads.whenDone((await harness.downloads.start(request(repo, q4), { folder })).id);
  expect(copied.path).toBe(join(folder, repo, q4));
  expect(await sha256Of(copied.path ?? '')).toBe(cached.files[0]?.sha256);
  expect(bytesSent(harness.hub)).toBe(0);

  // Of another app, and not what its owner claims any more.
  const theirs = join(harness.folder, 'theirs.gguf');
  writeFileSync(theirs, Buffer.alloc(5 * megabyte));
  const listed = await harness.downloads.start(request(repo, q8), { folder: join(harness.folder, 'other') });
  await harness.downloads.whenDone(listed.id);
  const artifact = { state: 'ready', files: [theirs], path: theirs, sha256: listed.files[0]?.sha256 } as unknown as Artifact;
  harness.hub.resetStats();
  const downloads = await harness.reopen({ library: { list: () => [artifact], addDownloaded: () => Promise.resolve(artifact) } });
  const fetched = await downloads.whenDone((await downloads.start(request(repo, q8))).id);
  expect(await sha256Of(fetched.path ?? '')).toBe(fetched.files[0]?.sha256);
  expect(bytesSent(harness.hub)).toBe(5 * megabyte);
});

test('a blob whose bytes are not what its name says is not believed, and is put right', async () => {
  const harness = await openDownloads(threeQuants);
  const first = await harness.downloads.whenDone((await harness.downloads.start(request(repo, q4))).id);
  const blob = join(harness.cache, 'models--org--Tiny-1B-GGUF/blobs', first.files[0]?.sha256 ?? '');
  writeFileSync(blob, Buffer.alloc(3 * megabyte));
  const again = await harness.downloads.whenDone((await harness.downloads.start(request(repo, q4))).id);
  expect(await sha256Of(again.path ?? '')).toBe(again.files[0]?.sha256);
});

test('all parts of a split quant and its projector are one job, and none has its name before all are whole', async () => {
  const part = (index: number): string => `Q8_0/Eyes-2B-Q8_0-0000${index}-of-00003.gguf`;
  const harness = await openDownloads({
    'org/Eyes-2B-GGUF': virtualRepo({
      [part(1)]: megabyte,
      [part(2)]: megabyte,
      [part(3)]: megabyte,
      'mmproj-Eyes-2B-F16.gguf': megabyte / 2,
      'mmproj-Eyes-2B-F32.gguf': megabyte,
    }),
  });
  const { downloads, cache } = harness;
  const namesBefore: string[][] = [];
  downloads.subscribe((change) => {
    if (change.kind === 'job' && change.job.bytesDone < change.job.bytesTotal)
      namesBefore.push(filesBelow(join(cache, 'models--org--Eyes-2B-GGUF/snapshots')));
  });
  const job = await downloads.start(request('org/Eyes-2B-GGUF', part(2)));
  expect(job.files.map(({ file, role }) => [file, role])).toEqual([
    [part(1), 'model'],
    [part(2), 'model'],
    [part(3), 'model'],
    ['mmproj-Eyes-2B-F16.gguf', 'mmproj'],
  ]);
  const ready = await downloads.whenDone(job.id);
  expect(ready.bytesDone).toBe(3.5 * megabyte);
  expect(ready.path?.endsWith(part(1))).toBe(true);
  expect(namesBefore.length).toBeGreaterThan(0);
  expect(namesBefore.flat()).toEqual([]);
  const [added] = harness.added;
  expect(added).toMatchObject({ isWhole: true });
  expect(added?.files.files.map(({ file }) => file)).toEqual([part(1), part(2), part(3)]);
  expect(added?.files.projectorPath?.endsWith('mmproj-Eyes-2B-F16.gguf')).toBe(true);
});

test('two quants of a vision model fetch their projector once', async () => {
  const harness = await openDownloads({
    'org/Eyes-GGUF': virtualRepo({ 'Eyes-Q4_K_M.gguf': megabyte, 'Eyes-Q8_0.gguf': megabyte, 'mmproj-F16.gguf': megabyte }),
  });
  const jobs = await Promise.all(
    ['Eyes-Q4_K_M.gguf', 'Eyes-Q8_0.gguf'].map((file) => harness.downloads.start(request('org/Eyes-GGUF', file))),
  );
  await Promise.all(jobs.map((job) => harness.downloads.whenDone(job.id)));
  expect(bytesSent(harness.hub)).toBe(3 * megabyte);
});

test('as many run at once as the settings say, in the order of the queue, and a change holds at once', async () => {
  const harness = await openDownloads(threeQuants, { hub: { faults: slow } });
  const { downloads, settings } = harness;
  settings.update({ simultaneousDownloads: 1 });
  const [first = '', second = '', third = ''] = await startAll(harness, [q4, q8, q2]);
  await when(downloads, first, isRunning);
  expect([stateOf(downloads, second), stateOf(downloads, third)]).toEqual(['queued', 'queued']);

  downloads.move(third, second);
  expect(downloads.list().map((job) => job.id)).toEqual([first, third, second]);
  settings.update({ simultaneousDownloads: 2 });
  await when(downloads, third, isRunning);
  expect(stateOf(downloads, second)).toBe('queued');

  settings.update({ simultaneousDownloads: 1 });
  expect((await when(downloads, third, (job) => job.state === 'queued')).bytesDone).toBeGreaterThan(0);
  expect(stateOf(downloads, first)).toBe('running');
});

test('a paused download keeps what it has, lets the next one run, and goes on from there', async () => {
  const harness = await openDownloads(threeQuants, { hub: { faults: slow } });
  const { downloads, settings, hub } = harness;
  settings.update({ simultaneousDownloads: 1 });
  const [first = '', second = ''] = await startAll(harness, [q4, q8]);
  await when(downloads, first, isRunning);
  await downloads.pause(first);
  const paused = downloads.list()[0];
  expect(paused).toMatchObject({ state: 'paused', bytesPerSecond: null });
  await when(downloads, second, isRunning);
  await downloads.pauseAll();
  expect(downloads.list().map((job) => job.state)).toEqual(['paused', 'paused']);
  await expect(downloads.whenDone(first)).rejects.toMatchObject({ code: 'cancelled' });

  hub.setFaults([]);
  hub.resetStats();
  downloads.resumeAll();
  const ready = await downloads.whenDone(first);
  expect(await sha256Of(ready.path ?? '')).toBe(ready.files[0]?.sha256);
  await downloads.whenDone(second);
  expect(bytesSent(hub)).toBeLessThanOrEqual(8 * megabyte - (paused?.bytesDone ?? 0));
});

test('a cancelled download leaves no file and no folder of its own, and those of others stay', async () => {
  const harness = await openDownloads(threeQuants, { hub: { faults: slow } });
  const { downloads, cache } = harness;
  const mine = join(cache, 'models--org--Tiny-1B-GGUF/blobs/of-another-tool.incomplete');
  mkdirSync(join(mine, '..'), { recursive: true });
  writeFileSync(mine, 'x');
  const [first = ''] = await startAll(harness, [q4]);
  await when(downloads, first, isRunning);
  expect(downloads.partialPaths().filter((path) => existsSync(path)).length).toBeGreaterThan(0);
  await downloads.cancel(first);
  expect(stateOf(downloads, first)).toBe('cancelled');
  expect(downloads.partialPaths()).toEqual([]);
  expect(filesBelow(cache)).toEqual(['models--org--Tiny-1B-GGUF/blobs/of-another-tool.incomplete']);
  expect(existsSync(join(cache, 'models--org--Tiny-1B-GGUF/snapshots'))).toBe(false);
  downloads.clearFinished();
  expect(downloads.list()).toEqual([]);
  await expect(downloads.cancel(first)).rejects.toMatchObject({ code: 'download-not-found' });
});

test('what a process was killed over while it cancelled is cleaned up by the next one', async () => {
  const harness = await openDownloads(threeQuants, { hub: { faults: slow } });
  const [first = ''] = await startAll(harness, [q4]);
  await when(harness.downloads, first, isRunning);
  await harness.downloads.dispose();
  expect(filesBelow(harness.cache).length).toBeGreaterThan(0);
  const table = createDownloadTable(harness.database);
  table.save(table.list().map((row) => ({ ...row, state: 'cancelled' as const })));
  const downloads = await harness.reopen();
  await downloads.dispose();
  expect(filesBelow(harness.cache)).toEqual([]);
});

test('a file name with signs that mean something in addresses is fetched and placed as it is written', async () => {
  const file = 'Größe #1/50% + a&b=c-Q4_K_M.gguf';
  const harness = await openDownloads({ [repo]: virtualRepo({ [file]: 200_000 }) });
  const ready = await harness.downloads.whenDone((await harness.downloads.start(request(repo, file))).id);
  expect(ready.path?.endsWith(file)).toBe(true);
  expect(await sha256Of(ready.path ?? '')).toBe(ready.files[0]?.sha256);
});

test('what was running or queued goes on by itself after a restart, what was paused stays so, and no figure falls', async () => {
  const harness = await openDownloads(threeQuants, { hub: { faults: slow } });
  harness.settings.update({ simultaneousDownloads: 1 });
  const [first = '', second = '', third = ''] = await startAll(harness, [q4, q8, q2]);
  await when(harness.downloads, first, isRunning);
  await harness.downloads.pause(third);
  const before = harness.downloads.list()[0]?.bytesDone ?? 0;
  harness.hub.setFaults([]);
  const downloads = await harness.reopen();
  expect(downloads.list()[0]?.bytesDone).toBeGreaterThanOrEqual(before);
  await Promise.all([downloads.whenDone(first), downloads.whenDone(second)]);
  expect(stateOf(downloads, third)).toBe('paused');
});

test('the command line leaves what others have queued alone, and goes on with what it is asked for', async () => {
  const harness = await openDownloads(threeQuants, { host: 'cli', hub: { faults: slow } });
  harness.settings.update({ simultaneousDownloads: 1 });
  const [first = '', second = ''] = await startAll(harness, [q4, q8]);
  await when(harness.downloads, first, isRunning);
  harness.hub.setFaults([]);
  const downloads = await harness.reopen();
  const again = await downloads.start(request(repo, q4));
  expect(again.id).toBe(first);
  await downloads.whenDone(first);
  expect(stateOf(downloads, second)).toBe('queued');
});

test('progress is told at most four times a second, never falls, and ends with everything', async () => {
  const harness = await openDownloads({
    'org/Two-GGUF': virtualRepo({ 'Two-Q8_0-00001-of-00002.gguf': 2 * megabyte, 'Two-Q8_0-00002-of-00002.gguf': 2 * megabyte }),
  });
  harness.hub.setFaults([{ kind: 'data', throttle: 1_000_000 }]);
  const told: { readonly at: number; readonly job: DownloadJob }[] = [];
  harness.downloads.subscribe((change) => {
    if (change.kind === 'job') told.push({ at: performance.now(), job: change.job });
  });
  const { id } = await harness.downloads.start(request('org/Two-GGUF', 'Two-Q8_0-00001-of-00002.gguf'));
  await when(harness.downloads, id, (job) => job.state === 'ready');
  const gaps = told.slice(1).map(({ at }, index) => at - (told[index]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(240);
  const done = told.map(({ job }) => job.bytesDone);
  expect(done).toEqual(done.toSorted((left, right) => left - right));
  expect(done.at(-1)).toBe(4 * megabyte);
  expect(told.some(({ job }) => (job.bytesPerSecond ?? 0) > 0)).toBe(true);
});
