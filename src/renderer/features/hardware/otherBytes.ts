import { plannedGpus } from '#core/fit/fitMachineOf.ts';
import type { LoadedModel } from '#shared/contract/models.ts';
import type { Hardware, HardwareLoad } from '#shared/contract/system.ts';
import { ownBytes } from '../../fit/ownBytes.ts';
import { gpuReading } from './gpuReadings.ts';

const step = 2 ** 25;

/**
 * Memory of a place that neither Rightsize nor its models hold, rounded so that a ruler does not tremble. The GPUs that share a model count together.
 * @returns null where nothing was read yet, or a driver does not tell
 */
export function otherBytes(
  reading: HardwareLoad | undefined,
  of: { readonly place: 'GPU' | 'RAM'; readonly loaded: readonly LoadedModel[]; readonly gpus: Hardware['gpus'] },
): number | null {
  if (reading === undefined) return null;
  if (of.place === 'RAM') return rounded(reading.memoryUsedBytes - reading.ownResidentBytes - reading.runnersResidentBytes);
  const gpus = plannedGpus(of.gpus);
  if (gpus.length === 0) return null;
  let used = 0;
  for (const gpu of gpus) {
    const bytes = gpuReading(reading, { gpu, index: of.gpus.indexOf(gpu) })?.memoryUsedBytes ?? null;
    if (bytes === null) return null;
    used += bytes;
  }
  return rounded(used - ownBytes(of.loaded).gpuBytes);
}

function rounded(bytes: number): number {
  return Math.max(0, Math.round(bytes / step) * step);
}
