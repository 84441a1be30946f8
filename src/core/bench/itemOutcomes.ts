import type { Interval } from './runRecords.ts';
import type { SampleRecord } from './sampleRecord.ts';
import { mcnemarExact, newcombePairedInterval, oneSided95, type PairedTable, wilsonInterval } from './statistics.ts';

export type SampleOutcome = Pick<
  SampleRecord,
  'suite' | 'itemId' | 'temperature' | 'repeat' | 'state' | 'passed' | 'finishReason' | 'error' | 'overrule'
>;

/** By item: whether each asking (temperature and repeat) of it passed. */
export type ItemOutcomes = ReadonlyMap<string, ReadonlyMap<string, boolean>>;

type Ending = Pick<SampleRecord, 'state' | 'finishReason' | 'error' | 'overrule'>;

/** What goes wrong on the way to a model and is none of its doing. */
const faultOfEndpoint = /^endpoint-/;

/**
 * Whether a sample counts: skipped and cancelled ones were never attempted, measurements are no attempts, and what broke between here and a
 * server is no answer of its model. A person's word always counts.
 * @param sample one outcome
 */
export function isAttempted(sample: Ending): boolean {
  if (sample.overrule) return true;
  return sample.state !== 'measured' && !isNotRun(sample) && sample.finishReason !== 'cancelled';
}

/**
 * Whether something was planned and could not be asked or graded here, for no fault of the model.
 * @param sample one outcome
 */
export function isNotRun(sample: Ending): boolean {
  return sample.state === 'skipped' || (sample.state === 'error' && faultOfEndpoint.test(sample.error?.code ?? ''));
}

/**
 * Whether an answer was cut off by the token limit or a full context. Such answers count as failed.
 * @param sample one outcome
 */
export function isTruncated(sample: Pick<SampleRecord, 'finishReason'>): boolean {
  return sample.finishReason === 'length' || sample.finishReason === 'context-full';
}

/**
 * Whether an answer ran into a limit of time or turns. Such answers count as failed.
 * @param sample one outcome
 */
export function isTimedOut(sample: Pick<SampleRecord, 'finishReason' | 'error'>): boolean {
  return sample.finishReason === 'limit' || sample.error?.code === 'limit-reached';
}

/**
 * Whether an answer came to its own end.
 * @param sample one outcome
 */
export function isCompleted(sample: Pick<SampleRecord, 'state' | 'finishReason'>): boolean {
  return sample.state !== 'error' && (sample.finishReason === 'stop' || sample.finishReason === 'stop-sequence');
}

/** An answer that was cut off was not given, unless a person says otherwise. */
function isPassed(sample: SampleOutcome): boolean {
  return sample.state === 'passed' && (!isTruncated(sample) || sample.overrule?.passed === true);
}

/**
 * Groups one model's attempted samples by item.
 * @param samples of one model
 */
export function collectOutcomes(samples: readonly SampleOutcome[]): ItemOutcomes {
  const items = new Map<string, Map<string, boolean>>();
  for (const sample of samples) {
    if (!isAttempted(sample)) continue;
    const item = JSON.stringify([sample.suite, sample.itemId]);
    const askings = items.get(item) ?? new Map<string, boolean>();
    items.set(item, askings);
    askings.set(`${sample.temperature}/${sample.repeat}`, isPassed(sample));
  }
  return items;
}

/**
 * Pass rate with its two-sided 95 % Wilson interval. Items are the trials: askings of the same item (repeats, temperatures) are not independent,
 * so each item counts once, with the share of its askings that passed. That keeps the interval as wide as the number of items demands and is
 * on the safe side, since averaging askings only lowers an item's variance.
 * @param outcomes of one model
 * @returns the interval, or null where nothing was attempted
 */
export function intervalOf(outcomes: ItemOutcomes): Interval | null {
  const n = outcomes.size;
  if (n === 0) return null;
  let passed = 0;
  for (const askings of outcomes.values()) passed += shareOf(askings);
  return { n, passed, passRate: passed / n, ...wilsonInterval({ passed, n }) };
}

function shareOf(askings: ReadonlyMap<string, boolean>): number {
  let passed = 0;
  for (const asking of askings.values()) passed += asking ? 1 : 0;
  return passed / askings.size;
}

export interface PairedComparison {
  readonly table: PairedTable;
  /** Items that both were asked. */
  readonly n: number;
  readonly difference: number;
  /** One-sided 95 % bounds of the difference, Newcombe's method 10. */
  readonly lowerBound: number;
  readonly upperBound: number;
  readonly mcnemarP: number;
  readonly lost: number;
  readonly gained: number;
}

/**
 * Compares two models (or two runs of one) on the items and askings that both have. An item asked several times adds shares to the table; for
 * the McNemar test it counts as lost or gained where its share differs.
 * @param candidate outcomes of the model in question
 * @param reference outcomes of what it is compared with
 * @returns difference, bounds and flips, or null where no item is shared
 */
export function compareOutcomes(candidate: ItemOutcomes, reference: ItemOutcomes): PairedComparison | null {
  const table = { both: 0, onlyCandidate: 0, onlyReference: 0, neither: 0 };
  let n = 0;
  let lost = 0;
  let gained = 0;
  for (const [item, askings] of candidate) {
    const others = reference.get(item);
    const shared = [...askings].filter(([asking]) => others?.has(asking));
    if (!others || shared.length === 0) continue;
    n += 1;
    let balance = 0;
    for (const [asking, passed] of shared) {
      const otherPassed = others.get(asking) === true;
      table[cellOf(passed, otherPassed)] += 1 / shared.length;
      balance += Number(passed) - Number(otherPassed);
    }
    if (balance < 0) lost += 1;
    if (balance > 0) gained += 1;
  }
  if (n === 0) return null;
  const { difference, low, high } = newcombePairedInterval(table, oneSided95);
  return { table, n, difference, lowerBound: low, upperBound: high, mcnemarP: mcnemarExact({ lost, gained }), lost, gained };
}

function cellOf(passed: boolean, otherPassed: boolean): keyof PairedTable {
  if (passed) return otherPassed ? 'both' : 'onlyCandidate';
  return otherPassed ? 'onlyReference' : 'neither';
}
