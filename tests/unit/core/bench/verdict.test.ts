import { describe, expect, it } from 'vitest';
import { aboveBarP } from '#core/bench/exactTests.ts';
import { collectOutcomes, compareOutcomes, intervalOf, type PairedComparison } from '#core/bench/itemOutcomes.ts';
import { lookLevel } from '#core/bench/lookLevel.ts';
import { wilsonUpperBound } from '#core/bench/statistics.ts';
import { isBoundToFail, judgeModels, type ModelJudgement, moreItemsForBar, passesAlready } from '#core/bench/verdict.ts';
import { weighRun } from '#core/bench/weighRun.ts';
import { answersOf, sampleOf } from '../../../fixtures/sampleRecords.ts';

function judge(
  passed: number,
  n: number,
  bar: number,
  gate: { readonly comparison: PairedComparison; readonly margin: number } | null = null,
) {
  const candidate = { interval: scoreOf(passed, n), gate: gate ? { name: 'Reference', comparison: gate.comparison } : null };
  return only(judgeModels([candidate], { bar, margin: gate?.margin ?? 0.1 }));
}

const scoreOf = (passed: number, n: number) => intervalOf(collectOutcomes(answersOf('m', { passed, n })));

function only(judgements: readonly ModelJudgement[]): ModelJudgement {
  const [first] = judgements;
  if (first === undefined || judgements.length > 1) throw new Error('One judgement was expected.');
  return first;
}

/** Candidate and reference on 100 items: how many only one of them passed. */
function comparison(only: { readonly candidate: number; readonly reference: number }): PairedComparison {
  const reference = answersOf('r', { passed: 50 + only.reference, n: 100 });
  const candidate = answersOf('c', { passed: 50, n: 100 }).map((sample, index) =>
    index >= 100 - only.candidate ? { ...sample, state: 'passed' as const } : sample,
  );
  const result = compareOutcomes(collectOutcomes(candidate), collectOutcomes(reference));
  if (!result) throw new Error('Nothing was shared.');
  return result;
}

describe('a model', () => {
  it.each([
    [87, 0.8, 'fits'],
    [86, 0.8, 'not-enough-evidence'],
    [92, 0.85, 'fits'],
    [91, 0.85, 'not-enough-evidence'],
    [96, 0.9, 'fits'],
    // The chance of 95 of 100 at a true rate of 90% is 5.8%, although the Wilson bound lies above the bar.
    [95, 0.9, 'not-enough-evidence'],
    [99, 0.95, 'fits'],
    [74, 0.8, 'not-enough-evidence'],
    [73, 0.8, 'fails'],
    [0, 0.5, 'fails'],
  ])('with %i of 100 at a bar of %f: %s', (passed, bar, verdict) => {
    expect(judge(passed, 100, bar).verdict).toBe(verdict);
  });

  it('says why in a sentence with its numbers', () => {
    expect(judge(94, 100, 0.8).reason).toBe(
      '94 of 100 items passed, 94% [88–97]; with 95% confidence the true rate is at least 88.5%, so the bar of 80% is reached.',
    );
    expect(judge(60, 100, 0.8).reason).toBe(
      '60 of 100 items passed, 60% [50–69]; with 95% confidence the true rate is at most 67.7%, below the bar of 80%.',
    );
    expect(judge(84, 100, 0.8).reason).toMatch(
      /^84 of 100 items passed, 84% \[76–90\]; the true rate may lie anywhere between 76\.7% and 89\.\d%, and the bar of 80% lies in between\. About \d+ more items would decide it if the rate stays the same\.$/,
    );
    expect(only(judgeModels([{ interval: null, gate: null }], { bar: 0.8, margin: 0.1 }))).toEqual({
      verdict: 'not-enough-evidence',
      reason: 'No item was graded.',
      moreItems: null,
    });
  });

  it('asks for as many more items as decide it at the same rate', () => {
    const above = judge(42, 50, 0.8).moreItems ?? Number.NaN;
    expect(aboveBarP({ passed: 0.84 * (50 + above), n: 50 + above }, 0.8)).toBeLessThanOrEqual(0.05);
    expect(aboveBarP({ passed: 0.84 * (50 + above - 1), n: 50 + above - 1 }, 0.8)).toBeGreaterThan(0.05);
    const below = judge(38, 50, 0.8).moreItems ?? Number.NaN;
    expect(wilsonUpperBound({ passed: 0.76 * (50 + below), n: 50 + below })).toBeLessThan(0.8);
    expect(wilsonUpperBound({ passed: 0.76 * (50 + below - 1), n: 50 + below - 1 })).toBeGreaterThanOrEqual(0.8);
    // The rule of 59: that many in a row show 95% at 5%.
    expect(moreItemsForBar({ n: 30, passRate: 1 }, { bar: 0.95, alpha: 0.05 })).toBe(29);
  });

  it('asks for none where its rate is the bar itself', () => {
    expect(judge(80, 100, 0.8)).toMatchObject({
      verdict: 'not-enough-evidence',
      moreItems: null,
      reason: expect.stringMatching(/too close for more items/),
    });
  });

  it('that reaches the bar still has to hold against a chosen reference', () => {
    const equal = comparison({ candidate: 3, reference: 3 });
    const worse = comparison({ candidate: 0, reference: 30 });
    const unclear = comparison({ candidate: 2, reference: 10 });
    expect(judge(95, 100, 0.8, { comparison: equal, margin: 0.1 })).toMatchObject({
      verdict: 'fits',
      reason: expect.stringMatching(/worse than Reference on the same 100 items/),
    });
    expect(judge(95, 100, 0.8, { comparison: worse, margin: 0.1 })).toMatchObject({
      verdict: 'fails',
      reason: expect.stringMatching(/but at least \S+ points worse than Reference/),
    });
    const doubtful = judge(95, 100, 0.8, { comparison: unclear, margin: 0.1 });
    expect(doubtful).toMatchObject({
      verdict: 'not-enough-evidence',
      reason: expect.stringMatching(/bar of 80% is reached, but against Reference/),
    });
    expect(doubtful.moreItems).toBeGreaterThan(0);
  });
});

describe('several models named before the run', () => {
  const judgeAll = (passed: readonly number[]) =>
    judgeModels(
      passed.map((count) => ({ interval: scoreOf(count, 100), gate: null })),
      { bar: 0.8, margin: 0.1 },
    );

  it('have to pass more clearly the more of them there are', () => {
    expect(judgeAll([87]).map((one) => one.verdict)).toEqual(['fits']);
    expect(judgeAll([87, 70, 70]).map((one) => one.verdict)).toEqual(['not-enough-evidence', 'fails', 'fails']);
    expect(judgeAll([87, 70, 70])[0]?.reason).toMatch(/\(3 models were named, so each has to pass more clearly than one alone\)/);
  });

  it('share the 5% out: once the clearest has passed, the next has more of it', () => {
    expect(judgeAll([87, 99]).map((one) => one.verdict)).toEqual(['fits', 'fits']);
    expect(judgeAll([87, 86]).map((one) => one.verdict)).toEqual(['not-enough-evidence', 'not-enough-evidence']);
    expect(judgeAll([87, 99])[1]?.reason).toMatch(
      /with 95% confidence for all 2 models of the run together the true rate is at least 94\.\d%/,
    );
  });

  it('may be known to pass before the others have answered, and then pass whatever those answer', () => {
    const plan = { bar: 0.8, modelIds: Array.from({ length: 8 }, (_, at) => `model-${at}`) };
    const clear = scoreOf(92, 100);
    if (clear === null) throw new Error('There is a score.');
    expect(passesAlready(clear, plan)).toBe(true);
    for (const other of [0, 50, 85, 100]) expect(judgeAll([92, ...Array<number>(7).fill(other)])[0]?.verdict).toBe('fits');
    const narrow = scoreOf(87, 100);
    expect(narrow !== null && passesAlready(narrow, plan)).toBe(false);
    // Tested from the largest down, a larger model may still end the sequence.
    expect(passesAlready(clear, { ...plan, testing: 'fixed-sequence' })).toBe(false);
  });

  it('keep their order, and one without answers counts among them', () => {
    const judged = judgeModels(
      [
        { interval: null, gate: null },
        { interval: scoreOf(87, 100), gate: null },
      ],
      { bar: 0.8, margin: 0.1 },
    );
    expect(judged.map((one) => one.verdict)).toEqual(['not-enough-evidence', 'not-enough-evidence']);
    expect(judgeModels([], { bar: 0.8, margin: 0.1 })).toEqual([]);
  });
});

describe('models that are tested from the largest down', () => {
  const judgeDown = (passed: readonly number[]) =>
    judgeModels(
      passed.map((count, at) => ({ name: `Model ${at}`, interval: scoreOf(count, 100), gate: null })),
      { bar: 0.8, margin: 0.1, testing: 'fixed-sequence' },
    );

  it('each have the whole 5%, however many there are', () => {
    expect(judgeDown([87, 87, 87]).map((one) => one.verdict)).toEqual(['fits', 'fits', 'fits']);
  });

  it('are no longer tested below the first that does not pass beyond doubt, and say so', () => {
    const judged = judgeDown([95, 84, 99, 60]);
    expect(judged.map((one) => one.verdict)).toEqual(['fits', 'not-enough-evidence', 'not-enough-evidence', 'fails']);
    expect(judged[2]).toMatchObject({
      reason: expect.stringMatching(/not tested: Model 1 is larger and does not pass beyond doubt/),
      moreItems: null,
    });
    expect(judged[1]?.moreItems).toBeGreaterThan(0);
  });
});

describe('a run that can be extended', () => {
  it('spends less at each look, and never more than 5% in all', () => {
    expect(lookLevel({ look: 1, canBeExtended: false })).toBe(0.05);
    const looks = [1, 2, 3, 4, 5, 6].map((look) => lookLevel({ look, canBeExtended: true }));
    expect(looks.slice(0, 3)).toEqual([expect.closeTo(0.04), expect.closeTo(0.008), expect.closeTo(0.0016)]);
    expect(looks.reduce((sum, level) => sum + level, 0)).toBeLessThanOrEqual(0.05);
  });

  it('asks for as many more items as decide at the next look', () => {
    const rule = { bar: 0.8, margin: 0.1, alpha: 0.04, isOneOfLooks: true };
    const judged = only(judgeModels([{ interval: scoreOf(42, 50), gate: null }], rule));
    const more = judged.moreItems ?? Number.NaN;
    expect(aboveBarP({ passed: 0.84 * (50 + more), n: 50 + more }, 0.8)).toBeLessThanOrEqual(0.008);
    expect(judged.reason).toMatch(/this look at the run may spend 4% of the 5% on it/);
  });

  it('keeps what an earlier look has shown, unless the model fails by now', () => {
    const ask = (from: number, to: number, passed: number, finishedAt: number) =>
      Array.from({ length: to - from }, (_, at) =>
        sampleOf({ modelId: 'm', itemId: `item-${from + at}`, finishedAt, state: at < passed ? 'passed' : 'failed' }),
      );
    const weigh = (second: number) =>
      weighRun({
        models: [{ modelId: 'm', name: 'M', quant: null, sizeBytes: 1, parameters: null }],
        suites: [{ id: 'colours', kind: 'labelled' }],
        samples: [...ask(0, 50, 46, 1), ...ask(50, 150, second, 3)],
        plan: { bar: 0.8, margin: 0.1, referenceId: null, itemLimit: 150, extendedAt: [2] },
      }).models[0]?.judgement;
    expect(weigh(80)).toMatchObject({ verdict: 'fits', reason: expect.stringMatching(/^Shown before the run was extended: 46 of 50/) });
    expect(weigh(95)).toMatchObject({ verdict: 'fits', reason: expect.stringMatching(/^141 of 150/) });
    expect(weigh(40)).toMatchObject({ verdict: 'fails' });
  });
});

describe('a run whose answers are not all there yet', () => {
  const weigh = (passed: number, of: { readonly asked: number; readonly toCome: number }) =>
    judgeModels([{ interval: scoreOf(passed, of.asked), gate: null, toCome: of.toCome }], { bar: 0.8, margin: 0.1 })[0];

  it('calls no model fitting that the missing ones could still take down', () => {
    expect(weigh(57, { asked: 60, toCome: 40 })).toMatchObject({
      verdict: 'not-enough-evidence',
      reason: expect.stringMatching(
        /^57 of 60 .*; 40 planned answers are not there yet, and a model is called fitting only once they cannot/,
      ),
      moreItems: null,
    });
    expect(weigh(57, { asked: 60, toCome: 0 })?.verdict).toBe('fits');
  });

  it('calls one fitting that passes whatever they bring, by what holds then', () => {
    expect(weigh(90, { asked: 90, toCome: 10 })).toMatchObject({
      verdict: 'fits',
      reason: expect.stringMatching(/^90 of 90 .* the true rate is at least 83\.6%/),
    });
  });

  it('still says that one fails', () => {
    expect(weigh(10, { asked: 60, toCome: 40 })?.verdict).toBe('fails');
  });

  it('waits for the reference too', () => {
    const gate = { name: 'Reference', comparison: comparison({ candidate: 5, reference: 5 }) };
    const judged = (toCome: number) =>
      judgeModels([{ interval: scoreOf(95, 100), gate: { ...gate, toCome } }], { bar: 0.5, margin: 0.1 })[0]?.verdict;
    expect([judged(0), judged(20)]).toEqual(['fits', 'not-enough-evidence']);
  });
});

describe('stopping early', () => {
  it('happens only once a model is bound to fail whatever the rest brings', () => {
    // 24 wrong answers leave 76 of 100 at best: at most 82.3% with 95% confidence. 28 leave 72, at most 78.8%.
    expect(isBoundToFail({ passed: 26, asked: 50, planned: 100, items: 100 }, 0.8)).toBe(false);
    expect(isBoundToFail({ passed: 22, asked: 50, planned: 100, items: 100 }, 0.8)).toBe(true);
  });

  it('never leaves a verdict open that the whole run would have closed', () => {
    for (const [passed, asked] of [
      [22, 50],
      [0, 28],
      [71, 99],
    ] as const) {
      expect(isBoundToFail({ passed, asked, planned: 100, items: 100 }, 0.8)).toBe(true);
      expect(judge(passed, asked, 0.8).verdict).toBe('fails');
    }
  });

  it('does not happen before anything was asked, also where even a full score would not reach the bar', () => {
    expect(isBoundToFail({ passed: 0, asked: 0, planned: 30, items: 30 }, 0.95)).toBe(false);
  });

  it('counts items and not askings', () => {
    expect(isBoundToFail({ passed: 0, asked: 40, planned: 100, items: 100 }, 0.8)).toBe(true);
    expect(isBoundToFail({ passed: 0, asked: 40, planned: 100, items: 5 }, 0.8)).toBe(false);
  });
});

describe('outcomes', () => {
  it('count errors and cut answers as failed, and skipped and cancelled ones not at all', () => {
    const interval = intervalOf(
      collectOutcomes([
        sampleOf({ itemId: 'right' }),
        sampleOf({ itemId: 'wrong', state: 'failed' }),
        sampleOf({ itemId: 'crashed', state: 'error', finishReason: null }),
        sampleOf({ itemId: 'cut', finishReason: 'length' }),
        sampleOf({ itemId: 'skipped', state: 'skipped' }),
        sampleOf({ itemId: 'cancelled', state: 'error', finishReason: 'cancelled' }),
        sampleOf({ itemId: 'pp512', state: 'measured' }),
      ]),
    );
    expect(interval).toMatchObject({ n: 4, passed: 1, passRate: 0.25 });
  });

  it('count an item once, with the share of its askings that passed', () => {
    const askings = [1, 2, 3].flatMap((repeat) => [
      sampleOf({ itemId: 'sure', repeat, temperature: 0.5 }),
      sampleOf({ itemId: 'shaky', repeat, temperature: 0.5, state: repeat === 1 ? 'passed' : 'failed' }),
    ]);
    expect(intervalOf(collectOutcomes(askings))).toMatchObject({ n: 2, passed: expect.closeTo(4 / 3) });
  });

  it('of two models are compared on what both were asked', () => {
    const candidate = [sampleOf({ itemId: 'a' }), sampleOf({ itemId: 'b', state: 'failed' }), sampleOf({ itemId: 'only-here' })];
    const reference = [sampleOf({ itemId: 'a' }), sampleOf({ itemId: 'b' }), sampleOf({ itemId: 'only-there' })];
    expect(compareOutcomes(collectOutcomes(candidate), collectOutcomes(reference))).toMatchObject({
      n: 2,
      difference: -0.5,
      lost: 1,
      gained: 0,
      table: { both: 1, onlyCandidate: 0, onlyReference: 1, neither: 0 },
    });
    expect(compareOutcomes(collectOutcomes(candidate), collectOutcomes([]))).toBeNull();
  });

  it('of repeated items add up to the number of items', () => {
    const ask = (states: readonly ('passed' | 'failed')[]) =>
      states.map((state, index) => sampleOf({ itemId: 'x', repeat: index + 1, state }));
    const result = compareOutcomes(collectOutcomes(ask(['passed', 'failed'])), collectOutcomes(ask(['passed', 'passed'])));
    expect(result).toMatchObject({ n: 1, table: { both: 0.5, onlyReference: 0.5 }, lost: 1, gained: 0 });
  });
});
