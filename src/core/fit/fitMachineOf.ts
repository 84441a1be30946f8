import type { FitCalibration, FitMachine } from './fitTypes.ts';

/** What was read of a machine; the contract's `Hardware` is one. */
export interface MachineReading {
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number; readonly bandwidthBytesPerSecond: number | null };
  readonly gpus: readonly GpuReading[];
  readonly calibration: FitCalibration;
}

interface GpuReading {
  readonly backend: 'cuda' | 'vulkan' | 'metal';
  readonly vramBytes: number | null;
  readonly freeBytes: number | null;
  readonly unified: boolean;
  readonly bandwidthBytesPerSecond: number | null;
  /** Vulkan: of one tensor; null or absent = not known. */
  readonly largestBufferBytes?: number | null;
}

/**
 * The machine that estimates are for. GPUs of one backend share the layers of a model, so their memory counts together; of several backends the
 * one with the most memory is taken. A GPU of unknown memory is left out.
 * @param reading as it is now
 * @param own.ramBytes memory that loaded models hold and that loading another would free
 * @param own.gpu `off` plans for the processor alone
 */
export function fitMachineOf(
  reading: MachineReading,
  own: { readonly ramBytes?: number; readonly gpuBytes?: number; readonly gpu?: 'auto' | 'off' } = {},
): FitMachine {
  const { memory, calibration } = reading;
  const { ramBytes = 0, gpuBytes = 0 } = own;
  const gpu = own.gpu === 'off' ? null : joinedGpu(reading.gpus, gpuBytes);
  return {
    ramBytes: memory.totalBytes,
    ramAvailableBytes: within(memory.availableBytes + ramBytes + (gpu?.unified === true ? gpuBytes : 0), memory.totalBytes),
    gpu,
    bandwidthBytesPerSecond: memory.bandwidthBytesPerSecond,
    calibration,
  };
}

interface KnownGpu extends GpuReading {
  readonly vramBytes: number;
}

/**
 * The GPUs that a model is planned for, in the order of the devices: those of the one backend with the most memory.
 * @returns none where no GPU tells how much memory it has
 */
export function plannedGpus<Reading extends GpuReading>(readings: readonly Reading[]): readonly (Reading & KnownGpu)[] {
  const usable = readings.filter((one): one is Reading & KnownGpu => one.vramBytes !== null && one.vramBytes > 0);
  const [best = []] = [...new Set(usable.map(({ backend }) => backend))]
    .map((backend) => devicesUsed(usable.filter((one) => one.backend === backend)))
    .toSorted((a, b) => memoryOf(b) - memoryOf(a));
  return best;
}

function joinedGpu(readings: readonly GpuReading[], ownBytes: number): FitMachine['gpu'] {
  const best = plannedGpus(readings);
  const [first] = best;
  if (first === undefined) return null;
  const vramBytes = memoryOf(best);
  const free = best.reduce((total, one) => total + within(one.freeBytes ?? one.vramBytes, one.vramBytes), 0);
  const limits = best.map((one) => one.largestBufferBytes ?? Number.POSITIVE_INFINITY);
  const largestBufferBytes = Math.min(...limits);
  return {
    backend: first.backend,
    vramBytes,
    freeBytes: within(free + ownBytes, vramBytes),
    unified: first.unified,
    bandwidthBytesPerSecond: joinedBandwidth(best),
    ...(best.length > 1 ? { deviceCount: best.length } : {}),
    ...(Number.isFinite(largestBufferBytes) ? { largestBufferBytes } : {}),
  };
}

/**
 * Those of one backend that the engine takes: graphics built into the processor only where there is nothing else, and then one of them, since they
 * share one memory. Source: `llama_model_load_from_file_impl` in src/llama.cpp of llama.cpp v0.5.0, read 2026-11-21.
 */
function devicesUsed<Gpu extends KnownGpu>(gpus: readonly Gpu[]): readonly Gpu[] {
  const own = gpus.filter(({ unified }) => !unified);
  return own.length > 0 ? own : gpus.toSorted((a, b) => b.vramBytes - a.vramBytes).slice(0, 1);
}

function memoryOf(gpus: readonly KnownGpu[]): number {
  return gpus.reduce((total, { vramBytes }) => total + vramBytes, 0);
}

/** Devices work one after the other, each on its share of the layers. */
function joinedBandwidth(gpus: readonly KnownGpu[]): number | null {
  let secondsPerRound = 0;
  for (const { vramBytes, bandwidthBytesPerSecond } of gpus) {
    if (bandwidthBytesPerSecond === null || !(bandwidthBytesPerSecond > 0)) return null;
    secondsPerRound += vramBytes / bandwidthBytesPerSecond;
  }
  return memoryOf(gpus) / secondsPerRound;
}

function within(bytes: number, most: number): number {
  return Math.min(Math.max(bytes, 0), most);
}
