import { checkFitInput } from './checkFitInput.ts';
import { estimateFit } from './estimateFit.ts';
import { withWeightBytes } from './fitShape.ts';
import type { FitEstimate, FitMachine, FitOptions, FitShape } from './fitTypes.ts';
import { gpuMarginBytes, marginBytes } from './overhead.ts';

export interface FitChange {
  readonly options: FitOptions;
  /** Of the quant to take instead; null = the same. */
  readonly weightBytes: number | null;
  readonly fit: FitEstimate;
}

/** Below this a chat has no room to become one. */
const leastContextTokens = 2048;

/**
 * The smallest change that makes a model fit with room to spare: a cache in 8 bits, which costs nearly nothing in quality; a shorter context,
 * at least 2,048 tokens; both; at last a smaller quant of the same model.
 * @param options.weightBytes sizes of the other quants there are; none = only context and cache are changed
 * @returns null where it fits already, or where none of these helps
 * @throws {FitInputError} as `estimateFit`
 */
export function cheapestChange(
  shape: FitShape,
  machine: FitMachine,
  options: FitOptions & { readonly weightBytes?: readonly number[] },
): FitChange | null {
  const { weightBytes = [], ...asked } = options;
  const now = estimateFit(shape, machine, asked);
  if (hasRoom(now)) return null;
  const withSmallCache = smallCache(shape, asked);
  const tried = withSmallCache ? [asked, withSmallCache] : [asked];
  const wishes = [withSmallCache, ...tried.map((wish) => shorter(shape, { machine, options: wish }))];
  for (const wish of wishes) {
    if (!wish) continue;
    const fit = estimateFit(shape, machine, wish);
    if (hasRoom(fit)) return { options: wish, weightBytes: null, fit };
  }
  const own = shape.tensors.reduce((sum, tensor) => sum + tensor.bytes * (tensor.layers?.length ?? 1), 0);
  for (const bytes of weightBytes.filter((each) => each < own).toSorted((a, b) => b - a)) {
    const fit = estimateFit(withWeightBytes(shape, bytes), machine, asked);
    if (hasRoom(fit)) return { options: asked, weightBytes: bytes, fit };
  }
  return null;
}

function hasRoom({ state }: FitEstimate): boolean {
  return state !== 'none' && state !== 'tight';
}

function smallCache(shape: FitShape, options: FitOptions): FitOptions | null {
  const wish: FitOptions = { ...options, kvType: 'q8_0', flashAttention: true };
  const isSmaller = options.kvType === 'f16' || options.kvType === 'bf16' || options.kvType === 'f32';
  return isSmaller && checkFitInput(shape, wish).ok ? wish : null;
}

/** What just fits a machine that has the margin less, in steps of 1,024. */
function shorter(shape: FitShape, of: { readonly machine: FitMachine; readonly options: FitOptions }): FitOptions | null {
  const { machine, options } = of;
  const { gpu } = machine;
  const smaller: FitMachine = {
    ...machine,
    ramAvailableBytes: Math.max(machine.ramAvailableBytes - marginBytes(machine.ramBytes), 0),
    gpu: gpu && { ...gpu, freeBytes: Math.max(gpu.freeBytes - gpuMarginBytes(machine), 0) },
  };
  const { maxContext } = estimateFit(shape, smaller, options);
  const contextTokens = Math.floor((maxContext ?? 0) / 1024) * 1024;
  return contextTokens >= leastContextTokens && contextTokens < options.contextTokens ? { ...options, contextTokens } : null;
}
