import { describe, expect, it } from 'vitest';
import type { SampleRecord } from '#core/bench/runRecords.ts';
import { summariseRun } from '#core/bench/summariseRun.ts';
import { isBoundToFail } from '#core/bench/verdict.ts';
import { sampleOf } from '../../../fixtures/sampleRecords.ts';

/** Models that all lie just below the bar, or just beyond the margin: every pass is a false one. */
interface World {
  readonly models: number;
  readonly items: number;
  readonly bar: number;
  /** Share of the items on which all models do the same: models of one family fail on the same items. */
  readonly alike: number;
  readonly earlyStop: boolean;
  /** Rate of a reference that is clearly above the bar; null = none is chosen. */
  readonly reference: number | null;
}

const margin = 0.1;
const trials = 600;
/** Three standard errors of a share of 5 % in so many trials. */
const chanceOfTheDraw = 3 * Math.sqrt((0.05 * 0.95) / trials);

describe('a run calls a model fitting that is not, at most once in twenty', () => {
  it.each<[string, World]>([
    ['alone', { models: 1, items: 100, bar: 0.9, alike: 0, earlyStop: false, reference: null }],
    ['alone on few items', { models: 1, items: 20, bar: 0.8, alike: 0, earlyStop: false, reference: null }],
    ['eight of them', { models: 8, items: 100, bar: 0.8, alike: 0, earlyStop: false, reference: null }],
    ['eight of one family', { models: 8, items: 100, bar: 0.8, alike: 0.7, earlyStop: false, reference: null }],
    ['eight, stopped early', { models: 8, items: 60, bar: 0.85, alike: 0.3, earlyStop: true, reference: null }],
    ['worse than the reference by the margin', { models: 4, items: 100, bar: 0.5, alike: 0.5, earlyStop: false, reference: 0.95 }],
    ['against a reference on few items', { models: 2, items: 50, bar: 0.5, alike: 0, earlyStop: true, reference: 0.9 }],
  ])('%s', (_name, world) => {
    const random = randomFrom(20_261_121);
    let falsePasses = 0;
    for (let trial = 0; trial < trials; trial += 1) falsePasses += passesFalsely(world, random) ? 1 : 0;
    expect(falsePasses / trials).toBeLessThanOrEqual(0.05 + chanceOfTheDraw);
  });

  it('and does find those that are good enough', () => {
    const random = randomFrom(7);
    let found = 0;
    for (let trial = 0; trial < 200; trial += 1) {
      const world: World = { models: 8, items: 100, bar: 0.8, alike: 0, earlyStop: false, reference: null };
      const { verdict } = summarise(world, samplesOf(world, { rate: 0.96, random }));
      found += verdict.state === 'fits' ? 1 : 0;
    }
    expect(found / 200).toBeGreaterThan(0.99);
  });
});

function passesFalsely(world: World, random: () => number): boolean {
  // The worst that is still no fit: just at the bar, or just at the margin below the reference.
  const rate = world.reference === null ? world.bar : world.reference - margin;
  const { models } = summarise(world, samplesOf(world, { rate, random }));
  return models.some((model) => model.modelId !== 'reference' && model.verdict === 'fits');
}

function summarise(world: World, samples: readonly SampleRecord[]) {
  const ids = [...Array.from({ length: world.models }, (_, at) => `model-${at}`), ...(world.reference === null ? [] : ['reference'])];
  return summariseRun({
    models: ids.map((modelId, at) => ({ modelId, name: modelId, quant: null, sizeBytes: (at + 1) * 1e9, parameters: null })),
    suites: [{ id: 'colours', kind: 'labelled' }],
    samples,
    plan: { bar: world.bar, margin, referenceId: world.reference === null ? null : 'reference' },
  });
}

function samplesOf(world: World, of: { readonly rate: number; readonly random: () => number }): SampleRecord[] {
  const { rate, random } = of;
  const shared = Array.from({ length: world.items }, () => ({ isShared: random() < world.alike, luck: random() }));
  const samples: SampleRecord[] = [];
  const ask = (modelId: string, trueRate: number): void => {
    let passed = 0;
    for (const [asked, { isShared, luck }] of shared.entries()) {
      const isBound = isBoundToFail({ passed, asked, planned: world.items, items: world.items }, world.bar);
      if (world.earlyStop && isBound) return;
      const isRight = (isShared ? luck : random()) < trueRate;
      passed += isRight ? 1 : 0;
      samples.push(sampleOf({ modelId, itemId: `item-${asked}`, state: isRight ? 'passed' : 'failed' }));
    }
  };
  for (let at = 0; at < world.models; at += 1) ask(`model-${at}`, rate);
  if (world.reference !== null) ask('reference', world.reference);
  return samples;
}

/** mulberry32: the same draws in every run of the test. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
