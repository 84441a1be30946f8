/** Round tick values from `from` to at least `to`, at most `count` steps apart by 1, 2, 2.5 or 5 times a power of ten. */
export function niceTicks(range: { readonly from: number; readonly to: number }, count: number): readonly number[] {
  const span = range.to - range.from;
  if (!(span > 0)) return [range.from, range.from + 1];
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw * 0.999) ?? 10 * power;
  const first = Math.floor(range.from / step + 1e-9);
  const last = Math.ceil(range.to / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Step 0 to 6 of the heat scale. Absolute, so that cells of two runs compare. @param rate share passed, 0 to 1. */
export function heatStep(rate: number): 0 | 1 | 2 | 3 | 4 | 5 | 6 {
  const percent = Math.round(rate * 100);
  if (percent < 50) return 0;
  if (percent < 65) return 1;
  if (percent < 75) return 2;
  if (percent < 85) return 3;
  if (percent < 91) return 4;
  if (percent < 96) return 5;
  return 6;
}

export interface SizePoint {
  readonly memoryBytes: number;
  readonly passRate: number;
}

/** The points no smaller one reaches, by memory ascending: the best score for each size. */
export function bestForSize<Point extends SizePoint>(points: readonly Point[]): readonly Point[] {
  const best: Point[] = [];
  for (const point of points.toSorted((a, b) => a.memoryBytes - b.memoryBytes || b.passRate - a.passRate)) {
    const last = best.at(-1);
    if (last === undefined || point.passRate > last.passRate) best.push(point);
  }
  return best;
}

/** Merges neighbouring bins until at most `most` are left. */
export function coarserBins(
  histogram: { readonly binMs: number; readonly counts: readonly number[] },
  most: number,
): { readonly binMs: number; readonly counts: readonly number[] } {
  let { binMs, counts } = histogram;
  while (counts.length > most) {
    const halved: number[] = [];
    for (let index = 0; index < counts.length; index += 2) halved.push((counts[index] ?? 0) + (counts[index + 1] ?? 0));
    counts = halved;
    binMs *= 2;
  }
  return { binMs, counts };
}

/** A tick value as text; sums of steps like 0.05 would otherwise show their rounding error. */
export function tickText(value: number | string): string {
  return String(Number(Number(value).toPrecision(6)));
}
