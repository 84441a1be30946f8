import type { LoadedModel } from '#shared/contract/models.ts';
import type { HardwareLoad } from '#shared/contract/system.ts';
import { ownBytes } from '../../fit/ownBytes.ts';

const step = 2 ** 25;

/**
 * Memory of a place that neither Rightsize nor its models hold, rounded so that a ruler does not tremble.
 * @returns null where nothing was read yet, or the driver does not tell
 */
export function otherBytes(
  reading: HardwareLoad | undefined,
  of: { readonly place: 'GPU' | 'RAM'; readonly loaded: readonly LoadedModel[] },
): number | null {
  if (reading === undefined) return null;
  if (of.place === 'RAM') return rounded(reading.memoryUsedBytes - reading.ownResidentBytes - reading.runnersResidentBytes);
  const [largest] = reading.gpus.toSorted((a, b) => (b.memoryTotalBytes ?? 0) - (a.memoryTotalBytes ?? 0));
  const used = largest?.memoryUsedBytes ?? null;
  return used === null ? null : rounded(used - ownBytes(of.loaded).gpuBytes);
}

function rounded(bytes: number): number {
  return Math.max(0, Math.round(bytes / step) * step);
}
