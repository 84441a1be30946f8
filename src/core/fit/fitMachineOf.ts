import type { FitCalibration, FitMachine } from './fitTypes.ts';

/** What was read of a machine; the contract's `Hardware` is one. */
export interface MachineReading {
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number; readonly bandwidthBytesPerSecond: number | null };
  readonly gpus: readonly {
    readonly backend: 'cuda' | 'vulkan' | 'metal';
    readonly vramBytes: number | null;
    readonly freeBytes: number | null;
    readonly unified: boolean;
    readonly bandwidthBytesPerSecond: number | null;
  }[];
  readonly calibration: FitCalibration;
}

/**
 * The machine that estimates are for: of several GPUs the one with the most memory.
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
  const [largest] = reading.gpus.filter((one) => one.vramBytes !== null).toSorted((a, b) => (b.vramBytes ?? 0) - (a.vramBytes ?? 0));
  const gpu = own.gpu === 'off' ? undefined : largest;
  const vramBytes = gpu?.vramBytes ?? 0;
  return {
    ramBytes: memory.totalBytes,
    ramAvailableBytes: Math.min(memory.totalBytes, memory.availableBytes + ramBytes + (gpu?.unified === true ? gpuBytes : 0)),
    gpu:
      gpu === undefined
        ? null
        : {
            backend: gpu.backend,
            vramBytes,
            freeBytes: Math.min(vramBytes, (gpu.freeBytes ?? vramBytes) + gpuBytes),
            unified: gpu.unified,
            bandwidthBytesPerSecond: gpu.bandwidthBytesPerSecond,
          },
    bandwidthBytesPerSecond: memory.bandwidthBytesPerSecond,
    calibration,
  };
}
