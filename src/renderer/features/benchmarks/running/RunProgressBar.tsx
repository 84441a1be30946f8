import { formatCount, formatDuration, formatPercent } from '#core/units.ts';
import type { RunProgress, RunSummary } from '#shared/contract/benchmarks.ts';
import { ProgressBar } from '../../../ui/ProgressBar.tsx';
import { formatClock } from '../runTime.ts';

interface RunProgressBarProps {
  readonly run: RunSummary;
  readonly state: RunSummary['state'];
  readonly progress: RunProgress | undefined;
}

/** How far the run is and when it may be done; after the last answer, how far the judge is. */
export function RunProgressBar({ run, state, progress }: RunProgressBarProps) {
  const judging = progress?.judging ?? null;
  const remainingMs = progress?.remainingMs ?? null;
  const { done, total } = judging ?? run;
  const share = total === 0 ? 0 : done / total;
  const quarter = Math.floor(share * 4) * 25;
  const { lanes = 1, retries = 0 } = progress ?? {};
  return (
    <div className="prg">
      <div className="row spread">
        <span>
          <b className="strong">{formatCount(done)}</b> of {formatCount(total)} {judging === null ? 'calls' : 'judgements'}{' '}
          <span className="ink3">
            {formatPercent(share)}
            {judging === null ? '' : `, by ${judging.judge}; all ${formatCount(run.done)} answers are in`}
            {judging === null && lanes > 1 && state === 'running' ? `, ${formatCount(lanes)} at a time` : ''}
            {retries === 0 ? '' : `, ${formatCount(retries)} asked again`}
          </span>
        </span>
        <span>
          {formatDuration(run.elapsedMs)} gone
          {state !== 'running' || remainingMs === null ? null : (
            <>
              , about <b className="strong">{formatDuration(remainingMs)}</b> left, done near{' '}
              {formatClock(Date.now() + remainingMs, Date.now())}
            </>
          )}
        </span>
      </div>
      <ProgressBar label={judging === null ? 'Calls done' : 'Judgements done'} value={share} />
      <span className="sr" role="status">
        {quarter === 0 ? (judging === null ? 'Benchmark running' : 'Judge at work') : `${quarter}% done`}
      </span>
    </div>
  );
}
