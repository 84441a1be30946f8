import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import type { CatalogService } from './catalogService.ts';

/** The `catalog.*` routes over the service. */
export function createCatalogHandlers(catalog: CatalogService): Pick<Handlers<Routes>, Extract<keyof Routes, `catalog.${string}`>> {
  return {
    'catalog.search': (request, { signal }) => catalog.search(request, { signal }),
    'catalog.repo': (request, { signal }) => catalog.repo(request, { signal }),
    'catalog.card': (request, { signal }) => catalog.card(request, { signal }),
    'catalog.header': (request, { signal }) => catalog.header(request, { signal }),
    'catalog.access': async ({ repo }, { signal }) => ({ access: await catalog.access(repo, { signal }) }),
  };
}
