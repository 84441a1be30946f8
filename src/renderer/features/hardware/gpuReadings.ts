import type { Hardware, HardwareLoad } from '#shared/contract/system.ts';

export type GpuReading = HardwareLoad['gpus'][number];

/**
 * What the system's tools told of one GPU. They name it their own way, so a name that is found counts first and the place in the list second.
 * @returns undefined where they told nothing
 */
export function gpuReading(
  reading: HardwareLoad,
  of: { readonly gpu: Hardware['gpus'][number]; readonly index: number },
): GpuReading | undefined {
  return reading.gpus.filter(({ name }) => name === of.gpu.name).length === 1
    ? reading.gpus.find(({ name }) => name === of.gpu.name)
    : reading.gpus[of.index];
}

/** @returns such as `61 °C, 128 W`; null where neither is told */
export function gpuNote(reading: GpuReading | undefined): string | null {
  const { temperatureCelsius = null, powerWatts = null } = reading ?? {};
  const parts = [
    temperatureCelsius === null ? null : `${Math.round(temperatureCelsius)} °C`,
    powerWatts === null ? null : `${Math.round(powerWatts)} W`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}
