import { largestFitting } from './largestFitting.ts';
import type { KnownCompute } from './measureNeed.ts';

interface Point {
  readonly left: number;
  /** Working space there. */
  readonly known: KnownCompute;
}

const contextStep = 256;
/** Tried up to here where the header does not say what the model was trained for. */
const unknownContextLimit = 131_072;
/** Guesses from the working space of the last one, before the line through two measured points takes over. */
const mostGuesses = 3;

/**
 * The largest context that leaves something, with the same layers on the GPU: in steps of 256, at most what the model was trained for. Working
 * space never shrinks as the context grows and mostly stays the same, so that the next guess follows from that of the last one; each is measured.
 * @param of.asked the context that was asked for, measured
 * @param of.trained null = not known
 * @param of.at measures a context; with `known` for the working space it costs next to nothing
 * @returns null where not even the smallest fits
 */
export function largestContext(of: {
  readonly asked: Point & { readonly tokens: number };
  readonly trained: number | null;
  readonly at: (contextTokens: number, known?: KnownCompute) => Point;
}): number | null {
  const { asked } = of;
  const limit = of.trained ?? Math.max(unknownContextLimit, asked.tokens);
  const isIn = asked.left >= 0;
  if (isIn && asked.tokens === limit) return limit;
  const steps = isIn ? stepsAbove(of, limit) : stepsBelow(of);
  if (steps === null) return isIn ? asked.tokens : null;
  return Math.min(Math.max(steps * contextStep, isIn ? asked.tokens : 0), limit);
}

function stepsAbove(of: Parameters<typeof largestContext>[0], limit: number): number | null {
  const { asked, at } = of;
  const end = Math.ceil(limit / contextStep);
  const least = Math.ceil(asked.tokens / contextStep);
  const beyond = at(limit, asked.known);
  if (beyond.left >= 0) {
    const atLimit = at(limit);
    if (atLimit.left >= 0) return end;
    return search({ at, low: { count: least, ...asked }, high: { count: end, ...atLimit } });
  }
  return search({ at, low: { count: least, ...asked }, high: { count: end, ...beyond } });
}

function stepsBelow({ asked, at }: Parameters<typeof largestContext>[0]): number | null {
  return search({ at, low: null, high: { count: Math.ceil(asked.tokens / contextStep), ...asked } });
}

interface Counted extends Point {
  readonly count: number;
}

function search(of: {
  readonly at: (contextTokens: number, known?: KnownCompute) => Point;
  readonly low: Counted | null;
  readonly high: Counted;
}): number | null {
  const { at } = of;
  let { low, high } = of;
  let { known } = low ?? high;
  for (let guesses = 0; guesses < mostGuesses; guesses += 1) {
    const working = known;
    const guess = largestFitting({
      least: low?.count ?? 1,
      most: high.count - 1,
      left: (count) => at(count * contextStep, working).left,
      ...(low ? { below: low.left } : {}),
      above: Math.min(at(high.count * contextStep, working).left, -1),
    });
    // Nothing above fits even with the working space of here.
    if (low && working === low.known && (guess === null || guess === low.count)) return guess;
    const count = Math.max(guess ?? 1, (low?.count ?? 0) + 1);
    if (count >= high.count) return low?.count ?? null;
    const point = { count, ...at(count * contextStep) };
    known = point.known;
    if (point.left >= 0) low = point;
    else if (count === 1) return null;
    else high = point;
  }
  return largestFitting({
    least: low?.count ?? 1,
    most: high.count - 1,
    left: (count) => at(count * contextStep).left,
    ...(low ? { below: low.left } : {}),
    above: high.left,
  });
}
