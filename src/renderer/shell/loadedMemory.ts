import { plannedGpus } from '#core/fit/fitMachineOf.ts';
import type { LoadedModel } from '#shared/contract/models.ts';
import type { Hardware } from '#shared/contract/system.ts';
import type { TankPart } from '../ui/tankPart.ts';

/** Where a loaded model lies and how much there is of it. */
export interface MemoryScale {
  readonly place: 'GPU' | 'RAM';
  /** Of several GPUs that share its layers, together; null where they do not tell. */
  readonly totalBytes: number | null;
}

/** @returns the memory a model was loaded into; null while the machine has not been read. */
export function memoryScale(model: LoadedModel, hardware: Hardware | null): MemoryScale | null {
  if (hardware === null) return null;
  if (!isOnGpu(model)) return { place: 'RAM', totalBytes: hardware.memory.totalBytes };
  const gpus = plannedGpus(hardware.gpus);
  return { place: 'GPU', totalBytes: gpus.length === 0 ? null : gpus.reduce((total, { vramBytes }) => total + vramBytes, 0) };
}

/**
 * What the model takes of the memory that its ruler shows: on a GPU what the GPU has less, in RAM what its process holds.
 * @returns null where it is not known
 */
export function loadedBytesThere(model: LoadedModel): number | null {
  const { memory, measured } = model;
  if (memory === null) return null;
  if (!isOnGpu(model)) return memory.residentBytes;
  const { gpu } = memory;
  return measured?.gpuBytes ?? (gpu === null ? null : gpu.weightsBytes + gpu.kvBytes + gpu.computeBytes);
}

/**
 * @returns the parts of a ruler in bytes: what lies on the GPU, or what its process holds. What the engine and the driver take themselves counts
 * with compute, so that the bar is as long as what the model takes there.
 */
export function loadedMemoryParts(model: LoadedModel): readonly TankPart[] {
  const { memory } = model;
  const bytes = loadedBytesThere(model);
  if (memory === null || bytes === null) return [];
  const there = isOnGpu(model) ? memory.gpu : memory;
  const kv = there?.kvBytes ?? 0;
  const compute = there?.computeBytes ?? 0;
  const weights = there?.weightsBytes ?? Math.max(0, bytes - kv - compute);
  return [
    { kind: 'weights', value: weights },
    { kind: 'kv', value: kv },
    { kind: 'compute', value: Math.max(compute, bytes - weights - kv) },
  ];
}

function isOnGpu({ gpuLayers }: LoadedModel): boolean {
  return gpuLayers !== null && gpuLayers > 0;
}
