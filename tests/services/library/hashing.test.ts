import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createBackgroundHasher, type HashJob } from '#main/services/library/backgroundHasher.ts';
import { worthHashing } from '#main/services/library/worthHashing.ts';
import { type ArtifactRow, artifactTable } from '#main/storage/artifactTable.ts';
import { splitGguf } from '../splitGguf.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { addAndScan, copyModel, openLibrary, smallest, starters } from './libraryHarness.ts';

const sha256Of = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

test('every ready artifact gets its hash in the background, and the rows tell of it', async () => {
  const { library, changes } = await openLibrary({ bundledModels: starters });
  const hashed = await Promise.all(library.list().map(async (artifact) => [artifact.path, await library.whenHashed(artifact.id)]));
  expect(hashed).toEqual(library.list().map((artifact) => [artifact.path, sha256Of(artifact.path)]));
  const told = changes.flatMap((change) => (change.kind === 'artifact' && change.artifact.sha256 !== null ? [change.artifact.id] : []));
  expect(new Set(told).size).toBe(7);
});

test('of other apps’ files only those are hashed unasked that no record names and that may be here twice', async () => {
  const { folder, database } = await openLibrary();
  copyModel(join(folder, 'data-models/Own.gguf'));
  const { library } = await openLibrary({ database, ownModels: join(folder, 'data-models') });
  const release = library.holdHashing();
  await library.whenScanned();
  const [row] = artifactTable(database).list();
  if (row === undefined) throw new Error('nothing was found');
  release();
  const unhashed = { ...row, sha256: null };
  const of = (id: string, more: Partial<ArtifactRow>): ArtifactRow => ({ ...unhashed, id, ...more });
  const idsFor = (rows: readonly ArtifactRow[]): string[] => worthHashing(rows).map(({ id }) => id);
  const large = { sizeBytes: 9e9 };
  expect(
    idsFor([of('a', { owner: 'lm-studio', ...large }), of('b', { owner: 'hub-cache' }), of('c', { owner: 'jan', sizeBytes: 1 })]),
  ).toEqual([]);
  expect(idsFor([of('a', { owner: 'lm-studio', ...large }), of('own', { owner: 'folder', ...large })])).toEqual(['own', 'a']);
  expect(idsFor([of('a', { owner: 'ollama', claimedSha256: 'b'.repeat(64), ...large }), of('b', { owner: 'imported', ...large })])).toEqual(
    ['b'],
  );
  expect(idsFor([of('a', { owner: 'jan', ...large }), of('b', { owner: 'hub-cache', ...large })])).toEqual(['a', 'b']);
  expect(idsFor([of('done', { sha256: 'c'.repeat(64) }), of('gone', { state: 'missing' })])).toEqual([]);
});

test('a file of another app is hashed when it is asked for', async () => {
  const home = temporaryFolder();
  const path = copyModel(join(home, '.lmstudio/models/a/b-GGUF/Starter.gguf'));
  const { library } = await openLibrary({ machine: { env: {}, home, platform: 'linux' } });
  expect(await library.whenHashed('starter')).toBe(sha256Of(path));
});

test('the hash of a split file is that of its parts’ hashes in order', async () => {
  const { folder, library } = await openLibrary();
  copyModel(join(folder, 'm/Whole.gguf'));
  const parts = await splitGguf(smallest, { folder: join(folder, 'm'), base: 'Split', parts: 2 });
  await addAndScan(library, join(folder, 'm'));
  const expected = createHash('sha256').update(parts.map(sha256Of).join('\n')).digest('hex');
  expect(await library.whenHashed('split')).toBe(expected);
});

test('a hash is kept over a restart and made after one that came before it was done', async () => {
  const { folder, library, reopen } = await openLibrary();
  const release = library.holdHashing();
  const path = copyModel(join(folder, 'm/Model.gguf'));
  await addAndScan(library, join(folder, 'm'));
  expect(library.require('model').sha256).toBeNull();
  release();
  const again = await reopen();
  expect(await again.whenHashed('model')).toBe(sha256Of(path));
  expect((await reopen()).require('model').sha256).toBe(sha256Of(path));
});

test('asking for the hash of a file that has vanished says so', async () => {
  const { folder, library } = await openLibrary();
  const release = library.holdHashing();
  const path = copyModel(join(folder, 'm/Model.gguf'));
  await addAndScan(library, join(folder, 'm'));
  rmSync(path);
  await expect(library.whenHashed('model')).rejects.toMatchObject({ code: 'file-missing' });
  expect(library.require('model').state).toBe('missing');
  await expect(library.whenHashed('none')).rejects.toMatchObject({ code: 'model-not-found' });
  release();
});

test('a file replaced since it was scanned is read again before it is hashed', async () => {
  const { folder, library } = await openLibrary();
  const release = library.holdHashing();
  const path = copyModel(join(folder, 'm/Model.gguf'));
  await addAndScan(library, join(folder, 'm'));
  const other = join(starters, 'Starter-3M-Instruct-Q4_K_M.gguf');
  copyFileSync(other, join(folder, 'new'));
  renameSync(join(folder, 'new'), path);
  expect(await library.whenHashed('model')).toBe(sha256Of(other));
  expect(library.require('model').parameters).toBe(2_754_304);
  release();
});

test.each([
  ['grows', (path: string) => appendFileSync(path, 'more')],
  ['is replaced by another of the same size', (path: string) => renameSync(sparse(`${path}.new`), path)],
])('a file that %s while it is hashed gets no hash', async (_what, change) => {
  const path = sparse(join(temporaryFolder(), 'Model.gguf'));
  const { size, mtimeMs } = statSync(path);
  const job: HashJob = { id: 'model', files: [{ path, sizeBytes: size, modifiedAtMs: mtimeMs }] };
  const outcome = Promise.withResolvers<unknown>();
  let isPending = true;
  const hasher = createBackgroundHasher({
    pending: () => (isPending ? [job] : []),
    onHashed: () => outcome.resolve('hashed'),
    async onChanged(_job, error) {
      isPending = false;
      outcome.resolve(error);
    },
  });
  hasher.wake();
  while (!isOpen(path)) await setImmediate();
  change(path);
  expect(await outcome.promise).toMatchObject({ name: 'FileChanged' });
  await hasher.dispose();
});

/** A file with a hole of an eighth of a gigabyte: takes no space, and long enough to hash that it is still open when it changes. */
function sparse(path: string): string {
  writeFileSync(path, '');
  truncateSync(path, 2 ** 27);
  return path;
}

/** Whether this process has the file open, where the system tells. */
function isOpen(path: string): boolean {
  if (process.platform !== 'linux') return true;
  return readdirSync('/proc/self/fd').some((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`) === path;
    } catch {
      return false;
    }
  });
}

test('what is waited for comes first and overrides a hold; the rest waits for the hold to end', async () => {
  const folder = temporaryFolder();
  const jobs = ['a', 'b', 'c'].map((id): HashJob => {
    const path = copyModel(join(folder, id));
    const { size, mtimeMs } = statSync(path);
    return { id, files: [{ path, sizeBytes: size, modifiedAtMs: mtimeMs }] };
  });
  const order: string[] = [];
  const waiting = new Map(['a', 'b', 'c'].map((id) => [id, Promise.withResolvers<void>()]));
  const hasher = createBackgroundHasher({
    pending: () => jobs.filter((job) => !order.includes(job.id)),
    onHashed(job) {
      order.push(job.id);
      waiting.get(job.id)?.resolve();
    },
    onChanged: async (_job, error) => {
      throw error;
    },
  });
  const release = hasher.hold();
  hasher.wake();
  const done = hasher.want('c');
  await waiting.get('c')?.promise;
  done();
  expect(order).toEqual(['c']);
  release();
  await Promise.all([...waiting.values()].map((entry) => entry.promise));
  expect(order).toEqual(['c', 'a', 'b']);
  await hasher.dispose();
});
