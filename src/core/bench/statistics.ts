import { chanceOfAtMost } from './exactTests.ts';

/** Normal quantiles of 95 %: two-sided and one-sided. */
const twoSided95 = 1.959963984540054;
export const oneSided95 = 1.6448536269514722;

export interface Proportion {
  /** May be fractional: an item asked several times counts as the share it passed. */
  readonly passed: number;
  readonly n: number;
}

/**
 * Wilson score interval of a proportion. E. B. Wilson, JASA 22 (1927) 209-212; in the form of Newcombe, Stat. Med. 17 (1998) 857-872, method 3.
 * @param proportion passes and trials
 * @param z normal quantile; two-sided 95 % unless told
 * @returns low and high, 0 to 1; the whole range for no trials
 */
export function wilsonInterval(proportion: Proportion, z = twoSided95): { readonly low: number; readonly high: number } {
  const { passed, n } = proportion;
  if (n <= 0) return { low: 0, high: 1 };
  const p = passed / n;
  const z2 = z * z;
  const middle = p + z2 / (2 * n);
  const spread = z * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  const scale = 1 + z2 / n;
  return {
    low: passed <= 0 ? 0 : Math.max(0, (middle - spread) / scale),
    high: passed >= n ? 1 : Math.min(1, (middle + spread) / scale),
  };
}

/**
 * One-sided 95 % Wilson upper bound.
 * @param proportion passes and trials
 */
export function wilsonUpperBound(proportion: Proportion): number {
  return wilsonInterval(proportion, oneSided95).high;
}

/** Counts of the same items under two models. Fractional where items were repeated; their sum is the number of items. */
export interface PairedTable {
  readonly both: number;
  readonly onlyCandidate: number;
  readonly onlyReference: number;
  readonly neither: number;
}

/**
 * Interval for the difference of two paired proportions, candidate minus reference: Wilson score intervals squared and added, with the
 * continuity-corrected phi. R. G. Newcombe, Stat. Med. 17 (1998) 2635-2650, method 10.
 * @param table paired counts
 * @param z normal quantile; two-sided 95 % unless told
 * @returns difference, low and high; -1 to 1 for no items
 */
export function newcombePairedInterval(
  table: PairedTable,
  z = twoSided95,
): { readonly difference: number; readonly low: number; readonly high: number } {
  const { both, onlyCandidate, onlyReference, neither } = table;
  const n = both + onlyCandidate + onlyReference + neither;
  if (n <= 0) return { difference: 0, low: -1, high: 1 };
  const p1 = (both + onlyCandidate) / n;
  const p2 = (both + onlyReference) / n;
  const first = wilsonInterval({ passed: both + onlyCandidate, n }, z);
  const second = wilsonInterval({ passed: both + onlyReference, n }, z);
  const phi = correctedPhi(table, n);
  const difference = p1 - p2;
  const below = squareAndAdd(p1 - first.low, second.high - p2, phi);
  const above = squareAndAdd(first.high - p1, p2 - second.low, phi);
  return { difference, low: Math.max(-1, difference - below), high: Math.min(1, difference + above) };
}

function correctedPhi(table: PairedTable, n: number): number {
  const { both: a, onlyCandidate: b, onlyReference: c, neither: d } = table;
  const margins = (a + b) * (c + d) * (a + c) * (b + d);
  if (margins <= 0) return 0;
  const determinant = a * d - b * c;
  const corrected = determinant > 0 ? Math.max(0, determinant - n / 2) : determinant;
  return corrected / Math.sqrt(margins);
}

function squareAndAdd(one: number, other: number, phi: number): number {
  return Math.sqrt(Math.max(0, one * one - 2 * phi * one * other + other * other));
}

/**
 * Exact two-sided McNemar test: the chance of flips at least this one-sided if neither model were better.
 * McNemar, Psychometrika 12 (1947) 153-157, with the exact binomial tail.
 * @param flips items that only the reference passed (`lost`) and only the candidate passed (`gained`), whole numbers
 * @returns p, 0 to 1
 */
export function mcnemarExact(flips: { readonly lost: number; readonly gained: number }): number {
  const n = flips.lost + flips.gained;
  const fewer = Math.min(flips.lost, flips.gained);
  let logTerm = -n * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= fewer; k += 1) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((n - k) / (k + 1));
  }
  return Math.min(1, 2 * tail);
}

/**
 * Percentile by linear interpolation between order statistics (type 7 of Hyndman and Fan, numpy's default).
 * @param values any order
 * @param share 0 to 1
 * @returns the percentile, or null for no values
 */
export function percentile(values: readonly number[], share: number): number | null {
  return percentileOfSorted(ascending(values), share);
}

function percentileOfSorted(sorted: readonly number[], share: number): number | null {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  return below === undefined || above === undefined ? null : below + (above - below) * (at - Math.floor(at));
}

function ascending(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => a - b);
}

export interface Percentiles {
  readonly n: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  /** What the true p95 is at most with 95 % confidence; null below 59 values. */
  readonly p95AtMost?: number | null | undefined;
}

/** Below, a p95 is shown and called indicative: no order statistic bounds it with 95 % confidence. */
export const firmP95Values = 59;

/**
 * The percentiles that a sample can carry, one value beyond each at least: p90 from 10 values, p95 from 20, p99 from 100; and a bound on the p95 from 59.
 * @param values any order
 */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = ascending(values);
  return {
    n: sorted.length,
    p50: percentileOfSorted(sorted, 0.5),
    p90: sorted.length >= 10 ? percentileOfSorted(sorted, 0.9) : null,
    p95: sorted.length >= 20 ? percentileOfSorted(sorted, 0.95) : null,
    p99: sorted.length >= 100 ? percentileOfSorted(sorted, 0.99) : null,
    max: sorted.at(-1) ?? null,
    p95AtMost: boundsOfSorted(sorted, 0.95, 0.05).high,
  };
}

/**
 * Two-sided 95 % interval for a percentile without any assumption about the distribution: the order statistics that enclose it so often. W. J.
 * Conover, Practical Nonparametric Statistics, 3.2.
 * @param values any order
 * @param share 0 to 1
 * @returns null ends where there are too few values
 */
export function percentileInterval(
  values: readonly number[],
  share: number,
): { readonly low: number | null; readonly high: number | null } {
  return boundsOfSorted(ascending(values), share, 0.025);
}

/** The order statistics that a percentile lies above, and below, with no more than `tail` left out on either side. */
function boundsOfSorted(
  sorted: readonly number[],
  share: number,
  tail: number,
): { readonly low: number | null; readonly high: number | null } {
  const n = sorted.length;
  // The first rank at which so many values lie below the percentile with a chance of at least so much, by halving.
  const rankWhere = (chance: number): number => {
    let low = 1;
    let high = n + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (chanceOfAtMost(n, middle - 1, share) < chance) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return { low: sorted[rankWhere(tail) - 2] ?? null, high: sorted[rankWhere(1 - tail) - 1] ?? null };
}

/**
 * Arithmetic mean.
 * @param values numbers
 * @returns the mean, or null for no values
 */
export function mean(values: readonly number[]): number | null {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

/**
 * Sample standard deviation (n - 1).
 * @param values numbers
 * @returns the deviation, or null below two values
 */
export function standardDeviation(values: readonly number[]): number | null {
  const middle = mean(values);
  if (middle === null || values.length < 2) return null;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

export interface Spread {
  readonly n: number;
  readonly mean: number;
  readonly standardDeviation: number | null;
  readonly min: number;
  readonly max: number;
}

/**
 * Mean and spread of repeated measurements, as llama-bench reports them.
 * @param values numbers
 * @returns null for no values
 */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = ascending(values);
  const [min] = sorted;
  const max = sorted.at(-1);
  const middle = mean(values);
  if (min === undefined || max === undefined || middle === null) return null;
  return { n: values.length, mean: middle, standardDeviation: standardDeviation(values), min, max };
}

/**
 * Counts values in bins of one round width (1, 2 or 5 times a power of ten), starting at 0.
 * @param values not negative
 * @param binLimit most bins wanted
 * @returns width and counts; no counts for no values
 */
export function histogramOf(values: readonly number[], binLimit = 30): { readonly binWidth: number; readonly counts: readonly number[] } {
  const max = values.reduce((a, b) => Math.max(a, b), 0);
  if (values.length === 0 || !(max > 0)) return { binWidth: 1, counts: values.length > 0 ? [values.length] : [] };
  const decade = 10 ** Math.floor(Math.log10(max / binLimit));
  const binWidth = [1, 2, 5, 10].map((step) => step * decade).find((width) => Math.floor(max / width) + 1 <= binLimit) ?? decade * 20;
  const counts = Array.from({ length: Math.floor(max / binWidth) + 1 }, () => 0);
  for (const value of values) {
    const bin = Math.floor(Math.max(0, value) / binWidth);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { binWidth, counts };
}
