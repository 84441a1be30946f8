import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import type { HubClient } from './hubClient.ts';

/** The `hub.*` routes over the client. */
export function createHubHandlers(hub: HubClient): Pick<Handlers<Routes>, Extract<keyof Routes, `hub.${string}`>> {
  return {
    'hub.account': ({ verify }, { signal }) => hub.account({ verify, signal }),
    async 'hub.setToken'({ token }, { signal }) {
      await hub.setToken(token);
      return await hub.account({ verify: token !== null, signal });
    },
  };
}
