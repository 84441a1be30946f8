import { Download, MessageSquare, Pause, Play, RotateCw, Ruler } from 'lucide-react';
import { useState } from 'react';
import { formatBytesPerSecond, formatGigabytes } from '#core/units.ts';
import { type CatalogQuant, type CatalogRepo, hubErrors } from '#shared/contract/catalog.ts';
import type { DownloadJob } from '#shared/contract/downloads.ts';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { navigate } from '../../router.ts';
import { chatWith } from '../../shell/paletteCommands.ts';
import { useShortcut } from '../../shell/useShortcut.ts';
import { useCatalog, wishBenchmark } from '../../stores/catalog.ts';
import { isActive, isFinished, pauseDownload, resumeDownload, startDownload } from '../../stores/downloads.ts';
import { useLibrary } from '../../stores/library.ts';
import { changeDraft } from '../../stores/runDraft.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { showError } from '../../ui/showError.ts';
import { showToast } from '../../ui/toast.ts';
import { downloadLine, roughTime, useLastRate } from './downloadLine.ts';
import { useQuantOnDisk } from './useQuantOnDisk.ts';
import { useSelectedQuant } from './useSelectedQuant.ts';

interface RepoFooterProps {
  readonly repo: CatalogRepo;
  /** The hub no longer has the commit that is shown: resolves when the repo has been read again. */
  readonly onOutdated: () => Promise<void>;
}

/** The selected quant and the one thing to do with it: fetch it, watch it come, or chat with it. */
export function RepoFooter({ repo, onOutdated }: RepoFooterProps) {
  const { quant } = useSelectedQuant(repo);
  return quant === undefined ? null : <QuantFooter key={quant.file} repo={repo} quant={quant} onOutdated={onOutdated} />;
}

function QuantFooter({ repo, quant, onOutdated }: RepoFooterProps & { readonly quant: CatalogQuant }) {
  const { artifact, job } = useQuantOnDisk(repo, quant);
  const [isStarting, setStarting] = useState(false);
  const [wantsBenchmark, setWantsBenchmark] = useState(false);
  const isComing = artifact === undefined && job !== undefined && !isFinished(job.state);
  const canStart = artifact === undefined && !isComing;

  async function start(): Promise<void> {
    if (isStarting) return;
    setStarting(true);
    try {
      const started = await startDownload({ repo: repo.repo, revision: repo.commit, file: quant.file });
      if (wantsBenchmark) wishBenchmark(started.id, true);
    } catch (thrown) {
      await sayWhy(thrown);
    }
    setStarting(false);
  }
  async function sayWhy(thrown: unknown): Promise<void> {
    if (toRpcErrorData(thrown).code !== hubErrors.revisionNotFound) return showError('The download did not start', thrown);
    await onOutdated();
    showToast({ tone: 'warning', title: 'The repository has changed', text: 'It was read again. Look at its quants once more.' });
  }
  useShortcut('Ctrl+D', () => void start(), { enabled: canStart });

  return (
    <footer className="df">
      <div className="grow">
        <div className="ink med sm">
          <span className="mono">{quant.type ?? quant.file}</span>, {formatGigabytes(quant.sizeBytes)}
          {quant.files.length > 1 ? ` in ${quant.files.length} files` : ''}
        </div>
        {isComing ? <Coming job={job} /> : <Outlook quant={quant} isInLibrary={artifact !== undefined} />}
      </div>
      {isComing ? <ComingActions job={job} /> : null}
      {canStart ? (
        <>
          <Chip pressed={wantsBenchmark} onPressedChange={setWantsBenchmark}>
            Benchmark after download
          </Chip>
          <Button variant="primary" icon={Download} keys={['Ctrl', 'D']} busy={isStarting} onClick={() => void start()}>
            Download
          </Button>
        </>
      ) : null}
      {artifact === undefined ? null : (
        <>
          <Button
            icon={Ruler}
            onClick={() => {
              changeDraft({ modelIds: [artifact.id] });
              navigate({ screen: 'benchmark' });
            }}
          >
            Benchmark
          </Button>
          <Button variant="primary" icon={MessageSquare} onClick={() => chatWith(artifact.id)}>
            Chat
          </Button>
        </>
      )}
    </footer>
  );
}

/** How long it would take and what it would leave. */
function Outlook({ quant, isInLibrary }: { readonly quant: CatalogQuant; readonly isInLibrary: boolean }) {
  const freeBytes = useLibrary((state) => state.disk?.freeBytes ?? null);
  const rate = useLastRate();
  if (isInLibrary) return <div className="note">In your library, ready to use.</div>;
  const time = rate === null ? null : `About ${roughTime(quant.sizeBytes / rate)} at ${formatBytesPerSecond(rate)}.`;
  const left = freeBytes === null ? null : freeBytes - quant.sizeBytes;
  const space =
    left === null
      ? null
      : left < 0
        ? `${formatGigabytes(-left)} more disk space is needed.`
        : `Leaves ${formatGigabytes(left)} free on disk.`;
  return <div className="note">{[time, space].filter(Boolean).join(' ')}</div>;
}

function Coming({ job }: { readonly job: DownloadJob }) {
  return (
    <>
      <div className={isActive(job.state) ? '' : 'at-rest'}>
        <ProgressBar label={`Downloading ${job.name}`} value={job.bytesTotal > 0 ? job.bytesDone / job.bytesTotal : null} />
      </div>
      <div className={job.state === 'failed' ? 'note is-bad' : 'note'} role="status">
        {downloadLine(job)}
      </div>
    </>
  );
}

function ComingActions({ job }: { readonly job: DownloadJob }) {
  const isWished = useCatalog((state) => state.benchmarkAfter.includes(job.id));
  const canResume = job.state === 'paused' || job.state === 'failed' || job.state === 'waiting';
  const act = (run: (id: string) => Promise<void>, failure: string): void => {
    run(job.id).catch((thrown: unknown) => showError(failure, thrown));
  };
  return (
    <>
      <Chip pressed={isWished} onPressedChange={(next) => wishBenchmark(job.id, next)}>
        Benchmark after download
      </Chip>
      {canResume ? (
        <Button icon={job.state === 'paused' ? Play : RotateCw} onClick={() => act(resumeDownload, 'The download did not go on')}>
          {job.state === 'paused' ? 'Resume' : 'Try again'}
        </Button>
      ) : (
        <Button icon={Pause} onClick={() => act(pauseDownload, 'The download was not paused')}>
          Pause
        </Button>
      )}
    </>
  );
}
