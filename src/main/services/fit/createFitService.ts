import { fitMachineOf } from '#core/fit/fitMachineOf.ts';
import type { FitShape } from '#core/fit/fitTypes.ts';
import type { Database } from '#main/storage/database.ts';
import type { RunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import type { FitTarget } from '#shared/contract/fit.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { CatalogService } from '../catalog/catalogService.ts';
import type { LibraryService } from '../library/libraryService.ts';
import type { SystemService } from '../system/systemService.ts';
import { createArtifactShapes } from './artifactShapes.ts';
import { createDryRuns } from './dryRuns.ts';
import type { FitService } from './fitService.ts';
import { createRecordedLoads } from './recordedLoads.ts';
import type { SimulatorLimits } from './simulatorRunner.ts';

export interface FitServiceOptions {
  readonly database: Database;
  readonly library: Pick<LibraryService, 'list' | 'require'>;
  readonly catalog: Pick<CatalogService, 'header'>;
  readonly system: Pick<SystemService, 'hardware'>;
  readonly supervisor: RunnerSupervisor;
  /** Of RAM, bytes a second; null = not measured. */
  readonly bandwidth: () => number | null;
  readonly log: Log;
  readonly now: () => number;
  readonly simulatorLimits?: Partial<SimulatorLimits>;
}

/** Where a model's bytes go on this machine: shapes of what is here, the engine's dry runs, and what loads really took. */
export function createFitService(options: FitServiceOptions): FitService {
  const { library, catalog, system, supervisor, log } = options;
  const shapes = createArtifactShapes(library);
  const dryRuns = createDryRuns({ supervisor, log, ...(options.simulatorLimits && { limits: options.simulatorLimits }) });
  const recorded = createRecordedLoads(options);

  /** @returns why there is none, in words, of a broken file. @throws {RpcError} model-not-found, and what keeps the hub from answering */
  async function shapeOf(target: FitTarget, signal: AbortSignal | undefined): Promise<FitShape | string> {
    if (!('artifactId' in target)) return (await catalog.header(target, signal ? { signal } : {})).shape;
    const [read] = await shapes.read([library.require(target.artifactId).id], signal);
    return read?.shape ?? read?.problem ?? 'The model is not in the library any more.';
  }

  return {
    ...recorded,
    shapes: (ids, { signal } = {}) => shapes.read(ids, signal),
    machine: async () => fitMachineOf(await system.hardware()),

    async simulate(target, wish, { signal } = {}) {
      try {
        const shape = await shapeOf(target, signal);
        return typeof shape === 'string' ? { engine: null, reason: shape } : await dryRuns.ask(shape, wish, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof RpcError) return { engine: null, reason: error.message };
        throw error;
      }
    },

    endDryRuns: () => dryRuns.endProcess(),

    async dispose() {
      shapes.dispose();
      await dryRuns.dispose();
    },
  };
}
