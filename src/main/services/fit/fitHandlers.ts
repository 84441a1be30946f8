import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import type { FitService } from './fitService.ts';

type FitRoutes = Extract<keyof Routes, `fit.${string}`>;

/** The `fit.*` routes over the service. */
export function createFitHandlers(fit: FitService): Pick<Handlers<Routes>, FitRoutes> {
  return {
    'fit.shapes': async ({ ids }, { signal }) => ({ shapes: await fit.shapes(ids, { signal }) }),
    'fit.simulate': ({ target, backend, placement }, { signal }) => fit.simulate(target, { backend, placement }, { signal }),
    'fit.observations': async (wish) => ({ observations: fit.observations(wish) }),
  };
}
