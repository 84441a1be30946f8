import { describe, expect, test } from 'vitest';
import type { Flip, ModelComparison } from '#shared/contract/benchmarkResults.ts';
import type { RunSummary } from '#shared/contract/benchmarks.ts';
import {
  baselineChoices,
  changeCounts,
  changeOf,
  differingParts,
  firstPair,
  flippedScenarios,
  likeliestBaseline,
  whatChanged,
} from '../../../src/renderer/features/benchmarks/results/baseline/comparedRows.ts';
import { runSummary } from '../../fixtures/page/benchmarkData.ts';

function flip(itemId: string, passedBefore: boolean, repeat = 0): Flip {
  return { suite: 's', itemId, temperature: 0.7, repeat, passedBefore, input: 'q', outputBefore: 'a', outputNow: 'b' };
}

function compared(parts: Partial<ModelComparison>): ModelComparison {
  return { modelId: 'm', n: 100, lost: 0, gained: 0, mcnemarP: 1, flips: [], ...parts };
}

describe('changeOf', () => {
  test('says worse or better only where chance is unlikely to have done it', () => {
    expect(changeOf({ lost: 8, gained: 1, mcnemarP: 0.039 })).toBe('worse');
    expect(changeOf({ lost: 1, gained: 8, mcnemarP: 0.039 })).toBe('better');
    expect(changeOf({ lost: 8, gained: 2, mcnemarP: 0.109 })).toBe('none');
  });

  test('counts models by change and leaves out a kind without any', () => {
    const models = [compared({ lost: 6, mcnemarP: 0.03 }), compared({}), compared({ gained: 2, mcnemarP: 0.5 })];
    expect(changeCounts(models)).toEqual([
      { change: 'worse', count: 1 },
      { change: 'none', count: 2 },
    ]);
  });
});

describe('flippedScenarios', () => {
  test('joins the runs of one scenario, harmful ones first and the most often flipped before the others', () => {
    const rows = flippedScenarios([
      compared({ modelId: 'a', flips: [flip('x', false), flip('y', true)] }),
      compared({ modelId: 'b', flips: [flip('z', true), flip('z', true, 1)] }),
    ]);
    expect(rows.map(({ modelId, itemId, isHarm, runs }) => [modelId, itemId, isHarm, runs])).toEqual([
      ['b', 'z', true, 2],
      ['a', 'y', true, 1],
      ['a', 'x', false, 1],
    ]);
  });

  test('keeps the two directions of one scenario apart', () => {
    expect(flippedScenarios([compared({ flips: [flip('x', true), flip('x', false, 1)] })])).toHaveLength(2);
  });
});

describe('differingParts', () => {
  const key = (key: string, parts: Readonly<Record<string, string>>) => ({
    key,
    parts: Object.entries(parts).map(([name, value]) => ({ name, value })),
  });

  test('is empty for one key and names each part that is not the same', () => {
    const now = key('1', { engine: 'b2', power: 'mains', heat: 'normal' });
    expect(differingParts(now, now)).toEqual([]);
    expect(differingParts(now, key('2', { engine: 'b1', power: 'mains', thinking: 'off' }))).toEqual([
      { name: 'engine', now: 'b2', before: 'b1' },
      { name: 'heat', now: 'normal', before: null },
      { name: 'thinking', now: null, before: 'off' },
    ]);
  });

  test('is unknown where one of the runs does not say', () => {
    expect(differingParts(null, key('1', {}))).toBeNull();
    expect(differingParts(key('1', {}), undefined)).toBeNull();
  });
});

test('offers as baselines only earlier runs that are over and share a suite and a model', () => {
  const earlier = (id: string, change: Partial<RunSummary>): RunSummary => ({
    ...runSummary,
    id,
    startedAt: runSummary.startedAt - 1000,
    ...change,
  });
  const offered = baselineChoices(runSummary, [
    runSummary,
    earlier('good', {}),
    earlier('cancelled', { state: 'cancelled', done: 5 }),
    earlier('running', { state: 'running' }),
    earlier('later', { startedAt: runSummary.startedAt + 1 }),
    earlier('empty', { done: 0 }),
    earlier('others', { plan: { ...runSummary.plan, modelIds: ['another'] } }),
  ]);
  expect(offered.map((run) => run.id)).toEqual(['good', 'cancelled']);
});

describe('firstPair', () => {
  const model = (modelId: string, name: string, sizeBytes: number, passRate: number) => ({
    modelId,
    name,
    sizeBytes,
    overall: { passRate, low: 0, high: 1, n: 10, passed: passRate * 10 },
  });

  test('takes two quants of one model, the larger as what the smaller is held against', () => {
    const models = [model('q8', 'Qwen', 8, 0.9), model('q4', 'Qwen', 4, 0.8), model('other', 'Gemma', 1, 1)];
    expect(firstPair(models, 'other')).toEqual({ modelId: 'q4', againstId: 'q8' });
  });

  test('takes the model of the verdict against the best other one where there are no two quants', () => {
    const models = [model('a', 'A', 1, 0.5), model('b', 'B', 2, 0.9), model('c', 'C', 3, 0.95)];
    expect(firstPair(models, 'b')).toEqual({ modelId: 'b', againstId: 'c' });
    expect(firstPair(models, null)).toEqual({ modelId: 'a', againstId: 'c' });
    expect(firstPair(models.slice(0, 1), null)).toBeNull();
  });
});

describe('whatChanged', () => {
  const labels = new Map([
    ['a', 'A'],
    ['b', 'B'],
    ['c', 'C'],
  ]);

  test('says a change once for all models that it is true of, and counts those without any', () => {
    const models = [
      { modelId: 'a', differs: ['engine: b1 then, b2 now'] },
      { modelId: 'b', differs: ['engine: b1 then, b2 now', 'the file'] },
      { modelId: 'c', differs: [] },
    ];
    expect(whatChanged(models, labels)).toEqual(['A, B: engine: b1 then, b2 now.', 'B: the file.', 'The other one is unchanged.']);
    expect(whatChanged(models.slice(0, 2), labels)[0]).toBe('All models: engine: b1 then, b2 now.');
  });

  test('tells nothing known to have changed from nothing told', () => {
    expect(whatChanged([{ modelId: 'a', differs: [] }], labels)).toEqual(['Nothing is known to have changed: only chance is left.']);
    expect(whatChanged([{ modelId: 'a' }], labels)).toEqual([]);
  });
});

test('opens with the newest run that asked the same of the same models, else with the newest', () => {
  const { suiteIds, modelIds } = runSummary.plan;
  const other = (id: string, plan: Partial<RunSummary['plan']>): RunSummary => ({
    ...runSummary,
    id,
    plan: { ...runSummary.plan, ...plan },
  });
  const part = other('part', { suiteIds: suiteIds.slice(0, 2) });
  const alike = other('alike', { modelIds: modelIds.toReversed() });
  expect(likeliestBaseline(runSummary, [part, alike])?.id).toBe('alike');
  expect(likeliestBaseline(runSummary, [part])?.id).toBe('part');
  expect(likeliestBaseline(runSummary, [])).toBeUndefined();
});
