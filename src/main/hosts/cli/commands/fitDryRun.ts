import { FitInputError } from '#core/fit/checkFitInput.ts';
import type { FitEstimate, FitMachine, FitOptions, FitShape } from '#core/fit/fitTypes.ts';
import { extraBatchTokens, usualBatchTokens } from '#core/fit/measureNeed.ts';
import { modelFactsOf } from '#core/fit/modelFacts.ts';
import { withComputedContext, withEngineBytes } from '#core/fit/withEngineBytes.ts';
import { createDryRuns } from '#main/services/fit/dryRuns.ts';
import { createRunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import type { EngineBytes, Placement } from '#shared/contract/fit.ts';
import type { CommandContext } from '../commandContext.ts';
import type { MachineOptions } from './fitMachine.ts';

export interface DryRunQuestion {
  readonly shape: FitShape;
  readonly machine: FitMachine;
  readonly options: FitOptions;
  /** What was computed: it decides what goes where. */
  readonly computed: FitEstimate;
}

/** The same fit by the engine's own word, or why there is none; null = it was not asked for. */
export type DryRunFit = { readonly fit: FitEstimate } | { readonly reason: string | null };

/**
 * Why the engine cannot be asked at all; null where it can. Its dry run knows the devices of this machine alone, and keeps experts with their layer.
 */
export function whyNoDryRun(of: {
  readonly stated: MachineOptions & { readonly tier?: 't0' | 't1' };
  readonly options: FitOptions;
  readonly isNamed: boolean;
}): string | null {
  if (of.isNamed) return 'there is only a name to go by, and the engine needs a header';
  const { device, ram, vram, tier } = of.stated;
  // A device alone may be meant as one of this machine, which only who asks for the dry run can know.
  const isOther = ram !== undefined || vram !== undefined || (device !== undefined && tier !== 't1');
  if (isOther) return 'the engine can tell only of this machine as it is';
  if (of.options.expertsInRamLayers > 0) return 'the engine cannot be told to keep experts in RAM';
  return null;
}

/** Has the engine reserve, without taking, what was computed. Without the data folder, so that another instance may hold it. */
export async function dryRunFit(context: CommandContext, question: DryRunQuestion): Promise<DryRunFit> {
  const { shape, machine, options, computed } = question;
  const { ports, signal } = context;
  const supervisor = createRunnerSupervisor({ spawnRunner: ports.spawnRunner, log: ports.log });
  const dryRuns = createDryRuns({ supervisor, log: ports.log });
  try {
    const { engine, reason } = await dryRuns.ask(shape, wishOf(question), signal);
    if (engine === null) return { reason: reason ?? 'it gave no reason' };
    return { fit: withComputedContext(withEngineBytes(shape, machine, options, engine), computed) };
  } catch (error) {
    if (error instanceof FitInputError) return { reason: error.message };
    throw error;
  } finally {
    await dryRuns.dispose();
    await supervisor.dispose();
  }
}

function wishOf({ shape, machine, options, computed }: DryRunQuestion): { backend: EngineBytes['backend']; placement: Placement } {
  const usesGpu = computed.buffers.some(({ device }) => device === 'gpu');
  const backend = usesGpu && machine.gpu !== null ? machine.gpu.backend : 'cpu';
  // A batch that is asked for is the engine's: what the library adds on the way is taken off.
  const asked =
    options.batchTokens === null ? usualBatchTokens(backend) : Math.max(1, options.batchTokens - extraBatchTokens(modelFactsOf(shape)));
  const { contextTokens, kvType, flashAttention, sequences } = options;
  return { backend, placement: { contextTokens, kvType, flashAttention, sequences, batchTokens: asked, gpuLayers: computed.gpuLayers } };
}
