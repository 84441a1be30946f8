import { Pause, Play, Square } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatCount } from '#core/units.ts';
import type { RunSummary } from '#shared/contract/benchmarks.ts';
import { navigate } from '../../../router.ts';
import { cancelRun, followProgress, isActive, pauseRun, resumeRun, useBenchmarks } from '../../../stores/benchmarks.ts';
import { useSystem } from '../../../stores/system.ts';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { Tag } from '../../../ui/Tag.tsx';
import { NoticeBanner } from '../NoticeBanner.tsx';
import { useSuiteNames } from '../useSuiteNames.ts';
import { LiveMatrix, MatrixLegend } from './LiveMatrix.tsx';
import { LivePanel } from './LivePanel.tsx';
import { RunBanners } from './RunBanners.tsx';
import { RunProgressBar } from './RunProgressBar.tsx';

/** A run that is under way, paused or interrupted. */
export function RunningView({ run: listed }: { readonly run: RunSummary }) {
  const progress = useBenchmarks((state) => state.progress[listed.id]);
  const memoryTotalBytes = useSystem((state) => state.hardware?.memory.totalBytes ?? null);
  const suiteName = useSuiteNames();
  const [isCancelling, setCancelling] = useState(false);
  const run = progress?.run ?? listed;
  // The list says first that a run has been taken up again; the matrix says it for the numbers.
  const state = listed.state;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a run that is taken up again has a new stream
  useEffect(() => followProgress(listed.id), [listed.id, state === 'interrupted' || state === 'failed']);

  const canToggle = isActive(listed);
  const toggle = (): void => void (state === 'paused' ? resumeRun(listed.id) : pauseRun(listed.id));
  useSpace(toggle, canToggle);

  const showResults = (): void => navigate({ screen: 'benchmark-results', runId: listed.id });
  return (
    <>
      <div className="bar-top">
        <h1 className="ell">{run.name}</h1>
        <StateTag state={state} />
        <div className="end">
          {canToggle ? (
            <Button icon={state === 'paused' ? Play : Pause} keys={['Space']} onClick={toggle}>
              {state === 'paused' ? 'Resume' : 'Pause'}
            </Button>
          ) : null}
          <Button variant="danger" icon={Square} onClick={() => setCancelling(true)}>
            Cancel run
          </Button>
        </div>
      </div>
      <RunProgressBar run={run} state={state} progress={progress} />
      <NoticeBanner />
      <div className="body bench-run">
        <section className="pane grow mx" aria-label="Progress by model and suite">
          <div className="scroll">
            {progress === undefined ? (
              <Skeleton label="Reading the matrix" rows={7} />
            ) : (
              <>
                <LiveMatrix progress={progress} suiteName={suiteName} />
                <MatrixLegend />
              </>
            )}
            <RunBanners
              run={{ ...run, state }}
              progress={progress}
              onResume={() => void resumeRun(listed.id)}
              onStopHere={() => void cancelRun(listed.id)}
              onShowResults={showResults}
            />
          </div>
        </section>
        {progress === undefined ? null : <LivePanel progress={progress} suiteName={suiteName} memoryTotalBytes={memoryTotalBytes} />}
      </div>
      <ConfirmDialog
        open={isCancelling}
        onClose={() => setCancelling(false)}
        title="Cancel this run?"
        confirmLabel="Cancel run"
        dismissLabel="Keep running"
        onConfirm={() => {
          setCancelling(false);
          void cancelRun(listed.id);
        }}
      >
        {formatCount(run.done)} of {formatCount(run.total)} calls are measured and kept, with a verdict from them. A cancelled run cannot be
        resumed; pausing keeps it open.
      </ConfirmDialog>
    </>
  );
}

function StateTag({ state }: { readonly state: RunSummary['state'] }) {
  switch (state) {
    case 'running':
      return (
        <Tag tone="acc" size="lg">
          <span className="pulse" aria-hidden="true" />
          Running
        </Tag>
      );
    case 'paused':
      return <Tag size="lg">Paused</Tag>;
    case 'interrupted':
      return (
        <Tag tone="warn" size="lg">
          Interrupted
        </Tag>
      );
    case 'failed':
      return (
        <Tag tone="bad" size="lg">
          Failed
        </Tag>
      );
    case 'done':
    case 'cancelled':
      return <Tag size="lg">{state === 'done' ? 'Done' : 'Cancelled'}</Tag>;
    default:
      return state satisfies never;
  }
}

/** Space pauses and resumes, unless a control has the focus that Space belongs to. */
function useSpace(run: () => void, isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== ' ' || event.repeat || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
      if (
        event.target instanceof Element &&
        event.target.closest('button, a, input, textarea, select, [role]:not([role="region"])') !== null
      )
        return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  });
}
