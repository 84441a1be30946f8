import { FitInputError } from '#core/fit/checkFitInput.ts';
import type { FitBytes, FitEstimate, FitMachine } from '#core/fit/fitTypes.ts';
import { planLoad } from '#core/fit/planLoad.ts';
import { withEngineBytes } from '#core/fit/withEngineBytes.ts';
import type { EngineBytes, Placement } from '#shared/contract/fit.ts';
import { type LoadDecision, type Plan, withPlan } from './decideLoad.ts';

/** The engine's dry run of a placement; null where it could not be made in time. */
export type Simulate = (backend: EngineBytes['backend'], placement: Placement) => Promise<EngineBytes | null>;

/** A plan that the engine contradicts is followed by a better one, and that by hardly ever a third. */
const mostRounds = 3;

/** Of what it needs. The estimate was never more than 1.5 % off the engine, see decision 025. */
const closeShare = 0.1;

/**
 * Whether the engine's dry run is worth its time before a load: always where the architecture is not known, and on a GPU where one layer more or
 * less is decided by it. It decides nothing on a processor, nor on a GPU with far more memory than the model needs.
 */
export function isWorthConfirming({ plan }: LoadDecision): boolean {
  if (plan === null) return false;
  const { fit, planned, machine } = plan;
  if (!fit.isExact) return true;
  if (planned.backend === 'cpu' || machine.gpu === null) return false;
  return fit.state !== 'gpu' || machine.gpu.freeBytes - fit.bytes.gpu < closeShare * fit.bytes.gpu;
}

/**
 * Holds a plan against the engine's own dry run. Where that says more or less than the estimate, the load is planned again for a machine with
 * so much less or more free memory, which takes a layer off the GPU or puts one more there, and the new plan is held against the engine too.
 * @returns the decision with the engine's bytes; as it was where there was no dry run
 */
export async function confirmLoad(decision: LoadDecision, simulate: Simulate): Promise<LoadDecision> {
  let candidate = decision;
  let confirmed: LoadDecision | null = null;
  const tried = new Set<string>();
  for (let round = 0; round < mostRounds; round++) {
    const { plan } = candidate;
    if (plan === null) return candidate;
    const placement = placementOf(plan);
    tried.add(JSON.stringify(placement));
    const engine = await simulate(plan.planned.backend, placement);
    const fit = engine === null ? null : engineFit(plan, engine);
    if (fit === null) return confirmed !== null && hasRoomIn(confirmed) ? confirmed : candidate;
    const now = withPlan(candidate, { ...plan, fit, tier: 't1' });
    if (confirmed !== null && hasRoomIn(confirmed) && !hasRoomIn(now)) return confirmed;
    confirmed = now;
    const again = planAgain(plan, fit.bytes);
    if (again === null || tried.has(JSON.stringify(placementOf(again)))) return confirmed;
    candidate = withPlan(candidate, again);
  }
  return confirmed ?? candidate;
}

/** Null for numbers that no model can have. */
function engineFit({ shape, machine, planned }: Plan, engine: EngineBytes): FitEstimate | null {
  try {
    return withEngineBytes(shape, machine, planned.options, engine);
  } catch (error) {
    if (error instanceof FitInputError) return null;
    throw error;
  }
}

/** For a machine that has as much less as the engine says more. Null where they agree. */
function planAgain(plan: Plan, said: FitBytes): Plan | null {
  const { shape, machine, wish, planned } = plan;
  const gpuBytes = said.gpu - planned.fit.bytes.gpu;
  const ramBytes = said.ram - planned.fit.bytes.ram;
  if (gpuBytes === 0 && ramBytes === 0) return null;
  const corrected: FitMachine = {
    ...machine,
    ramAvailableBytes: machine.ramAvailableBytes - ramBytes,
    gpu: machine.gpu && { ...machine.gpu, freeBytes: machine.gpu.freeBytes - gpuBytes },
  };
  const again = planLoad(shape, corrected, wish);
  return { ...plan, planned: again, fit: again.fit, tier: 't0' };
}

function placementOf({ planned }: Plan): Placement {
  const { contextTokens, kvType, flashAttention, batchTokens, gpuLayers, sequences } = planned.options;
  return { contextTokens, kvType, flashAttention, batchTokens, gpuLayers, sequences };
}

function hasRoom({ fit }: Plan): boolean {
  return fit.state !== 'tight' && fit.state !== 'none';
}

function hasRoomIn({ plan }: LoadDecision): boolean {
  return plan !== null && hasRoom(plan);
}
