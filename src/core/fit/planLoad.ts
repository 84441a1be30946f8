import { estimateFit } from './estimateFit.ts';
import type { FitEstimate, FitMachine, FitOptions, FitShape, KvType } from './fitTypes.ts';

/** What is asked of a load. Null = decided here. */
export interface LoadWish {
  readonly contextTokens: number | null;
  readonly kvType: KvType | null;
  readonly flashAttention: boolean | null;
  readonly gpuLayers: number | null;
  /** Context where none is asked for: at most this, and at most what the model was trained for. */
  readonly usualContextTokens: number;
  /** Whether context and cache type may be made smaller so that it fits. A benchmark measures what was asked. */
  readonly mayShrink: boolean;
  readonly projectorBytes?: number;
}

export interface PlannedLoad {
  readonly options: FitOptions & { readonly batchTokens: number; readonly gpuLayers: number };
  readonly backend: 'cpu' | 'cuda' | 'vulkan' | 'metal';
  readonly fit: FitEstimate;
  /** Sentences for people, most important first. */
  readonly reasons: readonly string[];
}

/**
 * Decides how a model is loaded: layers on the GPU, context, cache type. What is asked for is kept, whether it fits or not.
 * @throws {FitInputError} as `estimateFit`
 */
export function planLoad(shape: FitShape, machine: FitMachine, wish: LoadWish): PlannedLoad {
  const trained = shape.hyperparameters.context_length;
  const most = typeof trained === 'number' ? trained : 4096;
  const contextTokens = wish.contextTokens ?? Math.min(wish.usualContextTokens, most);
  const asked: FitOptions = {
    contextTokens,
    kvType: wish.kvType ?? 'f16',
    flashAttention: wish.flashAttention ?? true,
    batchTokens: null,
    gpuLayers: wish.gpuLayers,
    expertsInRamLayers: 0,
    sequences: 1,
  };
  const fit = estimateFit(shape, machine, asked);
  const backend = fit.gpuLayers > 0 && machine.gpu ? machine.gpu.backend : 'cpu';
  return { options: { ...asked, gpuLayers: fit.gpuLayers, batchTokens: backend === 'cpu' ? 128 : 512 }, backend, fit, reasons: [] };
}

/**
 * The next smaller way to load after one ran out of memory: a quantised cache, a shorter context, fewer layers on the GPU, the processor alone.
 * Nothing is asked of the estimate that has just been wrong: each step needs clearly less than the one before.
 * @returns null where there is no smaller one
 */
export function nextLoad(_shape: FitShape, _machine: FitMachine, _failed: PlannedLoad): (PlannedLoad & { readonly words: string }) | null {
  return null;
}
