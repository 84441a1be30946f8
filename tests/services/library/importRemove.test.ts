import { existsSync, lstatSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { splitGguf } from '../splitGguf.ts';
import { addAndScan, copyModel, idsOf, openLibrary, smallest, starters } from './libraryHarness.ts';

describe('import', () => {
  test('takes a file in where it lies, without copying it, and knows it after a restart', async () => {
    const { folder, ownModels, library, reopen } = await openLibrary();
    const path = copyModel(join(folder, 'downloads/My Model Q4_K_M.gguf'));
    const [artifact] = await library.importPath(path);
    expect(artifact).toMatchObject({ id: 'my-model-q4_k_m', path, owner: 'imported', state: 'ready', folderId: null });
    expect(existsSync(join(ownModels, basename(path)))).toBe(false);
    expect(await library.importPath(path)).toEqual([expect.objectContaining({ id: 'my-model-q4_k_m' })]);
    expect(idsOf(await reopen())).toEqual(['my-model-q4_k_m']);
  });

  test('of one part takes the whole split file', async () => {
    const { folder, library } = await openLibrary();
    const parts = await splitGguf(smallest, { folder, base: 'Split', parts: 3 });
    expect(await library.importPath(parts[1] ?? '')).toEqual([expect.objectContaining({ id: 'split', files: parts })]);
    rmSync(parts[2] ?? '');
    await library.rescan();
    expect(library.require('split')).toMatchObject({ state: 'broken', problem: { code: 'shard-missing' } });
  });

  test('of a folder adds it as a model folder', async () => {
    const { folder, library } = await openLibrary();
    copyModel(join(folder, 'm/One.gguf'));
    copyModel(join(folder, 'm/deep/Two.gguf'));
    const artifacts = await library.importPath(join(folder, 'm'));
    expect(artifacts.map((artifact) => artifact.id).sort()).toEqual(['one', 'two']);
    expect(library.folders()).toHaveLength(1);
  });

  test('of a file that a folder already holds gives the entry it has', async () => {
    const { folder, library } = await openLibrary();
    const path = copyModel(join(folder, 'm/One.gguf'));
    await addAndScan(library, join(folder, 'm'));
    symlinkSync(path, join(folder, 'Link.gguf'));
    expect(await library.importPath(join(folder, 'Link.gguf'))).toEqual([expect.objectContaining({ id: 'one', owner: 'folder' })]);
  });

  test.each([
    ['a file that is not there', () => undefined, 'file-missing'],
    ['no GGUF', (path: string) => writeFileSync(path, 'PK\u0003\u0004 nothing'), 'not-gguf'],
    ['half a GGUF', (path: string) => truncateSync(copyModel(path), 500_000), 'gguf-truncated'],
    ['half a header', (path: string) => truncateSync(copyModel(path), 20_000), 'gguf-truncated'],
  ])('of %s is refused with a code and a hint, and takes nothing in', async (_what, make, code) => {
    const { folder, library } = await openLibrary();
    const path = join(folder, 'Model.gguf');
    make(path);
    await expect(library.importPath(path)).rejects.toMatchObject({ code, message: expect.any(String), hint: expect.any(String) });
    expect(library.list()).toEqual([]);
  });

  test('of a vision projector says that it belongs to a model', async () => {
    const { folder, library } = await openLibrary();
    const path = copyModel(join(folder, 'mmproj-F16.gguf'));
    await expect(library.importPath(path)).rejects.toMatchObject({
      code: 'architecture-unsupported',
      hint: expect.stringContaining('model file'),
    });
  });
});

describe('remove', () => {
  test('forgets an imported file and leaves it where it lies', async () => {
    const { folder, library, changes, reopen } = await openLibrary();
    const path = copyModel(join(folder, 'Model.gguf'));
    await library.importPath(path);
    expect(await library.remove('model')).toEqual({ fileDeleted: false });
    expect(existsSync(path)).toBe(true);
    expect(changes).toContainEqual({ kind: 'removed', id: 'model' });
    expect(idsOf(await reopen())).toEqual([]);
  });

  test('deletes all parts of what lies in the app’s own folder, after its runner was stopped', async () => {
    const stopped: string[] = [];
    const { ownModels, library, reopen } = await openLibrary({
      withStopped: (id, work) => {
        stopped.push(id);
        return work();
      },
    });
    mkdirSync(join(ownModels, 'publisher/repo-GGUF'), { recursive: true });
    const parts = await splitGguf(smallest, { folder: join(ownModels, 'publisher/repo-GGUF'), base: 'Split', parts: 2 });
    await library.rescan();
    expect(library.require('split')).toMatchObject({ owner: 'imported', publisher: 'publisher', repo: 'publisher/repo-GGUF' });
    expect(await library.remove('split')).toEqual({ fileDeleted: true });
    expect(parts.filter((part) => existsSync(part))).toEqual([]);
    expect(stopped).toEqual(['split']);
    expect(idsOf(await reopen())).toEqual([]);
  });

  test('of a link in the app’s own folder deletes the link and not what it points to', async () => {
    const { folder, ownModels, library } = await openLibrary();
    const path = copyModel(join(folder, 'elsewhere/Model.gguf'));
    mkdirSync(ownModels, { recursive: true });
    symlinkSync(path, join(ownModels, 'Link.gguf'));
    await library.rescan();
    expect(await library.remove('link')).toEqual({ fileDeleted: false });
    expect(existsSync(path)).toBe(true);
    expect(lstatSync(join(ownModels, 'Link.gguf'), { throwIfNoEntry: false })).toBeUndefined();
  });

  test('of a file below a linked folder that leads out of the app’s own folder touches nothing', async () => {
    const { folder, ownModels, library } = await openLibrary();
    const path = copyModel(join(folder, 'elsewhere/Model.gguf'));
    mkdirSync(ownModels, { recursive: true });
    symlinkSync(join(folder, 'elsewhere'), join(ownModels, 'inside'));
    await library.rescan();
    expect(await library.remove('model')).toEqual({ fileDeleted: false });
    expect(existsSync(path)).toBe(true);
  });

  test('refuses bundled models, told to delete or not, with a hint', async () => {
    const { library } = await openLibrary({ bundledModels: starters });
    for (const deleteFile of [false, true]) {
      await expect(library.remove('starter-1m-instruct-q8_0', { deleteFile })).rejects.toMatchObject({
        code: 'not-owned',
        hint: expect.any(String),
      });
    }
    await expect(library.remove('none')).rejects.toMatchObject({ code: 'model-not-found' });
    expect(library.list()).toHaveLength(7);
  });

  test('of a file in a model folder takes it off the list until it is imported again', async () => {
    const { folder, library, reopen } = await openLibrary();
    const path = copyModel(join(folder, 'm/Model.gguf'));
    await addAndScan(library, join(folder, 'm'));
    expect(await library.remove('model')).toEqual({ fileDeleted: false });
    expect(existsSync(path)).toBe(true);
    const again = await reopen();
    await again.rescan();
    expect(idsOf(again)).toEqual([]);
    expect(() => again.require('model')).toThrow(expect.objectContaining({ code: 'model-not-found' }));
    expect(await again.importPath(path)).toEqual([expect.objectContaining({ id: 'model', owner: 'folder' })]);
    await again.remove('model');
    expect(await again.importPath(join(folder, 'm'))).toEqual([expect.objectContaining({ id: 'model' })]);
  });

  test('of a file in a model folder deletes it when told to, and not one behind a link out of the folder', async () => {
    const { folder, library } = await openLibrary();
    const path = copyModel(join(folder, 'm/Model.gguf'));
    const outside = copyModel(join(folder, 'elsewhere/Other.gguf'));
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'm/inside'));
    await addAndScan(library, join(folder, 'm'));
    expect(await library.remove('model', { deleteFile: true })).toEqual({ fileDeleted: true });
    expect(existsSync(path)).toBe(false);
    await expect(library.remove('other', { deleteFile: true })).rejects.toMatchObject({ code: 'not-owned' });
    expect(existsSync(outside)).toBe(true);
    expect(idsOf(library)).toEqual(['other']);
  });

  test('deletes nothing where the file has changed since it was listed, and reads it anew', async () => {
    const { folder, library } = await openLibrary();
    const path = copyModel(join(folder, 'm/Model.gguf'));
    await addAndScan(library, join(folder, 'm'));
    truncateSync(path, 1000);
    await expect(library.remove('model', { deleteFile: true })).rejects.toMatchObject({ code: 'file-changed' });
    expect(existsSync(path)).toBe(true);
    expect(library.require('model')).toMatchObject({ state: 'broken', sizeBytes: 1000 });
    expect(await library.remove('model', { deleteFile: true })).toEqual({ fileDeleted: true });
  });

  test('forgets what has vanished, whoever owned it', async () => {
    const { folder, library } = await openLibrary();
    const path = copyModel(join(folder, 'm/Model.gguf'));
    await addAndScan(library, join(folder, 'm'));
    rmSync(path);
    await library.rescan();
    expect(await library.remove('model')).toEqual({ fileDeleted: false });
    expect(library.list()).toEqual([]);
  });

  test('does not remove a model that is in use', async () => {
    const { folder, library } = await openLibrary({
      withStopped: () => Promise.reject(Object.assign(new Error('in use'), { code: 'model-in-use' })),
    });
    await library.importPath(copyModel(join(folder, 'Model.gguf')));
    await expect(library.remove('model')).rejects.toMatchObject({ code: 'model-in-use' });
    expect(idsOf(library)).toEqual(['model']);
  });
});

describe('resolve', () => {
  test('takes an id, a path, a file name, name and quant, or a part that only one has', async () => {
    const { library } = await openLibrary({ bundledModels: starters });
    const id = 'starter-7m-instruct-q2_k';
    for (const query of [
      id,
      join(starters, 'Starter-7M-Instruct-Q2_K.gguf'),
      'Starter-7M-Instruct-Q2_K.gguf',
      'Starter 7M Instruct:Q2_K',
      'STARTER-7M-INSTRUCT-Q2_K',
      'q2_k',
      ' 7m-instruct-q2 ',
    ]) {
      expect(library.resolve(query).id).toBe(id);
    }
  });

  test('asks back where several match, and names the nearest where none does', async () => {
    const { library } = await openLibrary({ bundledModels: starters });
    expect(() => library.resolve('7m')).toThrow(
      expect.objectContaining({ code: 'model-ambiguous', hint: expect.stringContaining('starter-7m-instruct-q2_k') }),
    );
    expect(() => library.resolve('startr-1m-instruct-q8')).toThrow(
      expect.objectContaining({ code: 'model-not-found', hint: expect.stringContaining('starter-1m-instruct-q8_0') }),
    );
    expect(() => library.resolve('')).toThrow(expect.objectContaining({ code: 'model-not-found' }));
    expect(() => library.resolve('gpt-5-turbo-preview-of-everything')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('rightsize list') }),
    );
  });
});

test('inspect tells the header’s facts and tensors by type', async () => {
  const { library } = await openLibrary({ bundledModels: starters });
  const facts = await library.inspect('starter-7m-instruct-q4_k_m');
  expect(facts).toMatchObject({
    architecture: 'llama',
    quant: 'Q4_K_M',
    parameters: 6_689_024,
    blockCount: 8,
    embeddingLength: 256,
    headCount: 4,
    headCountKv: 2,
    vocabularySize: 1536,
    contextTokens: 1024,
    shard: null,
  });
  expect(facts.tensorTypes.reduce((total, type) => total + type.count, 0)).toBe(facts.tensorCount);
  expect(facts.tensorTypes.reduce((total, type) => total + type.bytes, 0)).toBe(facts.tensorBytes);
  expect(facts.chatTemplate).toContain('im_start');
  expect(facts.metadata.every((entry) => entry.value.length <= 401)).toBe(true);
  await expect(library.inspectFile(join(starters, 'none.gguf'))).rejects.toMatchObject({ code: 'file-missing' });
});

test('subscribers get a snapshot at once, then whole changed rows, and nothing after they left', async () => {
  const { folder, library, changes } = await openLibrary({ bundledModels: starters });
  await library.rescan();
  const own: string[] = [];
  const unsubscribe = library.subscribe((change) => own.push(change.kind));
  expect(own).toEqual(['snapshot']);
  unsubscribe();
  await library.importPath(copyModel(join(folder, 'Model.gguf')));
  expect(own).toEqual(['snapshot']);
  const snapshot = changes[0];
  expect(snapshot).toMatchObject({ kind: 'snapshot', scanning: true });
  expect(changes).toContainEqual(expect.objectContaining({ kind: 'artifact', artifact: expect.objectContaining({ id: 'model' }) }));
  expect(changes).toContainEqual({ kind: 'folders', folders: [], apps: library.apps(), scanning: false });
});
