import { publishedGpuBandwidth } from '#core/machine/gpuBandwidth.ts';
import type { GpuDevice } from '#shared/contract/runner.ts';
import type { HardwareLoad } from '#shared/contract/system.ts';
import type { GpuCard } from './gpuCard.ts';
import { matchCards } from './matchCards.ts';

export interface MachineMemory {
  readonly availableBytes: number;
  /** Measured; null until it has been. */
  readonly bandwidthBytesPerSecond: number | null;
}

/**
 * The engine's devices with what the system tells of them now: memory of each, what of it is free, and the bandwidth.
 * A GPU that shares the memory of the processor has no more free than the processor has; its bandwidth is the published one where the name is known
 * (the GPU reaches it, the cores alone often do not), else what was measured of the memory.
 */
export function describeDevices(devices: readonly GpuDevice[], cards: readonly GpuCard[], memory: MachineMemory): GpuDevice[] {
  const matches = matchCards(devices, cards);
  return devices.map((device, index) => {
    const card = matches[index];
    const vramBytes = device.vramBytes ?? sizeOf(card, device.unified);
    const published = publishedGpuBandwidth(device.name, vramBytes);
    const measured = device.unified ? memory.bandwidthBytesPerSecond : null;
    return {
      ...device,
      vramBytes,
      freeBytes: freeOf(device, card, { vramBytes, availableBytes: memory.availableBytes }),
      bandwidthBytesPerSecond: published ?? measured,
      bandwidthSource: published !== null ? 'published' : measured !== null ? 'measured' : null,
    };
  });
}

/** Readings of the live page: every device of the engine, and every other card that tells anything. */
export function describeLoad(devices: readonly GpuDevice[], cards: readonly GpuCard[]): HardwareLoad['gpus'] {
  const matches = matchCards(devices, cards);
  const others = cards.filter(
    (card) => !matches.includes(card) && (card.loadPercent ?? card.usedBytes ?? card.temperatureCelsius) !== null,
  );
  return [
    ...devices.map((device, index) => reading(device, matches[index])),
    ...others.map((card) =>
      reading({ name: card.name ?? vendorNames[card.vendor], vramBytes: null, unified: card.vendor === 'apple' }, card),
    ),
  ];
}

const vendorNames = { nvidia: 'NVIDIA GPU', amd: 'AMD GPU', intel: 'Intel GPU', apple: 'Apple GPU' } as const;

function reading(device: Pick<GpuDevice, 'name' | 'vramBytes' | 'unified'>, card: GpuCard | undefined): HardwareLoad['gpus'][number] {
  return {
    name: device.name,
    loadPercent: card?.loadPercent ?? null,
    memoryUsedBytes: usedOf(card, device.unified),
    memoryTotalBytes: device.vramBytes ?? sizeOf(card, device.unified),
    temperatureCelsius: card?.temperatureCelsius ?? null,
    // Of a processor with graphics the figure is the whole chip's.
    powerWatts: device.unified ? null : (card?.powerWatts ?? null),
  };
}

function freeOf(
  device: GpuDevice,
  card: GpuCard | undefined,
  { vramBytes, availableBytes }: { readonly vramBytes: number | null; readonly availableBytes: number },
): number | null {
  const usedBytes = usedOf(card, device.unified);
  const left = usedBytes === null || vramBytes === null ? null : Math.max(0, vramBytes - usedBytes);
  // What the engine told when it was asked goes stale; of shared memory the system always knows better.
  const freeBytes = device.unified ? (left ?? availableBytes) : (card?.freeBytes ?? left ?? device.freeBytes);
  if (freeBytes === null) return null;
  return Math.min(freeBytes, vramBytes ?? freeBytes, device.unified ? availableBytes : freeBytes);
}

function usedOf(card: GpuCard | undefined, unified: boolean): number | null {
  if (card === undefined || card.usedBytes === null) return null;
  return card.usedBytes + (unified ? (card.shared?.usedBytes ?? 0) : 0);
}

function sizeOf(card: GpuCard | undefined, unified: boolean): number | null {
  if (card === undefined || card.totalBytes === null) return null;
  return card.totalBytes + (unified ? (card.shared?.totalBytes ?? 0) : 0);
}
