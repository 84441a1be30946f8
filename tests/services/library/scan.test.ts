import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspectFiles } from '#main/services/library/inspectFiles.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { splitGguf } from '../splitGguf.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { addAndScan, copyModel, fileNamesOf, idsOf, openLibrary, smallest, starters } from './libraryHarness.ts';

describe('a scan', () => {
  test('lists the models that ship with what their headers say', async () => {
    const { library } = await openLibrary({ bundledModels: starters });
    expect(library.list()).toHaveLength(7);
    expect(library.require('starter-7m-instruct-q4_k_m')).toMatchObject({
      name: 'Starter 7M Instruct',
      quant: 'Q4_K_M',
      parameters: 6_689_024,
      sizeBytes: 4_164_608,
      contextTokens: 1024,
      architecture: 'llama',
      license: 'apache-2.0',
      hasChatTemplate: true,
      owner: 'bundled',
      state: 'ready',
      problem: null,
    });
  });

  test('finds files at any depth and gives equal names different ids that stay', async () => {
    const { folder, library, reopen } = await openLibrary();
    copyModel(join(folder, 'm/a/b/c/d/e/Deep-Q4_K_M.gguf'));
    copyModel(join(folder, 'm/x/Same.gguf'));
    copyModel(join(folder, 'm/y/Same.gguf'));
    await addAndScan(library, join(folder, 'm'));
    const ids = idsOf(library);
    expect(ids).toHaveLength(3);
    expect(ids).toContain('deep-q4_k_m');
    expect(ids.filter((id) => /^same-[0-9a-f]{6}$/.test(id))).toHaveLength(1);
    expect(idsOf(await reopen())).toEqual(ids);
  });

  test('believes the header where the name of a file says another quant', async () => {
    const { folder, library } = await openLibrary();
    copyModel(join(folder, 'm/Model-Q8_0.gguf'));
    copyModel(join(folder, 'm/Model-UD-Q4_K_XL.gguf'));
    await addAndScan(library, join(folder, 'm'));
    expect(library.list().map(({ quant }) => quant)).toEqual(expect.arrayContaining(['Q4_K_M', 'UD-Q4_K_XL']));
  });

  test.skipIf(process.platform === 'win32')(
    'reads the header of a pipe as that of an empty file, whose other end may never come',
    async () => {
      const path = join(temporaryFolder(), 'Model.gguf');
      spawnSync('mkfifo', [path]);
      await expect(inspectFiles([path])).rejects.toMatchObject({ message: 'The file is empty.' });
    },
  );

  test('is not begun on the whole disk', async () => {
    const { library } = await openLibrary();
    await expect(library.importPath('/')).rejects.toMatchObject({ code: 'folder-missing', hint: expect.stringContaining('folder') });
    expect(library.folders()).toEqual([]);
  });

  test('ends in a folder whose links form loops, and lists each file once', async () => {
    const { folder, library } = await openLibrary();
    copyModel(join(folder, 'm/inner/Model.gguf'));
    symlinkSync(join(folder, 'm'), join(folder, 'm/inner/up'));
    symlinkSync(join(folder, 'm/inner'), join(folder, 'm/inner/self'));
    symlinkSync(join(folder, 'm/inner'), join(folder, 'm/again'));
    symlinkSync(join(folder, 'm/inner/Model.gguf'), join(folder, 'm/Other-Name.gguf'));
    symlinkSync(join(folder, 'm/nowhere'), join(folder, 'm/Dangling.gguf'));
    await addAndScan(library, join(folder, 'm'));
    expect(library.list()).toHaveLength(1);
  });

  test('follows the links of a hub cache and reads publisher and repo out of it', async () => {
    const { folder, library } = await openLibrary();
    const repo = join(folder, 'hub/models--unsloth--Starter-GGUF');
    copyModel(join(repo, 'blobs/34683c85'));
    mkdirSync(join(repo, 'snapshots/abc'), { recursive: true });
    symlinkSync('../../blobs/34683c85', join(repo, 'snapshots/abc/Starter-Q4_K_M.gguf'));
    await addAndScan(library, join(folder, 'hub'));
    expect(library.list()).toEqual([
      expect.objectContaining({ id: 'starter-q4_k_m', publisher: 'unsloth', repo: 'unsloth/Starter-GGUF', state: 'ready' }),
    ]);
  });

  test('leaves pipes, folders and other files that end in .gguf alone', async () => {
    const { folder, library } = await openLibrary();
    mkdirSync(join(folder, 'm/Folder.gguf'), { recursive: true });
    writeFileSync(join(folder, 'm/notes.txt'), 'not a model');
    if (process.platform !== 'win32') spawnSync('mkfifo', [join(folder, 'm/Pipe.gguf')]);
    copyModel(join(folder, 'm/Folder.gguf/Inside.gguf'));
    await addAndScan(library, join(folder, 'm'));
    expect(fileNamesOf(library)).toEqual(['Inside.gguf']);
  });

  test('lists broken files with what is wrong, and does not list what only belongs to a model', async () => {
    const { folder, library } = await openLibrary();
    const at = (name: string) => join(folder, 'm', name);
    truncateSync(copyModel(at('Half.gguf')), 400_000);
    writeFileSync(at('Page.gguf'), '<!doctype html><html><body>404</body></html>');
    writeFileSync(at('Empty.gguf'), '');
    copyModel(at('mmproj-Model-F16.gguf'));
    await addAndScan(library, join(folder, 'm'));
    const problems = new Map(library.list().map((artifact) => [artifact.id, artifact]));
    expect([...problems.keys()].sort()).toEqual(['empty', 'half', 'page']);
    expect(problems.get('half')).toMatchObject({ state: 'broken', problem: { code: 'gguf-truncated', hint: expect.any(String) } });
    expect(problems.get('page')).toMatchObject({ state: 'broken', problem: { code: 'not-gguf', hint: expect.any(String) } });
    expect(problems.get('empty')).toMatchObject({ state: 'broken', problem: { code: expect.stringMatching(/not-gguf|gguf-truncated/) } });
  });

  test.runIf(process.platform === 'linux')('lists a file that cannot be read as broken and goes on', async () => {
    const { folder, library } = await openLibrary();
    copyModel(join(folder, 'm/Good.gguf'));
    // Reading a process's own memory at 0 fails for everybody, root included.
    symlinkSync('/proc/self/mem', join(folder, 'm/Bad.gguf'));
    await addAndScan(library, join(folder, 'm'));
    expect(library.require('good').state).toBe('ready');
    expect(library.require('bad')).toMatchObject({ state: 'broken', problem: { code: expect.any(String), message: expect.any(String) } });
  });
});

describe('a second scan', () => {
  test('reads only what has changed among 1,000 files', async () => {
    const { folder, library, changes } = await openLibrary();
    const first = copyModel(join(folder, 'm/Model-0000.gguf'));
    for (let index = 1; index < 1000; index++) {
      const path = join(folder, `m/${index % 10}/Model-${String(index).padStart(4, '0')}.gguf`);
      mkdirSync(join(path, '..'), { recursive: true });
      // Hard links would be one file; a header of its own each is what a real folder has.
      copyFileSync(smallest, path, 2);
    }
    await addAndScan(library, join(folder, 'm'));
    expect(library.list()).toHaveLength(1000);

    const release = library.holdHashing();
    changes.length = 0;
    await library.rescan();
    expect(changes.filter((change) => change.kind === 'artifact' || change.kind === 'removed')).toEqual([]);

    copyFileSync(join(starters, 'Starter-3M-Instruct-Q4_K_M.gguf'), first);
    await library.rescan();
    const changed = changes.filter((change) => change.kind === 'artifact').map((change) => change.artifact);
    expect(changed).toEqual([expect.objectContaining({ id: 'model-0000', parameters: 2_754_304, sha256: null })]);
    release();
  });

  test('does not open a file again whose size and time are the same', async () => {
    const { folder, library } = await openLibrary();
    const path = copyModel(join(folder, 'm/Model.gguf'));
    const at = new Date(1_700_000_000_000);
    utimesSync(path, at, at);
    await addAndScan(library, join(folder, 'm'));
    const before = library.require('model');
    writeFileSync(path, Buffer.alloc(statSync(path).size));
    utimesSync(path, at, at);
    await library.rescan();
    expect(library.require('model')).toMatchObject({ state: 'ready', parameters: before.parameters });
    utimesSync(path, at, new Date(1_700_000_001_000));
    await library.rescan();
    expect(library.require('model')).toMatchObject({ state: 'broken', problem: { code: 'not-gguf' } });
  });

  test('keeps a vanished file as missing and takes it back when it returns, with its hash', async () => {
    const { folder, library } = await openLibrary();
    const path = copyModel(join(folder, 'm/Model.gguf'));
    await addAndScan(library, join(folder, 'm'));
    const sha256 = await library.whenHashed('model');
    renameSync(path, join(folder, 'away'));
    await library.rescan();
    expect(library.require('model')).toMatchObject({ state: 'missing', problem: { code: 'file-missing' }, sha256 });
    renameSync(join(folder, 'away'), path);
    await library.rescan();
    expect(library.require('model')).toMatchObject({ state: 'ready', problem: null, sha256 });
  });

  test('keeps everything of a folder whose drive is gone, greyed, and takes it back', async () => {
    const { folder, library, reopen } = await openLibrary();
    copyModel(join(folder, 'drive/a/One.gguf'));
    copyModel(join(folder, 'drive/Two.gguf'));
    await addAndScan(library, join(folder, 'drive'));
    library.markUsed('one');
    const added = library.require('one').addedAt;
    renameSync(join(folder, 'drive'), join(folder, 'unplugged'));
    const without = await reopen();
    expect(without.list().map((artifact) => artifact.state)).toEqual(['missing', 'missing']);
    expect(without.folders()).toEqual([expect.objectContaining({ available: false, artifactCount: 2 })]);
    renameSync(join(folder, 'unplugged'), join(folder, 'drive'));
    await without.rescan();
    expect(without.list().map((artifact) => artifact.state)).toEqual(['ready', 'ready']);
    expect(without.require('one')).toMatchObject({ addedAt: added, lastUsedAt: expect.any(Number) });
    expect(without.folders()).toEqual([expect.objectContaining({ available: true })]);
  });

  test('a copy elsewhere does not take the place of what lies on an unplugged drive', async () => {
    const { folder, library } = await openLibrary();
    const path = copyModel(join(folder, 'drive/One.gguf'));
    await addAndScan(library, join(folder, 'drive'));
    await library.whenHashed('one');
    library.markUsed('one');
    renameSync(join(folder, 'drive'), join(folder, 'unplugged'));
    await library.rescan();
    copyModel(join(folder, 'local/Two.gguf'));
    const isHashed = Promise.withResolvers<void>();
    library.subscribe((change) => {
      const isReady = change.kind === 'artifact' && change.artifact.state === 'ready' && change.artifact.sha256 !== null;
      if (isReady) isHashed.resolve();
    });
    await addAndScan(library, join(folder, 'local'));
    await isHashed.promise;
    expect(library.get('one')).toMatchObject({ state: 'missing', path });
    expect(library.get('two')).toMatchObject({ state: 'ready', lastUsedAt: null });
  });

  test('forgets what was measured when another file takes the place of the old one', async () => {
    const { folder, library } = await openLibrary();
    const path = copyModel(join(folder, 'm/Model.gguf'));
    await addAndScan(library, join(folder, 'm'));
    const sha256 = await library.whenHashed('model');
    library.recordSpeed('model', {
      promptTokensPerSecond: 1,
      generationTokensPerSecond: 2,
      loadMs: 3,
      peakMemoryBytes: 4,
      measuredAt: 5,
      runId: null,
    });
    copyFileSync(join(starters, 'Starter-1M-Instruct-Q8_0.gguf'), path);
    await library.rescan();
    expect(library.require('model')).toMatchObject({ speed: null, sizeBytes: 1_304_480 });
    expect(await library.whenHashed('model')).not.toBe(sha256);
  });
});

describe('model folders', () => {
  test('a folder is added once, by whatever way it is named', async () => {
    const { folder, library } = await openLibrary();
    mkdirSync(join(folder, 'm'));
    symlinkSync(join(folder, 'm'), join(folder, 'link'));
    expect(await library.addFolder(join(folder, 'm'))).toEqual({ added: true });
    expect(await library.addFolder(join(folder, 'm/'))).toEqual({ added: false });
    expect(await library.addFolder(join(folder, 'link'))).toEqual({ added: false });
    await expect(library.addFolder(join(folder, 'none'))).rejects.toMatchObject({ code: 'folder-missing', hint: expect.any(String) });
  });

  test('a file in two folders is one artifact, and stays when one of the folders is removed', async () => {
    const { folder, library } = await openLibrary();
    copyModel(join(folder, 'm/inner/Model.gguf'));
    await addAndScan(library, join(folder, 'm/inner'));
    await addAndScan(library, join(folder, 'm'));
    expect(idsOf(library)).toEqual(['model']);
    const [inner, outer] = library.folders();
    expect([inner?.artifactCount, outer?.artifactCount]).toEqual([1, 0]);
    await library.removeFolder(inner?.id ?? '');
    expect(library.list()).toEqual([expect.objectContaining({ id: 'model', folderId: outer?.id, state: 'ready' })]);
    await library.removeFolder(outer?.id ?? '');
    expect(library.list()).toEqual([]);
    await expect(library.removeFolder('none')).rejects.toMatchObject({ code: 'folder-missing' });
  });

  test('bundled models that a folder holds as well stay bundled, and are known again when they lie elsewhere', async () => {
    const { folder, library, reopen } = await openLibrary({ bundledModels: starters });
    await addAndScan(library, starters);
    expect(library.list().every((artifact) => artifact.owner === 'bundled')).toBe(true);
    const moved = join(folder, 'mounted-elsewhere');
    mkdirSync(moved);
    copyModel(join(moved, 'Starter-1M-Instruct-Q4_K_M.gguf'));
    const after = await reopen({ bundledModels: moved });
    expect(after.require('starter-1m-instruct-q4_k_m')).toMatchObject({
      owner: 'bundled',
      state: 'ready',
      path: join(moved, 'Starter-1M-Instruct-Q4_K_M.gguf'),
    });
  });
});

describe('split files', () => {
  test('are one artifact with the size and weights of all parts', async () => {
    const { folder, library } = await openLibrary();
    mkdirSync(join(folder, 'm'));
    const parts = await splitGguf(smallest, { folder: join(folder, 'm'), base: 'Split-Q4_K_M', parts: 3 });
    await addAndScan(library, join(folder, 'm'));
    expect(library.list()).toEqual([
      expect.objectContaining({ id: 'split-q4_k_m', state: 'ready', files: parts, path: parts[0], parameters: 1_180_928, quant: 'Q4_K_M' }),
    ]);
    expect(await library.inspect('split-q4_k_m')).toMatchObject({
      parameters: 1_180_928,
      tensorCount: (await library.inspectFile(smallest)).tensorCount,
      shard: { index: 1, total: 3 },
    });
    expect(await library.whenHashed('split-q4_k_m')).toMatch(/^[0-9a-f]{64}$/);
  });

  test('with parts missing are broken and say which, and become ready when the parts arrive', async () => {
    const { folder, library } = await openLibrary();
    mkdirSync(join(folder, 'm'));
    const [first = '', second = ''] = await splitGguf(smallest, { folder: join(folder, 'm'), base: 'Split', parts: 3 });
    rmSync(first);
    renameSync(second, join(folder, 'later'));
    await addAndScan(library, join(folder, 'm'));
    expect(library.list()).toEqual([
      expect.objectContaining({
        id: 'split',
        state: 'broken',
        problem: expect.objectContaining({ code: 'shard-missing', message: '2 of 3 parts are not there: part 1, 2.' }),
      }),
    ]);
    renameSync(join(folder, 'later'), second);
    await splitGguf(smallest, { folder: join(folder, 'm'), base: 'Split', parts: 3 });
    await library.rescan();
    expect(library.list().map((artifact: Artifact) => [artifact.id, artifact.state])).toEqual([['split', 'ready']]);
  });

  test('hard-linked files of other names are artifacts of their own', async () => {
    const { folder, library } = await openLibrary();
    copyModel(join(folder, 'm/A.gguf'));
    linkSync(join(folder, 'm/A.gguf'), join(folder, 'm/B.gguf'));
    await addAndScan(library, join(folder, 'm'));
    expect(idsOf(library)).toEqual(['a', 'b']);
  });
});
