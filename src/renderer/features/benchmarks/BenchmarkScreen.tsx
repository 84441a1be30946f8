import { useEffect } from 'react';
import { addressOf } from '../../routeAddress.ts';
import { navigate } from '../../router.ts';
import { loadSuites, useBenchmarks } from '../../stores/benchmarks.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { DatasetView } from './datasets/DatasetView.tsx';
import { ResultsView } from './results/ResultsView.tsx';
import { RunningView } from './running/RunningView.tsx';
import { type BenchmarkRoute, screenInstead } from './screenInstead.ts';
import { SetupView } from './setup/SetupView.tsx';
import '../../styles/work.css';
import './benchmarks.css';
import './setup/setup.css';
import './datasets/datasets.css';
import './running/running.css';
import './results/results.css';
import './results/scenarios.css';
import './results/baseline/baseline.css';

/** Setting up, watching or reading a run, as the address says. A run that is under way is shown before a new one can be set up. */
export function BenchmarkScreen({ route }: { readonly route: BenchmarkRoute }) {
  const runs = useBenchmarks((state) => state.runs);
  useEffect(() => void loadSuites(), []);

  const instead = runs === null ? null : screenInstead(route, runs);
  const address = instead === null ? null : addressOf(instead);
  const run = route.screen === 'benchmark' || route.screen === 'benchmark-data' ? undefined : runs?.find((one) => one.id === route.runId);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the route is a new object each time, its address is not
  useEffect(() => {
    if (instead !== null) navigate(instead, { replace: true });
  }, [address]);

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
