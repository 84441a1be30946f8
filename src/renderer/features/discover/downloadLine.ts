import { formatBytesPerSecond, formatDuration, formatGigabytes } from '#core/units.ts';
import type { DownloadJob } from '#shared/contract/downloads.ts';
import { useDownloads } from '../../stores/downloads.ts';

/** Where a download stands, in one line. */
export function downloadLine(job: DownloadJob): string {
  const progress = `${formatGigabytes(job.bytesDone)} of ${formatGigabytes(job.bytesTotal)}`;
  switch (job.state) {
    case 'queued':
      return `${job.bytesDone === 0 ? formatGigabytes(job.bytesTotal) : progress}, waits for its turn`;
    case 'running': {
      const rate = job.bytesPerSecond === null ? null : formatBytesPerSecond(job.bytesPerSecond);
      const rest = job.etaSeconds === null ? null : `${roughTime(job.etaSeconds)} left`;
      return [progress, rate, rest].filter((part) => part !== null).join(', ');
    }
    case 'verifying':
      return `${progress}, checking every byte`;
    case 'waiting':
    case 'failed':
      return `${progress}. ${[job.problem?.message, job.problem?.hint].filter(Boolean).join(' ')}`;
    case 'paused':
      return `${progress}, paused. What is here is kept.`;
    case 'ready':
      return 'Ready and checked.';
    case 'cancelled':
      return 'Cancelled.';
  }
}

/** A time that is a guess: whole seconds, and whole minutes from two minutes on. */
export function roughTime(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  return formatDuration((whole < 120 ? whole : Math.round(whole / 60) * 60) * 1000).replace(/^(\d+)\.\d s$/, '$1 s');
}

let lastRate: number | null = null;

/** Bytes a second of what is being downloaded, or of the last download of this session. @returns null before the first */
export function useLastRate(): number | null {
  return useDownloads(({ jobs }) => {
    const rates = Object.values(jobs).flatMap((job) =>
      job.state === 'running' && (job.bytesPerSecond ?? 0) > 0 ? [job.bytesPerSecond ?? 0] : [],
    );
    if (rates.length > 0) lastRate = rates.reduce((sum, rate) => sum + rate, 0);
    return lastRate;
  });
}
