import { describe, expect, it } from 'vitest';
import type { SampleRecord } from '#core/bench/sampleRecord.ts';
import { isBoundToFail } from '#core/bench/verdict.ts';
import { type RunSamples, weighRun } from '#core/bench/weighRun.ts';
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
  readonly testing: 'holm' | 'fixed-sequence';
  /** How often the run is extended by the items it asks for, as long as a model is undecided. */
  readonly extensions: number;
}

const alone: World = {
  ...{ models: 1, items: 100, bar: 0.9, alike: 0, earlyStop: false, reference: null },
  ...{ testing: 'holm', extensions: 0 },
};
const eight: World = { ...alone, models: 8, bar: 0.8 };
const sequence: World = { ...eight, testing: 'fixed-sequence' };
const margin = 0.1;
const trials = 400;
/** Three standard errors of a share of 5 % in so many trials. */
const chanceOfTheDraw = 3 * Math.sqrt((0.05 * 0.95) / trials);
/** Nobody asks for thousands of items more. */
const mostMoreItems = 150;

describe('a run calls a model fitting that is not, at most once in twenty', () => {
  it.each<[string, World]>([
    ['alone', alone],
    ['alone on few items', { ...alone, items: 20, bar: 0.8 }],
    ['eight of them', eight],
    ['eight of one family', { ...eight, alike: 0.7 }],
    ['eight, stopped early', { ...eight, items: 60, bar: 0.85, alike: 0.3, earlyStop: true }],
    ['worse than the reference by the margin', { ...alone, models: 4, bar: 0.5, alike: 0.5, reference: 0.95 }],
    ['against a reference on few items', { ...alone, models: 2, items: 50, bar: 0.5, earlyStop: true, reference: 0.9 }],
    ['from the largest down', sequence],
    ['from the largest down, of one family', { ...sequence, alike: 0.7, earlyStop: true }],
    ['extended while in doubt', { ...alone, items: 40, bar: 0.8, extensions: 3 }],
    ['four, extended while in doubt and stopped early', { ...eight, models: 4, items: 40, alike: 0.3, earlyStop: true, extensions: 2 }],
    ['four from the largest down, extended while in doubt', { ...sequence, models: 4, items: 40, extensions: 2 }],
  ])('%s', (_name, world) => {
    const random = randomFrom(20_261_121);
    let falsePasses = 0;
    for (let trial = 0; trial < trials; trial += 1) falsePasses += passesFalsely(world, random) ? 1 : 0;
    expect(falsePasses / trials).toBeLessThanOrEqual(0.05 + chanceOfTheDraw);
  });

  it('which a second look at the whole 5% would not keep', () => {
    const random = randomFrom(20_261_121);
    let falsePasses = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const luck = Array.from({ length: 400 }, random);
      const passes = [50, 100, 200, 400].map((n) => {
        const answers = luck.slice(0, n).map((draw, at) => answer('model-0', { at, isRight: draw < 0.8, look: 1 }));
        return weigh({ ...alone, bar: 0.8 }, { samples: answers, extendedAt: undefined })[0]?.judgement?.verdict === 'fits';
      });
      falsePasses += passes.includes(true) ? 1 : 0;
    }
    expect(falsePasses / trials).toBeGreaterThan(0.08);
  });

  it('also where somebody cancels it as soon as it looks like a pass, which looking alone would not keep', () => {
    const random = randomFrom(20_261_121);
    let falsePasses = 0;
    let seeming = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const answers = Array.from({ length: 100 }, (_, at) => answer('model-0', { at, isRight: random() < 0.8, look: 1 }));
      const isPassed = (asked: number, toCome: number): boolean =>
        weigh({ ...alone, bar: 0.8 }, { samples: answers.slice(0, asked), extendedAt: undefined, toCome })[0]?.judgement?.verdict ===
        'fits';
      const looks = Array.from({ length: 10 }, (_, look) => (look + 1) * 10);
      falsePasses += looks.some((asked) => isPassed(asked, 100 - asked)) ? 1 : 0;
      seeming += looks.some((asked) => isPassed(asked, 0)) ? 1 : 0;
    }
    expect(falsePasses / trials).toBeLessThanOrEqual(0.05 + chanceOfTheDraw);
    expect(seeming / trials).toBeGreaterThan(0.08);
  });

  it.each<[string, World]>([
    ['named together', eight],
    ['tested from the largest down', sequence],
    ['asked little at first', { ...eight, items: 40, extensions: 1 }],
  ])('and does find those that are good enough: %s', (_name, world) => {
    const random = randomFrom(7);
    let found = 0;
    for (let trial = 0; trial < 100; trial += 1) found += fittingOf(world, { rate: 0.97, random }).length > 0 ? 1 : 0;
    expect(found / 100).toBeGreaterThan(0.98);
  });
});

function passesFalsely(world: World, random: () => number): boolean {
  // The worst that is still no fit: just at the bar, or just at the margin below the reference.
  const rate = world.reference === null ? world.bar : world.reference - margin;
  return fittingOf(world, { rate, random }).length > 0;
}

/** Models that any look at the run calls fitting. */
function fittingOf(world: World, of: { readonly rate: number; readonly random: () => number }): readonly string[] {
  const samples: SampleRecord[] = [];
  const extendedAt: number[] = [];
  const fitting = new Set<string>();
  let asked = 0;
  let more = world.items;
  for (let look = 1; look <= world.extensions + 1; look += 1) {
    samples.push(...answersOf(world, { ...of, from: asked, to: asked + more, look }));
    asked += more;
    const judged = weigh(world, { samples, extendedAt });
    for (const { model, judgement } of judged) if (judgement?.verdict === 'fits') fitting.add(model.facts.modelId);
    const wanted = judged.flatMap(({ judgement }) => judgement?.moreItems ?? []);
    if (wanted.length === 0) break;
    more = Math.min(mostMoreItems, ...wanted);
    extendedAt.push(look);
  }
  return [...fitting].filter((modelId) => modelId !== 'reference');
}

function weigh(
  world: World,
  of: { readonly samples: readonly SampleRecord[]; readonly extendedAt: readonly number[] | undefined; readonly toCome?: number },
) {
  const ids = [...Array.from({ length: world.models }, (_, at) => `model-${at}`), ...(world.reference === null ? [] : ['reference'])];
  const run: RunSamples = {
    models: ids.map((modelId, at) => ({ modelId, name: modelId, quant: null, sizeBytes: (at + 1) * 1e9, parameters: null })),
    suites: [{ id: 'colours', kind: 'labelled' }],
    samples: of.samples,
    toCome: new Map(ids.map((id) => [id, of.toCome ?? 0])),
    plan: {
      ...{ bar: world.bar, margin, referenceId: world.reference === null ? null : 'reference', testing: world.testing },
      ...{ itemLimit: world.extensions > 0 ? world.items : null, extendedAt: of.extendedAt },
    },
  };
  return weighRun(run).models;
}

function answersOf(
  world: World,
  of: { readonly rate: number; readonly random: () => number; readonly from: number; readonly to: number; readonly look: number },
): SampleRecord[] {
  const { rate, random, from, to, look } = of;
  const items = to - from;
  const shared = Array.from({ length: items }, () => ({ isShared: random() < world.alike, luck: random() }));
  const samples: SampleRecord[] = [];
  const ask = (modelId: string, trueRate: number): void => {
    let passed = 0;
    for (const [asked, { isShared, luck }] of shared.entries()) {
      if (world.earlyStop && isBoundToFail({ passed, asked, planned: items, items }, world.bar)) return;
      const isRight = (isShared ? luck : random()) < trueRate;
      passed += isRight ? 1 : 0;
      samples.push(answer(modelId, { at: from + asked, isRight, look }));
    }
  };
  for (let at = 0; at < world.models; at += 1) ask(`model-${at}`, rate);
  if (world.reference !== null) ask('reference', world.reference);
  return samples;
}

function answer(modelId: string, of: { readonly at: number; readonly isRight: boolean; readonly look: number }): SampleRecord {
  return sampleOf({ modelId, itemId: `item-${of.at}`, state: of.isRight ? 'passed' : 'failed', finishedAt: of.look - 0.5 });
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
