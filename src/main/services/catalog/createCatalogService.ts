import type { Database } from '#main/storage/database.ts';
import type { Log } from '#shared/log.ts';
import type { HubClient } from '../hub/hubClient.ts';
import type { LibraryService } from '../library/libraryService.ts';
import type { SystemService } from '../system/systemService.ts';
import type { CatalogService } from './catalogService.ts';

export interface CatalogOptions {
  readonly database: Database;
  readonly hub: HubClient;
  readonly library: Pick<LibraryService, 'list' | 'subscribe'>;
  readonly system: Pick<SystemService, 'hardware'>;
  readonly log: Log;
  readonly now: () => number;
}

export function createCatalogService(_options: CatalogOptions): CatalogService {
  return new Proxy({} as CatalogService, {
    get: (_target, name) => () => {
      if (name === 'dispose') return Promise.resolve();
      if (name === 'partialPaths' || name === 'list') return [];
      throw new Error('to be built');
    },
  });
}
