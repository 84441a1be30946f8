import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { untilAborted } from '../untilAborted.ts';
import type { ServerService } from './serverService.ts';

type ServerRoutes = Extract<keyof Routes, `server.${string}`>;

/** The `server.*` routes over the service. */
export function createServerHandlers(server: ServerService): Pick<Handlers<Routes>, ServerRoutes> {
  return {
    'server.changes': (_input, { emit, signal }) => untilAborted(signal, () => server.subscribe(emit)),
    'server.start': () => server.start(),
    'server.stop': () => server.stop(),
    'server.configure': (patch) => server.configure(patch),
    'server.key': async () => ({ key: await server.key() }),
    'server.newKey': () => server.newKey(),
    'server.requests': async (which) => server.requests(which),
    'server.request': async ({ id }) => server.request(id),
    async 'server.clearLog'() {
      server.clearLog();
      return {};
    },
    'server.replay': (asked, { signal }) => server.replay(asked, signal),
    'server.asItem': async ({ id }) => ({ item: await server.asItem(id) }),
  };
}
