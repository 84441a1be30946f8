import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { unfinished } from '../unfinished.ts';

type ComparisonRoutes = Extract<keyof Routes, `comparisons.${string}`>;

/** The `comparisons.*` routes over the service. */
export function createComparisonHandlers(): Pick<Handlers<Routes>, ComparisonRoutes> {
  return {
    'comparisons.start': unfinished,
    'comparisons.stop': unfinished,
    'comparisons.vote': unfinished,
    'comparisons.list': unfinished,
    'comparisons.open': unfinished,
    'comparisons.remove': unfinished,
    'comparisons.standings': unfinished,
  };
}
