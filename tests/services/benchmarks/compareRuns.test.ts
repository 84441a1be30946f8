import { describe, expect, it } from 'vitest';
import { compareRuns } from '#main/services/benchmarks/compareRuns.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';

const sample = (itemId: string, passed: boolean | null, more: Partial<JournaledSample> = {}): JournaledSample => ({
  runId: 'run',
  modelId: 'model',
  suite: 'routing',
  itemId,
  task: 'routing',
  temperature: 0,
  repeat: 1,
  seed: 1,
  state: passed === null ? 'skipped' : passed ? 'passed' : 'failed',
  passed,
  grade: null,
  input: `question ${itemId}`,
  system: null,
  expected: 'answer',
  output: passed ? 'answer' : 'other',
  finishReason: 'stop',
  usage: null,
  timings: null,
  tokensPerSecond: null,
  peakMemoryBytes: null,
  error: null,
  finishedAt: 0,
  ...more,
});

describe('a run beside an earlier one', () => {
  it('lists what was lost and gained on the same questions, with the exact test', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => sample(id, id !== 'g'));
    const now = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => sample(id, id === 'g'));
    const { models } = compareRuns('old', { now, before });
    expect(models).toMatchObject([{ modelId: 'model', n: 7, lost: 6, gained: 1 }]);
    expect(models[0]?.mcnemarP).toBeCloseTo(0.125);
    expect(models[0]?.flips.map((flip) => [flip.itemId, flip.passedBefore])).toEqual([
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => [id, true]),
      ['g', false],
    ]);
    expect(models[0]?.flips[0]).toMatchObject({ outputBefore: 'answer', outputNow: 'other' });
  });

  it('counts an item once however often it was asked', () => {
    const askings = (itemId: string, passes: number): JournaledSample[] =>
      [1, 2, 3, 4, 5].map((repeat) => sample(itemId, repeat <= passes, { temperature: 0.7, repeat }));
    const before = [...askings('a', 5), ...askings('b', 2), ...askings('c', 3)];
    const now = [...askings('a', 0), ...askings('b', 3), ...askings('c', 3)];
    const [model] = compareRuns('old', { now, before }).models;
    expect(model).toMatchObject({ n: 3, lost: 1, gained: 1, mcnemarP: 1 });
    expect(model?.flips).toHaveLength(6);
  });

  it('leaves out what was not asked in both, or was another question under the same name', () => {
    const before = [sample('a', true), sample('b', true), sample('c', null), sample('d', true, { modelId: 'gone' })];
    const now = [sample('a', false, { input: 'reworded' }), sample('b', false), sample('c', false), sample('new', false)];
    expect(compareRuns('old', { now, before }).models).toMatchObject([{ modelId: 'model', n: 1, lost: 1, gained: 0 }]);
  });
});
