import { publishedGigabytesPerSecond } from './publishedGpuBandwidths.ts';

/** Engines report a little less than the memory that a card is sold with. */
const memoryTolerance = 0.12;

/**
 * Memory bandwidth of a GPU as its maker publishes it, found by its whole name; nothing is guessed from a name that is only alike.
 * @param name as driver or engine tell it: `NVIDIA GeForce RTX 4070 Laptop GPU`, `AMD Radeon RX 7900 XTX (RADV NAVI31)`, `Apple M2 Max`
 * @param memoryBytes tells cards apart that are sold under one name with different memory; null = unknown
 * @returns bytes a second, or null for a card that is not known, or not told apart
 */
export function publishedGpuBandwidth(name: string, memoryBytes: number | null): number | null {
  const published = publishedGigabytesPerSecond.get(plainGpuName(name));
  if (published === undefined) return null;
  if (typeof published === 'number') return published * 1e9;
  if (memoryBytes === null) return null;
  const gibibytes = memoryBytes / 2 ** 30;
  const variant = Object.entries(published).find(([sold]) => Math.abs(gibibytes / Number(sold) - 1) < memoryTolerance);
  return variant === undefined ? null : variant[1] * 1e9;
}

/**
 * A GPU's name without maker, brand, marks and what a driver adds in parentheses, in lower case: what two tools' names of one card agree in.
 * `AMD Radeon RX 7900 XTX (RADV NAVI31)` -> `radeon rx 7900 xtx`
 */
export function plainGpuName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\([^)]*\)/g, ' ')
    .replace(/[®™]/g, ' ')
    .replace(/^\s*(?:nvidia|amd)\b/, ' ')
    .replace(/\bgeforce\b/, ' ')
    .replace(/\bgraphics\s*$/, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
