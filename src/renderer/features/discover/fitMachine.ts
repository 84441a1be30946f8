import { fitMachineOf } from '#core/fit/fitMachineOf.ts';
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
  return fitMachineOf(hardware, { ramBytes: ownBytes(false), gpuBytes: ownBytes(true), gpu: options.gpu });
}
