import { create } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { DownloadJob, DownloadRequest, DownloadState, DownloadsChange } from '#shared/contract/downloads.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import { follow, rpc } from './rpc.ts';

export interface DownloadsState {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly jobs: Readonly<Record<string, DownloadJob>>;
  /** Ids as they are shown: the queue first, then what is over, newest first. The same array until the order changes. */
  readonly order: readonly string[];
  readonly problem: RpcErrorData | null;
}

export const useDownloads = create<DownloadsState>(() => ({ state: 'loading', jobs: {}, order: [], problem: null }));

/** Keeps the downloads up to date. @returns how to stop. */
export function followDownloads(): () => void {
  return follow(
    'downloads.changes',
    {},
    {
      onItem: (change) => useDownloads.setState((downloads) => withDownloadsChange(downloads, change)),
      onError: (problem) => useDownloads.setState({ state: 'failed', problem }),
    },
  );
}

/** @returns what a change leaves different. Jobs that it does not name keep their identity. */
export function withDownloadsChange(downloads: DownloadsState, change: DownloadsChange): Partial<DownloadsState> {
  switch (change.kind) {
    case 'snapshot':
      return { ...withJobs(downloads, Object.fromEntries(change.jobs.map((job) => [job.id, job]))), state: 'ready', problem: null };
    case 'job':
      return withJobs(downloads, { ...downloads.jobs, [change.job.id]: change.job });
    case 'removed': {
      const { [change.id]: _removed, ...jobs } = downloads.jobs;
      return withJobs(downloads, jobs);
    }
    default:
      return change satisfies never;
  }
}

function withJobs(downloads: DownloadsState, jobs: Readonly<Record<string, DownloadJob>>): Partial<DownloadsState> {
  const order = Object.values(jobs)
    .sort(byPlace)
    .map((job) => job.id);
  const isSame = order.length === downloads.order.length && order.every((id, index) => id === downloads.order[index]);
  return { jobs, order: isSame ? downloads.order : order };
}

function byPlace(a: DownloadJob, b: DownloadJob): number {
  const isOver = Number(isFinished(a.state)) - Number(isFinished(b.state));
  if (isOver !== 0) return isOver;
  return isFinished(a.state) ? (b.finishedAt ?? b.addedAt) - (a.finishedAt ?? a.addedAt) : a.position - b.position || a.addedAt - b.addedAt;
}

/** Nothing more happens to it, and it can be cleared off the list. */
export function isFinished(state: DownloadState): boolean {
  return state === 'ready' || state === 'cancelled';
}

/** Bytes are arriving or being checked. */
export function isActive(state: DownloadState): boolean {
  return state === 'running' || state === 'verifying';
}

export interface DownloadTotals {
  /** Running or verifying. */
  readonly active: number;
  /** Queued, or waiting for something to come back. */
  readonly waiting: number;
  readonly paused: number;
  readonly failed: number;
  readonly finished: number;
  /** Over everything that runs; null when nothing does. */
  readonly bytesPerSecond: number | null;
}

export function downloadTotals({ jobs }: Pick<DownloadsState, 'jobs'>): DownloadTotals {
  const all = Object.values(jobs);
  const count = (has: (state: DownloadState) => boolean): number => all.filter((job) => has(job.state)).length;
  const rates = all.flatMap((job) => (isActive(job.state) && job.bytesPerSecond !== null ? [job.bytesPerSecond] : []));
  return {
    active: count(isActive),
    waiting: count((state) => state === 'queued' || state === 'waiting'),
    paused: count((state) => state === 'paused'),
    failed: count((state) => state === 'failed'),
    finished: count(isFinished),
    bytesPerSecond: rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0),
  };
}

/** Counts and the rate of all downloads together; a component that uses it is drawn again only when one of them changes. */
export function useDownloadTotals(): DownloadTotals {
  return useDownloads(useShallow(downloadTotals));
}

/** @returns the download of a quant by its first file, newest first when it was fetched more than once. */
export function findDownload(
  jobs: Readonly<Record<string, DownloadJob>>,
  wanted: { readonly repo: string; readonly file: string },
): DownloadJob | undefined {
  return Object.values(jobs)
    .filter((job) => job.repo === wanted.repo && job.files.some((file) => file.file === wanted.file))
    .sort((a, b) => b.addedAt - a.addedAt)[0];
}

/** @returns the download, which stands in the list already: nobody looks for it there before its first change has come */
export async function startDownload(request: Pick<DownloadRequest, 'repo' | 'file'> & Partial<DownloadRequest>): Promise<DownloadJob> {
  const job = await rpc.call('downloads.start', request);
  useDownloads.setState((downloads) => (job.id in downloads.jobs ? downloads : withDownloadsChange(downloads, { kind: 'job', job })));
  return job;
}
export async function pauseDownload(id: string): Promise<void> {
  await rpc.call('downloads.pause', { id });
}
/** Goes on with a paused one, and tries a failed or waiting one again. */
export async function resumeDownload(id: string): Promise<void> {
  await rpc.call('downloads.resume', { id });
}
export async function cancelDownload(id: string): Promise<void> {
  await rpc.call('downloads.cancel', { id });
}
/** @param before null puts it last. */
export async function moveDownload(id: string, before: string | null): Promise<void> {
  await rpc.call('downloads.move', { id, before });
}
export async function pauseAllDownloads(): Promise<void> {
  await rpc.call('downloads.pauseAll', {});
}
export async function resumeAllDownloads(): Promise<void> {
  await rpc.call('downloads.resumeAll', {});
}
/** Takes what is ready or cancelled off the list. No file is touched. */
export async function clearFinishedDownloads(): Promise<void> {
  await rpc.call('downloads.clearFinished', {});
}
