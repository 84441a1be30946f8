interface Point {
  readonly count: number;
  readonly left: number;
}

/**
 * The largest whole number at which something is left. What is left shrinks with the number, in a line with few bends, so that guesses along
 * the line through the nearest measured points find it in a few steps; each guess is measured, none is trusted.
 * @param of.least smallest number worth trying
 * @param of.most largest number that may be
 * @param of.left what is left at a number: fits from 0 up
 * @param of.below what is left at `least`, where it is known already
 * @param of.above what is left just beyond `most`, which does not fit
 * @returns null where not even the least fits
 */
export function largestFitting(of: {
  readonly least: number;
  readonly most: number;
  readonly left: (count: number) => number;
  readonly below?: number;
  readonly above: number;
}): number | null {
  if (of.least > of.most) return null;
  let low: Point = { count: of.least, left: of.below ?? of.left(of.least) };
  if (low.left < 0) return null;
  let high: Point = { count: of.most + 1, left: of.above };
  let behind: Point | null = null;
  let guesses = 0;
  while (high.count - low.count > 1) {
    guesses += 1;
    // Two points that fit tell the slope where it matters; the far end may lie behind a bend.
    const slope: Point = behind ?? high;
    const along = low.count + (low.left * (slope.count - low.count)) / (low.left - slope.left);
    // Where lines mislead, halving ends it.
    const wanted = guesses > 6 || !Number.isFinite(along) ? (low.count + high.count) / 2 : along;
    const count = Math.min(Math.max(Math.floor(wanted), low.count + 1), high.count - 1);
    const point = { count, left: of.left(count) };
    if (point.left < 0) {
      high = point;
      behind = null;
    } else {
      behind = low;
      low = point;
    }
  }
  return low.count;
}
