import type { DownloadRow } from '#main/storage/downloadTable.ts';
import { downloadErrors } from '#shared/contract/downloads.ts';
import type { Settings } from '#shared/contract/settings.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { DownloadedFiles, LibraryService } from '../library/libraryService.ts';
import { bytesOf, type Download, idle } from './download.ts';
import { problemOf, readableError } from './downloadProblem.ts';
import type { DownloadStore } from './downloadStore.ts';
import { isRunningLow, lackOfSpace, type ReadDiskSpace } from './freeSpace.ts';
import { createRateMeter } from './rateMeter.ts';
import type { RunningJob } from './runDownload.ts';

/** Who runs when. */
export interface DownloadQueue {
  /** Starts what is due, as many as may run at once. */
  pump(): void;
  /** Runs a job at once, whatever else runs. */
  runNow(download: Download): Promise<void>;
  /** Stops a run and waits until it has let go of its files. */
  stop(download: Download): Promise<void>;
  /** Ends waiting for space: the next look is now. */
  retry(download: Download): void;
  dispose(): Promise<void>;
}

export interface QueueOptions {
  readonly store: DownloadStore;
  readonly settings: () => Settings;
  readonly library: Pick<LibraryService, 'addDownloaded'>;
  readonly run: (job: RunningJob, options: { readonly signal: AbortSignal; readonly settings: Settings }) => Promise<DownloadedFiles>;
  readonly readDiskSpace: ReadDiskSpace;
  readonly onChange: (id: string) => void;
  readonly log: Log;
  readonly now: () => number;
  /** How often figures are told anew and looked after, ms. */
  readonly tickMs: number;
}

/** A run was stopped from outside; its row says why. */
class Stopped extends Error {}

/** Time between two looks at a full disk, in ticks: longer each time that writing failed although there seemed to be room. */
const shortestWaitTicks = 5;
const longestWaitTicks = 30;

/** Makes the queue over the jobs there are. Nothing runs before the first `pump`. */
export function createDownloadQueue(options: QueueOptions): DownloadQueue {
  const { store, log, now, readDiskSpace, onChange } = options;
  let isDisposed = false;
  let timer: NodeJS.Timeout | undefined;
  let ticks = 0;

  const isDue = ({ row, run, isHeld, spaceWait }: Download): boolean =>
    row.state === 'queued' && run === null && !isHeld && spaceWait === null;

  function pump(): void {
    if (isDisposed) return;
    const limit = options.settings().simultaneousDownloads;
    const running = store.all().filter((download) => download.run !== null);
    // Fewer at once than before: those at the end of the queue go back into it.
    for (const extra of running.slice(limit)) extra.run?.controller.abort(new Stopped());
    const due = store.all().filter(isDue);
    for (const download of due.slice(0, Math.max(0, limit - running.length))) void launch(download);
    keepTime();
  }

  function launch(download: Download): Promise<void> {
    const controller = new AbortController();
    download.live = idle;
    download.fetchedBytes = 0;
    download.meter = createRateMeter(performance.now());
    const done = work(download, controller.signal).finally(() => {
      download.run = null;
      download.live = idle;
      onChange(download.row.id);
      pump();
    });
    download.run = { controller, done };
    onChange(download.row.id);
    return done;
  }

  async function work(download: Download, signal: AbortSignal): Promise<void> {
    // Nothing of a run happens before it can be seen and stopped.
    await Promise.resolve();
    try {
      const files = await options.run(runningJob(download), { signal, settings: options.settings() });
      await finish(download, files);
    } catch (thrown) {
      if (signal.aborted) store.saveIfPossible(download, {});
      else await fail(download, thrown);
    }
  }

  function runningJob(download: Download): RunningJob {
    return {
      row: () => download.row,
      save: (patch) => store.save(download, patch),
      show(live) {
        download.live = { ...download.live, ...live };
        onChange(download.row.id);
      },
      progress(index, { bytesDone, fetched }) {
        const file = download.row.files[index];
        if (file === undefined) return;
        download.fetchedBytes += fetched;
        download.meter.add(download.fetchedBytes, performance.now());
        if (bytesDone > file.bytesDone) download.spaceTries = 0;
        // What was shown stays shown where bad bytes are fetched again.
        const shown = Math.min(file.sizeBytes, Math.max(file.bytesDone, bytesDone));
        if (shown !== file.bytesDone)
          download.row = { ...download.row, files: download.row.files.with(index, { ...file, bytesDone: shown }) };
        onChange(download.row.id);
      },
    };
  }

  async function finish(download: Download, placed: DownloadedFiles): Promise<void> {
    const { files } = download.row;
    const ready: Partial<DownloadRow> = {
      state: 'ready',
      problem: null,
      path: placed.files[0]?.path ?? null,
      finishedAt: now(),
      files: files.map((file) => ({
        ...file,
        bytesDone: file.sizeBytes,
        sha256: placed.files.find((model) => model.file === file.file)?.sha256 ?? file.sha256,
      })),
    };
    try {
      const artifact = await options.library.addDownloaded(placed);
      // The bytes are what the hub has, and stay: that they make no model is for the user to know.
      store.saveIfPossible(download, { ...ready, artifactId: artifact.id, problem: artifact.problem });
    } catch (thrown) {
      if (!(thrown instanceof RpcError)) log.error('bug', { error: thrown });
      store.saveIfPossible(download, { ...ready, problem: problemOf(thrown) });
    }
  }

  async function fail(download: Download, thrown: unknown): Promise<void> {
    const where = needOf(download);
    const error = readableError(thrown, where);
    if (error instanceof RpcError && error.code === downloadErrors.diskFull)
      return waitForSpace(download, (await lackOfSpace(readDiskSpace, where)) ?? error);
    if (!(error instanceof RpcError)) log.error('bug', { error });
    store.saveIfPossible(download, { state: 'failed', problem: problemOf(error) });
  }

  function waitForSpace(download: Download, error: RpcError): void {
    const waitMs = options.tickMs * Math.min(longestWaitTicks, shortestWaitTicks * 2 ** download.spaceTries);
    download.spaceTries++;
    download.spaceWait = { problem: problemOf(error), retryAt: now() + waitMs };
    store.saveIfPossible(download, {});
  }

  /** The clock runs only while something runs or waits. */
  function keepTime(): void {
    const isNeeded = !isDisposed && store.all().some(({ run, spaceWait }) => run !== null || spaceWait !== null);
    if (!isNeeded) {
      clearInterval(timer);
      timer = undefined;
    } else timer ??= setInterval(() => void tick().catch((error: unknown) => log.error('bug', { error })), options.tickMs);
  }

  async function tick(): Promise<void> {
    ticks++;
    for (const download of store.all()) {
      if (download.run !== null) await lookAfter(download);
      else if (download.spaceWait !== null && isOver(download.spaceWait.retryAt)) await lookForSpace(download);
    }
    pump();
  }

  /** Longer than the longest wait means that the clock was set back. */
  function isOver(retryAt: number): boolean {
    const waitMs = retryAt - now();
    return waitMs <= 0 || waitMs > options.tickMs * longestWaitTicks;
  }

  async function lookAfter(download: Download): Promise<void> {
    // What is safe is written down, so that a restart shows no less.
    store.saveIfPossible(download, {});
    if (ticks % 3 !== 0 || download.live.phase !== 'fetching' || !(await isRunningLow(readDiskSpace, download.row.folder))) return;
    const lack = await lackOfSpace(readDiskSpace, needOf(download));
    // It may have been paused or cancelled while the disk was looked at.
    if (download.run === null || lack === null || download.row.state !== 'queued') return;
    waitForSpace(download, lack);
    download.run.controller.abort(new Stopped());
  }

  async function lookForSpace(download: Download): Promise<void> {
    const lack = await lackOfSpace(readDiskSpace, needOf(download));
    if (download.spaceWait === null) return;
    if (lack === null) retry(download);
    else download.spaceWait = { problem: problemOf(lack), retryAt: now() + options.tickMs * shortestWaitTicks };
    onChange(download.row.id);
  }

  function needOf({ row }: Download): { readonly folder: string; readonly neededBytes: number; readonly isBegun: true } {
    const { done, total } = bytesOf(row);
    return { folder: row.folder, neededBytes: total - done, isBegun: true };
  }

  function retry(download: Download): void {
    download.spaceWait = null;
  }

  return {
    pump,
    runNow: (download) => launch(download),
    async stop(download) {
      download.spaceWait = null;
      const { run } = download;
      if (run === null) return;
      run.controller.abort(new Stopped());
      await run.done;
    },
    retry,
    async dispose() {
      isDisposed = true;
      clearInterval(timer);
      const runs = store.all().flatMap(({ run }) => (run === null ? [] : [run]));
      for (const run of runs) run.controller.abort(new Stopped());
      await Promise.all(runs.map((run) => run.done));
    },
  };
}
