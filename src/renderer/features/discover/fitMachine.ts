import type { FitMachine } from '#core/fit/fitTypes.ts';
import type { LoadedModel } from '#shared/contract/models.ts';
import type { Hardware } from '#shared/contract/system.ts';

/**
 * The machine that a plan is made for: of several GPUs the one with the most memory. What Rightsize itself has loaded counts as free: loading makes room by unloading it.
 * @param options.gpu `off` plans for the processor alone
 */
export function fitMachine(
  hardware: Hardware,
  options: { readonly loaded: readonly LoadedModel[]; readonly gpu: 'auto' | 'off' },
): FitMachine {
  const ownBytes = (onGpu: boolean): number =>
    options.loaded
      .filter((model) => (model.gpuLayers ?? 0) > 0 === onGpu)
      .reduce((sum, model) => sum + (model.memory?.residentBytes ?? 0), 0);
  const { memory } = hardware;
  const [largest] = hardware.gpus.toSorted((a, b) => (b.vramBytes ?? 0) - (a.vramBytes ?? 0));
  const gpu = options.gpu === 'off' ? undefined : largest;
  return {
    ramBytes: memory.totalBytes,
    ramAvailableBytes: Math.min(memory.totalBytes, memory.availableBytes + ownBytes(false) + (gpu?.unified === true ? ownBytes(true) : 0)),
    gpu:
      gpu === undefined || gpu.vramBytes === null
        ? null
        : {
            backend: gpu.backend,
            vramBytes: gpu.vramBytes,
            freeBytes: Math.min(gpu.vramBytes, (gpu.freeBytes ?? gpu.vramBytes) + ownBytes(true)),
            unified: gpu.unified,
          },
    bandwidthBytesPerSecond: memory.bandwidthBytesPerSecond,
  };
}
