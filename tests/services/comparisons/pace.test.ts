import { describe, expect, it } from 'vitest';
import { fitsBeside } from '#main/services/comparisons/fitsBeside.ts';
import { takeTogether, takeTurns } from '#main/services/comparisons/paceColumns.ts';
import type { Artifact } from '#shared/contract/models.ts';

/** Columns that load when told and end when told, with what happened in order. */
function columns(count: number) {
  const log: string[] = [];
  const loads = Array.from({ length: count }, () => Promise.withResolvers<void>());
  const ends = Array.from({ length: count }, () => Promise.withResolvers<void>());
  const answer = async (index: number, onLoaded: () => void): Promise<void> => {
    log.push(`begin ${index}`);
    await loads[index]?.promise;
    onLoaded();
    await ends[index]?.promise;
    log.push(`end ${index}`);
  };
  /** Until everything that can happen has happened. */
  const settle = (): Promise<void> => new Promise((done) => setImmediate(done));
  return {
    log,
    answer,
    load(index: number): Promise<void> {
      loads[index]?.resolve();
      return settle();
    },
    end(index: number): Promise<void> {
      ends[index]?.resolve();
      return settle();
    },
    settle,
  };
}
const always = (): Promise<boolean> => Promise.resolve(true);

describe('columns of a comparison', () => {
  it('take turns in the given order', async () => {
    const { log, answer, load, end, settle } = columns(2);
    const all = takeTurns({ order: [1, 0], answer });
    await load(0);
    await load(1);
    expect(log).toEqual(['begin 1']);
    await end(1);
    await settle();
    await end(0);
    await all;
    expect(log).toEqual(['begin 1', 'end 1', 'begin 0', 'end 0']);
  });

  it('written together load one after another and write side by side', async () => {
    const { log, answer, load, end, settle } = columns(2);
    const all = takeTogether({ order: [0, 1], answer }, { fits: always });
    await settle();
    expect(log).toEqual(['begin 0']);
    await load(0);
    expect(log).toEqual(['begin 0', 'begin 1']);
    await load(1);
    await end(1);
    await end(0);
    await all;
    expect(log).toEqual(['begin 0', 'begin 1', 'end 1', 'end 0']);
  });

  it('written together wait for the others where a model does not fit beside them', async () => {
    const { log, answer, load, end } = columns(2);
    const fits = (index: number): Promise<boolean> => Promise.resolve(index === 0);
    const all = takeTogether({ order: [0, 1], answer }, { fits });
    await load(0);
    expect(log).toEqual(['begin 0']);
    await end(0);
    expect(log).toEqual(['begin 0', 'end 0', 'begin 1']);
    await load(1);
    await end(1);
    await all;
  });

  it('are tried together where it cannot be told whether they fit', async () => {
    const models = { loaded: () => [], plan: () => Promise.reject(new Error('no header')) };
    const { signal } = new AbortController();
    expect(await fitsBeside({ artifact: { id: 'a' } as Artifact }, { models, signal })).toBe(true);
    expect(await fitsBeside({ artifact: null }, { models, signal })).toBe(true);
  });
});
