import { expect, it } from 'vitest';
import type { LabelledItem } from '#core/bench/labelledItem.ts';
import { planRun } from '#core/bench/planRun.ts';
import { expectedGaps } from '#main/services/benchmarks/expectedGaps.ts';
import type { PreparedRun } from '#main/services/benchmarks/runPlanning.ts';

const item = (id: string, more: Partial<LabelledItem> = {}): LabelledItem => ({
  ...{ id, task: 't', system: null, input: id, expected: 'x', grader: null, labels: null, schema: null, tags: [] },
  ...more,
});
const items = [item('plain'), item('tool', { tools: ['execute_python'] }), item('sum', { tools: ['calculator'] })];
const scenarios = planRun({
  models: ['a', 'b'].map((id) => ({ id, sizeBytes: 1 })),
  suites: [{ id: 's', kind: 'labelled', items }],
  plan: { temperatures: [0, 0.7], repeats: 2, itemLimit: null, seed: 1 },
});
const prepared: PreparedRun = {
  models: [{ modelId: 'a' }, { modelId: 'b' }] as unknown as PreparedRun['models'],
  suites: [],
  scenarios,
  itemOf: (scenario) => items.find(({ id }) => id === scenario.itemId) ?? item('none'),
  itemOfSample: () => null,
};

it('names the items of one model that need a sandbox where none can be had, however often they are asked', () => {
  const missing = { isAvailable: false, reason: 'No browser was found.', hint: 'Install one.', isBroken: false } as const;
  expect(expectedGaps(prepared, missing)).toEqual([{ items: 1, reason: 'No browser was found.', hint: 'Install one.' }]);
});

it('says nothing where the sandbox is there, or where nobody has looked', () => {
  expect(expectedGaps(prepared, { isAvailable: true, detail: 'a browser' })).toEqual([]);
  expect(expectedGaps(prepared, null)).toEqual([]);
});
