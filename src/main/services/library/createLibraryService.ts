import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ArtifactRow, artifactTable } from '#main/storage/artifactTable.ts';
import type { Database } from '#main/storage/database.ts';
import { type LibraryChange, modelErrors } from '#shared/contract/models.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { HostPorts } from '../hostPorts.ts';
import { hubCacheFolder } from '../hub/hubCacheFolder.ts';
import type { HubClient } from '../hub/hubClient.ts';
import { createSerialQueue } from '../serialQueue.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import { addDownloaded } from './addDownloaded.ts';
import { createAppSources } from './appSources.ts';
import { createArtifactHashes } from './artifactHashes.ts';
import { checkUpdates } from './checkUpdates.ts';
import { createRemovals } from './createRemovals.ts';
import { diskOf } from './diskOf.ts';
import { errorCode } from './fileProblem.ts';
import { importFile } from './importFile.ts';
import { inspectFiles } from './inspectFiles.ts';
import { createLibraryRows, toArtifact } from './libraryRows.ts';
import type { LibraryService } from './libraryService.ts';
import { createModelFolders } from './modelFolders.ts';
import { isBelow } from './ownFiles.ts';
import { resolveArtifact } from './resolveArtifact.ts';
import { hasSameFiles, type LibraryRoot, refreshRow, type ScanOptions, type ScanPlaces, scanLibrary } from './scanLibrary.ts';

export interface LibraryOptions {
  readonly database: Database;
  readonly log: Log;
  readonly now: () => number;
  /** Models that ship with the app. */
  readonly bundledModels: string;
  /** The app's own model folder. */
  readonly ownModels: string;
  /** Where other apps' folders and the hub's cache are looked up. */
  readonly machine: Pick<HostPorts, 'env' | 'home' | 'platform'>;
  readonly settings: Pick<SettingsService, 'read' | 'subscribe'>;
  readonly hub: Pick<HubClient, 'resolve'>;
  /** Files of downloads that are not finished. */
  readonly partialPaths: () => readonly string[];
  /** Stops a model's runner and does the work with its files closed. @throws {RpcError} model-in-use */
  readonly withStopped: <T>(id: string, work: () => Promise<T>) => Promise<T>;
}

/** Opens the library with what was known, and starts looking for what is there now. */
export function createLibraryService(options: LibraryOptions): LibraryService {
  const { database, log, now } = options;
  const stopped = new AbortController();
  const listeners = new Set<(change: LibraryChange) => void>();
  const folders = createModelFolders({ database, now });
  const hashes = createArtifactHashes({
    rows: () => rows,
    refresh: refreshQuietly,
    isOffline: (row) => folders.list(rows).some((folder) => folder.id === row.folderId && !folder.available),
    log,
  });
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
  const apps = createAppSources({
    machine: options.machine,
    rows: () => rows,
    ignored: () => options.settings.read().ignoredApps,
    signal: stopped.signal,
    onUnreadable: (error) => log.warn('library.unreadable', { reason: errorCode(error) }),
  });
  /** Scans, imports and removals change the same rows: one after another. */
  const exclusive = createSerialQueue();
  const removals = createRemovals({
    ...options,
    rows,
    folders,
    apps,
    hubCache: hubCacheFolder(options.machine),
    downloadFolder: () => options.settings.read().downloadFolder,
    exclusive,
    whenHashed: (id) => hashes.whenHashed(id, () => requireRow(id)),
    refresh: refreshQuietly,
    scan,
  });
  let scans = 0;
  let queuedScan: Promise<void> | undefined;

  function emit(change: LibraryChange): void {
    for (const listener of [...listeners]) listener(change);
  }

  function emitFolders(): void {
    emit({ kind: 'folders', folders: folders.list(rows), apps: library.apps(), scanning: scans > 0 });
  }

  function snapshot(): LibraryChange {
    const { list, folders: allFolders, apps: allApps } = library;
    return {
      kind: 'snapshot',
      artifacts: list(),
      folders: allFolders(),
      apps: allApps(),
      scanning: scans > 0,
      disk: diskOf(database.path),
    };
  }

  /** What files came or went changes the space on the disk too, which only a snapshot tells. */
  function emitSnapshot(): void {
    emit(snapshot());
  }

  function places(): ScanPlaces {
    return {
      bundled: { path: options.bundledModels, owner: 'bundled', folderId: null },
      own: { path: options.ownModels, owner: 'imported', folderId: null },
      appFolders: () => apps.folders(),
      apps: apps.adapters(),
      lookAtApp: (adapter) => apps.look(adapter),
      folders: folders.rows().map((folder) => ({ path: folder.path, owner: 'folder' as const, folderId: folder.id })),
    };
  }

  /** Only what ships with the app is known by its place within a folder. */
  function rootOf(row: ArtifactRow): LibraryRoot {
    return { path: row.owner === 'bundled' ? options.bundledModels : '', owner: row.owner, folderId: row.folderId };
  }

  /** One scan waits at most: a second request while one waits is the same request. */
  function scan(): Promise<void> {
    if (queuedScan !== undefined) return queuedScan;
    scans++;
    emitFolders();
    queuedScan = exclusive(async () => {
      queuedScan = undefined;
      await scanLibrary(places(), scanOptions);
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
    if (row !== undefined && rows.isListed(row)) return row;
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

  /** What the user brings in by hand is wanted again. */
  function unhide(isMeant: (row: ArtifactRow) => boolean): void {
    for (const row of rows.all().filter((candidate) => candidate.isHidden && isMeant(candidate))) rows.save({ ...row, isHidden: false });
  }

  const library: LibraryService = {
    list: () => rows.models().map(toArtifact),
    get(id) {
      const row = rows.get(id);
      return row !== undefined && rows.isListed(row) ? toArtifact(row) : undefined;
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
        await exclusive(async () => unhide((row) => isBelow(row.files[0]?.path ?? '', path)));
        await scan();
        const folder = await folders.find(path);
        return library.list().filter((artifact) => artifact.folderId === folder?.id || isBelow(artifact.path, path));
      }
      const id = await exclusive(() => importFile(path, { ...scanOptions, rootOf }));
      unhide((row) => row.id === id);
      hashes.wake();
      return [toArtifact(requireRow(id))];
    },

    async remove(id, { deleteFile = false } = {}) {
      const { fileDeleted } = await removals.remove(requireRow(id), { deleteFile });
      log.info('library.removed', { artifactId: id, fileDeleted });
      emitSnapshot();
      return { fileDeleted };
    },

    async addDownloaded(download) {
      const id = await exclusive(() => addDownloaded(download, scanOptions));
      emitSnapshot();
      return toArtifact(requireRow(id));
    },
    apps: () => apps.list(),
    reclaimable: () => removals.reclaim.list(),
    async reclaim(ids) {
      const outcome = await removals.reclaim.free(ids);
      emitSnapshot();
      log.info('library.reclaimed', { items: ids.length, failed: outcome.failed.length, freedBytes: outcome.freedBytes });
      return outcome;
    },
    checkUpdates: ({ signal } = {}) =>
      checkUpdates({
        rows,
        hub: options.hub,
        now,
        signal: signal === undefined ? stopped.signal : AbortSignal.any([signal, stopped.signal]),
      }),

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
      listener(snapshot());
      return () => listeners.delete(listener);
    },
    async dispose() {
      stopped.abort();
      unsubscribe();
      await hashes.dispose();
      await exclusive(() => Promise.resolve());
    },
  };

  let ignored: readonly string[] | undefined;
  const unsubscribe = options.settings.subscribe(({ ignoredApps }) => {
    const isFirst = ignored === undefined;
    if (!isFirst && ignored?.join() === ignoredApps.join()) return;
    ignored = ignoredApps;
    rows.ignore(ignoredApps);
    if (isFirst) return;
    emitFolders();
    scanQuietly();
  });
  scanQuietly();
  return library;
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
