import { Popover } from '@base-ui/react/popover';
import { ArrowDownToLine } from 'lucide-react';
import { useRef } from 'react';
import { formatBytesOf } from '#core/units.ts';
import type { DownloadJob } from '#shared/contract/downloads.ts';
import { isActive, isFinished, useDownloads, useDownloadTotals } from '../../stores/downloads.ts';
import { Icon } from '../../ui/Icon.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { DownloadsList } from './DownloadsList.tsx';
import { setDownloadsOpen, useDownloadsPanel } from './downloadsPanel.ts';
import { countWords, rateWords, shareDone, stateWord } from './downloadWords.ts';

/** The downloads in the rail: the one that runs, how many there are, and the way to the list of all. */
export function DownloadsTray() {
  const isOpen = useDownloadsPanel((state) => state.isOpen);
  const totals = useDownloadTotals();
  const shown = useDownloads(({ jobs, order }) => mostTelling(order.map((id) => jobs[id])));
  const tray = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const words = countWords(totals);
  const isBad = totals.failed > 0 && totals.active === 0;
  return (
    <Popover.Root open={isOpen} onOpenChange={setDownloadsOpen}>
      <section ref={tray} className="tray downloads-tray" aria-label="Downloads">
        <h3>
          <Icon of={ArrowDownToLine} size={13} />
          Downloads
          <span className={isBad ? 'end bad-ink' : 'end'}>{words}</span>
        </h3>
        {shown === undefined ? null : <TrayJob job={shown} />}
        <span className={isBad ? 'short bad-ink' : 'short'}>
          <Icon of={ArrowDownToLine} size={16} />
        </span>
        {shown === undefined ? null : (
          <div className={isActive(shown.state) ? 'short w-full' : 'short w-full at-rest'}>
            <ProgressBar label={`Download of ${shown.name}`} value={shareDone(shown)} />
          </div>
        )}
        <Popover.Trigger
          className="tray-cover"
          aria-label={words === '' ? 'Show downloads' : `Show downloads: ${words}`}
          aria-keyshortcuts="Control+J"
          title="Downloads"
        />
      </section>
      <Popover.Portal>
        <Popover.Positioner className="layer" anchor={tray} side="right" align="end" sideOffset={8} collisionPadding={12}>
          <Popover.Popup
            ref={list}
            className="pop popup downloads"
            initialFocus={() => list.current?.querySelector<HTMLElement>('.download .name[tabindex="0"]') ?? true}
          >
            <DownloadsList />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function TrayJob({ job }: { readonly job: DownloadJob }) {
  return (
    <>
      <div className="nm">
        <span className="ell">{job.name}</span>
      </div>
      <div className={isActive(job.state) ? '' : 'at-rest'}>
        <ProgressBar label={`Download of ${job.name}`} value={shareDone(job)} />
      </div>
      <div className="sub">
        <span>{formatBytesOf(job.bytesDone, job.bytesTotal)}</span>
        <span>{rateWords(job) || stateWord(job)}</span>
      </div>
    </>
  );
}

/** What runs; else what waits or needs the user. Nothing where everything is over. */
function mostTelling(jobs: readonly (DownloadJob | undefined)[]): DownloadJob | undefined {
  const open = jobs.filter((job) => job !== undefined && !isFinished(job.state));
  return open.find((job) => job !== undefined && isActive(job.state)) ?? open[0];
}
