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
      thinking: 'off',
      models: 'small cdcdcdcdcdcd',
      'keys and values': 'as for a chat',
      device: 'A processor',
      heat: 'unknown',
    });
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
