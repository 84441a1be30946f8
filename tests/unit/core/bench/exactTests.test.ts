import { describe, expect, it } from 'vitest';
import { aboveBarP, leastRate, notInferiorP } from '#core/bench/exactTests.ts';

const table = (lost: number, gained: number, n: number) => ({
  both: n - lost - gained,
  onlyCandidate: gained,
  onlyReference: lost,
  neither: 0,
});

describe('the test against the bar', () => {
  it.each([
    // Binomial tails, computed with exact fractions.
    [87, 100, 0.8, 0.046912],
    [95, 100, 0.9, 0.057577],
    [30, 30, 0.9, 0.9 ** 30],
    [0, 10, 0.5, 1],
    [1, 10, 0.5, 1 - 0.5 ** 10],
  ])('gives %i of %i at a bar of %f the chance %f', (passed, n, bar, chance) => {
    expect(aboveBarP({ passed, n }, bar)).toBeCloseTo(chance, 6);
  });

  it('holds its level at every number of items and every bar', () => {
    for (const n of [1, 7, 30, 100, 333]) {
      for (const bar of [0.5, 0.8, 0.9, 0.97]) {
        let chanceOfPass = 0;
        let before = 1;
        for (let passed = 0; passed <= n; passed += 1) {
          const p = aboveBarP({ passed, n }, bar);
          expect(p).toBeLessThanOrEqual(before + 1e-12);
          // The chance of exactly this many is the step of the tail.
          const next = passed === n ? 0 : aboveBarP({ passed: passed + 1, n }, bar);
          if (p <= 0.05) chanceOfPass += p - next;
          before = p;
        }
        expect(chanceOfPass).toBeLessThanOrEqual(0.05);
      }
    }
  });

  it('says least what the interval of Clopper and Pearson says', () => {
    // 90 of 100: [82.38, 95.10] two-sided at 95% (published example values).
    expect(leastRate({ passed: 90, n: 100 }, 0.025)).toBeCloseTo(0.8238, 4);
    expect(leastRate({ passed: 100, n: 100 }, 0.05)).toBeCloseTo(0.05 ** (1 / 100), 6);
    expect(leastRate({ passed: 0, n: 100 }, 0.05)).toBe(0);
  });

  it('rounds shares of an item down, and knows nothing of no items', () => {
    expect(aboveBarP({ passed: 87.9, n: 100 }, 0.8)).toBe(aboveBarP({ passed: 87, n: 100 }, 0.8));
    expect(aboveBarP({ passed: 0, n: 0 }, 0.8)).toBe(1);
  });
});

describe('the test against a reference', () => {
  it('never exceeds its level, at whatever rate two models disagree', () => {
    for (const [n, margin] of [
      [30, 0.1],
      [50, 0.1],
      [100, 0.05],
    ] as const) {
      for (const gainRate of [0, 0.005, 0.02, 0.08, 0.15, 0.3]) expect(chanceOfPass({ n, margin, gainRate })).toBeLessThanOrEqual(0.05);
    }
  });

  it('still certifies an equal model about as often as the interval would', () => {
    // 100 items, 8% disagreement, margin of 10 points: 93%.
    let chance = 0;
    for (let lost = 0; lost <= 30; lost += 1) {
      for (let gained = 0; gained <= 30; gained += 1) {
        if (notInferiorP(table(lost, gained, 100), 0.1) <= 0.05)
          chance += trinomial({ lost, gained, n: 100, lossRate: 0.04, gainRate: 0.04 });
      }
    }
    expect(chance).toBeGreaterThan(0.9);
  });

  it('weighs every gain and every loss', () => {
    for (let count = 0; count < 12; count += 1) {
      expect(notInferiorP(table(5, count + 1, 100), 0.1)).toBeLessThanOrEqual(notInferiorP(table(5, count, 100), 0.1));
      expect(notInferiorP(table(count + 1, 5, 100), 0.1)).toBeGreaterThanOrEqual(notInferiorP(table(count, 5, 100), 0.1));
    }
  });

  it('goes over into the normal approximation without a jump, and takes shares and no items', () => {
    const exact = notInferiorP(table(75, 60, 1500), 0.025);
    const approximate = notInferiorP(table(75, 60, 1501), 0.025);
    expect(Math.abs(exact - approximate)).toBeLessThan(0.005);
    expect(notInferiorP({ both: 89.5, onlyCandidate: 0.25, onlyReference: 0.25, neither: 10 }, 0.1)).toBe(
      notInferiorP(table(1, 0, 100), 0.1),
    );
    expect(notInferiorP(table(0, 0, 0), 0.1)).toBe(1);
    expect(notInferiorP(table(100, 0, 100), 0.1)).toBe(1);
  });
});

/** Chance that a model that is worse by just the margin passes. */
function chanceOfPass(of: { readonly n: number; readonly margin: number; readonly gainRate: number }): number {
  const { n, margin, gainRate } = of;
  const lossRate = gainRate + margin;
  let chance = 0;
  for (let lost = 0; lost <= n; lost += 1) {
    for (let gained = 0; lost + gained <= n; gained += 1) {
      const probability = trinomial({ lost, gained, n, lossRate, gainRate });
      if (probability > 1e-7 && notInferiorP(table(lost, gained, n), margin) <= 0.05) chance += probability;
    }
  }
  return chance;
}

function trinomial(of: {
  readonly lost: number;
  readonly gained: number;
  readonly n: number;
  readonly lossRate: number;
  readonly gainRate: number;
}): number {
  const { lost, gained, n, lossRate, gainRate } = of;
  const term = (count: number, rate: number): number => (count === 0 ? 0 : count * Math.log(rate));
  const rest = n - lost - gained;
  return Math.exp(
    logFactorial(n) -
      logFactorial(lost) -
      logFactorial(gained) -
      logFactorial(rest) +
      term(lost, lossRate) +
      term(gained, gainRate) +
      term(rest, 1 - lossRate - gainRate),
  );
}

function logFactorial(n: number): number {
  let sum = 0;
  for (let factor = 2; factor <= n; factor += 1) sum += Math.log(factor);
  return sum;
}
