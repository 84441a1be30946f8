import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Database } from '#main/storage/database.ts';
import { createDownloadTable, type DownloadRow } from '#main/storage/downloadTable.ts';
import type { Log } from '#shared/log.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { HostPorts } from '../hostPorts.ts';
import { hubCacheFolder } from '../hub/hubCacheFolder.ts';
import type { HubClient } from '../hub/hubClient.ts';
import type { LibraryService } from '../library/libraryService.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import { readDiskSpace as readRealDiskSpace } from '../system/diskSpace.ts';
import { createClaims } from './claims.ts';
import { bytesOf, type Download, endOf, isFinished, toDownloadJob } from './download.ts';
import { createDownloadFeed } from './downloadFeed.ts';
import { readableError } from './downloadProblem.ts';
import { createDownloadQueue } from './downloadQueue.ts';
import type { DownloadService } from './downloadService.ts';
import { createDownloadStore } from './downloadStore.ts';
import { lackOfSpace, type ReadDiskSpace } from './freeSpace.ts';
import { leaveFolders } from './leaveFolders.ts';
import { localCopiesIn } from './localCopies.ts';
import { exists } from './placement/folderGuard.ts';
import { createPlacement, type Placement } from './placement/placement.ts';
import { type DownloadPlan, planDownload } from './planDownload.ts';
import { deletePartials, runDownload } from './runDownload.ts';
import { transferFile } from './transfer/transferFile.ts';
import { createVerifiedFiles, isHere, mayHold } from './verifiedFiles.ts';

export interface DownloadOptions {
  readonly database: Database;
  readonly hub: HubClient;
  readonly library: Pick<LibraryService, 'addDownloaded' | 'list'>;
  readonly settings: Pick<SettingsService, 'read' | 'subscribe'>;
  readonly ports: Pick<HostPorts, 'env' | 'home' | 'platform' | 'paths' | 'host'>;
  readonly log: Log;
  readonly now: () => number;
  /** Replaces what the system says of its disks, in tests. */
  readonly readDiskSpace?: ReadDiskSpace;
  /** How often a running download is looked after; a second. */
  readonly tickMs?: number;
}

/**
 * The queue of downloads over the database. What an earlier process left in it goes on at once; only the command line leaves it alone,
 * which fetches what it was asked for and ends.
 */
export function createDownloadService(options: DownloadOptions): DownloadService {
  const { hub, log, now, ports, settings } = options;
  const readDiskSpace = options.readDiskSpace ?? readRealDiskSpace;
  const table = createDownloadTable(options.database);
  const verified = createVerifiedFiles(table);
  const claims = createClaims();
  const localCopies = localCopiesIn({ cacheFolder: hubCacheFolder(ports), library: options.library });
  const ended = new AbortController();

  /** Cancelled jobs whose files are still there: a folder that another leaves is theirs to remove. */
  const leaving = new Set<string>();
  const feed = createDownloadFeed({
    jobs: () => list(),
    job(id) {
      const download = store.find(id);
      return download === undefined ? undefined : toDownloadJob(download, performance.now());
    },
  });
  const store = createDownloadStore({ table, log, isHeld: ports.host === 'cli', onChange: feed.changed });
  const queue = createDownloadQueue({
    store,
    settings: settings.read,
    library: options.library,
    run: (job, { signal, settings: current }) =>
      runDownload(job, {
        hub,
        placement: placementOf(job.row()),
        leaveFolders: (row) => leaveFolders(row, { store, placementOf, leaving }),
        verified,
        claims,
        transferFile,
        localCopies,
        readDiskSpace,
        maxConnections: current.downloadConnections,
        now,
        signal,
      }),
    readDiskSpace,
    onChange: feed.changed,
    log,
    now,
    tickMs: options.tickMs ?? 1000,
  });
  const list: DownloadService['list'] = () => store.all().map((download) => toDownloadJob(download, performance.now()));
  const clean = finishCancelled();
  const unsubscribe = settings.subscribe(() => queue.pump());

  /** A process that ended while it cancelled has left partial files. */
  async function finishCancelled(): Promise<void> {
    for (const download of store.all()) if (download.row.state === 'cancelled') await deleteOwn(download);
  }

  async function deleteOwn(download: Download): Promise<void> {
    const { row } = download;
    leaving.add(row.id);
    try {
      await deletePartials(row, placementOf(row));
    } finally {
      leaving.delete(row.id);
    }
    // Read anew: one that left meanwhile may have handed its folders on.
    await leaveFolders(download.row, { store, placementOf, leaving });
  }

  function target(folder: string | undefined): Pick<DownloadRow, 'layout' | 'folder'> {
    const { downloadLayout, downloadFolder } = settings.read();
    if (folder !== undefined) return { layout: 'folder', folder };
    if (downloadLayout === 'hub-cache') return { layout: 'hub-cache', folder: hubCacheFolder(ports) };
    return { layout: 'folder', folder: downloadFolder ?? join(ports.paths.data, 'models') };
  }

  /** The same quant with the same content on its way to the same place: most new commits of a repo change nothing but its card. */
  function same(row: Pick<DownloadRow, 'repo' | 'files' | 'layout' | 'folder'>): Download | undefined {
    const keyOf = ({ repo, files, layout, folder }: typeof row): string =>
      JSON.stringify([repo, layout, folder, files.map((file) => [file.file, file.sha256 ?? file.gitSha1])]);
    return store.all().findLast((download) => download.row.state !== 'cancelled' && keyOf(download.row) === keyOf(row));
  }

  /** A job whose folder was deleted cannot go on, and whoever asks for it again wants it from the start. */
  async function hasLostFolder({ row, run }: Download): Promise<boolean> {
    return !isFinished(row) && run === null && bytesOf(row).done > 0 && !(await exists(placementOf(row).root));
  }

  /** What was taken off the library's list and is asked for again comes back to it. */
  const isListed = ({ artifactId }: DownloadRow): boolean => options.library.list().some(({ id }) => id === artifactId);

  function goOn(download: Download): void {
    download.isHeld = false;
    queue.retry(download);
    if (download.row.state === 'paused' || download.row.state === 'failed')
      store.saveIfPossible(download, { state: 'queued', problem: null });
    else feed.changed(download.row.id);
  }

  async function start(
    plan: DownloadPlan,
    options: { readonly folder: string | undefined; readonly signal: AbortSignal },
  ): Promise<Download> {
    const row: Omit<DownloadRow, 'position'> = {
      id: randomUUID(),
      ...plan,
      ...target(options.folder),
      madeFolders: [],
      state: 'queued',
      problem: null,
      addedAt: now(),
      finishedAt: null,
      path: null,
      artifactId: null,
    };
    const placement = placementOf(row);
    const isThere = await isHere(verified, { files: row.files, placement, signal: options.signal });
    const found = same(row);
    const lost = found !== undefined && (await hasLostFolder(found)) ? found : undefined;
    const known = same(row);
    if (known !== undefined && known !== lost && !isFinished(known.row)) {
      if (known.run === null) store.saveIfPossible(known, { revision: row.revision, commit: row.commit });
      goOn(known);
      return known;
    }
    if (known?.row.commit === row.commit && isThere && isListed(known.row)) return known;
    if (!isThere) await requireRoom(row, placement);
    options.signal.throwIfAborted();
    const [first] = row.files;
    const madeFolders = first === undefined ? [] : await placement.makeFolders(first);
    // The app has ended while they were made.
    if (options.signal.aborted) await leaveFolders({ ...row, madeFolders, position: 0 }, { store, placementOf, leaving });
    options.signal.throwIfAborted();
    // Whoever asked for the same meanwhile has made the job.
    const racing = same(row);
    if (racing !== undefined && !isFinished(racing.row) && (racing !== lost || racing.run !== null)) return racing;
    // The folder could be made, so it was not on a disk that is only away.
    if (racing !== undefined) remove([racing.row.id]);
    const download = store.add({ ...row, madeFolders });
    if (isThere) await queue.runNow(download);
    return download;
  }

  async function requireRoom(row: Omit<DownloadRow, 'position'>, placement: Placement): Promise<void> {
    const waiting = store.all().filter((download) => download.row.state === 'queued' && download.row.folder === row.folder);
    const queuedBytes = waiting.reduce((sum, download) => sum + bytesOf(download.row).total - bytesOf(download.row).done, 0);
    let neededBytes = queuedBytes;
    for (const file of row.files) {
      if (await mayHold(await placement.candidates(file), file)) continue;
      await placement.requireFree(file);
      neededBytes += file.sizeBytes;
    }
    const lack = await lackOfSpace(readDiskSpace, { folder: row.folder, neededBytes, isBegun: false });
    if (lack !== null) throw lack;
  }

  function remove(ids: readonly string[]): void {
    store.remove(ids);
    for (const id of ids) feed.removed(id);
  }

  async function pause(download: Download): Promise<void> {
    if (download.row.state !== 'queued') return;
    store.saveIfPossible(download, { state: 'paused' });
    await queue.stop(download);
  }

  return {
    list,
    async start(request, { folder, signal } = {}) {
      const either = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
      try {
        const plan = await planDownload(hub, request, { signal: either });
        const download = await start(plan, { folder, signal: either });
        queue.pump();
        return toDownloadJob(download, performance.now());
      } catch (thrown) {
        throw readableError(thrown, { folder: target(folder).folder, neededBytes: 0 });
      }
    },
    async pause(id) {
      await pause(store.require(id));
    },
    async resume(id) {
      goOn(store.require(id));
      queue.pump();
    },
    async cancel(id) {
      const download = store.require(id);
      if (isFinished(download.row)) return;
      // At once: whoever resumes everything while it stops does not mean this one.
      const cancelled = { state: 'cancelled', problem: null, finishedAt: now() } as const;
      leaving.add(id);
      try {
        store.saveIfPossible(download, cancelled);
        await queue.stop(download);
        // Whoever was faster has finished it.
        if (download.row.state === 'ready') return;
        if (download.row.state !== 'cancelled') store.saveIfPossible(download, cancelled);
        await deleteOwn(download);
      } finally {
        leaving.delete(id);
      }
      queue.pump();
    },
    move(id, before) {
      store.move(store.require(id), before === null ? null : store.require(before));
      queue.pump();
    },
    async pauseAll() {
      await Promise.all(store.all().map(pause));
    },
    resumeAll() {
      for (const download of store.all()) if (!isFinished(download.row)) goOn(download);
      queue.pump();
    },
    clearFinished: () => remove(store.all().flatMap(({ row }) => (isFinished(row) ? [row.id] : []))),
    whenDone: (id, { signal } = {}) =>
      new Promise((resolve, reject) => {
        const onAbort = (): void => settle(() => reject(signal?.reason));
        const settle = (end: () => void): void => {
          unwatch();
          signal?.removeEventListener('abort', onAbort);
          end();
        };
        const look = (): void => {
          const download = store.find(id);
          if (download === undefined)
            return settle(() => reject(new RpcError(pipeErrors.cancelled, 'The download was taken off the list.')));
          const end = endOf(download);
          if (end === 'ready') settle(() => resolve(toDownloadJob(download, performance.now())));
          else if (end !== null) settle(() => reject(end));
        };
        const unwatch = feed.watch(look);
        signal?.addEventListener('abort', onAbort, { once: true });
        if (signal?.aborted === true) onAbort();
        else look();
      }),
    partialPaths: () =>
      store.all().flatMap(({ row }) => (isFinished(row) ? [] : row.files.flatMap((file) => placementOf(row).place(file).ownPaths))),
    subscribe: feed.subscribe,
    async dispose() {
      ended.abort();
      unsubscribe();
      await queue.dispose();
      await clean;
      feed.clear();
    },
  };
}

function placementOf(row: Omit<DownloadRow, 'position'>): Placement {
  const { layout, folder, repo, revision, commit } = row;
  // The whole id: by it the library knows our partials from those of other programs.
  return createPlacement({ layout, folder, jobId: row.id, repo, revision, commit });
}
