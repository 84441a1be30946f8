import type { FitMachine, FitOptions, FitState } from './fitTypes.ts';
import { type MemoryNeed, measureNeed, type NeedRequest } from './measureNeed.ts';
import type { ModelFacts } from './modelFacts.ts';
import { marginBytes } from './overhead.ts';

export interface FitDecision {
  readonly state: FitState;
  readonly request: NeedRequest;
  readonly need: MemoryNeed;
  readonly maxContext: number | null;
}

/** How well something fits: with room to spare, just so, not at all. */
type Fits = 'yes' | 'barely' | 'no';

const contextStep = 256;
/** Tried up to here where the header does not say what the model was trained for. */
const unknownContextLimit = 131_072;

/**
 * Finds the best way to load a model: all layers on the GPU, else as many as fit, else RAM alone. A number of layers that was asked for is
 * kept, whether it fits or not.
 */
export function decideFit(facts: ModelFacts, machine: FitMachine, options: FitOptions): FitDecision {
  const allLayers = facts.layers.length + 1;
  const backend = machine.gpu?.backend ?? 'cpu';
  const requestFor = (gpuLayers: number, contextTokens = options.contextTokens): NeedRequest => ({
    backend: gpuLayers === 0 ? 'cpu' : backend,
    gpuLayers,
    contextTokens,
    options,
  });
  const measure = (gpuLayers: number, contextTokens?: number): { request: NeedRequest; need: MemoryNeed; fits: Fits } => {
    const request = requestFor(gpuLayers, contextTokens);
    const need = measureNeed(facts, request);
    return { request, need, fits: fitsInto(need, machine) };
  };
  const finish = (chosen: ReturnType<typeof measure>): FitDecision => {
    const state = stateOf(chosen.fits, { gpuLayers: chosen.request.gpuLayers, allLayers });
    const isGoodEnough = (fits: Fits): boolean => (chosen.fits === 'yes' ? fits === 'yes' : fits !== 'no');
    const maxContext = largestContext(facts, {
      known: chosen.fits === 'no' ? null : chosen.request.contextTokens,
      fits: (contextTokens) => isGoodEnough(measure(chosen.request.gpuLayers, contextTokens).fits),
    });
    return { state, request: chosen.request, need: chosen.need, maxContext };
  };

  if (options.gpuLayers !== null) return finish(measure(machine.gpu ? Math.min(options.gpuLayers, allLayers) : 0));
  if (!machine.gpu) return finish(measure(0));
  const whole = measure(allLayers);
  if (whole.fits !== 'no') return finish(whole);
  const cpu = measure(0);
  // Layers that do not fit on the GPU have to fit in RAM.
  const most = largestFitting({ least: 1, most: allLayers - 1, fits: (layers) => fitsGpu(measure(layers).need, machine) === 'yes' });
  if (most !== null) {
    const partial = measure(most);
    if (partial.fits === 'yes' || (partial.fits === 'barely' && cpu.fits !== 'yes')) return finish(partial);
  }
  return finish(cpu);
}

function stateOf(fits: Fits, of: { readonly gpuLayers: number; readonly allLayers: number }): FitState {
  if (fits === 'no') return 'none';
  if (fits === 'barely') return 'tight';
  if (of.gpuLayers === 0) return 'cpu';
  return of.gpuLayers >= of.allLayers ? 'gpu' : 'partial';
}

function fitsInto(need: MemoryNeed, machine: FitMachine): Fits {
  const onGpu = fitsGpu(need, machine);
  // Unified memory is one pool: what the GPU takes is gone for the rest.
  const inRam = need.ramBytes + (machine.gpu?.unified ? need.gpuBytes : 0);
  return worse(onGpu, compare(inRam, { free: machine.ramAvailableBytes, total: machine.ramBytes }));
}

function fitsGpu(need: MemoryNeed, machine: FitMachine): Fits {
  if (!machine.gpu || need.gpuBytes === 0) return 'yes';
  return compare(need.gpuBytes, { free: machine.gpu.freeBytes, total: machine.gpu.vramBytes });
}

function compare(need: number, device: { readonly free: number; readonly total: number }): Fits {
  if (need + marginBytes(device.total) <= device.free) return 'yes';
  return need <= device.free ? 'barely' : 'no';
}

function worse(a: Fits, b: Fits): Fits {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'barely' || b === 'barely' ? 'barely' : 'yes';
}

/** In steps of 256, at most what the model was trained for. */
function largestContext(
  facts: ModelFacts,
  of: { readonly known: number | null; readonly fits: (contextTokens: number) => boolean },
): number | null {
  const limit = facts.trainedContext ?? Math.max(unknownContextLimit, of.known ?? 0);
  if (of.fits(limit)) return limit;
  const least = of.known === null ? 1 : Math.max(Math.floor(of.known / contextStep), 1);
  const steps = largestFitting({ least, most: Math.floor((limit - 1) / contextStep), fits: (step) => of.fits(step * contextStep) });
  if (steps === null) return of.known;
  return Math.max(steps * contextStep, of.known ?? 0);
}

/** Bisection: what fits at n fits at every smaller number. Null = not even the least. */
function largestFitting(of: { readonly least: number; readonly most: number; readonly fits: (count: number) => boolean }): number | null {
  let low = of.least;
  let high = of.most;
  let found: number | null = null;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    if (of.fits(middle)) {
      found = middle;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return found;
}
