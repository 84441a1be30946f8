import { createHash } from 'node:crypto';
import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scanCacheDir } from '@huggingface/hub';
import { expect, test } from 'vitest';
import { createPlacement, type PlacedFile, type Placement, type PlacementOptions } from '#main/services/downloads/placement/placement.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { filesBelow } from './downloadHarness.ts';

const commit = 'c'.repeat(40);
const content = 'weights';
const sha256 = createHash('sha256').update(content).digest('hex');
const model: PlacedFile = { file: 'model-Q4_K_M.gguf', sha256, gitSha1: null };

function placementIn(folder: string, more: Partial<PlacementOptions> = {}): Placement {
  return createPlacement({ layout: 'hub-cache', folder, jobId: 'job1', repo: 'org/repo', revision: 'main', commit, ...more });
}

/** As a transfer leaves a file: whole, under its partial name. */
async function fetchInto(placement: Placement, file: PlacedFile, bytes = content): Promise<string> {
  await placement.makeFolders(file);
  const { partialPath } = placement.place(file);
  writeFileSync(partialPath, bytes);
  return partialPath;
}

async function settle(placement: Placement, file: PlacedFile): Promise<void> {
  await placement.settle(file, await fetchInto(placement, file));
  await placement.seal();
}

test("the hub's own library finds what was placed in the shared cache, by its revision", async () => {
  const folder = temporaryFolder();
  await settle(placementIn(folder), model);

  const cache = await scanCacheDir(folder);
  expect(cache.warnings).toEqual([]);
  expect(cache.repos).toMatchObject([{ id: { name: 'org/repo', type: 'model' } }]);
  const [revision] = cache.repos[0]?.revisions ?? [];
  expect(revision).toMatchObject({ commitOid: commit, refs: ['main'], files: [{ blob: { size: content.length } }] });
  expect(revision?.files[0]?.path.endsWith(`snapshots/${commit}/${model.file}`)).toBe(true);
});

test('links in the shared cache are relative, one step up for every folder, and refs hold the commit alone', async () => {
  const folder = temporaryFolder();
  const placement = placementIn(folder, { revision: 'refs/pr/1' });
  await settle(placement, { ...model, file: 'UD-Q4/deep/model.gguf' });
  const repo = join(folder, 'models--org--repo');
  expect(readlinkSync(join(repo, 'snapshots', commit, 'UD-Q4/deep/model.gguf'))).toBe(`../../../../blobs/${sha256}`);
  expect(readFileSync(join(repo, 'refs/refs/pr/1'), 'utf8')).toBe(commit);
  expect(readFileSync(join(repo, 'snapshots', commit, 'UD-Q4/deep/model.gguf'), 'utf8')).toBe(content);
});

test('a commit asked for by its own name gets no ref', async () => {
  const folder = temporaryFolder();
  await settle(placementIn(folder, { revision: commit }), model);
  expect(existsSync(join(folder, 'models--org--repo/refs'))).toBe(false);
});

test('a revision that would leave the folder of refs gets none, and the file is placed all the same', async () => {
  const folder = temporaryFolder();
  await settle(placementIn(join(folder, 'cache'), { revision: '../../../escaped' }), model);
  expect(filesBelow(folder)).toEqual([
    `cache/models--org--repo/blobs/${sha256}`,
    `cache/models--org--repo/snapshots/${commit}/${model.file}`,
  ]);
});

test('where links are not allowed the file itself lies in the snapshot, and is found there again', async () => {
  const folder = temporaryFolder();
  const makeLink = (): Promise<void> => Promise.reject(Object.assign(new Error('not permitted'), { code: 'EPERM' }));
  const placement = placementIn(folder, { makeLink });
  await settle(placement, model);
  const path = join(folder, 'models--org--repo/snapshots', commit, model.file);
  expect(lstatSync(path).isFile()).toBe(true);
  expect(filesBelow(folder)).toEqual([`models--org--repo/refs/main`, `models--org--repo/snapshots/${commit}/${model.file}`]);
  expect(await placement.candidates(model)).toEqual([path]);
  expect((await scanCacheDir(folder)).repos[0]?.revisions[0]?.files).toHaveLength(1);
});

test('without links, a blob that another program placed stays and the snapshot gets a copy', async () => {
  const folder = temporaryFolder();
  const makeLink = (): Promise<void> => Promise.reject(Object.assign(new Error('not permitted'), { code: 'EPERM' }));
  const blob = join(folder, 'models--org--repo/blobs', sha256);
  mkdirSync(dirname(blob), { recursive: true });
  writeFileSync(blob, content);
  const placement = placementIn(folder, { makeLink });
  await placement.makeFolders(model);
  expect(await placement.candidates(model)).toEqual([blob]);
  await placement.settle(model, blob);
  expect(readFileSync(blob, 'utf8')).toBe(content);
  expect(readFileSync(placement.place(model).finalPath, 'utf8')).toBe(content);
});

test('a file that stands in the snapshot is never replaced', async () => {
  const folder = temporaryFolder();
  const placement = placementIn(folder);
  await placement.makeFolders(model);
  writeFileSync(placement.place(model).finalPath, 'mine');
  await expect(placement.requireFree(model)).rejects.toMatchObject({ code: 'file-in-the-way' });
  await expect(placement.settle(model, await fetchInto(placement, model))).rejects.toMatchObject({ code: 'file-in-the-way' });
  expect(readFileSync(placement.place(model).finalPath, 'utf8')).toBe('mine');
});

test('a link of the snapshot that leads nowhere is put right', async () => {
  const folder = temporaryFolder();
  const placement = placementIn(folder);
  await placement.makeFolders(model);
  const { finalPath } = placement.place(model);
  symlinkSync(`../../blobs/${'0'.repeat(64)}`, finalPath);
  await placement.requireFree(model);
  await settle(placement, model);
  expect(readFileSync(finalPath, 'utf8')).toBe(content);
});

test('a link of the snapshot to other bytes that are there is not turned over', async () => {
  const folder = temporaryFolder();
  const placement = placementIn(folder);
  await placement.makeFolders(model);
  const { finalPath } = placement.place(model);
  writeFileSync(join(folder, 'models--org--repo/blobs', '0'.repeat(64)), 'other');
  symlinkSync(`../../blobs/${'0'.repeat(64)}`, finalPath);
  await expect(placement.requireFree(model)).rejects.toMatchObject({ code: 'file-in-the-way' });
  await expect(settle(placement, model)).rejects.toMatchObject({ code: 'file-in-the-way' });
  expect(readFileSync(finalPath, 'utf8')).toBe('other');
});

test('a link of the snapshot to somewhere else is neither read nor replaced', async () => {
  const folder = temporaryFolder();
  const outside = join(temporaryFolder(), 'secret');
  writeFileSync(outside, 'secret');
  const placement = placementIn(folder);
  await placement.makeFolders(model);
  symlinkSync(outside, placement.place(model).finalPath);
  expect(await placement.candidates(model)).toEqual([]);
  await expect(placement.requireFree(model)).rejects.toMatchObject({ code: 'file-in-the-way' });
  expect(readFileSync(outside, 'utf8')).toBe('secret');
});

test('in a plain folder the file is placed under publisher and repo, and nothing beside it stays', async () => {
  const folder = temporaryFolder();
  const placement = placementIn(folder, { layout: 'folder' });
  await settle(placement, { ...model, file: 'UD-Q4/model.gguf' });
  expect(filesBelow(folder)).toEqual(['org/repo/UD-Q4/model.gguf']);
});

test('in a plain folder a file that came meanwhile is never overwritten, and the download is kept', async () => {
  const folder = temporaryFolder();
  const placement = placementIn(folder, { layout: 'folder' });
  const partial = await fetchInto(placement, model);
  const { finalPath } = placement.place(model);
  writeFileSync(finalPath, 'mine');
  await expect(placement.settle(model, partial)).rejects.toMatchObject({ code: 'file-in-the-way' });
  expect(readFileSync(finalPath, 'utf8')).toBe('mine');
  expect(readFileSync(partial, 'utf8')).toBe(content);
});

test('in a plain folder a move that was cut short between the new name and the old one is finished', async () => {
  const folder = temporaryFolder();
  const placement = placementIn(folder, { layout: 'folder' });
  const partial = await fetchInto(placement, model);
  linkSync(partial, placement.place(model).finalPath);
  await placement.settle(model, partial);
  expect(filesBelow(folder)).toEqual([`org/repo/${model.file}`]);
});

test.each(['hub-cache', 'folder'] as const)('a folder that is a link out of the download folder is refused, layout %s', async (layout) => {
  const folder = temporaryFolder();
  const outside = temporaryFolder();
  symlinkSync(outside, join(folder, layout === 'folder' ? 'org' : 'models--org--repo'));
  const placement = placementIn(folder, { layout });
  await expect(placement.makeFolders(model)).rejects.toMatchObject({ code: 'folder-unwritable' });
  expect(filesBelow(outside)).toEqual([]);
});

test('a download folder that is a link itself is used as it is', async () => {
  const folder = join(temporaryFolder(), 'link');
  const real = temporaryFolder();
  symlinkSync(real, folder);
  const placement = placementIn(folder);
  await settle(placement, model);
  expect(await placement.candidates(model)).toEqual([join(folder, 'models--org--repo/blobs', sha256)]);
  expect(readFileSync(placement.place(model).finalPath, 'utf8')).toBe(content);
});

test.each(['../evil.gguf', '/etc/evil.gguf', 'a/../../evil.gguf', 'nul\0.gguf', 'CON.gguf', 'a\\b.gguf', ''])(
  'a file name that leaves the folder or that no disk takes has no place: %j',
  async (file) => {
    for (const layout of ['hub-cache', 'folder'] as const) {
      const placement = placementIn(temporaryFolder(), { layout });
      await expect(async () => placement.makeFolders({ ...model, file })).rejects.toMatchObject({ code: 'unsafe-file-name' });
      expect(() => placement.place({ ...model, file })).toThrow(expect.objectContaining({ code: 'unsafe-file-name' }));
    }
  },
);

test('a repo name made of dots has no place', () => {
  for (const layout of ['hub-cache', 'folder'] as const)
    expect(() => placementIn('/nowhere', { layout, repo: '../..' })).toThrow(expect.objectContaining({ code: 'unsafe-file-name' }));
});

test('the longest file name a disk takes leaves room for the name of its partial', async () => {
  const folder = temporaryFolder();
  const file = `${'ä'.repeat(125)}.gguf`;
  const placement = placementIn(folder, { layout: 'folder', jobId: 'abcdef01' });
  await settle(placement, { ...model, file });
  expect(filesBelow(folder)).toEqual([`org/repo/${file}`]);
});
