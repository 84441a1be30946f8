import { useEffect } from 'react';
import { navigate, type Route } from '../../router.ts';
import { isActive, loadSuites, useBenchmarks } from '../../stores/benchmarks.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { DatasetView } from './datasets/DatasetView.tsx';
import { ResultsView } from './results/ResultsView.tsx';
import { RunningView } from './running/RunningView.tsx';
import { SetupView } from './setup/SetupView.tsx';
import '../../styles/work.css';
import './benchmarks.css';
import './setup/setup.css';
import './datasets/datasets.css';
import './running/running.css';
import './results/results.css';
import './results/scenarios.css';
import './results/baseline/baseline.css';

type BenchmarkRoute = Extract<Route, { readonly screen: 'benchmark' | 'benchmark-run' | 'benchmark-results' | 'benchmark-data' }>;

/** Setting up, watching or reading a run, as the address says. A run that is under way is shown before a new one can be set up. */
export function BenchmarkScreen({ route }: { readonly route: BenchmarkRoute }) {
  const runs = useBenchmarks((state) => state.runs);
  useEffect(() => void loadSuites(), []);

  const activeId = runs?.find(isActive)?.id ?? null;
  const run = route.screen === 'benchmark' || route.screen === 'benchmark-data' ? undefined : runs?.find((one) => one.id === route.runId);
  const isOver = run !== undefined && (run.state === 'done' || run.state === 'cancelled');
  const showsResultsOf = route.screen === 'benchmark-run' && isOver ? route.runId : null;
  const showsRunOf =
    route.screen === 'benchmark' ? activeId : route.screen === 'benchmark-results' && run !== undefined && isActive(run) ? run.id : null;
  useEffect(() => {
    if (showsResultsOf !== null) navigate({ screen: 'benchmark-results', runId: showsResultsOf }, { replace: true });
    else if (showsRunOf !== null) navigate({ screen: 'benchmark-run', runId: showsRunOf }, { replace: true });
  }, [showsResultsOf, showsRunOf]);

  if (route.screen === 'benchmark') return <SetupView />;
  if (route.screen === 'benchmark-data') return <DatasetView suiteId={route.suiteId} />;
  if (runs === null) return <Skeleton label="Loading the run" rows={8} />;
  if (run === undefined) {
    return (
      <EmptyState
        title="This run is not here"
        actions={
          <Button variant="primary" onClick={() => navigate({ screen: 'benchmark' })}>
            New benchmark
          </Button>
        }
      >
        It was removed, or it was made in another data folder.
      </EmptyState>
    );
  }
  return route.screen === 'benchmark-run' ? <RunningView key={run.id} run={run} /> : <ResultsView key={run.id} run={run} />;
}
