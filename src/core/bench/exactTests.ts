import type { PairedTable } from './statistics.ts';

/** Chance of exceeding it is below 1e-14; everything further out is left away. */
const farTail = 1e-16;

/**
 * Exact one-sided test that a rate is above a bar: the chance of at least this many passes if the true rate were just the bar. Unlike the Wilson
 * bound, which at some numbers of items certifies 6 % where it says 5 %, it never exceeds its level. C. J. Clopper and E. S. Pearson, Biometrika
 * 26 (1934) 404-413.
 * @param proportion passes and trials; a fractional number of passes is rounded down
 * @param bar 0 to 1
 * @returns p, 0 to 1; 1 for no trials
 */
export function aboveBarP(proportion: { readonly passed: number; readonly n: number }, bar: number): number {
  const { n } = proportion;
  const passed = Math.floor(proportion.passed + 1e-9);
  if (n <= 0 || passed <= 0) return 1;
  if (bar <= 0 || bar >= 1) return bar <= 0 ? 0 : 1;
  return upperTail(n, passed, bar);
}

/**
 * What the true rate is at least, at a level: the lower end of the exact interval of Clopper and Pearson.
 * @param proportion passes and trials; a fractional number of passes is rounded down
 * @param alpha chance of being wrong, 0 to 1
 */
export function leastRate(proportion: { readonly passed: number; readonly n: number }, alpha: number): number {
  return clopperPearson({ passed: Math.floor(proportion.passed + 1e-9), n: proportion.n }, alpha).low;
}

/**
 * Exact one-sided test that a candidate is less than a margin worse than a reference on the same items: the largest chance, over all ways in
 * which two models can disagree, of a table that speaks as clearly against "worse by the margin". Tables are ordered by Tango's score (T. Tango,
 * Stat. Med. 17 (1998) 891-908); the unknown rate of disagreement is taken out by its worst case (K. Sidik, J. Stat. Plan. Inference 108 (2002)
 * 291-298), within its own 99.9 % interval (R. L. Berger and D. D. Boos, JASA 89 (1994) 1012-1016). Newcombe's interval certifies up to 12 % at some
 * tables where it says 5 %.
 * @param table items by who passed them; fractional counts are rounded against the candidate
 * @param margin 0 to 1, how much worse is still as good
 * @returns p, 0 to 1; 1 for no items
 */
export function notInferiorP(table: PairedTable, margin: number): number {
  const { n, gained } = flipsOf(table);
  if (n <= 0) return 1;
  const seen = tangoScore(flipsOf(table), margin);
  if (!(seen > 0)) return 1;
  if (n > exactItemsLimit) return normalTail(seen);
  // The rate of items that only the candidate passes; those that only the reference passes are that and the margin.
  const interval = clopperPearson({ passed: gained, n }, nuisanceShare / 2);
  const most = Math.min(interval.high, (1 - margin) / 2);
  const least = Math.min(interval.low, most);
  let worst = 0;
  for (let step = 0; step <= nuisanceSteps; step += 1) {
    const gainRate = least + ((most - least) * step) / nuisanceSteps;
    worst = Math.max(worst, chanceOfScore({ gainRate, lossRate: gainRate + margin, n, margin, atLeast: seen }));
  }
  return Math.min(1, worst + nuisanceShare);
}

/**
 * The same by the normal approximation of the score: for saying about how many more items would decide.
 * @param table items by who passed them
 * @param margin 0 to 1
 */
export function roughNotInferiorP(table: PairedTable, margin: number): number {
  const flips = flipsOf(table);
  const score = flips.n > 0 ? tangoScore(flips, margin) : 0;
  return score > 0 ? normalTail(score) : 1;
}

/**
 * Chance of at most so many passes among n at a rate.
 * @param n trials
 * @param most passes, a whole number
 * @param rate 0 to 1
 */
export function chanceOfAtMost(n: number, most: number, rate: number): number {
  return 1 - upperTail(n, most + 1, rate);
}

interface Flips {
  readonly gained: number;
  readonly lost: number;
  readonly n: number;
}

function flipsOf(table: PairedTable): Flips {
  const n = Math.round(table.both + table.onlyCandidate + table.onlyReference + table.neither);
  const gained = Math.floor(table.onlyCandidate + 1e-9);
  return { n, gained, lost: Math.min(n - gained, Math.ceil(table.onlyReference - 1e-9)) };
}

/** Beyond, the normal approximation of the score is as good. */
const exactItemsLimit = 1500;
const nuisanceShare = 0.001;
const nuisanceSteps = 40;

/** Chance that the score of two models with these rates reaches what was seen. */
function chanceOfScore(of: {
  readonly gainRate: number;
  readonly lossRate: number;
  readonly n: number;
  readonly margin: number;
  readonly atLeast: number;
}): number {
  const { gainRate, lossRate, n, margin, atLeast } = of;
  const restRate = Math.max(0, 1 - gainRate - lossRate);
  let chance = 0;
  const losses = mass(n, lossRate);
  for (let lost = losses.least; lost <= losses.most; lost += 1) {
    const left = n - lost;
    const lossChance = Math.exp(logBinomial(n, lost, lossRate));
    if (lossChance < farTail) continue;
    // Given the losses, gains are binomial among the rest. More gains speak more clearly, so one boundary does.
    const share = restRate + gainRate > 0 ? Math.min(1, gainRate / (restRate + gainRate)) : 0;
    const needed = leastGains({ lost, n, margin, atLeast });
    if (needed > left) continue;
    chance += lossChance * (needed <= 0 ? 1 : upperTail(left, needed, share));
  }
  return chance;
}

/** Fewest gains at which the score is reached, by halving: the score grows with every gain. */
function leastGains(of: { readonly lost: number; readonly n: number; readonly margin: number; readonly atLeast: number }): number {
  const { lost, n, margin, atLeast } = of;
  const reaches = (gained: number): boolean => tangoScore({ gained, lost, n }, margin) >= atLeast - 1e-12;
  let low = 0;
  let high = n - lost + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (middle <= n - lost && !reaches(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Tango's score against "worse by the margin": positive speaks for the candidate, and a gain always raises it. The gain rate is its most likely
 * value where the loss rate is larger by the margin.
 */
function tangoScore(of: Flips, margin: number): number {
  const { gained, lost, n } = of;
  const linear = (gained + lost) * (1 - margin) - 2 * margin * (n - lost);
  const gainRate = (linear + Math.sqrt(linear * linear + 8 * n * gained * margin * (1 - margin))) / (4 * n);
  return (gained - lost + n * margin) / Math.sqrt(n * (2 * gainRate + margin - margin * margin));
}

/** Range of counts outside of which there is nothing to speak of: eight standard deviations. */
function mass(n: number, rate: number): { readonly least: number; readonly most: number } {
  const spread = 8 * Math.sqrt(n * rate * (1 - rate)) + 8;
  return { least: Math.max(0, Math.floor(n * rate - spread)), most: Math.min(n, Math.ceil(n * rate + spread)) };
}

/** Chance of at least `least` of n at this rate, summed from the side that is shorter. */
function upperTail(n: number, least: number, rate: number): number {
  if (least <= 0) return 1;
  if (least > n || rate <= 0) return 0;
  if (rate >= 1) return 1;
  const isAbove = least > n * rate;
  let sum = 0;
  let term = Math.exp(logBinomial(n, isAbove ? least : least - 1, rate));
  const odds = rate / (1 - rate);
  if (isAbove) {
    for (let count = least; count <= n && term > farTail * Math.max(sum, 1e-300); count += 1) {
      sum += term;
      term *= ((n - count) / (count + 1)) * odds;
    }
    return Math.min(1, sum);
  }
  for (let count = least - 1; count >= 0 && term > farTail * Math.max(sum, 1e-300); count -= 1) {
    sum += term;
    term *= count / (n - count + 1) / odds;
  }
  return Math.max(0, 1 - sum);
}

/** Interval that holds the true rate at least as often as it says. @param tail chance left on either side */
function clopperPearson(
  proportion: { readonly passed: number; readonly n: number },
  tail: number,
): { readonly low: number; readonly high: number } {
  const { passed, n } = proportion;
  const low = passed <= 0 ? 0 : rateWhere((rate) => upperTail(n, passed, rate) < tail);
  const high = passed >= n ? 1 : rateWhere((rate) => 1 - upperTail(n, passed + 1, rate) > tail);
  return { low, high };
}

/** The rate up to which something holds, by halving. */
function rateWhere(holds: (rate: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function logBinomial(n: number, count: number, rate: number): number {
  if (rate <= 0) return count === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (rate >= 1) return count === n ? 0 : Number.NEGATIVE_INFINITY;
  return logFactorial(n) - logFactorial(count) - logFactorial(n - count) + count * Math.log(rate) + (n - count) * Math.log(1 - rate);
}

const logFactorials: number[] = [0];

function logFactorial(n: number): number {
  for (let next = logFactorials.length; next <= n; next += 1) logFactorials.push((logFactorials[next - 1] ?? 0) + Math.log(next));
  return logFactorials[n] ?? 0;
}

/** Upper tail of the normal distribution: Abramowitz and Stegun 26.2.17, error below 7.5e-8. */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
