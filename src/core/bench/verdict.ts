import { formatCount, formatScore } from '../units.ts';
import type { PairedComparison } from './itemOutcomes.ts';
import type { Interval, ModelVerdict } from './runRecords.ts';
import { newcombePairedInterval, oneSided95, type PairedTable, wilsonLowerBound, wilsonUpperBound } from './statistics.ts';

/** Beyond this, more items are no answer. */
const itemsLimit = 100_000;

export interface ModelJudgement {
  readonly verdict: ModelVerdict;
  readonly reason: string;
  /** How many more items would decide if the rates stay as they are; null when decided or when no number would. */
  readonly moreItems: number | null;
}

export interface ReferenceGate {
  readonly name: string;
  readonly comparison: PairedComparison;
}

/**
 * The fixed rule. Fits: the one-sided 95 % Wilson lower bound reaches the bar and, where a reference was chosen, the one-sided Newcombe lower
 * bound of the difference stays above minus the margin. Fails: the upper bound of either is below. Otherwise there is not enough evidence.
 * @param evidence items passed, bar (0 to 1), margin (0 to 1), and the comparison with the chosen reference, null where none was chosen
 * @returns verdict, a sentence with the numbers behind it, and how many more items would decide
 */
export function judgeModel(evidence: {
  readonly interval: Interval | null;
  readonly bar: number;
  readonly margin: number;
  readonly gate: ReferenceGate | null;
}): ModelJudgement {
  const { interval, bar, margin, gate } = evidence;
  if (interval === null) return { verdict: 'not-enough-evidence', reason: 'No item was answered.', moreItems: null };
  const lower = wilsonLowerBound(interval);
  const upper = wilsonUpperBound(interval);
  const score = `${tally(interval.passed)} of ${tally(interval.n)} items passed, ${formatScore(interval)}`;
  const barText = `the bar of ${percent(bar)}`;
  if (upper < bar) {
    return {
      verdict: 'fails',
      reason: `${score}; with 95% confidence the true rate is at most ${percent(upper)}, below ${barText}.`,
      moreItems: null,
    };
  }
  if (gate && gate.comparison.upperBound < -margin) {
    return { verdict: 'fails', reason: `${score}, but ${inferior(gate, margin)}`, moreItems: null };
  }
  const reaches = lower >= bar;
  const isClose = gate === null || gate.comparison.lowerBound > -margin;
  if (reaches && isClose) {
    const close = gate === null ? '' : ` ${nonInferior(gate, margin)}`;
    return {
      verdict: 'fits',
      reason: `${score}; with 95% confidence the true rate is at least ${percent(lower)}, so ${barText} is reached.${close}`,
      moreItems: null,
    };
  }
  const moreItems = mostOf([
    reaches ? 0 : moreItemsForBar(interval, bar),
    isClose || gate === null ? 0 : moreItemsForMargin(gate.comparison, margin),
  ]);
  const doubt = reaches
    ? `${barText} is reached, but ${undecided(gate, margin)}`
    : `the true rate may lie anywhere between ${percent(lower)} and ${percent(upper)}, and ${barText} lies in between.`;
  return { verdict: 'not-enough-evidence', reason: `${score}; ${doubt}${howManyMore(moreItems)}`, moreItems };
}

/**
 * More items until the Wilson bound leaves the bar, if the observed rate holds.
 * @param interval what was observed
 * @param bar share to reach
 * @returns items, or null where the rate is so close to the bar that no sensible number decides
 */
export function moreItemsForBar(interval: Pick<Interval, 'n' | 'passRate'>, bar: number): number | null {
  const { n, passRate } = interval;
  const isDecided = (items: number): boolean => {
    const proportion = { passed: passRate * items, n: items };
    return passRate >= bar ? wilsonLowerBound(proportion) >= bar : wilsonUpperBound(proportion) < bar;
  };
  return itemsUntil(n, isDecided);
}

/** More items until the bound of the difference leaves the margin, if the table keeps its proportions. */
function moreItemsForMargin(comparison: PairedComparison, margin: number): number | null {
  const { n, difference, table } = comparison;
  return itemsUntil(n, (items) => {
    const bounds = newcombePairedInterval(scaled(table, items / n), oneSided95);
    return difference > -margin ? bounds.low > -margin : bounds.high < -margin;
  });
}

function scaled(table: PairedTable, factor: number): PairedTable {
  return {
    both: table.both * factor,
    onlyCandidate: table.onlyCandidate * factor,
    onlyReference: table.onlyReference * factor,
    neither: table.neither * factor,
  };
}

/** Smallest number of items above `from` that decides; bounds tighten with n, so doubling and halving finds it. */
function itemsUntil(from: number, isDecided: (items: number) => boolean): number | null {
  let undecidedAt = from;
  let decidedAt = Math.max(1, from * 2);
  while (!isDecided(decidedAt)) {
    if (decidedAt > itemsLimit) return null;
    undecidedAt = decidedAt;
    decidedAt *= 2;
  }
  while (decidedAt - undecidedAt > 1) {
    const middle = Math.floor((decidedAt + undecidedAt) / 2);
    if (isDecided(middle)) decidedAt = middle;
    else undecidedAt = middle;
  }
  return decidedAt - from > itemsLimit ? null : decidedAt - from;
}

/**
 * Whether a model fails whatever the items that are not yet asked bring: it passes all of those at best. No look at the data in between can
 * make this wrong, unlike stopping on an interval, and what was asked until then is enough for the verdict: with the same failures among fewer
 * items the upper bound is lower still.
 * @param progress askings passed, made and planned, and the number of items that are asked: they are the trials
 * @param bar share to reach
 */
export function isBoundToFail(
  progress: { readonly passed: number; readonly asked: number; readonly planned: number; readonly items: number },
  bar: number,
): boolean {
  const { passed, asked, planned, items } = progress;
  if (planned === 0) return false;
  const best = (passed + Math.max(0, planned - asked)) / planned;
  return wilsonUpperBound({ passed: best * items, n: items }) < bar;
}

function mostOf(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce((most, number) => (most === null || number === null ? null : Math.max(most, number)));
}

/** One decimal where it says more: bounds next to a bar must not read equal to it. */
function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace(/\.0$/, '')}%`;
}

function points(difference: number): string {
  return `${(difference * 100).toFixed(1).replace(/\.0$/, '')} points`;
}

function tally(count: number): string {
  return Number.isInteger(count) ? formatCount(count) : count.toFixed(1);
}

function nonInferior(gate: ReferenceGate, margin: number): string {
  const worst = gate.comparison.lowerBound;
  const worse = worst >= 0 ? `It is no worse than ${gate.name}` : `It is at most ${points(-worst)} worse than ${gate.name}`;
  return `${worse} on the same ${tally(gate.comparison.n)} items; the margin is ${points(margin)}.`;
}

function inferior(gate: ReferenceGate, margin: number): string {
  return `at least ${points(-gate.comparison.upperBound)} worse than ${gate.name} on the same ${tally(gate.comparison.n)} items; the margin is ${points(margin)}.`;
}

function undecided(gate: ReferenceGate | null, margin: number): string {
  if (gate === null) return '';
  const { lowerBound, upperBound } = gate.comparison;
  return `against ${gate.name} the difference may lie between ${points(lowerBound)} and ${points(upperBound)}; the margin is ${points(margin)}.`;
}

function howManyMore(moreItems: number | null): string {
  if (moreItems === null) return ' It is too close for more items to decide.';
  return ` About ${formatCount(moreItems)} more ${moreItems === 1 ? 'item' : 'items'} would decide it if the rate stays the same.`;
}
