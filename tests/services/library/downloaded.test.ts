import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { combinedHash } from '#main/services/library/combinedHash.ts';
import type { DownloadedFiles, LibraryService } from '#main/services/library/libraryService.ts';
import { editGguf } from '../../fixtures/gguf/editGguf.ts';
import { splitGguf } from '../splitGguf.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { put, putHubFile, sha256Of, snapshotTree } from './appTrees.ts';
import { addAndScan, copyModel, idsOf, openLibrary, smallest, starters } from './libraryHarness.ts';

const repo = 'unsloth/Starter-GGUF';
const commit = 'a'.repeat(40);
const other = join(starters, 'Starter-3M-Instruct-Q4_K_M.gguf');
const verifiedAt = 1_700_000_000_000;

function downloadOf(paths: readonly string[], more: Partial<DownloadedFiles> & { readonly file?: string } = {}): DownloadedFiles {
  const { file, ...rest } = more;
  return {
    repo,
    revision: 'main',
    commit,
    files: paths.map((path) => ({
      path,
      file: file ?? (path.split('/').at(-1) as string),
      sizeBytes: lstatSync(path).size,
      sha256: sha256Of(path),
    })),
    projectorPath: null,
    wasHere: false,
    verifiedAt,
    ...rest,
  };
}

async function openWithCache(options: Parameters<typeof openLibrary>[0] = {}) {
  const home = temporaryFolder();
  const cache = join(home, '.cache/huggingface/hub');
  const harness = await openLibrary({ machine: { env: {}, home, platform: 'linux' }, ...options });
  return { ...harness, home, cache, library: harness.library };
}

const treeOf = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder, { recursive: true }) : []).map(String).sort();

describe('a download', () => {
  test('is listed with where it came from and its hash, and stays Rightsize’s over scans and restarts', async () => {
    const { library, cache, reopen } = await openWithCache();
    const release = library.holdHashing();
    const path = putHubFile(cache, { repo, file: 'Starter-Q4_K_M.gguf', from: smallest });
    const artifact = await library.addDownloaded(downloadOf([path]));
    expect(artifact).toMatchObject({
      id: 'starter-q4_k_m',
      owner: 'downloaded',
      state: 'ready',
      repo,
      publisher: 'unsloth',
      sha256: sha256Of(smallest),
      parameters: 1_180_928,
      provenance: { repo, revision: 'main', commit, file: 'Starter-Q4_K_M.gguf', verifiedAt },
    });
    release();
    await library.rescan();
    expect(library.list()).toEqual([artifact]);
    expect((await reopen()).list()).toEqual([artifact]);
  });

  test('of what another program had fetched before leaves it that program’s', async () => {
    const { library, cache } = await openWithCache();
    const path = putHubFile(cache, { repo, file: 'Starter-Q4_K_M.gguf', from: smallest });
    await library.rescan();
    const found = await library.addDownloaded({ ...downloadOf([path]), wasHere: true });
    expect(found).toMatchObject({ owner: 'hub-cache', sha256: sha256Of(smallest), provenance: { verifiedAt } });
    expect(await library.remove(found.id)).toEqual({ fileDeleted: false });
    expect(existsSync(path)).toBe(true);
  });

  test('that a scan found first becomes Rightsize’s, and one that was hidden is listed again', async () => {
    const { library, cache } = await openWithCache();
    const path = putHubFile(cache, { repo, file: 'Starter-Q4_K_M.gguf', from: smallest });
    await library.rescan();
    const { id } = library.list()[0] ?? { id: '' };
    await library.remove(id);
    expect(await library.addDownloaded(downloadOf([path]))).toMatchObject({ id, owner: 'downloaded' });
    expect(idsOf(library)).toEqual([id]);
  });

  test('of a split model has the hash over its parts’ hashes', async () => {
    const { library, ownModels } = await openWithCache();
    const folder = join(ownModels, repo);
    mkdirSync(folder, { recursive: true });
    const parts = await splitGguf(smallest, { folder, base: 'Starter-Q4_K_M', parts: 3 });
    const artifact = await library.addDownloaded(downloadOf(parts));
    expect(artifact).toMatchObject({ files: parts, sha256: combinedHash(parts.map(sha256Of)), state: 'ready' });
    expect(await library.whenHashed(artifact.id)).toBe(artifact.sha256);
  });

  test('of a newer version at the same place takes the row of the old one', async () => {
    const { library, ownModels } = await openWithCache();
    const path = copyModel(join(ownModels, repo, 'Starter.gguf'));
    const first = await library.addDownloaded(downloadOf([path]));
    library.recordSpeed(first.id, {
      promptTokensPerSecond: 1,
      generationTokensPerSecond: 2,
      loadMs: 3,
      peakMemoryBytes: 4,
      measuredAt: 5,
      runId: null,
    });
    copyModel(path, other);
    const second = await library.addDownloaded(downloadOf([path], { commit: 'b'.repeat(40) }));
    expect(second).toMatchObject({ id: first.id, sha256: sha256Of(other), speed: null, provenance: { commit: 'b'.repeat(40) } });
    expect(library.list()).toHaveLength(1);
  });

  test('whose file is not there is refused', async () => {
    const { library, folder } = await openWithCache();
    const path = copyModel(join(folder, 'x.gguf'));
    const download = downloadOf([path]);
    rmSync(path);
    await expect(library.addDownloaded(download)).rejects.toMatchObject({ code: 'file-missing' });
  });
});

describe('removing a download', () => {
  async function downloaded(
    library: LibraryService,
    paths: readonly string[],
    more: Parameters<typeof downloadOf>[1] = {},
  ): Promise<string> {
    return (await library.addDownloaded(downloadOf(paths, more))).id;
  }

  test('from the hub’s cache leaves nothing of it behind, and nothing else is touched', async () => {
    const { home, library, cache } = await openWithCache();
    putHubFile(cache, { repo: 'other/repo', file: 'x/y.gguf', from: other });
    put(join(cache, 'version.txt'), '1');
    const before = snapshotTree(home).filter((line) => !line.startsWith('.cache/huggingface/hub/ '));
    const path = putHubFile(cache, { repo, file: 'Q4/Starter.gguf', from: smallest });
    const id = await downloaded(library, [path], { file: 'Q4/Starter.gguf' });
    expect(await library.remove(id)).toEqual({ fileDeleted: true });
    expect(snapshotTree(home).filter((line) => !line.startsWith('.cache/huggingface/hub/ '))).toEqual(before);
    expect(library.get(id)).toBeUndefined();
  });

  test('keeps the blob while another snapshot links to it, and the other files of its own', async () => {
    const { library, cache } = await openWithCache();
    const repoFolder = join(cache, 'models--unsloth--Starter-GGUF');
    const newer = putHubFile(cache, { repo, file: 'Starter.gguf', from: smallest, commit: 'b'.repeat(40) });
    const path = putHubFile(cache, { repo, file: 'Starter.gguf', from: smallest, commit, ref: 'v1' });
    const sibling = putHubFile(cache, { repo, file: 'config.json', from: put(join(cache, '../c.json'), '{}'), commit, ref: null });
    const id = await downloaded(library, [path]);
    expect(await library.remove(id)).toEqual({ fileDeleted: false });
    expect(existsSync(path)).toBe(false);
    expect(sha256Of(newer)).toBe(sha256Of(smallest));
    expect(existsSync(sibling)).toBe(true);
    expect(treeOf(join(repoFolder, 'refs'))).toEqual(['main', 'v1']);
    expect(library.list()).toEqual([expect.objectContaining({ owner: 'hub-cache', path: newer })]);
  });

  test('from a plain folder takes empty folders of its repo along and stops at the folder itself', async () => {
    const { folder, library } = await openWithCache();
    const chosen = join(folder, 'chosen');
    const path = copyModel(join(chosen, repo, 'sub/Starter.gguf'));
    const id = await downloaded(library, [path], { file: 'sub/Starter.gguf' });
    expect(await library.remove(id)).toEqual({ fileDeleted: true });
    expect(treeOf(folder).filter((name) => name.startsWith('chosen'))).toEqual(['chosen']);
  });

  test('takes its projector along, but not one that another model uses', async () => {
    const { library, ownModels } = await openWithCache();
    const at = (name: string): string => join(ownModels, repo, name);
    const first = copyModel(at('A-Q4_K_M.gguf'));
    const second = copyModel(at('B-Q4_K_M.gguf'), other);
    const projectorPath = editGguf(smallest, at('mmproj-F16.gguf'), { 'general.architecture': { type: 'string', value: 'clip' } });
    const one = await downloaded(library, [first], { projectorPath });
    const two = await downloaded(library, [second], { projectorPath });
    expect(idsOf(library)).toEqual([one, two].sort());
    await library.remove(one);
    expect(existsSync(projectorPath)).toBe(true);
    await library.remove(two);
    expect(treeOf(ownModels)).toEqual([]);
  });

  test('never touches another app’s folder, whatever a link makes of the way', async () => {
    const { home, library, folder } = await openWithCache();
    const theirs = copyModel(join(home, '.lmstudio/models/a/b-GGUF/Starter.gguf'));
    await library.rescan();
    symlinkSync(dirname(theirs), join(folder, 'way'));
    await library.addDownloaded(downloadOf([join(folder, 'way/Starter.gguf')]));
    const [artifact] = library.list();
    await expect(library.remove(artifact?.id ?? '')).rejects.toMatchObject({ code: 'not-owned' });
    expect(existsSync(theirs)).toBe(true);
  });

  test('of a hub-cache file that others downloaded deletes it only when told to', async () => {
    const { library, cache } = await openWithCache();
    const path = putHubFile(cache, { repo, file: 'Starter.gguf', from: smallest });
    await library.rescan();
    const [id = ''] = idsOf(library);
    expect(await library.remove(id)).toEqual({ fileDeleted: false });
    expect(existsSync(path)).toBe(true);
    await library.importPath(path);
    expect(await library.remove(id, { deleteFile: true })).toEqual({ fileDeleted: true });
    expect(treeOf(cache)).toEqual([]);
  });

  test('that has vanished only forgets it', async () => {
    const { library, ownModels } = await openWithCache();
    const path = copyModel(join(ownModels, repo, 'Starter.gguf'));
    const id = await downloaded(library, [path]);
    rmSync(path);
    await library.rescan();
    expect(library.require(id).state).toBe('missing');
    expect(await library.remove(id)).toEqual({ fileDeleted: false });
    expect(idsOf(library)).toEqual([]);
  });
});

describe('a file that moved', () => {
  test('is the same model at its new place, with its time or with its hash', async () => {
    const { folder, library } = await openWithCache();
    const path = copyModel(join(folder, 'm/One.gguf'));
    await addAndScan(library, join(folder, 'm'));
    library.markUsed('one');
    mkdirSync(join(folder, 'm/deeper'));
    renameSync(path, join(folder, 'm/deeper/One.gguf'));
    await library.rescan();
    expect(library.list()).toEqual([expect.objectContaining({ id: 'one', path: join(folder, 'm/deeper/One.gguf'), state: 'ready' })]);

    await library.whenHashed('one');
    rmSync(join(folder, 'm/deeper/One.gguf'));
    const copy = copyModel(join(folder, 'm/Renamed.gguf'));
    utimesSync(copy, new Date(1), new Date(1));
    await library.rescan();
    const { promise, resolve } = Promise.withResolvers<void>();
    const unsubscribe = library.subscribe(() => library.get('one')?.state === 'ready' && resolve());
    await promise;
    unsubscribe();
    expect(library.list()).toEqual([expect.objectContaining({ id: 'one', path: copy, state: 'ready', lastUsedAt: expect.any(Number) })]);
  });
});
