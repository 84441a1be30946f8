import { isCompleted } from './itemOutcomes.ts';
import { wasAlone } from './modelMetrics.ts';
import type { SampleRecord } from './sampleRecord.ts';
import { mcnemarExact, percentile } from './statistics.ts';
import { withoutMiddle } from './withoutMiddle.ts';

/** Characters of a question, enough to know it by. */
const shownQuestion = 400;

/** One asking that one side passed and the other did not. */
export interface Flip {
  readonly suite: string;
  readonly itemId: string;
  readonly temperature: number;
  readonly repeat: number;
  /** Whether the side before passed it; the other did the opposite. */
  readonly passedBefore: boolean;
  /** What was asked; of a long question its two ends. */
  readonly input: string;
  readonly outputBefore: string | null;
  readonly outputNow: string | null;
}

/** Two sets of answers to the same questions. */
export interface AnswerComparison {
  /** Items that both graded: askings of one item (repeats, temperatures) are not independent, so each item counts once. */
  readonly n: number;
  /** Items that passed less often, and more often, than before. */
  readonly lost: number;
  readonly gained: number;
  /** Exact two-sided McNemar test: small = the difference is hardly chance. */
  readonly mcnemarP: number;
  /** On the items that both graded, each counted once. */
  readonly passRateBefore: number | null;
  readonly passRateNow: number | null;
  /** Median time of an answer now over before, of answers to these items that were made alone. */
  readonly latencyRatio: number | null;
  /** Askings with another answer that scored the same. */
  readonly changed: number;
  /** Askings of the same name whose question, system prompt or label is not the same any more: left out. */
  readonly reworded: number;
  readonly flips: Flip[];
}

type Answer = Pick<
  SampleRecord,
  | 'suite'
  | 'itemId'
  | 'temperature'
  | 'repeat'
  | 'state'
  | 'passed'
  | 'finishReason'
  | 'input'
  | 'system'
  | 'expected'
  | 'output'
  | 'timings'
  | 'work'
>;

/**
 * Holds answers of one model against earlier ones, or against another model's, on the questions that both were asked: what was lost, what was
 * gained, and whether that may be chance.
 * @param now answers of one side
 * @param before answers of the other
 */
export function compareAnswers(now: readonly Answer[], before: readonly Answer[]): AnswerComparison {
  const known = new Map(before.map((sample) => [askingOf(sample), sample]));
  const items = new Map<string, { passedBefore: number; passedNow: number; askings: number }>();
  const flips: Flip[] = [];
  const pairs: { readonly sample: Answer; readonly earlier: Answer }[] = [];
  let changed = 0;
  let reworded = 0;
  for (const sample of now) {
    const earlier = known.get(askingOf(sample));
    if (earlier === undefined || earlier.passed === null || sample.passed === null) continue;
    if (!isSameQuestion(sample, earlier)) {
      reworded += 1;
      continue;
    }
    const { suite, itemId, temperature, repeat } = sample;
    const key = JSON.stringify([suite, itemId]);
    const item = items.get(key) ?? { passedBefore: 0, passedNow: 0, askings: 0 };
    items.set(key, item);
    item.askings += 1;
    item.passedBefore += Number(earlier.passed);
    item.passedNow += Number(sample.passed);
    pairs.push({ sample, earlier });
    if (earlier.passed !== sample.passed) {
      const outputs = { outputBefore: earlier.output, outputNow: sample.output };
      const input = withoutMiddle(sample.input, shownQuestion);
      flips.push({ suite, itemId, temperature, repeat, passedBefore: earlier.passed, input, ...outputs });
    } else if (earlier.output !== sample.output) changed += 1;
  }
  const all = [...items.values()];
  const lost = all.filter((item) => item.passedNow < item.passedBefore).length;
  const gained = all.filter((item) => item.passedNow > item.passedBefore).length;
  const rate = (passed: (item: (typeof all)[number]) => number): number | null =>
    all.length === 0 ? null : all.reduce((sum, item) => sum + passed(item) / item.askings, 0) / all.length;
  return {
    n: all.length,
    lost,
    gained,
    mcnemarP: mcnemarExact({ lost, gained }),
    passRateBefore: rate((item) => item.passedBefore),
    passRateNow: rate((item) => item.passedNow),
    latencyRatio: latencyRatio(pairs),
    changed,
    reworded,
    flips,
  };
}

/**
 * Models that got worse beyond chance: the exact McNemar test, with the 5 % shared among all that were compared (Holm), so that a gate in a build
 * server does not ring because there are many models.
 * @param models comparisons by model
 */
export function regressions<T extends Pick<AnswerComparison, 'lost' | 'gained' | 'mcnemarP'>>(models: readonly T[]): readonly T[] {
  const worse: T[] = [];
  const byChance = models.toSorted((a, b) => a.mcnemarP - b.mcnemarP);
  for (const [rank, model] of byChance.entries()) {
    if (model.mcnemarP > 0.05 / (models.length - rank)) break;
    if (model.lost > model.gained) worse.push(model);
  }
  return worse;
}

function askingOf({ suite, itemId, temperature, repeat }: Answer): string {
  return JSON.stringify([suite, itemId, temperature, repeat]);
}

/** The question must be the same, not only its name: a data set may have changed between the runs. */
function isSameQuestion(a: Answer, b: Answer): boolean {
  return a.input === b.input && a.system === b.system && a.expected === b.expected;
}

function latencyRatio(pairs: readonly { readonly sample: Answer; readonly earlier: Answer }[]): number | null {
  const timed = pairs.filter(({ sample, earlier }) => [sample, earlier].every((one) => wasAlone(one) && isCompleted(one)));
  const median = (of: (pair: (typeof timed)[number]) => Answer): number | null =>
    percentile(
      timed.flatMap((pair) => of(pair).timings?.totalMs ?? []),
      0.5,
    );
  const now = median((pair) => pair.sample);
  const before = median((pair) => pair.earlier);
  return now === null || before === null || before <= 0 ? null : now / before;
}
