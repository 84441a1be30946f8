import type { LoadedModel } from '#shared/contract/models.ts';
import type { Hardware } from '#shared/contract/system.ts';
import type { TankPart } from '../ui/tankPart.ts';

/** Where a loaded model lies and how much there is of it. */
export interface MemoryScale {
  readonly place: 'GPU' | 'RAM';
  readonly totalBytes: number;
}

/** @returns the memory a model was loaded into; null while the machine has not been read. */
export function memoryScale(model: LoadedModel, hardware: Hardware | null): MemoryScale | null {
  if (hardware === null) return null;
  const vramBytes = hardware.gpus[0]?.vramBytes ?? null;
  if (model.gpuLayers !== null && model.gpuLayers > 0 && vramBytes !== null) return { place: 'GPU', totalBytes: vramBytes };
  return { place: 'RAM', totalBytes: hardware.memory.totalBytes };
}

/**
 * @returns the parts of a ruler in bytes. On the processor the engine's own memory counts with compute, so that
 * the bar is as long as what the model takes.
 */
export function loadedMemoryParts(model: LoadedModel): readonly TankPart[] {
  const { memory } = model;
  if (memory === null) return [];
  const isOnGpu = model.gpuLayers !== null && model.gpuLayers > 0;
  const kv = memory.kvBytes ?? 0;
  const compute = memory.computeBytes ?? 0;
  const weights = memory.weightsBytes ?? Math.max(0, memory.residentBytes - kv - compute);
  return [
    { kind: 'weights', value: weights },
    { kind: 'kv', value: kv },
    { kind: 'compute', value: isOnGpu ? compute : Math.max(compute, memory.residentBytes - weights - kv) },
  ];
}
