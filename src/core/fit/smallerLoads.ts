import { formatCount } from '../units.ts';
import { estimateFit } from './estimateFit.ts';
import type { FitEstimate, FitMachine, FitOptions, FitShape } from './fitTypes.ts';
import { marginBytes } from './overhead.ts';
import type { PlannedLoad } from './planLoad.ts';
import { withSmallCache } from './smallerOptions.ts';

export interface SmallerLoad {
  readonly options: FitOptions;
  readonly fit: FitEstimate;
  /** For a button. */
  readonly words: string;
}

/** Of what the engine's buffers take on the device that was short: less than this would hardly help. */
const clearShare = 0.03;
/** Shorter than this a context on the GPU is worth less than some layers there. */
const leastGpuContext = 4096;
const leastContext = 512;
const contextStep = 1024;

/**
 * Ways to load that need clearly less than a failed one where memory was short; the least painful first. Where the estimate had foretold the
 * failure it is believed: what it foretells the same of comes last.
 */
export function* smallerLoads(shape: FitShape, machine: FitMachine, failed: PlannedLoad): Generator<SmallerLoad> {
  const smaller = clearlySmaller(shape, machine, failed);
  if (failed.fit.state !== 'none') return yield* smaller;
  const hopeless: SmallerLoad[] = [];
  for (const one of smaller) {
    if (one.fit.state === 'none') hopeless.push(one);
    else yield one;
  }
  yield* hopeless;
}

function* clearlySmaller(shape: FitShape, machine: FitMachine, failed: PlannedLoad): Generator<SmallerLoad> {
  const short = shortDevice(machine, failed);
  const before = engineBytes(estimateFit(shape, machine, { ...failed.options, batchTokens: null }), short);
  for (const { options, words } of candidates(shape, failed)) {
    const fit = estimateFit(shape, machine, options);
    if (engineBytes(fit, short) > before * (1 - clearShare)) continue;
    // What leaves the GPU has to have a place: not where all of RAM would be too small for it.
    if (fit.bytes.ram > failed.fit.bytes.ram && fit.bytes.ram > machine.ramBytes) continue;
    yield { options, fit, words };
  }
}

function* candidates(shape: FitShape, failed: PlannedLoad): Generator<{ readonly options: FitOptions; readonly words: string }> {
  const isOnGpu = failed.options.gpuLayers > 0;
  const same: FitOptions = { ...failed.options, batchTokens: null };
  const { contextTokens } = same;
  if (same.sequences > 1) yield { options: { ...same, sequences: 1 }, words: 'Load for one request at a time' };
  const narrow = withSmallCache(shape, same);
  if (narrow) yield { options: narrow, words: 'Load with the cache in 8 bits' };
  for (const tokens of shorterContexts(contextTokens, isOnGpu ? leastGpuContext : leastContext)) {
    yield { options: { ...same, contextTokens: tokens }, words: `Load with ${formatCount(tokens)} context` };
  }
  if (!isOnGpu) return;
  const counts = fewerLayers(failed.fit);
  const isMany = (count: number): boolean => count >= failed.fit.layers / 4;
  // Few layers are hardly faster than none; they are only worth a try where all of them are too much for RAM.
  for (const gpuLayers of [...counts.filter(isMany), 0, ...counts.filter((count) => !isMany(count))]) {
    const layers = gpuLayers === 1 ? '1 layer' : `${formatCount(gpuLayers)} layers`;
    yield { options: { ...same, gpuLayers }, words: gpuLayers === 0 ? 'Load on the processor alone' : `Load with ${layers} on the GPU` };
  }
}

/** Halves, in whole steps of 1,024 where there are any. */
function* shorterContexts(contextTokens: number, least: number): Generator<number> {
  let tokens = contextTokens;
  while (tokens > least) {
    const half = tokens / 2;
    tokens = Math.max(half >= contextStep ? Math.floor(half / contextStep) * contextStep : Math.floor(half), least);
    yield tokens;
  }
}

/** Three quarters of all, then halves. */
function fewerLayers({ gpuLayers, layers }: FitEstimate): readonly number[] {
  const counts: number[] = [];
  let count = gpuLayers;
  while (count > 1) {
    count = Math.floor(count === layers ? count * 0.75 : count / 2);
    counts.push(count);
  }
  return counts;
}

type Device = 'gpu' | 'ram' | 'both';

/**
 * Where memory ran out. With layers on a GPU that is the GPU, unless by the estimate RAM had less to spare and not enough. Unified memory is one
 * pool, with a limit of its own for the GPU.
 */
function shortDevice(machine: FitMachine, { fit, options }: PlannedLoad): Device {
  const { gpu, ramBytes, ramAvailableBytes } = machine;
  if (options.gpuLayers === 0 || !gpu) return 'ram';
  const gpuLeft = gpu.freeBytes - fit.bytes.gpu;
  const ramLeft = ramAvailableBytes - fit.bytes.ram - (gpu.unified ? fit.bytes.gpu : 0);
  if (ramLeft >= gpuLeft || ramLeft >= marginBytes(ramBytes)) return 'gpu';
  return gpu.unified ? 'both' : 'ram';
}

function engineBytes({ buffers }: FitEstimate, device: Device): number {
  return buffers.reduce((sum, { device: where, weights, kvAndState, compute }) => {
    const counts = device === 'both' || (where === 'gpu') === (device === 'gpu');
    return counts ? sum + weights + kvAndState + compute : sum;
  }, 0);
}
