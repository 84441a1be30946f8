import { describe, expect, it } from 'vitest';
import type { FrontierModel } from '#core/bench/frontier.ts';
import { frontierOf } from '#core/bench/frontier.ts';
import { collectOutcomes, compareOutcomes } from '#core/bench/itemOutcomes.ts';
import { answersOf } from '../../../fixtures/sampleRecords.ts';

/** Passes of 100 items, milliseconds of an answer, gigabytes. */
function placesOf(models: Readonly<Record<string, readonly [number, number | null, number | null]>>) {
  const outcomes = new Map(Object.entries(models).map(([id, [passed]]) => [id, collectOutcomes(answersOf(id, { passed, n: 100 }))]));
  const measured = Object.entries(models).map(
    ([modelId, [, ms, gigabytes]]): FrontierModel => ({
      modelId,
      // Some spread, so that intervals have a width.
      totalsMs: ms === null ? [] : Array.from({ length: 100 }, (_, at) => ms * (0.9 + at / 500)),
      peakMemoryBytes: gigabytes === null ? null : gigabytes * 1e9,
      joules: [],
    }),
  );
  const compare = (one: string, other: string) => compareOutcomes(outcomes.get(one) ?? new Map(), outcomes.get(other) ?? new Map());
  return Object.fromEntries(frontierOf(measured, { compare, margin: 0.1 }));
}

describe('the frontier', () => {
  it('holds every model that is better than each other one in something', () => {
    expect(placesOf({ small: [70, 100, 1], large: [95, 900, 9] })).toEqual({ small: 'on', large: 'on' });
  });

  it('leaves out a model that another one beats beyond doubt and nowhere falls behind', () => {
    expect(placesOf({ small: [94, 100, 1], large: [93, 900, 9] })).toEqual({ small: 'on', large: 'dominated' });
  });

  it('keeps in the tie band what may still be better in score', () => {
    expect(placesOf({ small: [90, 100, 1], large: [95, 900, 9] })).toEqual({ small: 'on', large: 'tie' });
  });

  it('calls two models on a frontier that differ by chance alone', () => {
    expect(placesOf({ one: [90, 100, 2], other: [90, 101, 2.01] })).toEqual({ one: 'on', other: 'tie' });
  });

  it('says nothing of what was not measured', () => {
    expect(placesOf({ one: [90, null, null], other: [90, null, null] })).toEqual({ one: 'on', other: 'on' });
    expect(placesOf({ one: [90, 100, null], other: [90, 900, null] })).toEqual({ one: 'on', other: 'dominated' });
  });
});
