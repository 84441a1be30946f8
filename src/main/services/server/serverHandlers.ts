import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { unfinished } from '../unfinished.ts';

type ServerRoutes = Extract<keyof Routes, `server.${string}`>;

/** The `server.*` routes over the service. */
export function createServerHandlers(): Pick<Handlers<Routes>, ServerRoutes> {
  return {
    'server.changes': unfinished,
    'server.start': unfinished,
    'server.stop': unfinished,
    'server.configure': unfinished,
    'server.key': unfinished,
    'server.newKey': unfinished,
    'server.requests': unfinished,
    'server.request': unfinished,
    'server.clearLog': unfinished,
    'server.replay': unfinished,
    'server.asItem': unfinished,
  };
}
