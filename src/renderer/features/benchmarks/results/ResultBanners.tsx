import { formatCount } from '#core/units.ts';
import type { RunSummary } from '#shared/contract/benchmarks.ts';
import { navigate } from '../../../router.ts';
import { resumeRun } from '../../../stores/benchmarks.ts';
import { Banner } from '../../../ui/Banner.tsx';
import { Button } from '../../../ui/Button.tsx';

/** What has changed since the run was made. */
export function OutdatedBanner({ reasons, onRunAgain }: { readonly reasons: readonly string[]; readonly onRunAgain: () => void }) {
  if (reasons.length === 0) return null;
  return (
    <Banner
      tone="warn"
      className="pane-banner"
      title="Something has changed since this run"
      actions={
        <Button size="sm" onClick={onRunAgain}>
          Run again
        </Button>
      }
    >
      {reasons.join(' ')}
    </Banner>
  );
}

/** Of a run that did not come to its end, or not without trouble. */
export function StateBanner({ run }: { readonly run: RunSummary }) {
  if (run.state === 'interrupted' || run.state === 'failed') {
    return (
      <Banner
        tone="warn"
        className="pane-banner"
        title={`${run.state === 'failed' ? (run.error?.message ?? 'The run failed') : 'This run was interrupted'}: ${formatCount(run.done)} of ${formatCount(run.total)} calls are measured`}
        actions={
          <Button
            size="sm"
            onClick={() => {
              void resumeRun(run.id);
              navigate({ screen: 'benchmark-run', runId: run.id });
            }}
          >
            Resume
          </Button>
        }
      >
        {run.error?.hint ?? 'Resuming asks only what is missing.'}
      </Banner>
    );
  }
  if (run.state === 'done' && run.error !== null) {
    return (
      <Banner tone="warn" className="pane-banner" title={run.error.message}>
        {run.error.hint}
      </Banner>
    );
  }
  if (run.state === 'paused') {
    return (
      <Banner
        className="pane-banner"
        title={`Paused at ${formatCount(run.done)} of ${formatCount(run.total)} calls`}
        actions={
          <Button size="sm" onClick={() => navigate({ screen: 'benchmark-run', runId: run.id })}>
            Back to the run
          </Button>
        }
      >
        Everything below comes from what was measured until then.
      </Banner>
    );
  }
  if (run.state !== 'cancelled') return null;
  return (
    <Banner className="pane-banner" title={`Cancelled at ${formatCount(run.done)} of ${formatCount(run.total)} calls`}>
      Everything below comes from what was measured until then.
    </Banner>
  );
}
