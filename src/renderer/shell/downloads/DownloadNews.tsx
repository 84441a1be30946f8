import { useEffect, useState } from 'react';
import { formatBytesOf } from '#core/units.ts';
import type { DownloadJob } from '#shared/contract/downloads.ts';
import { type DownloadsState, useDownloads } from '../../stores/downloads.ts';
import { showToast } from '../../ui/toast.ts';
import { chatWith } from '../paletteCommands.ts';
import { setDownloadsOpen } from './downloadsPanel.ts';
import { jobTitle, newsOf } from './downloadWords.ts';

/** Says what became of downloads: a toast at the end of each, and to screen readers every quarter and every halt. Mounted once. */
export function DownloadNews() {
  const [words, setWords] = useState('');
  useEffect(() => {
    const halts = new Map<string, string>();
    return useDownloads.subscribe((now, before) => {
      // What was over before this page looked is no news.
      if (before.state !== 'ready') return;
      for (const job of changedJobs(now, before)) {
        const last = before.jobs[job.id];
        if (last === undefined) continue;
        if (last.state !== job.state) toastEnd(job);
        const news = newsOf(job, last);
        if (news === null) continue;
        // A download that is tried again every few seconds halts each time: that is said once until bytes have arrived.
        const halt = `${news} ${job.bytesDone}`;
        if (halts.get(job.id) === halt) continue;
        halts.set(job.id, halt);
        setWords(news);
        if (job.state === 'waiting') toastHalt(job);
      }
    });
  }, []);
  return (
    <div className="sr" role="status" aria-live="polite">
      {words}
    </div>
  );
}

function changedJobs(now: DownloadsState, before: DownloadsState): readonly DownloadJob[] {
  return Object.values(now.jobs).filter((job) => before.jobs[job.id] !== job);
}

function toastHalt(job: DownloadJob): void {
  showToast({
    tone: 'warning',
    title: `${jobTitle(job)} waits at ${formatBytesOf(job.bytesDone, job.bytesTotal)}`,
    ...(job.problem === null ? {} : { text: job.problem.message }),
    action: { label: 'Show', run: () => setDownloadsOpen(true) },
  });
}

function toastEnd(job: DownloadJob): void {
  const { artifactId } = job;
  if (job.state === 'ready' && job.problem !== null) {
    showToast({
      tone: 'warning',
      title: `${jobTitle(job)} is here, but cannot be loaded`,
      text: job.problem.message,
      action: { label: 'Show', run: () => setDownloadsOpen(true) },
    });
  } else if (job.state === 'ready') {
    showToast({
      tone: 'done',
      title: `${jobTitle(job)} is verified and ready`,
      ...(artifactId === null ? {} : { action: { label: 'Chat', run: () => chatWith(artifactId) } }),
    });
  }
  if (job.state === 'failed') {
    showToast({
      tone: 'error',
      title: `${jobTitle(job)} did not arrive`,
      ...(job.problem === null ? {} : { text: job.problem.message }),
      action: { label: 'Show', run: () => setDownloadsOpen(true) },
    });
  }
}
