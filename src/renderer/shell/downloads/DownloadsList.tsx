import { Popover } from '@base-ui/react/popover';
import { X } from 'lucide-react';
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { formatBytesOf, formatBytesPerSecond } from '#core/units.ts';
import type { DownloadJob } from '#shared/contract/downloads.ts';
import { addressOf } from '../../router.ts';
import { isFinished, useDownloads, useDownloadTotals } from '../../stores/downloads.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { actOnDownload } from './actOnDownload.ts';
import { DownloadRow } from './DownloadRow.tsx';
import { setDownloadsOpen } from './downloadsPanel.ts';
import { countWords, jobTitle } from './downloadWords.ts';

/** Every download with what can be done to it. One tab stop with arrow keys; Alt with an arrow moves a download in the queue. */
export function DownloadsList() {
  const order = useDownloads((state) => state.order);
  const problem = useDownloads((state) => (state.state === 'failed' ? state.problem : null));
  const [currentId, setCurrentId] = useState<string | null>(null);
  const [cancellingId, setCancellingId] = useState<string | null>(null);
  // It goes on while the question stands, and may be over before the answer.
  const cancelling = useDownloads((state) => {
    const job = cancellingId === null ? undefined : state.jobs[cancellingId];
    return job === undefined || isFinished(job.state) ? null : job;
  });
  const list = useRef<HTMLUListElement>(null);
  const moved = useRef<string | null>(null);
  const current = currentId !== null && order.includes(currentId) ? currentId : (order[0] ?? null);

  // A row that has been moved in the page loses the focus it had.
  useLayoutEffect(() => {
    if (moved.current === null || document.activeElement !== document.body || !order.includes(moved.current)) return;
    nameOf(list.current, moved.current)?.focus();
    moved.current = null;
  }, [order]);

  function cancel(job: DownloadJob): void {
    if (job.bytesDone === 0) void actOnDownload.cancel(job);
    else setCancellingId(job.id);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const job = current === null ? undefined : useDownloads.getState().jobs[current];
    if (job === undefined || !(event.target instanceof Node) || list.current?.contains(event.target) !== true) return;
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step !== 0 && event.altKey) {
      moved.current = job.id;
      void (step < 0 ? actOnDownload.moveUp(job) : actOnDownload.moveDown(job));
    } else if (step !== 0) {
      const next = order[Math.min(order.length - 1, Math.max(0, order.indexOf(job.id) + step))] ?? job.id;
      setCurrentId(next);
      nameOf(list.current, next)?.focus();
    } else if (event.key === 'Delete' && job.state !== 'ready' && job.state !== 'cancelled') cancel(job);
    else return;
    event.preventDefault();
  }

  return (
    <>
      <ListHeader />
      {problem !== null ? <ErrorState title="The downloads cannot be shown" error={problem} /> : null}
      {order.length === 0 && problem === null ? (
        <EmptyState title="No downloads">Models that you download appear here, and go on where they were after a restart.</EmptyState>
      ) : (
        <ul ref={list} className="downloads-rows" aria-label="Downloads" onKeyDown={onKeyDown}>
          {order.map((id) => (
            <DownloadRow key={id} id={id} isCurrent={id === current} onFocus={setCurrentId} onCancel={cancel} />
          ))}
        </ul>
      )}
      <ListFooter />
      <ConfirmDialog
        open={cancelling !== null}
        onClose={() => setCancellingId(null)}
        title={cancelling === null ? '' : `Cancel the download of ${jobTitle(cancelling)}?`}
        confirmLabel="Cancel download"
        dismissLabel="Keep it"
        onConfirm={() => {
          if (cancelling !== null) void actOnDownload.cancel(cancelling);
          setCancellingId(null);
        }}
      >
        {cancelling === null ? null : (
          <p>{formatBytesOf(cancelling.bytesDone, cancelling.bytesTotal)} were fetched and would be deleted. Pausing keeps them.</p>
        )}
      </ConfirmDialog>
    </>
  );
}

function ListHeader() {
  const totals = useDownloadTotals();
  return (
    <header>
      <Popover.Title>Downloads</Popover.Title>
      <span className="note grow ell">
        {[countWords(totals), totals.bytesPerSecond === null ? '' : formatBytesPerSecond(totals.bytesPerSecond)].filter(Boolean).join(', ')}
      </span>
      {totals.paused > 0 ? (
        <Button variant="ghost" size="sm" onClick={() => void actOnDownload.resumeAll()}>
          Resume all
        </Button>
      ) : null}
      {totals.active + totals.waiting > 0 ? (
        <Button variant="ghost" size="sm" onClick={() => void actOnDownload.pauseAll()}>
          Pause all
        </Button>
      ) : null}
      <button type="button" className="ib" aria-label="Close downloads" onClick={() => setDownloadsOpen(false)}>
        <Icon of={X} />
      </button>
    </header>
  );
}

function ListFooter() {
  const { finished } = useDownloadTotals();
  return (
    <footer>
      <a href={addressOf({ screen: 'settings', section: 'downloads' })} className="xs" onClick={() => setDownloadsOpen(false)}>
        Download settings
      </a>
      {finished > 0 ? (
        <Button variant="ghost" size="sm" onClick={() => void actOnDownload.clearFinished()}>
          Clear finished
        </Button>
      ) : null}
    </footer>
  );
}

function nameOf(list: HTMLElement | null, id: string): HTMLElement | null {
  return list?.querySelector(`[data-download="${CSS.escape(id)}"] .name`) ?? null;
}
