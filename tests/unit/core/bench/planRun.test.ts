import { describe, expect, it } from 'vitest';
import { countScenarios, type PlanOptions, planRun } from '#core/bench/planRun.ts';

const models = [
  { id: 'large', sizeBytes: 300 },
  { id: 'small', sizeBytes: 100 },
  { id: 'middle', sizeBytes: 200 },
];
const items = ['one', 'two', 'three'].map((id) => ({ id, task: 'colour' }));
const labelled = { id: 'colours', kind: 'labelled', items } as const;
const speed = { id: 'speed', kind: 'speed' } as const;
const options: PlanOptions = { temperatures: [0], repeats: 1, itemLimit: null, seed: 1 };

describe('a plan', () => {
  it('goes by model from the smallest, then suite, temperature, repeat and item', () => {
    const plan = planRun({ models, suites: [speed, labelled], plan: { ...options, temperatures: [0.7, 0], repeats: 2 } });
    const ofSmall = plan.filter((scenario) => scenario.modelId === 'small');
    expect(plan.map((scenario) => scenario.modelId).filter((id, index, all) => id !== all[index - 1])).toEqual([
      'small',
      'middle',
      'large',
    ]);
    expect(ofSmall.map(({ suite, temperature, repeat, itemId }) => `${suite} ${temperature} ${repeat} ${itemId}`)).toEqual([
      'speed 0 1 load',
      'speed 0 1 load again',
      ...[1, 2, 3, 4, 5].map((repeat) => `speed 0 ${repeat} pp512`),
      ...[1, 2, 3, 4, 5].map((repeat) => `speed 0 ${repeat} tg128`),
      ...[1, 2, 3].map((repeat) => `speed 0 ${repeat} tg128 @ d4096`),
      ...['one', 'two', 'three'].map((item) => `colours 0 1 ${item}`),
      ...[1, 2].flatMap((repeat) => ['one', 'two', 'three'].map((item) => `colours 0.7 ${repeat} ${item}`)),
    ]);
  });

  it('is the same however models are listed, and every key in it is different', () => {
    const input = { suites: [speed, labelled], plan: { ...options, temperatures: [0, 0.5, 1], repeats: 3 } };
    const plan = planRun({ ...input, models });
    expect(planRun({ ...input, models: models.toReversed() })).toEqual(plan);
    expect(new Set(plan.map((scenario) => scenario.key)).size).toBe(plan.length);
  });

  it.each([
    { ...options },
    { ...options, temperatures: [0, 0.5, 1], repeats: 3 },
    { ...options, temperatures: [0.5], repeats: 4, itemLimit: 2 },
    { ...options, itemLimit: 99 },
  ])('%j is counted without being laid out', (plan) => {
    const matrix = { models, suites: [speed, labelled], plan };
    expect(countScenarios(matrix)).toBe(planRun(matrix).length);
  });

  it('asks once at temperature 0 however many repeats there are', () => {
    expect(planRun({ models, suites: [labelled], plan: { ...options, repeats: 5 } })).toHaveLength(9);
  });

  it('gives each repeat a seed of its own, the same for every model', () => {
    const plan = planRun({ models, suites: [labelled], plan: { ...options, temperatures: [0.5], repeats: 3, seed: 4_294_967_295 } });
    expect([...new Set(plan.map((scenario) => `${scenario.repeat}:${scenario.seed}`))]).toEqual(['1:4294967295', '2:0', '3:1']);
  });

  it('takes the first items where there is a limit', () => {
    const plan = planRun({ models: models.slice(0, 1), suites: [labelled], plan: { ...options, itemLimit: 2 } });
    expect(plan.map((scenario) => scenario.itemId)).toEqual(['one', 'two']);
  });

  it('plans nothing twice where a model, suite or temperature is named twice', () => {
    const plan = planRun({ models: [...models, ...models], suites: [labelled, labelled], plan: { ...options, temperatures: [0, -0, 0] } });
    expect(plan).toHaveLength(9);
  });

  it('keeps keys apart where names contain separators', () => {
    const odd = [
      { id: 'a|b', sizeBytes: 1 },
      { id: 'a', sizeBytes: 1 },
    ];
    const suites = [
      { id: 'c', kind: 'labelled', items: [{ id: 'x', task: 't' }] },
      { id: 'b|c', kind: 'labelled', items: [{ id: 'x', task: 't' }] },
    ] as const;
    const plan = planRun({ models: odd, suites, plan: options });
    expect(new Set(plan.map((scenario) => scenario.key)).size).toBe(4);
  });
});
