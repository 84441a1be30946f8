import { describe, expect, it } from 'vitest';
import { visibleModels } from '../../../src/renderer/features/library/columns.ts';
import { quantsBeside } from '../../../src/renderer/features/library/quantsBeside.ts';
import { artifacts } from '../../fixtures/page/sampleData.ts';

const byName = { column: 'name', direction: 'ascending' } as const;

describe('visibleModels', () => {
  it('finds a model by words of its name, quant and publisher in any order', () => {
    const found = visibleModels(artifacts, { query: 'q4_k_m BARTOWSKI llama', sort: byName });
    expect(found.map((model) => model.name)).toEqual(['Llama 3.2 3B Instruct', 'Mistral Nemo 12B']);
  });

  it('puts missing values last whichever way a column is sorted', () => {
    for (const direction of ['ascending', 'descending'] as const) {
      const scores = visibleModels(artifacts, { query: '', sort: { column: 'score', direction } }).map(
        (model) => model.score?.passRate ?? null,
      );
      const known = scores.filter((score) => score !== null);
      expect(scores.slice(0, known.length)).toEqual(known);
      expect(known).toEqual(known.toSorted((a, b) => (direction === 'ascending' ? a - b : b - a)));
      expect(known.length).toBeLessThan(scores.length);
    }
  });

  it('orders the numbers in names as numbers', () => {
    const models = ['Model 10', 'Model 9', 'Model 2'].map((name) => ({ ...artifacts[0], id: name, name }) as (typeof artifacts)[number]);
    expect(visibleModels(models, { query: '', sort: byName }).map((model) => model.name)).toEqual(['Model 2', 'Model 9', 'Model 10']);
  });
});

describe('quantsBeside', () => {
  const [sample] = artifacts as [(typeof artifacts)[number]];
  const variant = (id: string, change: Partial<typeof sample>) => ({ ...sample, id, ...change });

  it('are the other quants of the same model that are here and whole', () => {
    const all = [
      sample,
      variant('smaller', { quant: 'Q2_K', sizeBytes: 3e9 }),
      variant('damaged', { quant: 'Q3_K_M', state: 'broken' }),
      variant('another-size', { quant: 'Q2_K', parameters: 1e9 }),
      variant('another-repo', { quant: 'Q2_K', repo: 'ada/other' }),
    ];
    expect(quantsBeside(sample, all)).toEqual([{ file: 'smaller', name: 'Q2_K', sizeBytes: 3e9 }]);
  });

  it('are none where nobody knows where the model came from', () => {
    const own = variant('own', { repo: null });
    expect(quantsBeside(own, [own, variant('other', { repo: null })])).toEqual([]);
  });
});
