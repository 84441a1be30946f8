import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findModelFiles } from '#main/services/library/findModelFiles.ts';
import { createSettingsService } from '#main/services/settings/settingsService.ts';
import { openDatabase } from '#main/storage/database.ts';
import type { Settings } from '#shared/contract/settings.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { put, putHubFile, putOllama, sha256Of } from './appTrees.ts';
import { addAndScan, copyModel, openLibrary, smallest, starters } from './libraryHarness.ts';

const repo = 'unsloth/Starter-GGUF';
const other = join(starters, 'Starter-3M-Instruct-Q4_K_M.gguf');

function settingsOf(patch: Partial<Settings>) {
  const settings = createSettingsService({ database: openDatabase(':memory:') });
  settings.update(patch);
  return settings;
}

/** As it was long ago: young files are left alone anyway. */
function aged(path: string): string {
  const at = new Date(Date.now() - 3 * 24 * 3_600_000);
  utimesSync(path, at, at);
  return path;
}

describe('an app that is not listed', () => {
  test('keeps its files where an added folder reaches them', async () => {
    const home = temporaryFolder();
    const theirs = copyModel(join(home, '.lmstudio/models/a/b-GGUF/Starter.gguf'));
    const { library } = await openLibrary({
      machine: { env: {}, home, platform: 'linux' },
      settings: settingsOf({ ignoredApps: ['lm-studio'] }),
    });
    await addAndScan(library, join(home, '.lmstudio'));
    expect(library.list()).toEqual([expect.objectContaining({ owner: 'folder' })]);
    await expect(library.remove('starter', { deleteFile: true })).rejects.toMatchObject({ code: 'not-owned' });
    expect(existsSync(theirs)).toBe(true);
  });

  test('keeps a file that was imported out of its folder', async () => {
    const home = temporaryFolder();
    const theirs = putOllama(join(home, '.ollama/models'), { name: 'starter:1m', from: smallest });
    const { library } = await openLibrary({
      machine: { env: {}, home, platform: 'linux' },
      settings: settingsOf({ ignoredApps: ['ollama'] }),
    });
    const [artifact] = await library.importPath(theirs);
    await expect(library.remove(artifact?.id ?? '', { deleteFile: true })).rejects.toMatchObject({ code: 'not-owned' });
    expect(existsSync(theirs)).toBe(true);
  });
});

describe('a cache below the app’s own folder', () => {
  test('of the hub stays a cache: its blobs are in use, and its models come from the hub', async () => {
    const data = temporaryFolder();
    const cache = join(data, 'models/hub');
    const path = putHubFile(cache, { repo, file: 'Starter.gguf', from: smallest });
    const blob = aged(join(cache, 'models--unsloth--Starter-GGUF/blobs', sha256Of(smallest)));
    const { library } = await openLibrary({
      ownModels: join(data, 'models'),
      machine: { env: { HF_HUB_CACHE: cache }, home: join(data, 'home'), platform: 'linux' },
    });
    expect(library.list()).toEqual([expect.objectContaining({ owner: 'hub-cache', repo, path })]);
    expect(await library.reclaimable()).toEqual([]);
    expect(existsSync(blob)).toBe(true);
  });

  test('of another app holds nothing that belongs to no model', async () => {
    const data = temporaryFolder();
    const ollama = join(data, 'models/ollama');
    const blob = aged(putOllama(ollama, { name: 'starter:1m', from: smallest }));
    const unused = aged(put(join(ollama, 'blobs', `sha256-${'e'.repeat(64)}`), 'x'));
    const partial = aged(put(join(data, 'models/llama/a.gguf.incomplete'), 'half'));
    const { library } = await openLibrary({
      ownModels: join(data, 'models'),
      machine: {
        env: { OLLAMA_MODELS: ollama, LLAMA_CACHE: join(data, 'models/llama') },
        home: join(data, 'home'),
        platform: 'linux',
      },
    });
    const items = await library.reclaimable();
    expect(items.filter((item) => item.canDelete)).toEqual([]);
    expect([blob, unused, partial].every((path) => existsSync(path))).toBe(true);
  });
});

test('a file that a model is reached by through a link belongs to that model', async () => {
  const { library, ownModels } = await openLibrary();
  const target = aged(copyModel(join(ownModels, 'z/Starter.gguf')));
  symlinkSync(target, join(ownModels, 'a.gguf'));
  await library.rescan();
  expect(library.list()).toHaveLength(1);
  expect((await library.reclaimable()).filter((item) => item.kind === 'orphan')).toEqual([]);
});

test('parts of a download that is not finished belong to it', async () => {
  const folder = temporaryFolder();
  const partial = join(folder, 'models', repo, 'Big-00002-of-00002.gguf.job.incomplete');
  const { library } = await openLibrary({ ownModels: join(folder, 'models'), partialPaths: () => [partial] });
  aged(copyModel(join(folder, 'models', repo, 'Big-00001-of-00002.gguf')));
  put(partial, 'half');
  await library.rescan();
  expect(await library.reclaimable()).toEqual([]);
});

describe('a download folder that other programs use too', () => {
  const ours = 'Starter.gguf.0199f0aa-1111-4222-8333-444455556666.incomplete';

  test('has only our own partials to free', async () => {
    const folder = temporaryFolder();
    const mine = aged(put(join(folder, repo, ours), 'half'));
    const theirs = [
      '.cache/huggingface/download/Starter.gguf.incomplete',
      `.cache/huggingface/download/abc=.${'1'.repeat(64)}.incomplete`,
      `models--a--b/blobs/${'2'.repeat(64)}.incomplete`,
      `models--a--b/blobs/${'2'.repeat(64)}.0199f0aa-1111-4222-8333-444455556667.incomplete`,
      'llama/a_b_c.gguf.incomplete',
    ].map((name) => aged(put(join(folder, name), 'half')));
    const { library } = await openLibrary({ settings: settingsOf({ downloadFolder: folder, downloadLayout: 'folder' }) });
    const items = await library.reclaimable();
    expect(items.map((item) => item.path)).toEqual([mine]);
    expect(await library.reclaim(items.map((item) => item.id))).toMatchObject({ failed: [] });
    expect([mine, ...theirs].map((path) => existsSync(path))).toEqual([false, ...theirs.map(() => true)]);
  });

  test('gives back what Rightsize itself put there, and no more', async () => {
    const home = temporaryFolder();
    const models = join(home, '.lmstudio/models');
    const theirs = copyModel(join(models, 'x/y-GGUF/Other.gguf'), other);
    const { library } = await openLibrary({
      machine: { env: {}, home, platform: 'linux' },
      settings: settingsOf({ downloadFolder: models, downloadLayout: 'folder' }),
    });
    const path = copyModel(join(models, repo, 'Starter.gguf'));
    const { id } = await library.addDownloaded({
      repo,
      revision: 'main',
      commit: 'a'.repeat(40),
      verifiedAt: 1,
      files: [{ path, file: 'Starter.gguf', sizeBytes: 841_376, sha256: sha256Of(path) }],
      projectorPath: null,
      wasHere: false,
    });
    expect(await library.remove(id)).toEqual({ fileDeleted: true });
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(models)).toEqual(['x']);
    expect(existsSync(theirs)).toBe(true);
  });
});

test('what is learnt of a model while its removal waits is kept with it', async () => {
  const { folder, library } = await openLibrary();
  mkdirSync(join(folder, 'm'));
  const path = copyModel(join(folder, 'm/Model.gguf'));
  await addAndScan(library, join(folder, 'm'));
  const scan = library.rescan();
  const removal = library.remove('model');
  library.markUsed('model');
  await Promise.all([scan, removal]);
  const [again] = await library.importPath(path);
  expect(again?.lastUsedAt).not.toBeNull();
});

test('a partial that a download is at work on is not freed, whatever way its folder is named', async () => {
  const folder = temporaryFolder();
  const partial = put(join(folder, 'real', repo, 'Starter.gguf.0199f0aa-1111-4222-8333-444455556666.incomplete'), 'half');
  symlinkSync(join(folder, 'real'), join(folder, 'alias'));
  const partialPaths: string[] = [];
  const { library } = await openLibrary({
    partialPaths: () => partialPaths,
    settings: settingsOf({ downloadFolder: join(folder, 'alias'), downloadLayout: 'folder' }),
  });
  const items = await library.reclaimable();
  expect(items).toHaveLength(1);
  partialPaths.push(partial);
  expect(await library.reclaimable()).toEqual([]);
  partialPaths.length = 0;
  await library.reclaimable();
  partialPaths.push(partial);
  expect(await library.reclaim(items.map((item) => item.id))).toMatchObject({ failed: [{ message: 'A download is using it.' }] });
  expect(existsSync(partial)).toBe(true);
});

test('a link to the whole disk is not followed, and what no disk holds is not looked through', async () => {
  const folder = temporaryFolder();
  const path = copyModel(join(folder, 'm/Model.gguf'));
  symlinkSync('/', join(folder, 'm/everything'));
  const looked: string[] = [];
  const files = await findModelFiles(join(folder, 'm'), { onUnreadable: (unread) => looked.push(unread) });
  expect(files?.map((file) => file.path)).toEqual([path]);
  expect(looked).toEqual([]);
});

describe('a cache of the hub in an added folder', () => {
  test('gives back the bytes of a model that is deleted, and not only its name', async () => {
    const { folder, library } = await openLibrary();
    const cache = join(folder, 'drive/hub');
    putHubFile(cache, { repo: 'other/repo', file: 'Other.gguf', from: other });
    putHubFile(cache, { repo, file: 'Starter.gguf', from: smallest });
    await addAndScan(library, join(folder, 'drive'));
    expect(await library.remove('starter', { deleteFile: true })).toEqual({ fileDeleted: true });
    expect(readdirSync(cache)).toEqual(['models--other--repo']);
    expect(library.list()).toEqual([expect.objectContaining({ id: 'other', state: 'ready' })]);
  });

  test('keeps bytes that lie outside of that folder', async () => {
    const { folder, library } = await openLibrary();
    const cache = join(folder, 'drive/hub');
    const path = putHubFile(cache, { repo, file: 'Starter.gguf', from: smallest });
    const blobs = join(cache, 'models--unsloth--Starter-GGUF/blobs');
    renameSync(blobs, join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), blobs);
    await addAndScan(library, join(folder, 'drive'));
    await expect(library.remove('starter', { deleteFile: true })).rejects.toMatchObject({ code: 'not-owned' });
    expect(sha256Of(path)).toBe(sha256Of(smallest));
  });
});

test('the only copy is kept where the other one has become a link to it', async () => {
  const { folder, library } = await openLibrary();
  for (const name of ['a.gguf', 'b.gguf']) aged(copyModel(join(folder, 'm', name)));
  const at = new Date(1_700_000_000_000);
  for (const name of ['a.gguf', 'b.gguf']) utimesSync(join(folder, 'm', name), at, at);
  await addAndScan(library, join(folder, 'm'));
  await Promise.all(library.list().map((artifact) => library.whenHashed(artifact.id)));
  const [spare] = (await library.reclaimable()).filter((item) => item.kind === 'duplicate');
  const kept = library.list().find((artifact) => artifact.path !== spare?.path);
  rmSync(kept?.path ?? '');
  symlinkSync(spare?.path ?? '', kept?.path ?? '');
  expect(await library.reclaim([spare?.id ?? ''])).toMatchObject({ freedBytes: 0, failed: [{}] });
  expect(existsSync(spare?.path ?? '')).toBe(true);
});
