import { formatCount, formatScore, formatTally } from '../units.ts';
import { aboveBarP, leastRate, notInferiorP, roughNotInferiorP } from './exactTests.ts';
import type { PairedComparison } from './itemOutcomes.ts';
import { falsePassLimit, type LevelPlan, levelOf, nextLookLevel } from './lookLevel.ts';
import type { Interval, ModelVerdict, Testing } from './runRecords.ts';
import { newcombePairedInterval, oneSided95, type PairedTable, type Proportion, wilsonUpperBound } from './statistics.ts';

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
  /** Answers of either model that are planned and not there yet. */
  readonly toCome?: number | undefined;
}

export interface Candidate {
  /** For the reasons of others; without one a larger model is spoken of. */
  readonly name?: string | undefined;
  /** Items passed; null where none was answered. */
  readonly interval: Interval | null;
  /** Comparison with the chosen reference; null where none was chosen. */
  readonly gate: ReferenceGate | null;
  /**
   * Answers that are planned and not there yet: of a run that goes on, or was cancelled. To call a model fitting they all count as wrong, so that nobody
   * can end a run where chance has just lifted a model over the bar.
   */
  readonly toCome?: number | undefined;
}

export interface Rule {
  readonly bar: number;
  readonly margin: number;
  readonly testing?: Testing | undefined;
  /** What this look at the data may spend; the whole 5 % unless told. */
  readonly alpha?: number | undefined;
  /** Whether the 5 % are shared with other looks. */
  readonly isOneOfLooks?: boolean | undefined;
}

/** At what level a candidate was tested, and among how many. */
interface Level {
  readonly alpha: number;
  readonly candidates: number;
  readonly isOneOfLooks: boolean;
  /** Of a fixed sequence: the larger model that ended it before this one came to be tested. */
  readonly endedBy: string | null;
}

/**
 * Judges all models that were named before the run together, so that the chance of calling any of them fitting by luck stays at 5 % however many
 * there are and however alike they answer. Each is tested exactly: against the bar and, where a reference was chosen, against being worse than it
 * by the margin; it has to pass both. How the 5 % are shared:
 * - `holm`: the clearest of k models has to pass at 5 %/k, the next at 5 %/(k-1), until one does not. S. Holm, Scand. J. Stat. 6 (1979) 65-70.
 * - `fixed-sequence`: in the given order, largest first, each at the whole 5 %, until one does not pass. W. Maurer, L. Hothorn and W. Lehmacher, in
 *   Biometrie in der chemisch-pharmazeutischen Industrie 6 (1995) 3-18. The order is fixed by size before the run, so nothing is corrected.
 * Fails: with 95 % confidence below the bar (Wilson), or worse than the reference by more than the margin (Newcombe). A model that was stopped
 * early can only fail, so stopping lends no model a pass, and one whose answers are not all there fits only if the missing ones cannot change it.
 * @param candidates in the order of testing where that is fixed, in any order otherwise; those without an answer count among the named
 * @param rule bar and margin, 0 to 1, procedure, and what may be spent
 * @returns verdict, a sentence with the numbers behind it, and how many more items would decide, in the same order
 */
export function judgeModels(candidates: readonly Candidate[], rule: Rule): ModelJudgement[] {
  const chances = candidates.map((candidate) => chanceOf(candidate, rule));
  const levels = rule.testing === 'fixed-sequence' ? sequenceLevels(candidates, chances, rule) : holmLevels(chances, rule);
  return candidates.map((candidate, at) => {
    const level = levels[at];
    if (level === undefined) throw new Error('every candidate has a level');
    const isCertified = level.endedBy === null && (chances[at] ?? 1) <= level.alpha;
    return judge(candidate, { bar: rule.bar, margin: rule.margin, level, isCertified });
  });
}

function holmLevels(chances: readonly number[], rule: Rule): readonly Level[] {
  const candidates = chances.length;
  const shared = rule.alpha ?? falsePassLimit;
  const levels: Level[] = [];
  const byChance = chances.map((chance, at) => ({ chance, at })).toSorted((a, b) => a.chance - b.chance);
  let alpha = shared / Math.max(1, candidates);
  let isOpen = true;
  for (const [rank, { chance, at }] of byChance.entries()) {
    if (isOpen) alpha = shared / (candidates - rank);
    isOpen &&= chance <= alpha;
    levels[at] = { alpha, candidates, isOneOfLooks: rule.isOneOfLooks ?? false, endedBy: null };
  }
  return levels;
}

function sequenceLevels(candidates: readonly Candidate[], chances: readonly number[], rule: Rule): readonly Level[] {
  const alpha = rule.alpha ?? falsePassLimit;
  let endedBy: string | null = null;
  return candidates.map((candidate, at) => {
    const level = { alpha, candidates: candidates.length, isOneOfLooks: rule.isOneOfLooks ?? false, endedBy };
    if (endedBy === null && (chances[at] ?? 1) > alpha) endedBy = candidate.name ?? 'A larger model';
    return level;
  });
}

/**
 * Whether a model reaches the bar so clearly that no answer of the run's other models can take it back: at its share of the 5 %. Where larger
 * models are tested first, those may.
 * @param interval items passed
 * @param plan bar, models that were named before the run, and how the 5 % are shared
 */
export function passesAlready(
  interval: Interval,
  plan: LevelPlan & { readonly bar: number; readonly modelIds: readonly string[] },
): boolean {
  const { testing, alpha } = levelOf(plan);
  if (testing === 'fixed-sequence' && plan.modelIds.length > 1) return false;
  return aboveBarP(interval, plan.bar) <= alpha / Math.max(1, plan.modelIds.length);
}

/** Chance of evidence this good if the model did not fit: the larger of the two tests, because both have to hold. */
function chanceOf({ interval, gate, toCome }: Candidate, { bar, margin }: Pick<Rule, 'bar' | 'margin'>): number {
  if (interval === null) return 1;
  return Math.max(aboveBarP(atWorst(interval, toCome), bar), gate === null ? 0 : notInferiorP(tableAtWorst(gate), margin));
}

/** An answer that is to come is at most an item more, and wrong at worst. */
function atWorst({ passed, n }: Interval, toCome = 0): Proportion {
  return { passed, n: n + toCome };
}

function tableAtWorst({ comparison: { table }, toCome = 0 }: ReferenceGate): PairedTable {
  return { ...table, onlyReference: table.onlyReference + toCome };
}

function judge(
  candidate: Candidate,
  rule: { readonly bar: number; readonly margin: number; readonly level: Level; readonly isCertified: boolean },
): ModelJudgement {
  const { interval, gate } = candidate;
  const { bar, margin, level } = rule;
  if (interval === null) return { verdict: 'not-enough-evidence', reason: 'No item was graded.', moreItems: null };
  const score = `${formatTally(interval.passed)} of ${formatTally(interval.n)} items passed, ${formatScore(interval)}`;
  const barText = `the bar of ${percent(bar)}`;
  if (rule.isCertified) {
    const close = gate === null ? '' : ` ${nonInferior(gate, margin)}`;
    const least = percentBelow(leastRate(atWorst(interval, candidate.toCome), level.alpha), bar);
    return {
      verdict: 'fits',
      reason: `${score}; ${confidence(level)} the true rate is at least ${least}, so ${barText} is reached.${close}`,
      moreItems: null,
    };
  }
  const upper = wilsonUpperBound(interval);
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
  if (level.endedBy !== null) {
    return {
      verdict: 'not-enough-evidence',
      reason: `${score}; not tested: ${level.endedBy} is larger and does not pass beyond doubt, and the models are tested from the largest down.`,
      moreItems: null,
    };
  }
  const toCome = Math.max(candidate.toCome ?? 0, gate?.toCome ?? 0);
  if (toCome > 0) {
    const those = toCome === 1 ? 'one planned answer is' : `${formatCount(toCome)} planned answers are`;
    const reason = `${score}; ${those} not there yet, and a model is called fitting only once they cannot change it.`;
    return { verdict: 'not-enough-evidence', reason, moreItems: null };
  }
  const reaches = aboveBarP(interval, bar) <= level.alpha;
  const isClose = gate === null || notInferiorP(gate.comparison.table, margin) <= level.alpha;
  // More items are a further look at the run, which may spend less.
  const alpha = level.isOneOfLooks ? nextLookLevel(level.alpha) : level.alpha;
  const moreItems = mostOf([
    reaches ? 0 : moreItemsForBar(interval, { bar, alpha }),
    isClose || gate === null ? 0 : moreItemsForMargin(gate.comparison, { margin, alpha }),
  ]);
  const doubt = reaches
    ? `${barText} is reached, but ${undecided(gate, margin)}`
    : `the true rate may lie anywhere between ${percent(leastRate(interval, level.alpha))} and ${percent(upper)}, and ${barText} lies in between${amongMany(level)}.`;
  return { verdict: 'not-enough-evidence', reason: `${score}; ${doubt}${howManyMore(moreItems)}`, moreItems };
}

function confidence({ candidates, isOneOfLooks }: Level): string {
  const together = [
    ...(candidates > 1 ? [`all ${candidates} models of the run`] : []),
    ...(isOneOfLooks ? [candidates > 1 ? 'every look at it' : 'every look at the run'] : []),
  ];
  return together.length === 0 ? 'with 95% confidence' : `with 95% confidence for ${together.join(' and ')} together`;
}

function amongMany({ candidates, alpha, isOneOfLooks }: Level): string {
  if (isOneOfLooks) return ` (this look at the run may spend ${Number((alpha * 100).toPrecision(2))}% of the 5% on it)`;
  return candidates > 1 && alpha < falsePassLimit
    ? ` (${candidates} models were named, so each has to pass more clearly than one alone)`
    : '';
}

/**
 * More items until the test against the bar decides, if the observed rate holds.
 * @param interval what was observed
 * @param rule.bar share to reach
 * @param rule.alpha level at which it has to be reached
 * @returns items, or null where the rate is so close to the bar that no sensible number decides
 */
export function moreItemsForBar(
  interval: Pick<Interval, 'n' | 'passRate'>,
  rule: { readonly bar: number; readonly alpha: number },
): number | null {
  const { n, passRate } = interval;
  const { bar, alpha } = rule;
  const isDecided = (items: number): boolean => {
    const proportion = { passed: passRate * items, n: items };
    return passRate >= bar ? aboveBarP(proportion, bar) <= alpha : wilsonUpperBound(proportion) < bar;
  };
  return itemsUntil(n, isDecided);
}

/** More items until the comparison leaves the margin, if the table keeps its proportions. */
function moreItemsForMargin(comparison: PairedComparison, rule: { readonly margin: number; readonly alpha: number }): number | null {
  const { n, difference, table } = comparison;
  const { margin, alpha } = rule;
  return itemsUntil(n, (items) => {
    const grown = scaled(table, items / n);
    return difference > -margin ? roughNotInferiorP(grown, margin) <= alpha : newcombePairedInterval(grown, oneSided95).high < -margin;
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

/** A bound that is above the bar must not be rounded up over what it is. */
function percentBelow(share: number, bar: number): string {
  return percent(Math.max(bar, Math.floor(share * 1000) / 1000));
}

/** One decimal where it says more: bounds next to a bar must not read equal to it. */
function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace(/\.0$/, '')}%`;
}

function points(difference: number): string {
  return `${(difference * 100).toFixed(1).replace(/\.0$/, '')} points`;
}

function nonInferior(gate: ReferenceGate, margin: number): string {
  const worst = gate.comparison.lowerBound;
  const worse = worst >= 0 ? `It is no worse than ${gate.name}` : `It is at most ${points(-worst)} worse than ${gate.name}`;
  return `${worse} on the same ${formatTally(gate.comparison.n)} items; the margin is ${points(margin)}.`;
}

function inferior(gate: ReferenceGate, margin: number): string {
  return `at least ${points(-gate.comparison.upperBound)} worse than ${gate.name} on the same ${formatTally(gate.comparison.n)} items; the margin is ${points(margin)}.`;
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
