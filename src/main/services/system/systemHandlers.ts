import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { untilAborted } from '../untilAborted.ts';
import type { SystemService } from './systemService.ts';

type SystemRoutes = Extract<keyof Routes, `system.${string}`>;

/** The `system.*` routes over the service. */
export function createSystemHandlers(system: SystemService): Pick<Handlers<Routes>, SystemRoutes> {
  return {
    'system.about': async () => system.about(),
    'system.hardware': ({ refresh }) => system.hardware({ refresh }),
    'system.measureBandwidth': (_input, { signal }) => system.measureBandwidth({ signal }),
    'system.load': (_input, { emit, signal }) => untilAborted(signal, () => system.subscribeLoad(emit)),
    'system.holders': () => system.holders(),
    'system.doctor': async () => ({ checks: await system.doctor() }),
  };
}
