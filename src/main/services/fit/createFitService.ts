import type { FitMachine } from '#core/fit/fitTypes.ts';
import type { Database } from '#main/storage/database.ts';
import type { RunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import type { Log } from '#shared/log.ts';
import type { CatalogService } from '../catalog/catalogService.ts';
import type { LibraryService } from '../library/libraryService.ts';
import type { SystemService } from '../system/systemService.ts';
import type { FitService } from './fitService.ts';
import { createRecordedLoads } from './recordedLoads.ts';

export interface FitServiceOptions {
  readonly database: Database;
  readonly library: Pick<LibraryService, 'list' | 'require'>;
  readonly catalog: Pick<CatalogService, 'header'>;
  readonly system: Pick<SystemService, 'hardware'>;
  readonly supervisor: RunnerSupervisor;
  readonly log: Log;
  readonly now: () => number;
}

/** Where a model's bytes go on this machine: shapes of what is here, the engine's dry runs, and what loads really took. */
export function createFitService({ database, log, now }: FitServiceOptions): FitService {
  const recorded = createRecordedLoads({ database, log, now });
  const toBeBuilt = (): never => {
    throw new Error('To be built');
  };
  return {
    ...recorded,
    shapes: async () => toBeBuilt(),
    machine: async (): Promise<FitMachine> => toBeBuilt(),
    simulate: async () => toBeBuilt(),
    dispose: async () => undefined,
  };
}
