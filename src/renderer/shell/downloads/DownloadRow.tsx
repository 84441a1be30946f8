import { ChevronRight, CircleX, Clock, Ellipsis, Pause, Play, RotateCw, ShieldCheck, X } from 'lucide-react';
import { memo, useState } from 'react';
import type { DownloadJob } from '#shared/contract/downloads.ts';
import { navigate } from '../../router.ts';
import { isActive, isFinished, useDownloads } from '../../stores/downloads.ts';
import { findArtifact, useLibrary } from '../../stores/library.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useNow } from '../../ui/useNow.ts';
import { chatWith } from '../paletteCommands.ts';
import { actOnDownload, queueOf } from './actOnDownload.ts';
import { DownloadFacts } from './DownloadFacts.tsx';
import { DownloadProblemLines } from './DownloadProblemLines.tsx';
import { setDownloadsOpen } from './downloadsPanel.ts';
import { jobTitle, progressWords, rateWords, shareDone, stateWord } from './downloadWords.ts';

interface DownloadRowProps {
  readonly id: string;
  /** The row that Tab goes to. */
  readonly isCurrent: boolean;
  readonly onFocus: (id: string) => void;
  readonly onCancel: (job: DownloadJob) => void;
}

/** One download: drawn again only when it changes itself. */
export const DownloadRow = memo(function DownloadRow({ id, isCurrent, onFocus, onCancel }: DownloadRowProps) {
  const job = useDownloads((state) => state.jobs[id]);
  const place = useDownloads(({ jobs, order }) => order.filter((other) => jobs[other]?.state === 'queued').indexOf(id) + 1);
  const [isExpanded, setExpanded] = useState(false);
  const nowMs = useNow(10_000);
  if (job === undefined) return null;
  return (
    <li className="download" data-download={id} onFocus={() => onFocus(id)}>
      <div className="row">
        <button
          type="button"
          className="name grow"
          tabIndex={isCurrent ? 0 : -1}
          aria-expanded={isExpanded}
          aria-label={`${jobTitle(job)}, ${stateWord(job)}. Files`}
          onClick={() => setExpanded(!isExpanded)}
        >
          <Icon of={ChevronRight} size={13} />
          <span className="ink med ell">{job.name}</span>
          {job.quant === null ? null : <span className="mono">{job.quant}</span>}
        </button>
        <StateTag job={job} />
        <RowButtons job={job} isCurrent={isCurrent} onCancel={onCancel} />
      </div>
      {isFinished(job.state) ? null : (
        <div className={isActive(job.state) ? '' : 'at-rest'}>
          <ProgressBar label={`Download of ${jobTitle(job)}`} value={shareDone(job)} />
        </div>
      )}
      <div className="row spread note">
        <span>{progressWords(job, { nowMs, place })}</span>
        {job.state === 'ready' && job.artifactId !== null ? <NextLink id={job.artifactId} job={job} /> : <span>{rateWords(job)}</span>}
      </div>
      <DownloadProblemLines job={job} />
      {isExpanded ? <DownloadFacts job={job} /> : null}
    </li>
  );
});

/** The state in words, where the bar and its rate do not say it already. */
function StateTag({ job }: { readonly job: DownloadJob }) {
  switch (job.state) {
    case 'running':
      return null;
    case 'ready':
      return (
        <span className="state ok-ink">
          <Icon of={ShieldCheck} size={13} />
          {stateWord(job)}
        </span>
      );
    case 'failed':
      return (
        <span className="state bad-ink">
          <Icon of={CircleX} size={13} />
          {stateWord(job)}
        </span>
      );
    case 'waiting':
      return (
        <span className="state warn-ink">
          <Icon of={Clock} size={13} />
          {stateWord(job)}
        </span>
      );
    case 'queued':
    case 'verifying':
    case 'paused':
    case 'cancelled':
      return <span className="state">{stateWord(job)}</span>;
  }
}

/** To a chat with it; to the library where it cannot be loaded, which says why. */
function NextLink({ id, job }: { readonly id: string; readonly job: DownloadJob }) {
  const isBroken = useLibrary((state) => (findArtifact(state.artifacts, id)?.state ?? 'ready') !== 'ready');
  return (
    <button
      type="button"
      className="link xs"
      aria-label={`${isBroken ? 'See why it cannot be loaded:' : 'Chat with'} ${jobTitle(job)}`}
      onClick={() => {
        setDownloadsOpen(false);
        if (isBroken) navigate({ screen: 'library' });
        else chatWith(id);
      }}
    >
      {isBroken ? 'Cannot be loaded' : 'Chat'}
    </button>
  );
}

function RowButtons({ job, isCurrent, onCancel }: { readonly job: DownloadJob } & Pick<DownloadRowProps, 'isCurrent' | 'onCancel'>) {
  const queue = useDownloads((state) => queueOf(state).join(' ')).split(' ');
  const at = queue.indexOf(job.id);
  const title = jobTitle(job);
  const tabIndex = isCurrent ? 0 : -1;
  const button = (label: string, icon: typeof Pause, run: () => void) => (
    <button type="button" className="ib sm" tabIndex={tabIndex} aria-label={`${label}: ${title}`} title={label} onClick={run}>
      <Icon of={icon} size={14} />
    </button>
  );
  const actions = [
    ...(at > 0 ? [{ label: 'Move up', detail: 'Alt ↑', run: () => void actOnDownload.moveUp(job) }] : []),
    ...(at >= 0 && at < queue.length - 1 ? [{ label: 'Move down', detail: 'Alt ↓', run: () => void actOnDownload.moveDown(job) }] : []),
    ...(job.state === 'ready'
      ? [
          {
            label: 'Show in library',
            run: () => {
              setDownloadsOpen(false);
              navigate({ screen: 'library' });
            },
          },
        ]
      : []),
    ...(job.state === 'waiting' ? [{ label: 'Pause', run: () => void actOnDownload.pause(job) }] : []),
  ];
  return (
    <span className="row buttons">
      {job.state === 'running' || job.state === 'queued' ? button('Pause', Pause, () => void actOnDownload.pause(job)) : null}
      {job.state === 'paused' ? button('Resume', Play, () => void actOnDownload.resume(job)) : null}
      {job.state === 'waiting' || job.state === 'failed' ? button('Try again', RotateCw, () => void actOnDownload.resume(job)) : null}
      {job.state === 'cancelled' ? button('Download again', RotateCw, () => void actOnDownload.restart(job)) : null}
      {isFinished(job.state) ? null : button('Cancel', X, () => onCancel(job))}
      {actions.length === 0 ? null : (
        <Menu
          align="end"
          actions={actions}
          trigger={
            <button type="button" className="ib sm" tabIndex={tabIndex} aria-label={`More for ${title}`} title="More">
              <Icon of={Ellipsis} size={14} />
            </button>
          }
        />
      )}
    </span>
  );
}
