import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import type { ComparisonService } from './comparisonService.ts';

type ComparisonRoutes = Extract<keyof Routes, `comparisons.${string}`>;

/** The `comparisons.*` routes over the service. */
export function createComparisonHandlers(comparisons: ComparisonService): Pick<Handlers<Routes>, ComparisonRoutes> {
  return {
    'comparisons.start': (draft, context) => comparisons.start(draft, context),
    async 'comparisons.stop'({ id, index }) {
      comparisons.stop(id, index);
      return {};
    },
    'comparisons.vote': async ({ id, vote }) => comparisons.vote(id, vote),
    'comparisons.list': async () => ({ comparisons: comparisons.list() }),
    'comparisons.open': async ({ id }) => comparisons.open(id),
    'comparisons.attachment': async ({ attachmentId }) => comparisons.attachment(attachmentId),
    async 'comparisons.remove'({ id }) {
      comparisons.remove(id);
      return {};
    },
    'comparisons.standings': async () => ({ standings: comparisons.standings() }),
  };
}
