import { describe, expect, it } from 'vitest';
import { comparabilityParts, differingConditions, type RunFacts } from '#core/bench/comparability.ts';

const run: RunFacts = {
  plan: { temperatures: [0], repeats: 1, maxTokens: 256, seed: 1, constrained: false, itemLimit: null, thinking: 'off', kvType: null },
  suites: [{ id: 'colours', sha256: 'ab'.repeat(32) }],
  models: [{ modelId: 'small', sha256: 'cd'.repeat(32), engine: 'engine 1', backend: 'cpu', threads: 2, contextTokens: 8192 }],
  cpu: 'A processor',
  power: 'mains',
  thermal: null,
};

describe('the conditions of a run', () => {
  it('name questions, files, engine and machine, and say what is not known', () => {
    const parts = new Map(comparabilityParts(run).map(({ name, value }) => [name, value]));
    expect(Object.fromEntries(parts)).toMatchObject({
      suites: 'colours abababababab',
      sampling: 'temperature 0; every question once; seed 1',
      prompts: 'in fixed chunks of 128 tokens, with a cut where questions stop being the same',
      thinking: 'off',
      models: 'small cdcdcdcdcdcd',
      'keys and values': 'as for a chat',
      device: 'A processor',
      heat: 'unknown',
    });
  });

  it('count askings, which are one at temperature 0 whatever the plan repeats', () => {
    const sampling = (temperatures: readonly number[], repeats: number) =>
      comparabilityParts({ ...run, plan: { ...run.plan, temperatures, repeats } }).find(({ name }) => name === 'sampling')?.value;
    expect(sampling([0], 3)).toBe(sampling([0], 1));
    expect(sampling([0.7], 3)).toBe('temperature 0.7; every question 3 times; seed 1');
    expect(sampling([0, 0.7], 3)).toBe('temperature 0, 0.7; every question 3 times, at 0 once; seed 1');
  });

  it('are the same for the same run, and say in words what is not', () => {
    const parts = comparabilityParts(run);
    expect(differingConditions(parts, comparabilityParts({ ...run }))).toEqual([]);
    const later = { ...run, power: 'battery', models: run.models.map((model) => ({ ...model, engine: 'engine 2' })) };
    expect(differingConditions(comparabilityParts(later), parts)).toEqual([
      'engine: engine 1 then, engine 2 now',
      'power: mains then, battery now',
    ]);
  });
});
