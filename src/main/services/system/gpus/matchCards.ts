import { plainGpuName } from '#core/machine/gpuBandwidth.ts';
import type { GpuDevice } from '#shared/contract/runner.ts';
import type { GpuCard } from './gpuCard.ts';

/** How far the engine's figure of a card's memory and the system's may lie apart. */
const memoryTolerance = 0.15;

/**
 * Finds the card that each of the engine's devices is, by name and memory, and in the order of both where several are alike.
 * @returns one a device; undefined where none fits, or where it is not clear which
 */
export function matchCards(devices: readonly GpuDevice[], cards: readonly GpuCard[]): (GpuCard | undefined)[] {
  const matches = new Map<GpuDevice, GpuCard>();
  for (const vendor of ['nvidia', 'amd', 'intel', 'apple'] as const) {
    const ofVendor = devices.filter((device) => vendorOf(device) === vendor);
    const there = cards.filter((card) => card.vendor === vendor);
    if (vendor === 'nvidia') matchByName(ofVendor, there, matches);
    else matchByMemory(ofVendor, there, matches);
  }
  return devices.map((device) => matches.get(device));
}

/** Whose a device is, by its name; undefined for the likes of a software renderer. */
function vendorOf({ name, backend }: GpuDevice): GpuCard['vendor'] | undefined {
  if (backend === 'cuda' || /\b(?:nvidia|geforce|quadro|tesla)\b/i.test(name)) return 'nvidia';
  if (backend === 'metal' && /\bapple\b/i.test(name)) return 'apple';
  if (/\b(?:amd|radeon|instinct)\b/i.test(name)) return 'amd';
  return /\bintel\b/i.test(name) ? 'intel' : undefined;
}

/** Engine and driver call a card by the same name. Of several with one name as many must be there as the engine uses: some may be hidden from it. */
function matchByName(devices: readonly GpuDevice[], cards: readonly GpuCard[], matches: Map<GpuDevice, GpuCard>): void {
  for (const name of new Set(devices.map((device) => plainGpuName(device.name)))) {
    const named = devices.filter((device) => plainGpuName(device.name) === name);
    const there = cards.filter((card) => card.name !== null && plainGpuName(card.name) === name);
    if (named.length === there.length) pair(named, there, matches);
  }
}

/**
 * The system has no name for these cards. Where the engine tells the memory, the card with as much is meant; else those with the most, cards
 * before the graphics of a processor, in the order in which both tell them.
 */
function matchByMemory(devices: readonly GpuDevice[], cards: readonly GpuCard[], matches: Map<GpuDevice, GpuCard>): void {
  const left = new Set(cards);
  for (const device of devices) {
    const near = [...left].filter((card) => isAsLarge(card, device));
    if (near.length === 1) {
      pair([device], near, matches);
      for (const card of near) left.delete(card);
    }
  }
  const isTold = cards.some((card) => card.totalBytes !== null);
  const rest = devices.filter((device) => !matches.has(device) && (device.vramBytes === null || !isTold));
  if (left.size < rest.length) return;
  for (const unified of [false, true]) {
    const ofKind = rest.filter((device) => device.unified === unified);
    const largest = new Set([...left].toSorted((a, b) => (b.totalBytes ?? 0) - (a.totalBytes ?? 0)).slice(0, ofKind.length));
    pair(
      ofKind,
      cards.filter((card) => largest.has(card)),
      matches,
    );
    for (const card of largest) left.delete(card);
  }
}

function isAsLarge(card: GpuCard, { vramBytes, unified }: GpuDevice): boolean {
  return vramBytes !== null && Math.abs(memoryOf(card, unified) / vramBytes - 1) <= memoryTolerance;
}

function memoryOf(card: GpuCard, unified: boolean): number {
  return (card.totalBytes ?? 0) + (unified ? (card.shared?.totalBytes ?? 0) : 0);
}

function pair(devices: readonly GpuDevice[], cards: readonly GpuCard[], matches: Map<GpuDevice, GpuCard>): void {
  for (const [index, device] of devices.entries()) {
    const card = cards[index];
    if (card !== undefined) matches.set(device, card);
  }
}
