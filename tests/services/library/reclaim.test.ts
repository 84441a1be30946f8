import { existsSync, linkSync, mkdirSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LibraryService } from '#main/services/library/libraryService.ts';
import type { ReclaimItem } from '#shared/contract/models.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { put, putHubFile, putOllama, sha256Of } from './appTrees.ts';
import { addAndScan, copyModel, idsOf, openLibrary, smallest, starters } from './libraryHarness.ts';

const repo = 'unsloth/Starter-GGUF';
const commit = 'a'.repeat(40);
const dayMs = 24 * 3_600_000;
const other = join(starters, 'Starter-3M-Instruct-Q4_K_M.gguf');

function ageDays(path: string, days: number): string {
  const at = new Date(Date.now() - days * dayMs);
  utimesSync(path, at, at);
  return path;
}

async function open(options: Parameters<typeof openLibrary>[0] = {}) {
  const home = temporaryFolder();
  const harness = await openLibrary({ machine: { env: {}, home, platform: 'linux' }, ...options });
  return { ...harness, home, cache: join(home, '.cache/huggingface/hub'), library: harness.library };
}

async function hashAll(library: LibraryService): Promise<void> {
  await Promise.all(library.list().map((artifact) => library.whenHashed(artifact.id)));
}

const byPath = (items: readonly ReclaimItem[]) => Object.fromEntries(items.map((item) => [item.path, item]));

describe('what downloads left behind', () => {
  test('is listed with its size; what a download still uses, and what was just written in the cache, is not freed', async () => {
    const used: string[] = [];
    const { library, cache, ownModels } = await open({ partialPaths: () => used });
    const blobs = join(cache, 'models--unsloth--Starter-GGUF/blobs');
    const old = ageDays(put(join(blobs, `${'1'.repeat(64)}.job-1.incomplete`), Buffer.alloc(5000, 1)), 2);
    const notes = ageDays(put(`${old}.json`, '{}'), 2);
    const young = put(join(blobs, `${'2'.repeat(64)}.abcdef12.incomplete`), Buffer.alloc(10));
    const busy = ageDays(put(join(blobs, `${'3'.repeat(64)}.job-3.incomplete`), 'x'), 2);
    const own = put(join(ownModels, repo, 'Starter.gguf.job-4.incomplete'), Buffer.alloc(100));
    used.push(busy);
    const items = byPath(await library.reclaimable());
    expect(Object.keys(items).sort()).toEqual([old, young, own].sort());
    expect(items[old]).toMatchObject({ kind: 'partial', name: repo, owner: 'hub-cache', canDelete: true, hint: null, artifactId: null });
    expect(items[old]?.sizeBytes).toBeGreaterThanOrEqual(4096);
    expect(items[young]).toMatchObject({ canDelete: false, hint: expect.stringContaining('less than a day') });
    expect(items[own]).toMatchObject({ canDelete: true, owner: 'downloaded', name: 'Starter.gguf' });

    const outcome = await library.reclaim(Object.values(items).map((item) => item.id));
    expect(outcome.failed).toEqual([{ id: items[young]?.id, message: expect.any(String) }]);
    expect(outcome.freedBytes).toBeGreaterThanOrEqual(4096);
    expect([old, notes, own, young, busy].map((path) => existsSync(path))).toEqual([false, false, false, true, true]);
  });

  test('that has grown, is in use by now, or lies behind a link by now is kept', async () => {
    const used: string[] = [];
    const { library, folder, ownModels } = await open({ partialPaths: () => used });
    const [grown, taken, linked] = ['a', 'b', 'sub/c'].map((name) => put(join(ownModels, `${name}.gguf.job.incomplete`), 'half')) as [
      string,
      string,
      string,
    ];
    const items = await library.reclaimable();
    writeFileSync(grown, 'half and more');
    used.push(taken);
    const outside = ageDays(put(join(folder, 'outside/c.gguf.job.incomplete'), 'half'), 0);
    utimesSync(outside, statSync(linked).atime, statSync(linked).mtime);
    rmSync(dirname(linked), { recursive: true });
    symlinkSync(dirname(outside), dirname(linked));
    const outcome = await library.reclaim(items.map((item) => item.id));
    expect(outcome).toMatchObject({ freedBytes: 0 });
    expect(outcome.failed).toHaveLength(3);
    expect([grown, taken, outside].every((path) => existsSync(path))).toBe(true);
  });

  test('of other apps is listed and never deleted', async () => {
    const { library, home } = await open();
    const lmStudio = put(join(home, '.lmstudio/models/a/b/downloading_c.gguf.part'), 'half');
    const ollama = put(join(home, '.ollama/models/blobs', `sha256-${'d'.repeat(64)}-partial`), 'half');
    const gpt4all = put(join(home, '.local/share/nomic.ai/GPT4All/incomplete-x.gguf'), 'half');
    await library.rescan();
    const items = await library.reclaimable();
    expect(items.map((item) => [item.path, item.canDelete]).sort()).toEqual(
      [lmStudio, ollama, gpt4all].map((path) => [path, false]).sort(),
    );
    await library.reclaim(items.map((item) => item.id));
    expect([lmStudio, ollama, gpt4all].every((path) => existsSync(path))).toBe(true);
  });

  test('an id that was not listed deletes nothing', async () => {
    const { library } = await open();
    expect(await library.reclaim(['partial-1', '/etc/passwd'])).toMatchObject({ freedBytes: 0, failed: [{}, {}] });
  });
});

describe('orphans', () => {
  test('are blobs that no snapshot links to and strays in the app’s own folder, once they have rested a day', async () => {
    const { library, cache, ownModels } = await open();
    putHubFile(cache, { repo, file: 'Used.gguf', from: smallest });
    const blobs = join(cache, 'models--unsloth--Starter-GGUF/blobs');
    const orphan = ageDays(put(join(blobs, 'b'.repeat(64)), 'old bytes'), 3);
    const young = put(join(blobs, 'c'.repeat(64)), 'new bytes');
    const late = ageDays(put(join(blobs, 'd'.repeat(64)), 'linked soon'), 3);
    const stray = ageDays(put(join(ownModels, 'notes.txt'), 'stray'), 3);
    copyModel(join(ownModels, repo, 'Model.gguf'));
    await library.rescan();
    const items = (await library.reclaimable()).filter((item) => item.kind === 'orphan');
    expect(items.map((item) => item.path).sort()).toEqual([orphan, late, stray].sort());
    const snapshot = join(cache, 'models--unsloth--Starter-GGUF/snapshots', commit);
    symlinkSync(join('../../blobs', 'd'.repeat(64)), join(snapshot, 'late.bin'));
    const outcome = await library.reclaim(items.map((item) => item.id));
    expect(outcome.failed).toHaveLength(1);
    expect([orphan, stray, late, young].map((path) => existsSync(path))).toEqual([false, false, true, true]);
    expect(library.list().every((artifact) => artifact.state === 'ready')).toBe(true);
  });
});

describe('duplicates', () => {
  test('are listed but for the one that stays, and freed after both were read', async () => {
    const { library, folder, home } = await open();
    const theirs = putOllama(join(home, '.ollama/models'), { name: 'starter:1m', from: smallest });
    const copy = copyModel(join(folder, 'm/Copy.gguf'));
    await addAndScan(library, join(folder, 'm'));
    await hashAll(library);
    library.recordScore('copy', { passRate: 0.5, low: 0.4, high: 0.6, n: 10, runId: 'r', suite: 's' });
    const items = await library.reclaimable();
    expect(items).toEqual([
      expect.objectContaining({
        kind: 'duplicate',
        path: copy,
        artifactId: 'copy',
        canDelete: true,
        sizeBytes: statSync(copy).size,
        reason: 'Same bytes as starter:1m in Ollama, which stays',
      }),
    ]);
    expect(await library.reclaim([items[0]?.id ?? ''])).toEqual({ freedBytes: statSync(theirs).size, failed: [] });
    expect(existsSync(copy)).toBe(false);
    expect(library.list()).toEqual([expect.objectContaining({ path: theirs, score: expect.objectContaining({ passRate: 0.5 }) })]);
  });

  test('that another app claims and that are none are kept', async () => {
    const { library, home, folder } = await open();
    const release = library.holdHashing();
    const models = join(home, '.ollama/models');
    const blob = putOllama(models, { name: 'liar:1m', from: smallest });
    const copy = copyModel(join(folder, 'm/Copy.gguf'));
    // Ollama's manifest still names the hash of what the blob was.
    const bytes = Buffer.from('GGUF'.padEnd(statSync(blob).size, '\0'));
    writeFileSync(blob, bytes);
    await addAndScan(library, join(folder, 'm'));
    await library.whenHashed('copy');
    const items = await library.reclaimable();
    const outcome = await library.reclaim(items.map((item) => item.id));
    expect(outcome.freedBytes).toBe(0);
    expect(existsSync(copy)).toBe(true);
    release();
  });

  test('of one file under two names free nothing', async () => {
    const { library, folder } = await open();
    const path = copyModel(join(folder, 'm/A.gguf'));
    linkSync(path, join(folder, 'm/B.gguf'));
    await addAndScan(library, join(folder, 'm'));
    await hashAll(library);
    expect(await library.reclaimable()).toEqual([
      expect.objectContaining({ kind: 'duplicate', sizeBytes: 0, reason: expect.stringContaining('Another name') }),
    ]);
  });

  test('are kept where the other copy is gone at the moment of deletion', async () => {
    const { library, folder } = await open();
    const kept = copyModel(join(folder, 'm/A.gguf'));
    const copy = copyModel(join(folder, 'm/B.gguf'));
    await addAndScan(library, join(folder, 'm'));
    await hashAll(library);
    const [item] = await library.reclaimable();
    rmSync(item?.path === kept ? copy : kept);
    expect((await library.reclaim([item?.id ?? ''])).failed).toEqual([{ id: item?.id, message: expect.stringContaining('No other copy') }]);
    expect(existsSync(item?.path ?? '')).toBe(true);
  });

  test('that are in use are not deleted', async () => {
    const { library, folder } = await open({
      withStopped: () => Promise.reject(Object.assign(new Error('in use'), { code: 'model-in-use' })),
    });
    copyModel(join(folder, 'm/A.gguf'));
    copyModel(join(folder, 'm/B.gguf'));
    await addAndScan(library, join(folder, 'm'));
    await hashAll(library);
    const [item] = await library.reclaimable();
    expect((await library.reclaim([item?.id ?? ''])).failed).toHaveLength(1);
    expect(idsOf(library)).toHaveLength(2);
  });
});

describe('unused models', () => {
  test('are what was downloaded or imported and not used for 60 days', async () => {
    let now = Date.now() - 100 * dayMs;
    const { library, folder, ownModels } = await open({ now: () => now });
    const files = (path: string) => [{ path, file: 'S.gguf', sizeBytes: statSync(path).size, sha256: sha256Of(path) }];
    const path = copyModel(join(ownModels, repo, 'S.gguf'));
    const downloaded = await library.addDownloaded({
      repo,
      revision: 'main',
      commit,
      files: files(path),
      projectorPath: null,
      wasHere: false,
      verifiedAt: now,
    });
    await library.importPath(copyModel(join(folder, 'Imported.gguf'), other));
    copyModel(join(folder, 'm/Folder.gguf'), join(starters, 'Starter-1M-Instruct-Q8_0.gguf'));
    await addAndScan(library, join(folder, 'm'));
    now += 30 * dayMs;
    library.markUsed(downloaded.id);
    now += 65 * dayMs;
    const items = await library.reclaimable();
    expect(items.map((item) => [item.kind, item.artifactId, item.reason])).toEqual(
      expect.arrayContaining([
        ['unused', downloaded.id, 'Not used for 65 days'],
        ['unused', 'imported', 'Never used since it was added 95 days ago'],
      ]),
    );
    expect(items).toHaveLength(2);
    const { failed } = await library.reclaim(items.map((item) => item.id));
    expect(failed).toEqual([]);
    expect(idsOf(library)).toEqual(['folder']);
    expect(existsSync(path)).toBe(false);
  });

  test('an older version is listed once the newer one is here', async () => {
    const { library, cache } = await open();
    const add = async (from: string, at: string, verifiedAt: number): Promise<string> => {
      const path = putHubFile(cache, { repo, file: 'S.gguf', from, commit: at.repeat(40) });
      const files = [{ path, file: 'S.gguf', sizeBytes: statSync(path).size, sha256: sha256Of(path) }];
      return (
        await library.addDownloaded({
          repo,
          revision: 'main',
          commit: at.repeat(40),
          files,
          projectorPath: null,
          wasHere: false,
          verifiedAt,
        })
      ).id;
    };
    const first = await add(smallest, '1', 1000);
    const second = await add(other, '2', 2000);
    expect(await library.reclaimable()).toEqual([
      expect.objectContaining({ kind: 'unused', artifactId: first, reason: expect.stringContaining('older version') }),
    ]);
    expect(idsOf(library)).toEqual([first, second].sort());
  });
});

test('a sparse partial counts as what it takes on the disk', async () => {
  const { library, ownModels } = await open();
  mkdirSync(ownModels, { recursive: true });
  const path = put(join(ownModels, 'Big.gguf.job.incomplete'), 'start');
  truncateSync(path, 2 ** 30);
  expect((await library.reclaimable())[0]?.sizeBytes).toBeLessThan(1_000_000);
});
