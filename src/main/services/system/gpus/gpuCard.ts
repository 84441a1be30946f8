/** A GPU as the system's own tools tell it, without the GPU being opened. Unknown is null. */
export interface GpuCard {
  readonly vendor: 'nvidia' | 'amd' | 'intel' | 'apple';
  readonly name: string | null;
  readonly loadPercent: number | null;
  /** Of the card's own memory. */
  readonly usedBytes: number | null;
  readonly totalBytes: number | null;
  /** As the tool tells it: less than total minus used where the driver keeps some. */
  readonly freeBytes: number | null;
  /** RAM that the driver lets the GPU use beside its own memory, as AMD's tells it. */
  readonly shared: { readonly usedBytes: number; readonly totalBytes: number } | null;
  readonly temperatureCelsius: number | null;
  readonly powerWatts: number | null;
}

/** A card of which nothing is known but that it is there. */
export function unreadCard(vendor: GpuCard['vendor'], name: string | null = null): GpuCard {
  return {
    vendor,
    name,
    loadPercent: null,
    usedBytes: null,
    totalBytes: null,
    freeBytes: null,
    shared: null,
    temperatureCelsius: null,
    powerWatts: null,
  };
}
