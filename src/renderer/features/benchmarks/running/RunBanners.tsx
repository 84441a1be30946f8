import { Check, CircleX, Pause, RotateCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { passesAlready } from '#core/bench/verdict.ts';
import { formatCount, formatPercent, formatScore } from '#core/units.ts';
import type { RunProgress, RunSummary } from '#shared/contract/benchmarks.ts';
import { Banner } from '../../../ui/Banner.tsx';
import { Button } from '../../../ui/Button.tsx';
import { standstillOf } from './standstill.ts';

interface RunBannersProps {
  readonly run: RunSummary;
  readonly progress: RunProgress | undefined;
  readonly onResume: () => void;
  readonly onStopHere: () => void;
  readonly onShowResults: () => void;
}

/** What needs a decision: a run that stands still, a model that already passes, models that failed. */
export function RunBanners({ run, progress, onResume, onStopHere, onShowResults }: RunBannersProps) {
  const models = progress?.models ?? [];
  const { bar, referenceId } = run.plan;
  // Against a reference the answers of both are needed: then only the results tell.
  const passing = models.find(
    ({ state, interval }) => referenceId === null && state === 'done' && interval !== null && passesAlready(interval, run.plan),
  );
  const isLast = passing !== undefined && models.every((model) => model.state !== 'queued' && model.state !== 'running');
  const seeResults = (
    <Button size="sm" variant="ghost" onClick={onShowResults}>
      See results so far
    </Button>
  );
  return (
    <>
      {run.state === 'interrupted' ? (
        <Banner
          tone="warn"
          icon={RotateCw}
          title={`This run was interrupted at ${formatCount(run.done)} of ${formatCount(run.total)}`}
          actions={
            <>
              {seeResults}
              <Button size="sm" variant="primary" onClick={onResume}>
                Resume
              </Button>
            </>
          }
        >
          Every finished answer is kept; resuming asks only what is missing.
        </Banner>
      ) : null}
      {run.state === 'failed' && run.error !== null ? (
        <Banner
          tone="bad"
          icon={CircleX}
          title={run.error.message}
          actions={
            <>
              {seeResults}
              <Button size="sm" onClick={onResume}>
                Resume
              </Button>
            </>
          }
        >
          {run.error.hint ?? `${formatCount(run.done)} finished answers are kept.`}
        </Banner>
      ) : null}
      {run.state === 'paused' ? <PausedBanner run={run} seeResults={seeResults} onResume={onResume} /> : null}
      {passing === undefined || isLast || run.state !== 'running' ? null : (
        <Banner
          tone="acc"
          icon={Check}
          title={`${passing.name} passes: ${formatScore(passing.interval)} against ${formatPercent(bar)}`}
          actions={
            <Button size="sm" onClick={onStopHere}>
              Stop here, show verdict
            </Button>
          }
        >
          Already the smallest that does. The larger models only tell what more memory would buy.
        </Banner>
      )}
      {models
        .filter((model) => model.problem !== null)
        .map((model) => (
          <Banner
            key={model.modelId}
            tone="warn"
            icon={TriangleAlert}
            title={`${model.name} ${model.quant ?? ''}: ${model.problem?.message ?? ''}`}
          >
            {model.problem?.hint ?? 'The other models go on.'}
          </Banner>
        ))}
    </>
  );
}

interface PausedBannerProps {
  readonly run: RunSummary;
  readonly seeResults: ReactNode;
  readonly onResume: () => void;
}

/** Paused by a person, or by the run itself: then why, and what it waits for. */
function PausedBanner({ run, seeResults, onResume }: PausedBannerProps) {
  const { title, text, tone, goesOnByItself } = standstillOf(run);
  return (
    <Banner
      {...(tone === 'warn' ? { tone } : {})}
      icon={tone === 'warn' ? TriangleAlert : Pause}
      title={title}
      actions={
        <div className="row">
          {seeResults}
          {run.error === null ? null : (
            <Button size="sm" onClick={onResume}>
              {goesOnByItself ? 'Resume anyway' : 'Resume'}
            </Button>
          )}
        </div>
      }
    >
      {text}
    </Banner>
  );
}
