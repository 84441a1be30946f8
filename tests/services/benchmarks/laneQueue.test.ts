import { describe, expect, it } from 'vitest';
import type { Scenario } from '#core/bench/planRun.ts';
import { createLaneQueue } from '#main/services/benchmarks/laneQueue.ts';
import { lanesPay, lanesToTry, tokenCostOf } from '#main/services/benchmarks/lanes.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';

const scenario = (itemId: string): Scenario => ({
  kind: 'answer',
  key: itemId,
  modelId: 'm',
  suite: 's',
  itemId,
  task: 't',
  temperature: 0,
  repeat: 1,
  seed: 1,
});
const scenarios = ['a1', 'b1', 'a2', 'b2', 'a3', 'a4'].map(scenario);
const queueOf = () => createLaneQueue(scenarios, ({ itemId }) => itemId[0] ?? '');
const takeAll = (queue: ReturnType<typeof queueOf>, lane: number): readonly string[] => {
  const taken: string[] = [];
  for (let next = queue.take(lane); next !== undefined; next = queue.take(lane)) taken.push(next.itemId);
  return taken;
};

describe('a queue of lanes', () => {
  it('keeps questions with the same beginning together, in their order', () => {
    expect(takeAll(queueOf(), 0)).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'b2']);
  });

  it('gives each lane a beginning of its own, and half of the longest when none is left', () => {
    const queue = queueOf();
    expect(queue.take(0)?.itemId).toBe('a1');
    expect(queue.take(1)?.itemId).toBe('b1');
    expect(queue.take(1)?.itemId).toBe('b2');
    expect(queue.take(1)?.itemId).toBe('a3');
    expect(takeAll(queue, 0)).toEqual(['a2', 'a4']);
    expect(queue.size).toBe(0);
  });

  it('hands out again what was put back, and drains everything else', () => {
    const queue = queueOf();
    const first = queue.take(0);
    if (first === undefined) throw new Error('the queue is empty');
    queue.putBack(first);
    expect(queue.size).toBe(6);
    expect(queue.take(1)?.itemId).toBe('a1');
    expect(queue.drain().map((left) => left.itemId)).toEqual(['a2', 'a3', 'a4', 'b1', 'b2']);
    expect(queue.take(0)).toBeUndefined();
  });
});

/** 10 prompt tokens at 1 ms and 5 further tokens at 2 ms. */
const answer = (parts: { readonly beside?: number; readonly turns?: number } = {}): JournaledSample =>
  ({
    usage: { promptTokens: 30, cachedTokens: 20, completionTokens: 6 },
    timings: { ttftMs: 10, totalMs: 20 },
    work: { beside: parts.beside ?? 1, turns: parts.turns ?? 1 },
  }) as unknown as JournaledSample;
const alone = Array.from({ length: 5 }, () => answer());

describe('whether lanes pay', () => {
  it('is told from what tokens cost alone, whatever the items are', () => {
    const cost = tokenCostOf(alone);
    expect(cost).toEqual({ promptMs: 1, answerMs: 2 });
    if (cost === null) throw new Error('no cost');
    const made = Array.from({ length: 10 }, () => answer({ beside: 2 }));
    expect(lanesPay(made, { cost, elapsedMs: 150 })).toBe(true);
    expect(lanesPay(made, { cost, elapsedMs: 190 })).toBe(false);
  });

  it('is unknown from too few answers, from answers beside others, and from answers in several turns', () => {
    expect(tokenCostOf(alone.slice(1))).toBeNull();
    expect(tokenCostOf(alone.map(() => answer({ beside: 2 })))).toBeNull();
    expect(tokenCostOf(alone.map(() => answer({ turns: 2 })))).toBeNull();
  });

  const machine = {
    wanted: null,
    cores: 8,
    availableBytes: 8e9,
    residentBytes: 1e9,
    isOnGpu: false,
    loadMs: 500,
    answersLeft: 1000,
    answerMs: 100,
  };
  it.each([
    ['one a core', {}, 7],
    ['none beside the first where memory is short', { residentBytes: 8e9 }, 1],
    ['none where the rest is done before they are loaded', { answersLeft: 40 }, 1],
    ['none where nothing is known of the memory', { residentBytes: null }, 1],
    ['as the plan says', { wanted: 3, residentBytes: null }, 3],
    ['four sequences on a GPU, whatever the processor has', { isOnGpu: true, cores: 1, availableBytes: 0 }, 4],
    ['never more than there are answers left', { wanted: 3, answersLeft: 2 }, 2],
  ])('%s', (_what, parts, lanes) => {
    expect(lanesToTry({ ...machine, ...parts })).toBe(lanes);
  });
});
