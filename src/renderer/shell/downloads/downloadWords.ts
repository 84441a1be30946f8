import { formatBytesOf, formatBytesPerSecond, formatDuration, formatGigabytes } from '#core/units.ts';
import type { DownloadFile, DownloadJob } from '#shared/contract/downloads.ts';
import { type DownloadTotals, isFinished } from '../../stores/downloads.ts';
import { whenShort } from '../../ui/shortForms.ts';

/** @returns the state as one or two words, for the end of a row and for screen readers. */
export function stateWord(job: Pick<DownloadJob, 'state'>): string {
  switch (job.state) {
    case 'queued':
      return 'Queued';
    case 'running':
      return 'Downloading';
    case 'verifying':
      return 'Verifying';
    case 'waiting':
      return 'Waiting';
    case 'paused':
      return 'Paused';
    case 'failed':
      return 'Failed';
    case 'ready':
      return 'Verified';
    case 'cancelled':
      return 'Cancelled';
  }
}

/**
 * The line below the bar: what is there, and what comes next.
 * @param options.place 1 = the next one of those that are queued
 * @returns such as `1.6 of 2.5 GB, 24 s left`, `8.1 GB, next in line`, `2.5 GB, 4 min ago`
 */
export function progressWords(job: DownloadJob, options: { readonly nowMs: number; readonly place: number }): string {
  const bytes = formatBytesOf(job.bytesDone, job.bytesTotal);
  switch (job.state) {
    case 'queued':
      return `${job.bytesDone === 0 ? formatGigabytes(job.bytesTotal) : bytes}, ${placeWords(options.place)}`;
    case 'running':
      return job.etaSeconds === null ? bytes : `${bytes}, ${timeLeft(job.etaSeconds)} left`;
    case 'verifying':
      return `${formatGigabytes(job.bytesTotal)} fetched, comparing SHA-256`;
    case 'waiting':
    case 'paused':
    case 'failed':
      return bytes;
    case 'ready':
      return `${formatGigabytes(job.bytesTotal)}, ${whenShort(job.finishedAt ?? job.addedAt, options.nowMs)}`;
    case 'cancelled':
      return `${formatGigabytes(job.bytesTotal)}, nothing was kept`;
  }
}

function placeWords(place: number): string {
  if (place <= 1) return 'next in line';
  const ends = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' } as const;
  return `${place}${ends[ordinal.select(place)]} in line`;
}
const ordinal = new Intl.PluralRules('en', { type: 'ordinal' });

/** Whole seconds: an estimate of hundredths would be a lie. */
function timeLeft(seconds: number): string {
  return formatDuration(Math.max(1, Math.round(seconds)) * 1000).replace(/^(\d+)\.\d s$/, '$1 s');
}

/** @returns the rate of what runs, and nothing for what does not: such as `38 MB/s`. */
export function rateWords(job: Pick<DownloadJob, 'state' | 'bytesPerSecond'>): string {
  return job.state === 'running' && job.bytesPerSecond !== null ? formatBytesPerSecond(job.bytesPerSecond) : '';
}

/** @returns when a waiting one is tried again, such as `Next try in 12 s`; nothing where nobody knows. */
export function retryWords(job: Pick<DownloadJob, 'state' | 'retryAt'>, nowMs: number): string {
  if (job.state !== 'waiting' || job.retryAt === null) return '';
  const seconds = Math.ceil((job.retryAt - nowMs) / 1000);
  return seconds <= 0 ? 'Trying again now' : `Next try in ${timeLeft(seconds)}`;
}

/** @returns what the tray says at its end: what runs, else what waits, else what needs the user. */
export function countWords(totals: DownloadTotals): string {
  if (totals.active > 0) return `${totals.active} active`;
  if (totals.failed > 0) return `${totals.failed} failed`;
  if (totals.waiting > 0) return `${totals.waiting} waiting`;
  if (totals.paused > 0) return `${totals.paused} paused`;
  return totals.finished > 0 ? `${totals.finished} done` : '';
}

/** @returns the state of one file of a job in one word. */
export function fileWord(file: Pick<DownloadFile, 'state'>): string {
  switch (file.state) {
    case 'queued':
      return 'queued';
    case 'running':
      return 'downloading';
    case 'verifying':
      return 'verifying';
    case 'ready':
      return 'verified';
    case 'failed':
      return 'failed';
  }
}

/** @returns 0 to 1. A job that is not finished never shows a full bar. */
export function shareDone(job: Pick<DownloadJob, 'bytesDone' | 'bytesTotal' | 'state'>): number {
  if (isFinished(job.state)) return job.state === 'ready' ? 1 : 0;
  return job.bytesTotal <= 0 ? 0 : Math.min(0.99, job.bytesDone / job.bytesTotal);
}

/** @returns name and quant as one, such as `Qwen3 4B Instruct Q4_K_M`. */
export function jobTitle(job: Pick<DownloadJob, 'name' | 'quant'>): string {
  return job.quant === null ? job.name : `${job.name} ${job.quant}`;
}

/** @returns what is worth interrupting for: a quarter done, or a halt. The end has its toast. */
export function newsOf(job: DownloadJob, last: DownloadJob): string | null {
  if (isFinished(job.state) || job.state === 'failed') return null;
  if (job.state !== last.state && (job.state === 'waiting' || job.state === 'paused'))
    return `${jobTitle(job)}: ${stateWord(job)}${job.problem === null ? '' : `. ${job.problem.message}`}`;
  const quarter = quarterOf(job);
  return quarter > quarterOf(last) && quarter < 4 ? `${jobTitle(job)}: ${quarter * 25}% downloaded` : null;
}

function quarterOf(job: DownloadJob): number {
  return job.bytesTotal <= 0 ? 0 : Math.floor((4 * job.bytesDone) / job.bytesTotal);
}
