import { describe, expect, it } from 'vitest';
import type { FitEstimate, FitState } from '#core/fit/fitTypes.ts';
import { visibleModels } from '../../../src/renderer/features/library/columns.ts';
import { fitRank, rankFits } from '../../../src/renderer/fit/rankFits.ts';
import { artifacts } from '../../fixtures/page/sampleData.ts';

function estimate(state: FitState, gpuLayers = 0): FitEstimate {
  return { state, gpuLayers, layers: 40 } as FitEstimate;
}

interface Model {
  readonly id: string;
}

function models(count: number): Model[] {
  return Array.from({ length: count }, (_, index) => ({ id: String(index) }));
}

/** A clock that every estimate moves on by a millisecond. */
function ranking(of: readonly Model[], fitOf: (model: Model) => FitEstimate | null | undefined) {
  let time = 0;
  const turns: number[] = [];
  let turnBegan = 0;
  const shown: ReadonlyMap<string, number>[] = [];
  const stopped = new AbortController();
  return {
    turns,
    shown,
    stopped,
    options: {
      models: of,
      fitOf: (model: Model) => {
        time += 1;
        return fitOf(model);
      },
      pause: async () => {
        turns.push(time - turnBegan);
        turnBegan = time;
      },
      more: async () => undefined,
      onRanks: (ranks: ReadonlyMap<string, number>) => shown.push(ranks),
      now: () => time,
      signal: stopped.signal,
    },
  };
}

describe('ranking by fit', () => {
  it('puts the GPU before a part of it, more layers before fewer, RAM before tight, and what does not fit last', () => {
    const order = [
      estimate('gpu', 40),
      estimate('partial', 39),
      estimate('partial', 2),
      estimate('cpu'),
      estimate('tight'),
      estimate('none'),
    ];
    const ranks = order.map(fitRank);
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
    expect(new Set(ranks).size).toBe(order.length);
  });

  it('gives the page its turn every few milliseconds, however many models there are', async () => {
    const run = ranking(models(10_000), () => estimate('cpu'));
    await rankFits(run.options);
    expect(run.turns.length).toBeGreaterThan(1000);
    expect(Math.max(...run.turns)).toBeLessThanOrEqual(7);
    expect(run.shown.at(-1)?.size).toBe(10_000);
    // Twice a second of ten, not at every turn.
    expect(run.shown.length).toBeLessThanOrEqual(21);
  });

  it('waits for headers that are not read yet, and leaves out what cannot be known', async () => {
    const read = new Set(['0']);
    const run = ranking(models(3), ({ id }) => (id === '2' ? null : read.has(id) ? estimate('gpu', 40) : undefined));
    let waits = 0;
    await rankFits({
      ...run.options,
      more: async () => {
        waits += 1;
        read.add('1');
      },
    });
    expect(waits).toBe(1);
    expect([...(run.shown.at(-1)?.keys() ?? [])]).toEqual(['0', '1']);
  });

  it('ends without a word when nobody sorts by it any more', async () => {
    const run = ranking(models(100), () => estimate('cpu'));
    await rankFits({ ...run.options, pause: async () => run.stopped.abort() });
    expect(run.shown).toEqual([]);
  });

  it('narrows the library to what fits, tight included, or to what does not; unknown is neither', () => {
    const [fine, tight, large] = artifacts.map(({ id }) => id) as [string, string, string];
    const fitRanks = new Map([
      [fine, fitRank(estimate('cpu'))],
      [tight, fitRank(estimate('tight'))],
      [large, fitRank(estimate('none'))],
    ]);
    const shown = (fits: 'all' | 'fits' | 'too-large') =>
      visibleModels(artifacts, { query: '', sort: { column: 'name', direction: 'ascending' }, fitRanks, fits }).map(({ id }) => id);
    expect(shown('all')).toHaveLength(artifacts.length);
    expect(shown('fits').toSorted()).toEqual([fine, tight].toSorted());
    expect(shown('too-large')).toEqual([large]);
  });

  it('orders the library, unknown fits last whichever way', () => {
    const [best, worst] = [artifacts[4], artifacts[2]] as const;
    const fitRanks = new Map([
      [best?.id ?? '', 4],
      [worst?.id ?? '', 0],
    ]);
    for (const [direction, expected] of [
      ['descending', [best?.name, worst?.name]],
      ['ascending', [worst?.name, best?.name]],
    ] as const) {
      const sorted = visibleModels(artifacts, { query: '', sort: { column: 'fit', direction }, fitRanks });
      expect(sorted.slice(0, 2).map(({ name }) => name)).toEqual(expected);
      expect(sorted).toHaveLength(artifacts.length);
    }
  });
});
