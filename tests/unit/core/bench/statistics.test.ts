import { describe, expect, it } from 'vitest';
import {
  histogramOf,
  mcnemarExact,
  mean,
  newcombePairedInterval,
  oneSided95,
  percentile,
  percentileInterval,
  percentilesOf,
  spreadOf,
  standardDeviation,
  wilsonInterval,
  wilsonUpperBound,
} from '#core/bench/statistics.ts';

const percents = (interval: { readonly low: number; readonly high: number }): number[] =>
  [interval.low, interval.high].map((bound) => Math.round(bound * 1000) / 10);

describe('Wilson intervals', () => {
  it.each([
    [90, 100, 82.6, 94.5],
    [95, 100, 88.8, 97.8],
    [100, 100, 96.3, 100],
  ])('%i of %i give %f to %f percent', (passed, n, low, high) => {
    expect(percents(wilsonInterval({ passed, n }))).toEqual([low, high]);
  });

  /** Newcombe, Stat. Med. 17 (1998) 857-872, table I, method 3. */
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('agree with Newcombe’s published bounds for %i of %i', (passed, n, low, high) => {
    const interval = wilsonInterval({ passed, n });
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('say nothing where nothing was tried', () => {
    expect(wilsonInterval({ passed: 0, n: 0 })).toEqual({ low: 0, high: 1 });
  });

  it('hold the rate between one-sided bounds that are inside the two-sided ones', () => {
    const proportion = { passed: 45, n: 50 };
    const { low, high } = wilsonInterval(proportion);
    expect(wilsonInterval(proportion, oneSided95).low).toBeGreaterThan(low);
    expect(wilsonInterval(proportion, oneSided95).low).toBeLessThan(0.9);
    expect(wilsonUpperBound(proportion)).toBeLessThan(high);
    expect(wilsonUpperBound(proportion)).toBeGreaterThan(0.9);
  });

  it.each([
    [100, [87, 91, 95, 99]],
    [200, [170, 179, 187, 196]],
    [30, [28, 29, 30, null]],
  ])('of %i items ask for %j passes at bars of 80, 85, 90 and 95 percent', (n, needed) => {
    expect([0.8, 0.85, 0.9, 0.95].map((bar) => passesNeeded(n, bar))).toEqual(needed);
  });
});

/** Fewest passes of n that reach a bar with 95 % confidence, or null where even n of n is not enough. */
function passesNeeded(n: number, bar: number): number | null {
  const counts = Array.from({ length: n + 1 }, (_, passed) => passed);
  return counts.find((passed) => wilsonInterval({ passed, n }, oneSided95).low >= bar) ?? null;
}

describe('Newcombe’s method 10 for paired differences', () => {
  /** Newcombe, Stat. Med. 17 (1998) 2635-2650; Fagerland, Lydersen and Laake, Stat. Med. 33 (2014) 2850-2875 (airway hyper-responsiveness). */
  it.each([
    [{ both: 36, onlyCandidate: 12, onlyReference: 2, neither: 0 }, 0.2, 0.0569, 0.3404],
    [{ both: 1, onlyCandidate: 1, onlyReference: 7, neither: 12 }, -0.2857, -0.5069, -0.0256],
  ])('gives the published interval for %j', (table, difference, low, high) => {
    const interval = newcombePairedInterval(table);
    expect(interval.difference).toBeCloseTo(difference, 4);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('is mirrored when the two are swapped', () => {
    const one = newcombePairedInterval({ both: 80, onlyCandidate: 9, onlyReference: 3, neither: 8 });
    const other = newcombePairedInterval({ both: 80, onlyCandidate: 3, onlyReference: 9, neither: 8 });
    expect(one.low).toBeCloseTo(-other.high, 12);
    expect(one.high).toBeCloseTo(-other.low, 12);
  });

  it('still leaves doubt between two models that agree on every item', () => {
    const bound = newcombePairedInterval({ both: 100, onlyCandidate: 0, onlyReference: 0, neither: 0 }, oneSided95).low;
    expect(bound).toBeLessThan(0);
    expect(bound).toBeGreaterThan(-0.03);
  });

  it('knows nothing without items', () => {
    expect(newcombePairedInterval({ both: 0, onlyCandidate: 0, onlyReference: 0, neither: 0 })).toEqual({
      difference: 0,
      low: -1,
      high: 1,
    });
  });
});

describe('the exact McNemar test', () => {
  it.each([
    [6, 0, 0.03125],
    [5, 0, 0.0625],
    [8, 1, 0.0390625],
    [7, 1, 0.0703125],
    [10, 2, 0.03857421875],
    [12, 3, 0.03515625],
    [4, 4, 1],
    [0, 0, 1],
  ])('of %i against %i flips gives p = %f', (lost, gained, p) => {
    expect(mcnemarExact({ lost, gained })).toBeCloseTo(p, 12);
    expect(mcnemarExact({ lost: gained, gained: lost })).toBeCloseTo(p, 12);
  });

  it('stays a number where the binomial coefficients do not fit one', () => {
    const p = mcnemarExact({ lost: 5200, gained: 4800 });
    expect(p).toBeGreaterThan(0);
    expect(p).toBeLessThan(0.001);
  });
});

describe('percentiles', () => {
  it('bound the true p95 by an order statistic from 59 values on: of 100 it is the 99th', () => {
    const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
    expect(percentilesOf(upTo(58)).p95AtMost).toBeNull();
    expect(percentilesOf(upTo(59)).p95AtMost).toBe(59);
    expect(percentilesOf(upTo(100)).p95AtMost).toBe(99);
  });

  it('have intervals that need enough values at both ends', () => {
    const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
    expect(percentileInterval(upTo(5), 0.5)).toEqual({ low: null, high: null });
    expect(percentileInterval(upTo(6), 0.5)).toEqual({ low: 1, high: 6 });
    // The usual table of ranks: 40th and 61st of 100 for the median.
    expect(percentileInterval(upTo(100), 0.5)).toEqual({ low: 40, high: 61 });
    expect(percentileInterval(upTo(71), 0.95).high).toBeNull();
    expect(percentileInterval(upTo(72), 0.95).high).toBe(72);
  });

  it('interpolate as numpy does by default', () => {
    expect(percentile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(percentile([15, 20, 35, 40, 50], 0.4)).toBeCloseTo(29, 12);
    expect(percentile([7], 0.95)).toBe(7);
    expect(percentile([], 0.5)).toBeNull();
  });

  it('give p90 from 10 values on, p95 from 20 and p99 from 100', () => {
    const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
    expect(percentilesOf(upTo(19))).toMatchObject({ n: 19, p50: 10, p95: null, p99: null, max: 19 });
    expect(percentilesOf(upTo(20))).toMatchObject({ p95: 19.05, p99: null });
    expect(percentilesOf(upTo(100).toReversed())).toMatchObject({ p50: 50.5, p90: expect.closeTo(90.1), p95: 95.05, p99: 99.01, max: 100 });
    expect([9, 10].map((n) => percentilesOf(upTo(n)).p90)).toEqual([null, expect.closeTo(9.1)]);
    expect(percentilesOf([])).toEqual({ n: 0, p50: null, p90: null, p95: null, p99: null, max: null, p95AtMost: null });
  });
});

describe('spread', () => {
  it('is the sample standard deviation', () => {
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2.13809, 5);
    expect(standardDeviation([3])).toBeNull();
    expect(mean([])).toBeNull();
    expect(spreadOf([])).toBeNull();
    expect(spreadOf([3, 1, 2])).toEqual({ n: 3, mean: 2, standardDeviation: 1, min: 1, max: 3 });
  });
});

describe('a histogram', () => {
  it('counts every value once in bins of a round width', () => {
    const { binWidth, counts } = histogramOf([1, 2, 3, 250]);
    expect(binWidth).toBe(10);
    expect(counts).toHaveLength(26);
    expect([counts[0], counts[25]]).toEqual([3, 1]);
  });

  it('is empty for no values and one bin for zeros', () => {
    expect(histogramOf([]).counts).toEqual([]);
    expect(histogramOf([0, 0]).counts).toEqual([2]);
  });

  it.each([0.3, 1, 29, 30, 31, 999, 1e6])('never has more than 30 bins (largest value %f)', (largest) => {
    const { counts } = histogramOf([0, largest / 2, largest]);
    expect(counts.length).toBeLessThanOrEqual(30);
    expect(counts.reduce((a, b) => a + b)).toBe(3);
  });
});
