import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { unfinished } from '../unfinished.ts';

type EndpointRoutes = Extract<keyof Routes, `endpoints.${string}`>;

/** The `endpoints.*` routes over the service. */
export function createEndpointHandlers(): Pick<Handlers<Routes>, EndpointRoutes> {
  return {
    'endpoints.list': unfinished,
    'endpoints.save': unfinished,
    'endpoints.remove': unfinished,
    'endpoints.check': unfinished,
  };
}
