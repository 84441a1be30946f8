import type { DownloadJob } from '#shared/contract/downloads.ts';
import {
  cancelDownload,
  clearFinishedDownloads,
  isFinished,
  moveDownload,
  pauseAllDownloads,
  pauseDownload,
  resumeAllDownloads,
  resumeDownload,
  startDownload,
  useDownloads,
} from '../../stores/downloads.ts';
import { showError } from '../../ui/showError.ts';

/** What a person does to downloads; a refusal is said. */
export const actOnDownload = {
  pause: (job: DownloadJob) => saying(`${job.name} was not paused`, pauseDownload(job.id)),
  resume: (job: DownloadJob) => saying(`${job.name} does not go on`, resumeDownload(job.id)),
  cancel: (job: DownloadJob) => saying(`${job.name} was not cancelled`, cancelDownload(job.id)),
  restart: (job: DownloadJob) => saying(`${job.name} was not started`, startAgain(job)),
  moveUp: (job: DownloadJob) => move(job, -1),
  moveDown: (job: DownloadJob) => move(job, 1),
  pauseAll: () => saying('The downloads were not paused', pauseAllDownloads()),
  resumeAll: () => saying('The downloads do not go on', resumeAllDownloads()),
  clearFinished: () => saying('The list was not cleared', clearFinishedDownloads()),
} as const;

async function startAgain(job: DownloadJob): Promise<void> {
  const first = job.files.find((file) => file.role === 'model');
  if (first === undefined) return;
  const withProjector = job.files.some((file) => file.role === 'mmproj');
  await startDownload({ repo: job.repo, revision: job.revision, file: first.file, withProjector });
}

/** @returns what has a place in the queue, in order: everything that is neither over nor failed. */
export function queueOf({ jobs, order }: ReturnType<typeof useDownloads.getState>): readonly string[] {
  return order.filter((id) => {
    const job = jobs[id];
    return job !== undefined && !isFinished(job.state) && job.state !== 'failed';
  });
}

async function move(job: DownloadJob, step: -1 | 1): Promise<void> {
  const queue = queueOf(useDownloads.getState());
  const at = queue.indexOf(job.id);
  const to = at + step;
  if (at < 0 || to < 0 || to >= queue.length) return;
  // It goes before another one: one place down is before the one after the next.
  const before = step === -1 ? queue[to] : queue[to + 1];
  await saying(`${job.name} was not moved`, moveDownload(job.id, before ?? null));
}

async function saying(title: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    showError(title, thrown);
  }
}
