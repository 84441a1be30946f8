import { statfsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ArtifactRow, artifactTable } from '#main/storage/artifactTable.ts';
import type { Database } from '#main/storage/database.ts';
import { type LibraryChange, modelErrors } from '#shared/contract/models.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { HostPorts } from '../hostPorts.ts';
import type { HubClient } from '../hub/hubClient.ts';
import { createSerialQueue } from '../serialQueue.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import { createArtifactHashes } from './artifactHashes.ts';
import { errorCode } from './fileProblem.ts';
import { importFile } from './importFile.ts';
import { inspectFiles } from './inspectFiles.ts';
import { createLibraryRows, toArtifact } from './libraryRows.ts';
import type { LibraryService } from './libraryService.ts';
import { createModelFolders } from './modelFolders.ts';
import { deleteFiles, isOwnFile } from './ownFiles.ts';
import { resolveArtifact } from './resolveArtifact.ts';
import { hasSameFiles, type LibraryRoot, refreshRow, type ScanOptions, scanLibrary } from './scanLibrary.ts';

export interface LibraryOptions {
  readonly database: Database;
  readonly log: Log;
  readonly now: () => number;
  /** Models that ship with the app. */
  readonly bundledModels: string;
  /** The app's own model folder: the only place where it deletes files. */
  readonly ownModels: string;
  /** Stops a model's runner and does the work with its files closed. @throws {RpcError} model-in-use */
  readonly machine: Pick<HostPorts, 'env' | 'home' | 'platform'>;
  readonly settings: Pick<SettingsService, 'read' | 'subscribe'>;
  readonly hub: Pick<HubClient, 'resolve'>;
  /** Files of downloads that are not finished. */
  readonly partialPaths: () => readonly string[];
  readonly withStopped: <T>(id: string, work: () => Promise<T>) => Promise<T>;
}

/** Opens the library with what was known, and starts looking for what is there now. */
export function createLibraryService(options: LibraryOptions): LibraryService {
  const { database, log, now } = options;
  const stopped = new AbortController();
  const listeners = new Set<(change: LibraryChange) => void>();
  const folders = createModelFolders({ database, now });
  const hashes = createArtifactHashes({ rows: () => rows, refresh: refreshQuietly, log });
  const rows = createLibraryRows({
    table: artifactTable(database),
    onChange(id, row) {
      emit(row === undefined ? { kind: 'removed', id } : { kind: 'artifact', artifact: toArtifact(row) });
      hashes.changed(id);
    },
  });
  const scanOptions: ScanOptions = {
    rows,
    now,
    signal: stopped.signal,
    onRoot: (root, isAvailable) => root.folderId !== null && folders.setAvailable(root.folderId, isAvailable),
    onUnreadable: (error) => log.warn('library.unreadable', { reason: errorCode(error) }),
  };
  /** Scans, imports and removals change the same rows: one after another. */
  const exclusive = createSerialQueue();
  let scans = 0;
  let queuedScan: Promise<void> | undefined;

  function emit(change: LibraryChange): void {
    for (const listener of [...listeners]) listener(change);
  }

  function emitFolders(): void {
    emit({ kind: 'folders', folders: folders.list(rows), apps: library.apps(), scanning: scans > 0 });
  }

  function roots(): LibraryRoot[] {
    return [
      { path: options.bundledModels, owner: 'bundled', folderId: null },
      { path: options.ownModels, owner: 'imported', folderId: null },
      ...folders.rows().map((folder) => ({ path: folder.path, owner: 'folder' as const, folderId: folder.id })),
    ];
  }

  function rootOf(row: ArtifactRow): LibraryRoot {
    const root = roots().find((candidate) => candidate.owner === row.owner && candidate.folderId === row.folderId);
    return root ?? { path: '', owner: row.owner, folderId: row.folderId };
  }

  /** One scan waits at most: a second request while one waits is the same request. */
  function scan(): Promise<void> {
    if (queuedScan !== undefined) return queuedScan;
    scans++;
    emitFolders();
    queuedScan = exclusive(async () => {
      queuedScan = undefined;
      await scanLibrary(roots(), scanOptions);
    }).finally(() => {
      scans--;
      if (stopped.signal.aborted) return;
      emitFolders();
      hashes.wake();
    });
    return queuedScan;
  }

  function scanQuietly(): void {
    scan().catch((error: unknown) => {
      if (!stopped.signal.aborted) log.error('library.scan-failed', { error });
    });
  }

  function requireRow(id: string): ArtifactRow {
    const row = rows.get(id);
    if (row?.role === 'model') return row;
    throw new RpcError(modelErrors.notFound, `There is no model with the id ${id.slice(0, 80)}.`, {
      hint: 'It may have been removed: look at the library.',
    });
  }

  async function refresh(id: string): Promise<void> {
    await exclusive(async () => {
      const row = requireRow(id);
      await refreshRow(row, { ...scanOptions, root: rootOf(row) });
    });
    hashes.wake();
  }

  async function refreshQuietly(id: string): Promise<void> {
    await refresh(id).catch((error: unknown) => {
      if (!(error instanceof RpcError) && !stopped.signal.aborted) log.error('library.refresh-failed', { artifactId: id, error });
    });
  }

  const library: LibraryService = {
    list: () => rows.models().map(toArtifact),
    get(id) {
      const row = rows.get(id);
      return row?.role === 'model' ? toArtifact(row) : undefined;
    },
    require: (id) => toArtifact(requireRow(id)),
    resolve: (query) => resolveArtifact(library.list(), expandHome(query)),
    folders: () => folders.list(rows),
    inspect: async (id) => await inspectFiles(requireRow(id).files.map((file) => file.path)),
    inspectFile: (path) => inspectFiles([resolve(expandHome(path))]),

    async importPath(typed) {
      const path = resolve(expandHome(typed));
      const facts = await stat(path).catch(() => undefined);
      if (facts?.isDirectory()) {
        await folders.add(path);
        await scan();
        const folder = await folders.find(path);
        return library.list().filter((artifact) => artifact.folderId === folder?.id);
      }
      const id = await exclusive(() => importFile(path, { ...scanOptions, rootOf }));
      hashes.wake();
      return [toArtifact(requireRow(id))];
    },

    async remove(id) {
      const row = requireRow(id);
      const paths = row.files.map((file) => file.path);
      const isOwn = row.state !== 'missing' && (await isOwnFile(paths[0] ?? '', options.ownModels));
      if (row.state !== 'missing' && !isOwn && row.owner !== 'imported') throw notOwned(row.owner);
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

    addDownloaded: () => Promise.reject(new Error('to be built')),
    apps: () => [],
    reclaimable: () => Promise.resolve([]),
    reclaim: () => Promise.resolve({ freedBytes: 0, failed: [] }),
    checkUpdates: () => Promise.resolve({ checked: 0, found: 0 }),

    async addFolder(typed) {
      const added = await folders.add(resolve(expandHome(typed)));
      if (added) scanQuietly();
      return { added };
    },
    async removeFolder(folderId) {
      folders.remove(folderId);
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
      while (scans > 0) await exclusive(() => Promise.resolve());
    },

    whenHashed: (id) => hashes.whenHashed(id, () => requireRow(id)),
    holdHashing: () => hashes.hold(),
    recordSpeed: (id, speed) => rows.save({ ...requireRow(id), speed }),
    recordScore: (id, score) => rows.save({ ...requireRow(id), score }),
    markUsed: (id) => rows.save({ ...requireRow(id), lastUsedAt: now() }),

    subscribe(listener) {
      listeners.add(listener);
      const disk = diskOf(database.path);
      listener({
        kind: 'snapshot',
        artifacts: library.list(),
        folders: folders.list(rows),
        apps: library.apps(),
        scanning: scans > 0,
        disk,
      });
      return () => listeners.delete(listener);
    },
    async dispose() {
      stopped.abort();
      await hashes.dispose();
      await exclusive(() => Promise.resolve());
    },
  };

  scanQuietly();
  return library;
}

function notOwned(owner: ArtifactRow['owner']): RpcError {
  return owner === 'bundled'
    ? new RpcError(modelErrors.notOwned, 'This starter model ships with Rightsize and is not removed.', {
        hint: 'It takes little space and works offline. Nothing was changed.',
      })
    : new RpcError(modelErrors.notOwned, 'This file belongs to one of your model folders. Nothing was changed.', {
        hint: 'Delete the file in its folder and scan again, or remove the folder from the library.',
      });
}

/** Space on the disk of the database, read at once: this is the disk that the app is writing to anyway. */
function diskOf(path: string): { freeBytes: number; totalBytes: number } | null {
  try {
    const facts = statfsSync(path);
    return { freeBytes: facts.bavail * facts.bsize, totalBytes: facts.blocks * facts.bsize };
  } catch {
    return null;
  }
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
