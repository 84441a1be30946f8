import { randomUUID } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { artifactTable } from '#main/storage/artifactTable.ts';
import type { Database } from '#main/storage/database.ts';
import { folderTable } from '#main/storage/folderTable.ts';
import { type LibraryChange, type ModelFolder, modelErrors } from '#shared/contract/models.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { createSerialQueue } from '../serialQueue.ts';
import { createBackgroundHasher } from './backgroundHasher.ts';
import { describeGroup } from './describeGroup.ts';
import { readDiskSpace } from './diskSpace.ts';
import { fileProblem, problemError } from './fileProblem.ts';
import { inspectFiles } from './inspectFiles.ts';
import { createLibraryRows, toArtifact } from './libraryRows.ts';
import type { LibraryService } from './libraryService.ts';
import { deleteFiles, isOwnFile } from './ownFiles.ts';
import { resolveArtifact } from './resolveArtifact.ts';
import { findGroup, hasSameFiles, type LibraryRoot, refreshRow, type ScanOptions, scanLibrary, takeGroup } from './scanLibrary.ts';

export interface LibraryOptions {
  readonly database: Database;
  readonly log: Log;
  readonly now: () => number;
  /** Models that ship with the app. */
  readonly bundledModels: string;
  /** The app's own model folder: the only place where it deletes files. */
  readonly ownModels: string;
  /** Stops a model's runner and does the work with its files closed. @throws {RpcError} model-in-use */
  readonly withStopped: <T>(id: string, work: () => Promise<T>) => Promise<T>;
}

/** Opens the library with what was known, and starts looking for what is there now. */
export function createLibraryService(options: LibraryOptions): LibraryService {
  const { database, log, now } = options;
  const folders = folderTable(database);
  const stopped = new AbortController();
  const listeners = new Set<(change: LibraryChange) => void>();
  const unavailable = new Set<string>();
  /** Files that could not be hashed though they have not changed: not tried again before they do. */
  const unhashable = new Set<string>();
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  const exclusive = createSerialQueue();
  let scans = 0;
  let queuedScan: Promise<void> | undefined;
  let disk: { freeBytes: number; totalBytes: number } | null = null;

  const rows = createLibraryRows({
    table: artifactTable(database),
    onChange(id, row) {
      emit(row === undefined ? { kind: 'removed', id } : { kind: 'artifact', artifact: toArtifact(row) });
      notifyWaiting(id);
    },
  });
  const hasher = createBackgroundHasher({
    pending: () => rows.models().filter((row) => row.state === 'ready' && row.sha256 === null && !unhashable.has(fingerprint(row.files))),
    onHashed(job, sha256) {
      const row = rows.get(job.id);
      if (row !== undefined && fingerprint(row.files) === fingerprint(job.files)) rows.save({ ...row, sha256 });
    },
    async onChanged(job, error) {
      await refreshQuietly(job.id);
      const row = rows.get(job.id);
      if (row === undefined || fingerprint(row.files) !== fingerprint(job.files)) return;
      unhashable.add(fingerprint(job.files));
      log.warn('library.hash-failed', { artifactId: job.id, error });
      notifyWaiting(job.id);
    },
  });

  const scanOptions: ScanOptions = {
    rows,
    now,
    signal: stopped.signal,
    onRoot(root, isAvailable) {
      if (root.folderId === null) return;
      if (isAvailable) unavailable.delete(root.folderId);
      else unavailable.add(root.folderId);
    },
    onUnreadable: (error) =>
      log.warn('library.unreadable', { code: error instanceof Error && 'code' in error ? error.code : String(error) }),
  };

  function emit(change: LibraryChange): void {
    for (const listener of [...listeners]) listener(change);
  }

  function notifyWaiting(id: string): void {
    waiting.get(id)?.resolve();
    waiting.delete(id);
  }

  function emitFolders(): void {
    emit({ kind: 'folders', folders: listFolders(), scanning: scans > 0 });
  }

  function roots(): LibraryRoot[] {
    return [
      { path: options.bundledModels, owner: 'bundled', folderId: null },
      { path: options.ownModels, owner: 'imported', folderId: null },
      ...folders.list().map((folder) => ({ path: folder.path, owner: 'folder' as const, folderId: folder.id })),
    ];
  }

  function listFolders(): ModelFolder[] {
    const models = rows.models();
    return folders.list().map((folder) => {
      const inside = models.filter((row) => row.folderId === folder.id);
      return {
        id: folder.id,
        path: folder.path,
        available: !unavailable.has(folder.id),
        artifactCount: inside.length,
        sizeBytes: inside.reduce((total, row) => total + row.sizeBytes, 0),
      };
    });
  }

  /** One scan waits at most: a second request while one waits is the same request. */
  function scan(): Promise<void> {
    if (queuedScan !== undefined) return queuedScan;
    scans++;
    emitFolders();
    const run = exclusive(async () => {
      queuedScan = undefined;
      await scanLibrary(roots(), scanOptions);
      disk = await readDiskSpace(options.ownModels);
    }).finally(() => {
      scans--;
      if (stopped.signal.aborted) return;
      emitFolders();
      hasher.wake();
    });
    queuedScan = run;
    return run;
  }

  function scanQuietly(): void {
    scan().catch((error: unknown) => {
      if (!stopped.signal.aborted) log.error('library.scan-failed', { error });
    });
  }

  function rootOf(row: { readonly owner: LibraryRoot['owner']; readonly folderId: string | null }): LibraryRoot {
    const root = roots().find((candidate) => candidate.owner === row.owner && candidate.folderId === row.folderId);
    return root ?? { path: '', owner: row.owner, folderId: row.folderId };
  }

  function requireRow(id: string) {
    const row = rows.get(id);
    if (row === undefined || row.role !== 'model') {
      throw new RpcError(modelErrors.notFound, `There is no model with the id ${id.slice(0, 80)}.`, {
        hint: 'It may have been removed: look at the library.',
      });
    }
    return row;
  }

  async function refresh(id: string): Promise<void> {
    await exclusive(async () => {
      const row = requireRow(id);
      await refreshRow(row, { ...scanOptions, root: rootOf(row) });
    });
    hasher.wake();
  }

  async function refreshQuietly(id: string): Promise<void> {
    await refresh(id).catch((error: unknown) => {
      if (!(error instanceof RpcError) && !stopped.signal.aborted) log.error('library.refresh-failed', { artifactId: id, error });
    });
  }

  async function importFile(path: string): Promise<string> {
    const group = await findGroup(path);
    if (group === undefined) throw problemError(fileProblem(modelErrors.fileMissing, 'There is no such file.'), { path });
    const facts = await describeGroup(group, { signal: stopped.signal });
    if (facts.problem !== null) throw problemError(facts.problem, { path });
    if (facts.role !== 'model') {
      throw new RpcError(modelErrors.unsupportedArchitecture, 'This file belongs to a model and is none itself.', {
        hint: 'Vision projectors, adapters and importance matrices go with a model file: import that one.',
        data: { path },
      });
    }
    const realPaths = new Set(group.files.map((file) => file.realPath));
    for (const row of rows.models()) {
      // Already found elsewhere: the entry it has is the entry it keeps.
      const known = await Promise.all(row.files.map((file) => realpath(file.path).catch(() => file.path)));
      if (row.state !== 'missing' && known.some((candidate) => realPaths.has(candidate))) {
        await refreshRow(row, { ...scanOptions, root: rootOf(row) });
        return row.id;
      }
    }
    return await takeGroup(group, { path: '', owner: 'imported', folderId: null }, scanOptions);
  }

  const library: LibraryService = {
    list: () => rows.models().map(toArtifact),
    get(id) {
      const row = rows.get(id);
      return row?.role === 'model' ? toArtifact(row) : undefined;
    },
    require: (id) => toArtifact(requireRow(id)),
    resolve: (query) => resolveArtifact(library.list(), expandHome(query)),
    folders: listFolders,
    async inspect(id) {
      return await inspectFiles(requireRow(id).files.map((file) => file.path));
    },
    inspectFile: (path) => inspectFiles([resolve(expandHome(path))]),

    async importPath(typed) {
      const path = resolve(expandHome(typed));
      const facts = await stat(path).catch(() => undefined);
      if (facts?.isDirectory()) {
        await library.addFolder(path);
        await scan();
        const folder = await realpath(path);
        const folderId = (await folderWithRealPath(folder))?.id;
        return library.list().filter((artifact) => artifact.folderId === folderId);
      }
      const id = await exclusive(() => importFile(path));
      hasher.wake();
      return [toArtifact(requireRow(id))];
    },

    async remove(id) {
      const row = requireRow(id);
      const isOwn = row.state !== 'missing' && (await isOwnFile(row.files[0]?.path ?? '', options.ownModels));
      if (row.state !== 'missing' && !isOwn && row.owner !== 'imported') throw notOwned(row.owner);
      const paths = row.files.map((file) => file.path);
      const fileDeleted = await options.withStopped(id, () =>
        exclusive(async () => {
          const hasDeleted = isOwn && (await deleteFiles(paths, options.ownModels));
          rows.remove(id);
          return hasDeleted;
        }),
      );
      log.info('library.removed', { artifactId: id, fileDeleted });
      return { fileDeleted };
    },

    async addFolder(typed) {
      const path = resolve(expandHome(typed));
      const facts = await stat(path).catch(() => undefined);
      if (!facts?.isDirectory()) {
        throw new RpcError(modelErrors.folderMissing, `There is no folder ${path}.`, {
          hint: 'Check the path, and that its drive is plugged in.',
        });
      }
      if ((await folderWithRealPath(await realpath(path))) !== undefined) return { added: false };
      folders.insert({ id: randomUUID(), path, addedAt: now() });
      scanQuietly();
      return { added: true };
    },

    async removeFolder(folderId) {
      if (!folders.list().some((folder) => folder.id === folderId)) {
        throw new RpcError(modelErrors.folderMissing, 'This folder is not in the library.', { hint: 'It may have been removed already.' });
      }
      folders.remove(folderId);
      unavailable.delete(folderId);
      await scan();
    },

    rescan: scan,
    async refresh(id) {
      await refresh(id);
      return toArtifact(requireRow(id));
    },
    async verify(id) {
      const row = requireRow(id);
      if (row.state === 'ready' && (await hasSameFiles(row))) return { artifact: toArtifact(row), hasChanged: false };
      await refresh(id);
      return { artifact: toArtifact(requireRow(id)), hasChanged: true };
    },
    isScanning: () => scans > 0,
    async whenScanned() {
      while (scans > 0) await exclusive(() => Promise.resolve()).catch(() => undefined);
    },

    async whenHashed(id) {
      const release = hasher.want(id);
      try {
        for (;;) {
          const row = requireRow(id);
          if (row.sha256 !== null) return row.sha256;
          if (row.state !== 'ready') throw problemError(row.problem ?? fileProblem(modelErrors.fileMissing, 'The file cannot be read.'));
          if (unhashable.has(fingerprint(row.files)))
            throw problemError(fileProblem(modelErrors.fileMissing, 'The file could not be read to its end.'));
          stopped.signal.throwIfAborted();
          const entry = waiting.get(id) ?? Promise.withResolvers<void>();
          waiting.set(id, entry);
          await entry.promise;
        }
      } finally {
        release();
      }
    },
    holdHashing: () => hasher.hold(),

    recordSpeed: (id, speed) => rows.save({ ...requireRow(id), speed }),
    recordScore: (id, score) => rows.save({ ...requireRow(id), score }),
    markUsed: (id) => rows.save({ ...requireRow(id), lastUsedAt: now() }),

    subscribe(listener) {
      listeners.add(listener);
      listener({ kind: 'snapshot', artifacts: library.list(), folders: listFolders(), scanning: scans > 0, disk });
      return () => listeners.delete(listener);
    },

    async dispose() {
      stopped.abort();
      for (const entry of waiting.values()) entry.resolve();
      waiting.clear();
      await hasher.dispose();
      await exclusive(() => Promise.resolve()).catch(() => undefined);
    },
  };

  async function folderWithRealPath(wanted: string) {
    for (const folder of folders.list()) {
      if ((await realpath(folder.path).catch(() => folder.path)) === wanted) return folder;
    }
    return undefined;
  }

  scanQuietly();
  return library;
}

function notOwned(owner: 'bundled' | 'imported' | 'folder'): RpcError {
  return owner === 'bundled'
    ? new RpcError(modelErrors.notOwned, 'This starter model ships with Rightsize and is not removed.', {
        hint: 'It takes little space and works offline. Nothing was changed.',
      })
    : new RpcError(modelErrors.notOwned, 'This file belongs to one of your model folders. Nothing was changed.', {
        hint: 'Delete the file in its folder and scan again, or remove the folder from the library.',
      });
}

/** What tells one state of an artifact's files from another. */
function fingerprint(files: readonly { readonly path: string; readonly sizeBytes: number; readonly modifiedAtMs: number }[]): string {
  return JSON.stringify(files.map((file) => [file.path, file.sizeBytes, file.modifiedAtMs]));
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
