import { describe, expect, it } from 'vitest';
import { compareAnswers, regressions } from '#core/bench/compareAnswers.ts';
import type { SampleRecord } from '#core/bench/sampleRecord.ts';
import { sampleOf } from '../../../fixtures/sampleRecords.ts';

const answer = (itemId: string, passed: boolean | null, more: Partial<SampleRecord> = {}): SampleRecord =>
  sampleOf({ itemId, state: passed === null ? 'skipped' : passed ? 'passed' : 'failed', passed, output: passed ? 'red' : 'blue', ...more });

describe('answers beside earlier ones', () => {
  it('list what was lost and gained on the same questions, with the exact test and both rates', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => answer(id, id !== 'g'));
    const now = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => answer(id, id === 'g'));
    const compared = compareAnswers(now, before);
    expect(compared).toMatchObject({ n: 7, lost: 6, gained: 1, mcnemarP: expect.closeTo(0.125), changed: 0 });
    expect([compared.passRateBefore, compared.passRateNow]).toEqual([expect.closeTo(6 / 7), expect.closeTo(1 / 7)]);
    expect(compared.flips.map((flip) => [flip.itemId, flip.passedBefore])).toEqual([
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => [id, true]),
      ['g', false],
    ]);
    expect(compared.flips[0]).toMatchObject({ input: now[0]?.input, outputBefore: 'red', outputNow: 'blue' });
  });

  it('show the question of a flip, and of a long one its two ends', () => {
    const input = `Read this. ${'word '.repeat(1000)}What is the colour?`;
    const [flip] = compareAnswers([answer('a', false, { input })], [answer('a', true, { input })]).flips;
    expect(flip?.input).toMatch(/^Read this\.[\s\S]*characters left out[\s\S]*What is the colour\?$/);
    expect(flip?.input.length).toBeLessThan(500);
  });

  it('count an item once however often it was asked', () => {
    const askings = (itemId: string, passes: number): SampleRecord[] =>
      [1, 2, 3, 4, 5].map((repeat) => answer(itemId, repeat <= passes, { temperature: 0.7, repeat }));
    const before = [...askings('a', 5), ...askings('b', 2), ...askings('c', 3)];
    const now = [...askings('a', 0), ...askings('b', 3), ...askings('c', 3)];
    const compared = compareAnswers(now, before);
    expect(compared).toMatchObject({ n: 3, lost: 1, gained: 1, mcnemarP: 1 });
    expect(compared.flips).toHaveLength(6);
  });

  it('leave out what was not asked in both, and count what is another question under the same name', () => {
    const before = [answer('a', true), answer('b', true), answer('c', null)];
    const now = [answer('a', false, { input: 'Reworded?' }), answer('b', false), answer('c', false), answer('new', false)];
    expect(compareAnswers(now, before)).toMatchObject({ n: 1, lost: 1, gained: 0, reworded: 1 });
    expect(compareAnswers([answer('new', true)], before)).toMatchObject({ n: 0, mcnemarP: 1, passRateNow: null, latencyRatio: null });
  });

  it('tell another answer with the same score, and the time of answers that were made alone on both sides', () => {
    const timings = (totalMs: number) => ({
      timings: { loadMs: null, ttftMs: 1, promptTokensPerSecond: null, generationTokensPerSecond: null, totalMs },
    });
    const beside = { work: { ...noWork, beside: 2 } };
    const before = [answer('a', true, timings(100)), answer('b', false, timings(100)), answer('c', true, timings(100))];
    const now = [
      answer('a', true, timings(150)),
      answer('b', false, { ...timings(150), output: 'green' }),
      answer('c', true, { ...timings(900), ...beside }),
    ];
    expect(compareAnswers(now, before)).toMatchObject({ changed: 1, latencyRatio: 1.5, flips: [] });
  });
});

describe('a regression', () => {
  it('is a loss beyond chance, however many models are compared', () => {
    const lost = (id: string, mcnemarP: number) => ({ id, lost: 9, gained: 1, mcnemarP });
    expect(regressions([lost('alone', 0.04)]).map(({ id }) => id)).toEqual(['alone']);
    expect(regressions([lost('one', 0.04), lost('other', 0.6)])).toEqual([]);
    expect(regressions([lost('one', 0.02), lost('other', 0.04)]).map(({ id }) => id)).toEqual(['one', 'other']);
    expect(regressions([{ lost: 1, gained: 12, mcnemarP: 0.003 }])).toEqual([]);
  });
});

const noWork = { modelMs: 1, toolMs: 0, turns: 1, attempts: 1, joules: null, gpuUtilisation: null, gpuMemoryBytes: null };
