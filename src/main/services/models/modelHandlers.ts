import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { untilAborted } from '../untilAborted.ts';
import type { HandOverOf } from './handOver.ts';
import type { ModelService } from './modelService.ts';

type ModelRoutes = Extract<keyof Routes, `models.${string}`>;

/** The `models.*` routes over the service. */
export function createModelHandlers(models: ModelService, handOver: HandOverOf): Pick<Handlers<Routes>, ModelRoutes> {
  return {
    'models.loaded': (_input, { emit, signal }) => untilAborted(signal, () => models.subscribe((list) => emit({ models: list }))),
    'models.load': ({ id, options, usesSettings }, { signal }) => models.load(id, options, { signal, usesSettings }),
    'models.plan': ({ id, options, usesSettings }, { signal }) => models.plan(id, options, { signal, usesSettings }),
    'models.settings': async ({ id }) => models.settings(id),
    'models.saveSettings': async ({ id, settings }) => models.saveSettings(id, settings),
    'models.handOver': async ({ id, options }, { signal }) => ({ targets: await handOver(id, options, { signal }) }),
    async 'models.unload'({ id }) {
      await models.unload(id);
      return {};
    },
    async 'models.unblock'({ id }) {
      models.unblock(id);
      return {};
    },
  };
}
