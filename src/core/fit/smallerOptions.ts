import { checkFitInput } from './checkFitInput.ts';
import { estimateFit } from './estimateFit.ts';
import type { FitEstimate, FitMachine, FitOptions, FitShape, KvType } from './fitTypes.ts';
import { gpuMarginBytes, marginBytes } from './overhead.ts';

/** Below this a chat has no room to become one. */
export const leastContextTokens = 2048;
const contextStep = 1024;

/** Whether it fits with something to spare. */
export function hasRoom({ state }: Pick<FitEstimate, 'state'>): boolean {
  return state !== 'none' && state !== 'tight';
}

/** Whether a cache of 8 bits would be smaller: values of 16 or 32 bits. */
export function isWideCache(kvType: KvType): boolean {
  return kvType === 'f16' || kvType === 'bf16' || kvType === 'f32';
}

/** With the cache in 8 bits; null where it is small already or the engine would refuse it. */
export function withSmallCache<Options extends FitOptions>(shape: FitShape, options: Options): Options | null {
  if (!isWideCache(options.kvType)) return null;
  const wish: Options = { ...options, kvType: 'q8_0', flashAttention: true };
  return checkFitInput(shape, wish).ok ? wish : null;
}

/** With the longest context that fits with something to spare, in steps of 1,024; null where that is none, or no shorter one. */
export function withShorterContext<Options extends FitOptions>(
  shape: FitShape,
  of: { readonly machine: FitMachine; readonly options: Options },
): Options | null {
  const { machine, options } = of;
  const { maxContext } = estimateFit(shape, withoutMargin(machine), options);
  const contextTokens = Math.floor((maxContext ?? 0) / contextStep) * contextStep;
  return contextTokens >= leastContextTokens && contextTokens < options.contextTokens ? { ...options, contextTokens } : null;
}

/** The machine less what is to stay free. */
function withoutMargin(machine: FitMachine): FitMachine {
  const { gpu } = machine;
  return {
    ...machine,
    ramAvailableBytes: Math.max(machine.ramAvailableBytes - marginBytes(machine.ramBytes), 0),
    gpu: gpu && { ...gpu, freeBytes: Math.max(gpu.freeBytes - gpuMarginBytes(machine), 0) },
  };
}
