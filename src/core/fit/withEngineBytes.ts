import { requireFitInput } from './checkFitInput.ts';
import { decideKnown } from './decideFit.ts';
import { describeFit } from './describeFit.ts';
import type { FitBackend } from './deviceRules.ts';
import type { FitEstimate, FitMachine, FitOptions, FitShape, KvType } from './fitTypes.ts';
import { type DeviceNeed, measureNeed, needOf } from './measureNeed.ts';
import { modelFactsOf } from './modelFacts.ts';

/** Bytes that the engine's own dry run gives for one placement; the contract's `EngineBytes` is one. */
export interface EngineNeed {
  readonly backend: FitBackend;
  readonly placement: {
    readonly contextTokens: number;
    readonly kvType: KvType;
    readonly flashAttention: boolean;
    readonly batchTokens: number;
    readonly gpuLayers: number;
    readonly sequences: number;
  };
  readonly gpu: EngineShare;
  readonly ram: EngineShare;
}

interface EngineShare {
  readonly weights: number;
  readonly kvAndState: number;
  readonly compute: number;
}

/**
 * The fit of one placement with the bytes of the engine's own dry run in place of the computed ones. Overhead of driver and process is added as
 * `estimateFit` does; state, range, speed and largest context are decided anew, the latter from the estimate plus what the engine says more.
 * @param options what the dry run does not know of, such as a projector; the placement is the dry run's
 * @returns the estimate; exact for any architecture
 * @throws {FitInputError} as `estimateFit`
 */
export function withEngineBytes(shape: FitShape, machine: FitMachine, options: FitOptions, engine: EngineNeed): FitEstimate {
  const { contextTokens, gpuLayers } = engine.placement;
  // The dry run puts experts where their layer is.
  const placed: FitOptions = { ...options, ...engine.placement, expertsInRamLayers: 0 };
  requireFitInput(shape, machine, placed);
  const facts = modelFactsOf(shape);
  const layers = engine.backend === 'cpu' ? 0 : Math.min(gpuLayers, facts.layers.length + 1);
  const request = { machine, backend: engine.backend, gpuLayers: layers, contextTokens, options: placed };
  const { gpu, ram } = measureNeed(facts, request);
  const need = needOf(
    { gpu: deviceNeed(engine.gpu, gpu.state), ram: deviceNeed(engine.ram, ram.state), isExact: true },
    { facts, request },
  );
  return describeFit(facts, decideKnown(facts, { request, need }));
}

/**
 * Where nothing fits the dry run can tell of one placement only, mostly in RAM alone; a shorter context may fit another way, as computed.
 * @param told by `withEngineBytes`, of the placement that was computed
 * @returns the same with the larger of both largest contexts, where nothing fits
 */
export function withComputedContext(told: FitEstimate, computed: Pick<FitEstimate, 'state' | 'maxContext'>): FitEstimate {
  if (told.state !== 'none' || computed.state !== 'none') return told;
  return { ...told, maxContext: Math.max(told.maxContext ?? 0, computed.maxContext ?? 0) || null };
}

/** The engine counts cache and recurrent state together; the state is known to the byte. */
function deviceNeed({ weights, kvAndState, compute }: EngineShare, knownState: number): DeviceNeed {
  const state = Math.min(knownState, kvAndState);
  return { weights, kvCache: kvAndState - state, state, compute };
}
