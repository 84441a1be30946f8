import { aboveBarP } from './exactTests.ts';

const alpha = 0.05;

/**
 * How many of n items one model alone has to pass so that it is beyond doubt (5 %) above a bar.
 * @param n items
 * @param bar 0 to 1
 * @returns the fewest passes, or null where not even all of them are enough
 */
export function passesNeeded(n: number, bar: number): number | null {
  if (n < 1 || aboveBarP({ passed: n, n }, bar) > alpha) return null;
  let enough = n;
  let tooFew = Math.floor(n * bar);
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (aboveBarP({ passed: middle, n }, bar) <= alpha) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

/**
 * The fewest items with which a bar can be shown at all: where passing every one would be luck in 5 % of cases at most.
 * @param bar 0 to 1
 */
export function fewestItemsFor(bar: number): number {
  return Math.ceil(Math.log(alpha) / Math.log(bar));
}
