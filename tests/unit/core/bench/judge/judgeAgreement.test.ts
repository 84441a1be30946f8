import { describe, expect, it } from 'vitest';
import { type AgreementPair, judgeAgreement } from '#core/bench/judge/judgeAgreement.ts';

/** As many pairs of one kind as told, three an answer. */
function pairs(counts: readonly (readonly [human: boolean, judge: boolean | null, n: number])[]): readonly AgreementPair[] {
  const all = counts.flatMap(([human, judge, n]) => Array.from({ length: n }, () => ({ human, judge })));
  return all.map((pair, index) => ({ ...pair, answerId: `a${index % 20}` }));
}

describe('agreement of a judge with people', () => {
  it("is Cohen's kappa: his worked table of 20, 5, 10 and 15 gives 0.4", () => {
    const agreement = judgeAgreement(
      pairs([
        [true, true, 20],
        [true, false, 5],
        [false, true, 10],
        [false, false, 15],
      ]),
    );
    expect(agreement.accuracy).toBeCloseTo(0.7, 10);
    expect(agreement.kappa).toBeCloseTo(0.4, 10);
    expect(agreement.isCalibrated).toBe(false);
    expect(agreement.low).toBeLessThan(0.4);
    expect(agreement.high).toBeGreaterThan(0.4);
  });

  it('counts a judge that nearly always agrees as calibrated', () => {
    const agreement = judgeAgreement(
      pairs([
        [true, true, 29],
        [true, false, 2],
        [false, true, 1],
        [false, false, 28],
      ]),
    );
    expect(agreement.kappa).toBeCloseTo(0.9, 2);
    expect(agreement.isCalibrated).toBe(true);
    expect(agreement.sensitivity).toBeCloseTo(29 / 31, 10);
    expect(agreement.specificity).toBeCloseTo(28 / 29, 10);
  });

  it('is zero for a judge that says yes to everything, and worse for one that says nothing', () => {
    const yes = judgeAgreement(
      pairs([
        [true, true, 30],
        [false, true, 30],
      ]),
    );
    expect(yes.kappa).toBe(0);
    const silent = judgeAgreement(
      pairs([
        [true, null, 30],
        [false, null, 30],
      ]),
    );
    expect(silent).toMatchObject({ n: 0, missing: 60, accuracy: 0, kappa: -1, isCalibrated: false });
  });

  it('is not defined where people said one thing only, or nothing', () => {
    expect(judgeAgreement(pairs([[true, true, 10]])).kappa).toBeNull();
    expect(judgeAgreement([])).toMatchObject({ kappa: null, low: null, accuracy: 0, isCalibrated: false });
  });
});
