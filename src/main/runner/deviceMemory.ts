import type { GpuDevice } from '#shared/contract/runner.ts';

/** What the engine tells: sums over all devices, and how much of it belongs to graphics that share the processor's memory. */
export interface DeviceSums {
  readonly total: number;
  readonly free: number;
  readonly unifiedSize: number;
}

/**
 * What can be told of each device from the engine's sums. Vulkan lists the graphics of the processor beside a card, so the sums of the two
 * are told apart by their names; with several of a kind the share of each stays unknown.
 * @param sums null where the engine told nothing
 */
export function deviceMemory(names: readonly string[], sums: DeviceSums | null): Pick<GpuDevice, 'vramBytes' | 'freeBytes' | 'unified'>[] {
  if (sums === null) return names.map(() => ({ vramBytes: null, freeBytes: null, unified: false }));
  const isMixed = sums.unifiedSize > 0 && sums.unifiedSize < sums.total;
  const kinds = names.map((name) => (isMixed ? isIntegrated(name) : sums.unifiedSize > 0));
  return kinds.map((unified) => {
    const isOnly = kinds.filter((kind) => kind === unified).length === 1;
    if (!isOnly) return { vramBytes: null, freeBytes: null, unified };
    if (names.length === 1) return { vramBytes: sums.total, freeBytes: sums.free, unified };
    return { vramBytes: unified ? sums.unifiedSize : sums.total - sums.unifiedSize, freeBytes: null, unified };
  });
}

/** Whether a name is that of graphics built into a processor: `Intel(R) UHD Graphics 770`, `AMD Radeon 780M Graphics (RADV PHOENIX)`. */
export function isIntegrated(name: string): boolean {
  if (/\bintel\b/i.test(name)) return !/\barc\b.*?\b(?:[ab]\d{2,3}[a-z]?|pro)\b/i.test(name);
  return /\bradeon\b(?:\(tm\))?\s+(?:graphics|vega\s+\d+|vega graphics|r\d\b|\d{3,4}[ms]\b)/i.test(name);
}
