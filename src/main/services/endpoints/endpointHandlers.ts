import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import type { EndpointService } from './endpointService.ts';

type EndpointRoutes = Extract<keyof Routes, `endpoints.${string}`>;

/** The `endpoints.*` routes over the service. */
export function createEndpointHandlers(endpoints: EndpointService): Pick<Handlers<Routes>, EndpointRoutes> {
  return {
    'endpoints.list': async () => ({ endpoints: [...(await endpoints.list())] }),
    'endpoints.save': (draft) => endpoints.save(draft),
    'endpoints.remove': async ({ id }) => {
      await endpoints.remove(id);
      return {};
    },
    'endpoints.check': (draft) => endpoints.check(draft),
  };
}
