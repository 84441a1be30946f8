import type { Segment } from '../names/segments.ts';
import { beginsQuantLabel, type QuantType, quantTypeOf } from './quantTypes.ts';

/** A quant label has at most this many parts between underscores: `IQ4_NL_4_4`. */
const labelPartLimit = 4;

/** Where a name states a quant: the words from `start` on, before `end`. */
export interface QuantPlace {
  readonly start: number;
  readonly end: number;
  readonly type: QuantType;
}

/**
 * Finds every quant that a name states. `BF16-abliterated-MXFP4_MOE` has two.
 * @param segments of the name
 * @returns places in order, never overlapping; at each the longest label: `Q4_K_M` before `Q4_K`
 */
export function findQuants(segments: readonly Segment[]): readonly QuantPlace[] {
  const places: QuantPlace[] = [];
  let at = 0;
  while (at < segments.length) {
    const place = quantAt(segments, at);
    if (place) places.push(place);
    at = place ? place.end : at + 1;
  }
  return places;
}

/**
 * Tells which of several quants is the one the weights are stored in: the last; of some in a row the first that is no float, because
 * `Q6_K-f32` has embeddings in F32 and `f16.Q8_0` was made from F16.
 * @returns null where there are none
 */
export function mainQuant(places: readonly QuantPlace[]): QuantPlace | null {
  let first = places.length - 1;
  while (first > 0 && places[first - 1]?.end === places[first]?.start) first -= 1;
  const row = places.slice(Math.max(first, 0));
  return row.find(({ type }) => type.scheme !== 'float') ?? row.at(-1) ?? null;
}

function quantAt(segments: readonly Segment[], start: number): QuantPlace | null {
  if (!beginsQuantLabel(segments[start]?.text ?? '')) return null;
  for (let length = Math.min(labelPartLimit, segments.length - start); length >= 1; length -= 1) {
    const run = segments.slice(start, start + length);
    if (!isOneLabel(run)) continue;
    const type = quantTypeOf(run.map(({ text }) => text).join('_'));
    if (type) return { start, end: start + length, type };
  }
  return null;
}

/** Underscores, or the same other mark throughout: `Q4-K-M`, and `q4 k m` as people type it. */
function isOneLabel(run: readonly Segment[]): boolean {
  const mark = run[1]?.before ?? '_';
  return (mark === '_' || mark === '-' || mark === ' ') && run.every(({ before }, index) => index === 0 || before === mark);
}
