import type { RunSummary } from '#shared/contract/benchmarks.ts';
import type { Route } from '../../routeAddress.ts';

export type BenchmarkRoute = Extract<Route, { readonly screen: 'benchmark' | 'benchmark-run' | 'benchmark-results' | 'benchmark-data' }>;

/**
 * Where to go instead: to the results of a run that is over, to a run that is under way before another is set up, and to one that goes on while its
 * results are read. A run that stands still has results to read.
 * @returns null where the address is right
 */
export function screenInstead(route: BenchmarkRoute, runs: readonly Pick<RunSummary, 'id' | 'state'>[]): BenchmarkRoute | null {
  switch (route.screen) {
    case 'benchmark': {
      const active = runs.find(({ state }) => state === 'running' || state === 'paused');
      return active === undefined ? null : { screen: 'benchmark-run', runId: active.id };
    }
    case 'benchmark-run': {
      const state = runs.find(({ id }) => id === route.runId)?.state;
      return state === 'done' || state === 'cancelled' ? { screen: 'benchmark-results', runId: route.runId } : null;
    }
    case 'benchmark-results':
      return runs.find(({ id }) => id === route.runId)?.state === 'running' ? { screen: 'benchmark-run', runId: route.runId } : null;
    case 'benchmark-data':
      return null;
  }
}
