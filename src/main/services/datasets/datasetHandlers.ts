import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { unfinished } from '../unfinished.ts';

type DatasetRoutes = Extract<keyof Routes, `datasets.${string}`>;

/** The `datasets.*` routes over the service. */
export function createDatasetHandlers(): Pick<Handlers<Routes>, DatasetRoutes> {
  return {
    'datasets.items': unfinished,
    'datasets.save': unfinished,
    'datasets.add': unfinished,
    'datasets.import': unfinished,
    'datasets.remove': unfinished,
  };
}
