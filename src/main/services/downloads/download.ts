import type { DownloadRow } from '#main/storage/downloadTable.ts';
import {
  type DownloadFile,
  type DownloadJob,
  type DownloadProblem,
  type DownloadState,
  downloadErrors,
} from '#shared/contract/downloads.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { createRateMeter, type RateMeter } from './rateMeter.ts';

/** What is known of a job only while this process runs. */
export interface LiveState {
  readonly phase: 'fetching' | 'verifying' | 'waiting';
  /** Index of the file that is worked on. */
  readonly current: number;
  readonly problem: DownloadProblem | null;
  readonly retryAt: number | null;
}

/** One job in memory: its row, and the run that works on it. */
export interface Download {
  row: DownloadRow;
  run: { readonly controller: AbortController; readonly done: Promise<void> } | null;
  live: LiveState;
  /** Of the present run. */
  meter: RateMeter;
  /** Bytes fetched by the present run; also falls where bad ranges are given up. */
  fetchedBytes: number;
  /** Not to be started by the queue: left by an earlier command line. */
  isHeld: boolean;
  /** Held until the disk has room. */
  spaceWait: { readonly problem: DownloadProblem; readonly retryAt: number } | null;
  /** Waits in a row without a byte in between. */
  spaceTries: number;
  /** The row differs from the database: the disk that holds it was full. */
  isUnsaved: boolean;
}

/** Of a job that nobody works on. */
export const idle: LiveState = { phase: 'fetching', current: 0, problem: null, retryAt: null };

/** A job in memory that does not run yet. */
export function createDownload(row: DownloadRow, options: { readonly isHeld: boolean }): Download {
  return {
    row,
    run: null,
    live: idle,
    meter: createRateMeter(performance.now()),
    fetchedBytes: 0,
    isHeld: options.isHeld,
    spaceWait: null,
    spaceTries: 0,
    isUnsaved: false,
  };
}

/** Bytes of all files of a job, and how many of them are safe. */
export function bytesOf(row: DownloadRow): { readonly done: number; readonly total: number } {
  return {
    done: row.files.reduce((sum, file) => sum + file.bytesDone, 0),
    total: row.files.reduce((sum, file) => sum + file.sizeBytes, 0),
  };
}

/** Nothing of it will change any more. */
export const isFinished = (row: DownloadRow): boolean => row.state === 'ready' || row.state === 'cancelled';

/** A job as the contract shows it. @param nowMs monotonic */
export function toDownloadJob(download: Download, nowMs: number): DownloadJob {
  const { row, live, run, spaceWait } = download;
  const waiting = row.state !== 'queued' ? null : run === null ? spaceWait : live;
  const { done, total } = bytesOf(row);
  const state = stateOf(download);
  const rate = state === 'running' ? Math.round(download.meter.perSecond(nowMs)) : state === 'waiting' ? 0 : null;
  return {
    id: row.id,
    repo: row.repo,
    revision: row.revision,
    commit: row.commit,
    quant: row.quant,
    name: row.name,
    files: row.files.map((file, index) => ({
      file: file.file,
      role: file.role,
      sizeBytes: file.sizeBytes,
      bytesDone: file.bytesDone,
      sha256: file.verified?.sha256 ?? file.sha256,
      state: fileStateOf(download, index),
    })),
    state,
    bytesDone: done,
    bytesTotal: total,
    bytesPerSecond: rate,
    etaSeconds: rate === null || rate === 0 ? null : (total - done) / rate,
    problem: row.problem ?? waiting?.problem ?? null,
    retryAt: waiting?.retryAt ?? null,
    position: row.position,
    addedAt: row.addedAt,
    finishedAt: row.finishedAt,
    folder: row.folder,
    path: row.path,
    artifactId: row.artifactId,
  };
}

function stateOf({ row, run, live, spaceWait }: Download): DownloadState {
  if (row.state !== 'queued') return row.state;
  if (run === null) return spaceWait === null ? 'queued' : 'waiting';
  return live.phase === 'fetching' ? 'running' : live.phase;
}

function fileStateOf({ row, run, live }: Download, index: number): DownloadFile['state'] {
  const file = row.files[index];
  if (row.state === 'ready' || (file !== undefined && file.verified !== null)) return 'ready';
  if (row.state === 'failed' && index === firstOpen(row)) return 'failed';
  if (run === null || row.state !== 'queued') return 'queued';
  if (index < live.current) return 'ready';
  if (index > live.current) return 'queued';
  return live.phase === 'verifying' ? 'verifying' : 'running';
}

const firstOpen = (row: DownloadRow): number => row.files.findIndex((file) => file.verified === null && file.bytesDone < file.sizeBytes);

/** How a job ended for somebody who waits for it; null while it goes on. */
export function endOf(download: Download): 'ready' | RpcError | null {
  const { row } = download;
  switch (row.state) {
    case 'queued':
      return null;
    case 'ready':
      return 'ready';
    case 'paused':
      return new RpcError(pipeErrors.cancelled, 'The download was paused. What was fetched is kept.', { hint: 'Resume it to go on.' });
    case 'cancelled':
      return new RpcError(pipeErrors.cancelled, 'The download was cancelled and its partial files were deleted.');
    case 'failed': {
      const { code, message, hint } = row.problem ?? { code: downloadErrors.stateBroken, message: 'The download failed.' };
      return new RpcError(code, message, hint === undefined ? {} : { hint });
    }
  }
}
