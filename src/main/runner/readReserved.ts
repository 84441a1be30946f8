import type { EngineShare } from '#shared/contract/fit.ts';
import type { LoadResult } from '#shared/contract/runner.ts';
import type { CacheBytes } from './engineLog.ts';

/** Bytes by kind of device, as the bindings' `memoryUsage` has them. */
export interface MemoryUsage {
  readonly ram: number;
  readonly vram: number;
}

/**
 * What the engine reserved, by its own word. The totals are exact; a context's are split by its log, which prints cache and state to a
 * hundredth of a MiB, so that working space is the rest and all of it adds up. The output buffer, some bytes for each piece of the vocabulary, is in neither.
 * @returns null where the engine told nothing, or nothing that adds up
 */
export function readReserved(of: {
  readonly model: MemoryUsage;
  readonly context: MemoryUsage;
  readonly cache: CacheBytes | null;
}): LoadResult['reserved'] {
  const { model, context, cache } = of;
  const told = [model.ram, model.vram, context.ram, context.vram];
  if (cache === null || !told.every((bytes) => Number.isFinite(bytes) && bytes >= 0) || model.ram + model.vram === 0) return null;
  const gpu = shareOf(model.vram, context.vram, cache.gpu);
  const ram = shareOf(model.ram, context.ram, cache.ram);
  return gpu === null || ram === null ? null : { gpu, ram };
}

/** Half of the last digit that the log prints, and a little for the sum of several. */
const roundingBytes = 32_768;

function shareOf(weights: number, context: number, cacheBytes: number): EngineShare | null {
  if (cacheBytes > context + roundingBytes) return null;
  const kvAndState = Math.min(cacheBytes, context);
  return { weights, kvAndState, compute: context - kvAndState };
}
