/**
 * The largest whole number at which something is left. What is left shrinks with the number and nearly in a straight line, so that a few
 * guesses along the line between the ends find it; each guess is measured, none is trusted.
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
  let low = of.least;
  let high = of.most + 1;
  if (low >= high) return null;
  let leftLow = of.below ?? of.left(low);
  let leftHigh = of.above;
  if (leftLow < 0) return null;
  let isHalved = false;
  while (high - low > 1) {
    const share = leftLow / (leftLow - leftHigh);
    const guess = isHalved ? (low + high) / 2 : low + (high - low) * (Number.isFinite(share) ? share : 0.5);
    const count = Math.min(Math.max(Math.floor(guess), low + 1), high - 1);
    const left = of.left(count);
    const width = high - low;
    if (left >= 0) {
      low = count;
      leftLow = left;
    } else {
      high = count;
      leftHigh = left;
    }
    // A line that misleads twice is left for halving.
    isHalved = !isHalved && high - low > width / 2 && high - low > 2;
  }
  return low;
}
