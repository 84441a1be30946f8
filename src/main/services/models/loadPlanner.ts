import { totalmem } from 'node:os';
import { fitMachineOf } from '#core/fit/fitMachineOf.ts';
import type { FitMachine } from '#core/fit/fitTypes.ts';
import type { Artifact, LoadOptions } from '#shared/contract/models.ts';
import type { GpuDevice } from '#shared/contract/runner.ts';
import type { Log } from '#shared/log.ts';
import type { FitService } from '../fit/fitService.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import { confirmLoad, isWorthConfirming } from './confirmLoad.ts';
import { decideLoad, type LoadDecision } from './decideLoad.ts';
import type { Purpose } from './modelService.ts';
import { readLoadFacts } from './readLoadFacts.ts';
import { readProjector } from './readProjector.ts';

export interface LoadPlannerOptions {
  readonly settings: Pick<SettingsService, 'read'>;
  /** GPUs of this machine; asked before the first load that may use one. */
  readonly gpus: () => Promise<readonly GpuDevice[]>;
  readonly cores: () => Promise<number>;
  readonly availableMemory: () => Promise<number>;
  /** Of RAM, bytes a second; null = not measured. */
  readonly bandwidth: () => number | null;
  readonly fit: Pick<FitService, 'simulate' | 'endDryRuns' | 'calibration'>;
  readonly log: Log;
}

export interface Planning {
  readonly options: Partial<LoadOptions>;
  /** Taken where none is asked for, as far as it fits. */
  readonly wishedContextTokens?: number | null;
  readonly wishedSequences?: number | null;
  /** Whether its projector is loaded along. */
  readonly sees?: boolean | undefined;
  readonly purpose: Purpose;
  /** Memory that our own models hold and that would be given back for this one. */
  readonly freed: { readonly ramBytes: number; readonly gpuBytes: number };
  readonly signal: AbortSignal | undefined;
}

/** A dry run takes about a second in a process of its own: a load waits so long for it and not longer, see decision 029. */
const confirmingMs = 3_000;

/** Decides about loads with what is known of the model, the machine as it is now, and the settings. */
export function createLoadPlanner(options: LoadPlannerOptions) {
  async function machineNow(usesGpu: boolean, freed: Planning['freed']): Promise<FitMachine> {
    const [gpus, availableBytes] = await Promise.all([usesGpu ? options.gpus() : [], options.availableMemory()]);
    const memory = { totalBytes: totalmem(), availableBytes, bandwidthBytesPerSecond: options.bandwidth() };
    return fitMachineOf({ memory, gpus, calibration: options.fit.calibration() }, freed);
  }

  async function confirmed(artifact: Artifact, decision: LoadDecision, signal: AbortSignal | undefined): Promise<LoadDecision> {
    const limit = AbortSignal.timeout(confirmingMs);
    const either = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    return await confirmLoad(decision, async (backend, placement) => {
      if (either.aborted) return null;
      try {
        return (await options.fit.simulate({ artifactId: artifact.id }, { backend, placement }, { signal: either })).engine;
      } catch (error) {
        // A plan that is not confirmed is still a plan.
        if (!either.aborted) options.log.warn('model.plan-unconfirmed', { artifactId: artifact.id, error });
        return null;
      }
    });
  }

  return {
    /**
     * Reads the model's headers and decides how it is loaded.
     * @throws {RpcError} codes of bad files, bad-input for wishes that contradict each other
     */
    async decide(artifact: Artifact, planning: Planning): Promise<LoadDecision> {
      const { purpose, freed, signal } = planning;
      const facts = await readLoadFacts(artifact, signal === undefined ? {} : { signal });
      const projector = planning.sees === true ? await readProjector(artifact, signal) : null;
      const settings = options.settings.read();
      const usesGpu = settings.gpu !== 'off' && planning.options.gpuLayers !== 0;
      const [machine, cores] = await Promise.all([machineNow(usesGpu, freed), options.cores()]);
      const decision = decideLoad(facts, { ...planning, projector, settings, machine, cores });
      // The dry run is the other engine's.
      if (projector !== null || purpose === 'benchmark' || !isWorthConfirming(decision)) return decision;
      return await confirmed(artifact, decision, signal);
    },
  };
}
