import type { FitMachine, FitOptions, FitState } from './fitTypes.ts';
import { largestContext } from './largestContext.ts';
import { largestFitting } from './largestFitting.ts';
import { type KnownCompute, type MemoryNeed, measureNeed, type NeedRequest } from './measureNeed.ts';
import type { ModelFacts } from './modelFacts.ts';
import { gpuMarginBytes, marginBytes } from './overhead.ts';
import { expertName } from './placeWeights.ts';

export interface FitDecision {
  readonly state: FitState;
  readonly request: NeedRequest;
  readonly need: MemoryNeed;
  readonly maxContext: number | null;
}

/** What the engine's own word adds to the estimate, by device: the same for every context. */
export interface NeedCorrection {
  readonly gpuBytes: number;
  readonly ramBytes: number;
}

interface Measured {
  readonly request: NeedRequest;
  readonly need: MemoryNeed;
  /** Bytes left on the device that is shortest, before and after the margin is taken off. Negative = does not fit. */
  readonly left: number;
  readonly leftWithMargin: number;
  /** Of the GPU alone, after the margin. */
  readonly gpuLeftWithMargin: number;
}

/**
 * Finds the best way to load a model: all layers on the GPU, else as many as fit, else RAM alone. A number of layers that was asked for is
 * kept, whether it fits or not.
 */
export function decideFit(facts: ModelFacts, machine: FitMachine, options: FitOptions): FitDecision {
  const decision = decided(facts, choosePlacement(facts, machine, options));
  if (decision.state !== 'none' || options.gpuLayers !== null || !machine.gpu) return decision;
  return { ...decision, maxContext: Math.max(decision.maxContext ?? 0, largestElsewhere(facts, machine, options) ?? 0) || null };
}

/** Too little for any chat: where not even this fits, nothing does. */
const leastTokens = 512;

/**
 * With a shorter context some layers may find room on the GPU that find none as it is asked.
 * @returns the largest context that fits so; null where none does
 */
function largestElsewhere(facts: ModelFacts, machine: FitMachine, options: FitOptions): number | null {
  const at = (contextTokens: number): Measured => choosePlacement(facts, machine, { ...options, contextTokens });
  let best = at(leastTokens);
  if (best.left < 0) return null;
  // Which doubling is the last that fits; from there the layers stay where they are.
  let beyond = Math.ceil(Math.log2(options.contextTokens / leastTokens));
  for (let step = 0; beyond - step > 1; ) {
    const middle = Math.floor((step + beyond) / 2);
    const tried = at(leastTokens * 2 ** middle);
    if (tried.left < 0) beyond = middle;
    else [step, best] = [middle, tried];
  }
  return largestAs(facts, best, ({ left }) => left);
}

/**
 * Judges one placement whose need is known better than from the estimate.
 * @param of.need by the engine's own word; what it differs by counts for other contexts too
 */
export function decideKnown(facts: ModelFacts, of: { readonly request: NeedRequest; readonly need: MemoryNeed }): FitDecision {
  const { request, need } = of;
  const estimate = measureNeed(facts, request);
  const correction = { gpuBytes: need.gpuBytes - estimate.gpuBytes, ramBytes: need.ramBytes - estimate.ramBytes };
  return decided(facts, judge(request, need), correction);
}

function decided(facts: ModelFacts, chosen: Measured, correction?: NeedCorrection): FitDecision {
  const state = stateOf(chosen, facts);
  const isTight = state === 'none' || state === 'tight';
  const maxContext = largestAs(facts, chosen, ({ left, leftWithMargin }) => (isTight ? left : leftWithMargin), correction);
  return { state, request: chosen.request, need: chosen.need, maxContext };
}

/** The largest context with the layers where they are. */
function largestAs(
  facts: ModelFacts,
  chosen: Measured,
  leftOf: (measured: Measured) => number,
  correction?: NeedCorrection,
): number | null {
  return largestContext({
    asked: { tokens: chosen.request.contextTokens, left: leftOf(chosen), known: chosen.need.engineCompute },
    trained: facts.trainedContext,
    at: (contextTokens, known) => {
      const request = { ...chosen.request, contextTokens };
      const need = measureNeed(facts, request, known);
      return { left: leftOf(judge(request, need, correction)), known: need.engineCompute };
    },
  });
}

function choosePlacement(facts: ModelFacts, machine: FitMachine, options: FitOptions): Measured {
  const allLayers = facts.layers.length + 1;
  const at = (gpuLayers: number, known?: KnownCompute): Measured => {
    const backend = gpuLayers === 0 || !machine.gpu ? 'cpu' : machine.gpu.backend;
    const layers = backend === 'cpu' ? 0 : Math.min(gpuLayers, allLayers);
    const request: NeedRequest = { machine, backend, gpuLayers: layers, contextTokens: options.contextTokens, options };
    return judge(request, measureNeed(facts, request, known));
  };
  if (options.gpuLayers !== null || !machine.gpu) return at(options.gpuLayers ?? 0);
  // Weights and cache alone may be too much already: then there is no graph to draw.
  const whole = at(allLayers, noCompute).left < 0 ? null : at(allLayers);
  if (whole && whole.leftWithMargin >= 0) return whole;
  const partial = mostLayers(at, { most: allLayers - 1, known: whole?.need.engineCompute ?? noCompute });
  // Layers that do not fit on the GPU have to fit in RAM.
  if (partial && partial.leftWithMargin >= 0) return partial;
  if (whole && whole.left >= 0) return whole;
  const cpu = at(0);
  return partial && partial.left >= 0 && cpu.leftWithMargin < 0 ? partial : cpu;
}

const noCompute: KnownCompute = { gpu: 0, ram: 0 };

/**
 * As many layers as fit on the GPU with the margin. Working space hardly depends on how many they are, so the number follows from the working
 * space of the last guess, until a guess is right about itself.
 */
function mostLayers(
  at: (gpuLayers: number, known?: KnownCompute) => Measured,
  from: { readonly most: number; readonly known: KnownCompute },
): Measured | null {
  let { most, known } = from;
  for (let guesses = 0; guesses < 6; guesses += 1) {
    const guessed = known;
    const count = largestFitting({ least: 1, most, left: (layers) => at(layers, guessed).gpuLeftWithMargin, above: -1 });
    if (count === null) return null;
    const measured = at(count);
    if (measured.gpuLeftWithMargin >= 0) return measured;
    most = count - 1;
    known = measured.need.engineCompute;
  }
  return null;
}

/** What a need leaves on a machine. */
function judge(request: NeedRequest, need: MemoryNeed, correction?: NeedCorrection): Measured {
  const { machine } = request;
  const onGpu = need.gpuBytes + (correction?.gpuBytes ?? 0);
  // Unified memory is one pool: what the GPU takes is gone for the rest.
  const inRam = need.ramBytes + (correction?.ramBytes ?? 0) + (machine.gpu?.unified ? onGpu : 0);
  const ram = machine.ramAvailableBytes - inRam;
  const gpu = onGpu > 0 ? (machine.gpu?.freeBytes ?? 0) - onGpu - need.unusableGpuBytes : Number.POSITIVE_INFINITY;
  const gpuLeftWithMargin = gpu - gpuMarginBytes(machine);
  return {
    request,
    need,
    left: Math.min(ram, gpu),
    leftWithMargin: Math.min(ram - marginBytes(machine.ramBytes), gpuLeftWithMargin),
    gpuLeftWithMargin,
  };
}

function stateOf({ left, leftWithMargin, request }: Measured, facts: ModelFacts): FitState {
  if (left < 0) return 'none';
  if (leftWithMargin < 0) return 'tight';
  if (request.gpuLayers === 0) return 'cpu';
  return request.gpuLayers > facts.layers.length && !hasExpertsInRam(facts, request) ? 'gpu' : 'partial';
}

/** Of a layer whose experts are held back only the small part is on the GPU. */
function hasExpertsInRam({ layers }: ModelFacts, { options }: NeedRequest): boolean {
  return layers.slice(0, options.expertsInRamLayers).some(({ tensors }) => [...tensors.keys()].some((name) => expertName.test(name)));
}
