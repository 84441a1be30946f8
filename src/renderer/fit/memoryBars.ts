import type { FitEstimate, FitMachine } from '#core/fit/fitTypes.ts';
import type { TankPart } from '../ui/tankPart.ts';

export interface MemoryBar {
  readonly place: 'GPU' | 'RAM' | 'Memory';
  readonly totalBytes: number;
  /** Other apps and the model together; more than the total where it does not fit. */
  readonly usedBytes: number;
  readonly parts: readonly TankPart[];
  /** How long it is drawn: the total, and a stretch of what is missing. */
  readonly drawnBytes: number;
}

export interface MemoryPlan {
  readonly bars: readonly MemoryBar[];
  /** The end of the one scale that all bars share, in whole GiB. */
  readonly scaleBytes: number;
  readonly weights: number;
  readonly kv: number;
  readonly compute: number;
  readonly other: number;
  readonly free: number;
  readonly missing: number;
}

/** What does not fit is drawn beyond the limit, by at most this share of the longest bar. */
const longestExcess = 0.15;
const gibibyte = 2 ** 30;

/** A memory that holds less than this share of weights and cache is left out where only those that matter are drawn. */
const leastShare = 0.1;

/**
 * Lays an estimate out on the machine's memories, in the order other apps, weights, KV cache, compute.
 * @param options.onlyUsed leaves memories out that hold next to nothing of the model
 */
export function memoryBars(fit: FitEstimate, machine: FitMachine, { onlyUsed = false } = {}): MemoryPlan {
  const { gpu } = machine;
  const isShared = gpu?.unified === true;
  const onGpu = { ...sumOf(fit, (device) => device === 'gpu'), total: fit.bytes.gpu };
  const inRam = { ...sumOf(fit, (device) => device !== 'gpu'), total: fit.bytes.ram };
  const ramOther = Math.max(0, machine.ramBytes - machine.ramAvailableBytes);
  const all: readonly { readonly place: MemoryBar['place']; readonly total: number; readonly other: number; readonly need: Need }[] =
    isShared
      ? [{ place: 'Memory', total: machine.ramBytes, other: ramOther, need: together(onGpu, inRam) }]
      : [
          ...(gpu === null
            ? []
            : [{ place: 'GPU' as const, total: gpu.vramBytes, other: Math.max(0, gpu.vramBytes - gpu.freeBytes), need: onGpu }]),
          { place: 'RAM', total: machine.ramBytes, other: ramOther, need: inRam },
        ];
  const kept = (need: Need): number => need.weights + need.kv;
  const least = (kept(onGpu) + kept(inRam)) * leastShare;
  const places = onlyUsed ? all.filter(({ need }) => kept(need) >= least) : all;
  const longest = Math.max(...places.map(({ total }) => total));
  const bars = places.map(({ place, total, other, need }): MemoryBar => {
    const excess = Math.max(0, other + need.total - total);
    const parts = cutTo(total, [
      { kind: 'other', value: other },
      { kind: 'weights', value: need.weights },
      { kind: 'kv', value: need.kv },
      { kind: 'compute', value: Math.max(0, need.total - need.weights - need.kv) },
    ]);
    const drawnExcess = Math.min(excess, longest * longestExcess);
    return {
      place,
      totalBytes: total,
      usedBytes: other + need.total,
      parts: excess > 0 ? [...parts, { kind: 'over', value: drawnExcess }] : parts,
      drawnBytes: total + drawnExcess,
    };
  });
  const sum = (value: (bar: MemoryBar) => number): number => bars.reduce((total, bar) => total + value(bar), 0);
  return {
    bars,
    scaleBytes: Math.ceil(Math.max(...bars.map((bar) => bar.drawnBytes)) / gibibyte) * gibibyte,
    weights: fit.bytes.weights,
    kv: fit.bytes.kvCache + fit.bytes.recurrent,
    compute: Math.max(0, fit.bytes.total - fit.bytes.weights - fit.bytes.kvCache - fit.bytes.recurrent),
    other: places.reduce((total, place) => total + place.other, 0),
    free: sum((bar) => Math.max(0, bar.totalBytes - bar.usedBytes)),
    missing: sum((bar) => Math.max(0, bar.usedBytes - bar.totalBytes)),
  };
}

interface Need {
  readonly weights: number;
  readonly kv: number;
  /** With compute buffers and what the backend itself takes. */
  readonly total: number;
}

function sumOf(fit: FitEstimate, isHere: (device: 'gpu' | 'host' | 'cpu') => boolean): Omit<Need, 'total'> {
  const buffers = fit.buffers.filter((buffer) => isHere(buffer.device));
  return {
    weights: buffers.reduce((sum, buffer) => sum + buffer.weights, 0),
    kv: buffers.reduce((sum, buffer) => sum + buffer.kvAndState, 0),
  };
}

function together(a: Need, b: Need): Need {
  return { weights: a.weights + b.weights, kv: a.kv + b.kv, total: a.total + b.total };
}

function cutTo(total: number, parts: readonly TankPart[]): readonly TankPart[] {
  let left = total;
  return parts.map((part) => {
    const value = Math.min(part.value, left);
    left -= value;
    return { ...part, value };
  });
}
