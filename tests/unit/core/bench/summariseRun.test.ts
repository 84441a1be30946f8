import { describe, expect, it } from 'vitest';
import { formatRate } from '#core/bench/formatRate.ts';
import type { ModelFacts } from '#core/bench/runRecords.ts';
import type { SampleRecord } from '#core/bench/sampleRecord.ts';
import { summariseRun } from '#core/bench/summariseRun.ts';
import type { RunSamples } from '#core/bench/weighRun.ts';
import * as contract from '#shared/contract/benchmarkResults.ts';
import { Sample } from '#shared/contract/benchmarkSamples.ts';
import { Verdict } from '#shared/contract/verdicts.ts';
import { answersOf, sampleOf } from '../../../fixtures/sampleRecords.ts';

const small: ModelFacts = { modelId: 'small', name: 'Small', quant: 'Q4_K_M', sizeBytes: 1_000_000_000, parameters: 1e9 };
const middle: ModelFacts = { modelId: 'middle', name: 'Middle', quant: 'Q4_K_M', sizeBytes: 2_000_000_000, parameters: 3e9 };
const large: ModelFacts = { modelId: 'large', name: 'Large', quant: null, sizeBytes: 5_000_000_000, parameters: 7e9 };
const colours = { id: 'colours', kind: 'labelled' } as const;
const speed = { id: 'speed', kind: 'speed' } as const;
const plan = { bar: 0.8, margin: 0.1, referenceId: null };

function run(samples: readonly SampleRecord[], rest: Partial<RunSamples> = {}) {
  return summariseRun({ models: [large, small, middle], suites: [speed, colours], samples, plan, ...rest });
}

const clear = [
  ...answersOf('small', { passed: 60, n: 100 }),
  ...answersOf('middle', { passed: 92, n: 100 }),
  ...answersOf('large', { passed: 96, n: 100 }),
];

describe('the verdict of a run', () => {
  it('is the smallest model that fits, with the reason and what the next larger one buys', () => {
    const { verdict, models } = run(clear);
    expect(models.map((model) => [model.modelId, model.verdict])).toEqual([
      ['small', 'fails'],
      ['middle', 'fits'],
      ['large', 'fits'],
    ]);
    expect(verdict).toMatchObject({ state: 'fits', modelId: 'middle', model: 'Middle Q4_K_M', moreItems: null });
    expect(verdict.reason).toMatch(/^Middle Q4_K_M is the smallest of 3 models that passes your bar: 92 of 100 items passed/);
    expect(verdict.nextLarger).toBe(
      'The next larger one that passes, Large, buys +4.0 points (96% against 92%, within chance) for 3.0 GB more.',
    );
  });

  it('says how much of what was planned it does not rest on', () => {
    const skipped = answersOf('middle', { passed: 0, n: 40 }, { state: 'skipped', passed: null, suite: 'more', finishReason: null });
    const { verdict } = run([...answersOf('middle', { passed: 92, n: 100 }), ...skipped], {
      suites: [colours, { id: 'more', kind: 'labelled' }],
    });
    expect(verdict.reason).toMatch(
      /^Middle Q4_K_M passes your bar: 92 of 100 items passed, .* reached\. 40 planned answers were not run\. Small/,
    );
  });

  it('says how much longer an answer of the next larger one takes', () => {
    const timings = { loadMs: null, ttftMs: 20, promptTokensPerSecond: 1000, generationTokensPerSecond: 100, totalMs: 1400 };
    const { verdict } = run([...answersOf('middle', { passed: 92, n: 100 }), ...answersOf('large', { passed: 92, n: 100 }, { timings })]);
    expect(verdict.nextLarger).toMatch(/buys no points \(92% against 92%\) for 3\.0 GB more; an answer takes 1\.4 s instead of 0\.12 s\.$/);
  });

  it('mentions a smaller model that is still undecided', () => {
    const { verdict } = run([...answersOf('small', { passed: 84, n: 100 }), ...answersOf('middle', { passed: 92, n: 100 })]);
    expect(verdict).toMatchObject({ state: 'fits', modelId: 'middle', nextLarger: null });
    expect(verdict.reason).toMatch(/Small Q4_K_M is smaller and still undecided\.$/);
  });

  it('fails where every model misses the bar, and names the best', () => {
    const low = [...answersOf('small', { passed: 30, n: 100 }), ...answersOf('large', { passed: 50, n: 100 })];
    const { verdict } = run(low, { models: [large, small] });
    expect(verdict).toMatchObject({ state: 'fails', modelId: null, model: null, nextLarger: null });
    expect(verdict.reason).toMatch(/^All 2 models miss your bar of 80%\. The best is Large: 50 of 100 .*, below the bar of 80%\.$/);
  });

  it('names models that answered nothing: they may fit all the same', () => {
    const low = [...answersOf('small', { passed: 30, n: 100 }), ...answersOf('large', { passed: 50, n: 100 })];
    expect(run(low).verdict.reason).toMatch(
      /^All 2 models that answered miss your bar .* Middle Q4_K_M answered nothing, so nothing is said of it\.$/,
    );
    const { verdict } = run([...answersOf('middle', { passed: 92, n: 100 })]);
    expect(verdict.reason).toMatch(/is reached\. Small Q4_K_M answered nothing, so nothing is said of it\.$/);
    expect(run([]).verdict.reason).toBe('No labelled item was graded, so nothing can be said about quality.');
  });

  it('asks for the fewest items that would decide where none fits for sure', () => {
    const { verdict, models } = run([...answersOf('small', { passed: 79, n: 100 }), ...answersOf('middle', { passed: 86, n: 100 })]);
    expect(verdict.state).toBe('not-enough-evidence');
    expect(verdict.moreItems).toBe(models.find((model) => model.modelId === 'middle')?.moreItems);
    expect(verdict.reason).toMatch(/Closest to a decision is Middle Q4_K_M/);
  });

  it('says that quality was not measured where only speed was', () => {
    const measured = sampleOf({ itemId: 'pp512', suite: 'speed', state: 'measured', passed: null, tokensPerSecond: 500 });
    const { verdict, models } = run([measured], { suites: [speed] });
    expect(verdict).toMatchObject({ state: 'not-enough-evidence', modelId: null, reason: expect.stringMatching(/labelled/) });
    expect(models[0]).toMatchObject({ overall: null, verdict: null, suites: [] });
  });

  it('holds models to a chosen reference only', () => {
    const samples = [...answersOf('middle', { passed: 89, n: 100 }), ...answersOf('large', { passed: 100, n: 100 })];
    const verdictOf = (referenceId: string | null) =>
      run(samples, { plan: { ...plan, referenceId } }).models.find((model) => model.modelId === 'middle');
    expect(verdictOf(null)).toMatchObject({ verdict: 'fits', paired: { referenceId: 'large', nonInferior: false, lost: 11, gained: 0 } });
    expect(verdictOf('large')).toMatchObject({ verdict: 'not-enough-evidence', paired: { referenceId: 'large', nonInferior: false } });
    expect(verdictOf('middle')).toMatchObject({ verdict: 'fits', paired: null });
  });
});

describe('a model behind an endpoint', () => {
  const hosted: ModelFacts = { modelId: 'endpoint:lab/big', name: 'big', quant: null, sizeBytes: 0, parameters: null, remote: true };

  it('is never the smallest: it is the answer only where no model of this machine is', () => {
    const both = run([...answersOf('middle', { passed: 92, n: 100 }), ...answersOf(hosted.modelId, { passed: 99, n: 100 })], {
      models: [hosted, middle],
    });
    expect(both.models.map((model) => model.modelId)).toEqual(['middle', hosted.modelId]);
    expect(both.verdict).toMatchObject({ state: 'fits', modelId: 'middle' });
    expect(both.verdict.nextLarger).toMatch(/^big, which is not on this machine, passes too: it buys \+7\.0 points/);
    const alone = run([...answersOf('middle', { passed: 40, n: 100 }), ...answersOf(hosted.modelId, { passed: 99, n: 100 })], {
      models: [hosted, middle],
    });
    expect(alone.verdict.reason).toMatch(/^big passes your bar, and no model of this machine does: 99 of 100/);
    expect(alone.models.map((model) => model.frontier)).toEqual(['on', null]);
  });

  it('does not fail by what broke on the way to it, and the reason says how much that was', () => {
    const broken = { state: 'skipped' as const, passed: null, finishReason: null, error: { code: 'endpoint-rate-limited', message: '' } };
    const { models } = run(
      [...answersOf(hosted.modelId, { passed: 50, n: 50 }), sampleOf({ modelId: hosted.modelId, itemId: 'x', ...broken })],
      {
        models: [hosted],
      },
    );
    expect(models[0]).toMatchObject({ overall: { n: 50, passed: 50 }, verdict: 'fits', endings: { notRun: 1 }, completionRate: 1 });
    expect(models[0]?.verdictReason).toMatch(/1 planned answer was not run\.$/);
  });
});

describe('a person’s word', () => {
  it('counts where an answer was cut off too', () => {
    const cut = sampleOf({ modelId: 'small', itemId: 'a', finishReason: 'length', overrule: { passed: true, note: '', at: 1 } });
    expect(run([cut]).models[0]?.overall).toMatchObject({ n: 1, passed: 1 });
  });
});

describe('the results of a model', () => {
  it('add up its suites, temperatures, errors and formats', () => {
    const format = (strict: boolean) => ({ grader: 'json-equal', reason: '', format: { strict, loose: true }, fields: null });
    const samples = [
      sampleOf({ itemId: 'a', grade: format(true) }),
      sampleOf({ itemId: 'b', state: 'failed', grade: format(false) }),
      sampleOf({ itemId: 'a', temperature: 0.5, grade: format(true) }),
      sampleOf({ itemId: 'b', temperature: 0.5, grade: format(true), finishReason: 'length', state: 'failed' }),
      sampleOf({ itemId: 'c', state: 'error', grade: null, finishReason: null, usage: null, timings: null }),
      sampleOf({ itemId: 'd', state: 'skipped', grade: null, timings: null }),
    ];
    const result = run(samples).models[0];
    expect(result?.overall).toMatchObject({ n: 3, passed: 1 });
    expect(result?.completionRate).toBe(3 / 5);
    expect(result?.suites).toMatchObject([
      {
        suite: 'colours',
        formatStrict: 3 / 4,
        formatLoose: 1,
        errors: 1,
        truncated: 1,
        byTemperature: [
          { temperature: 0, interval: { n: 3, passed: 1 } },
          { temperature: 0.5, interval: { n: 2, passed: 1 } },
        ],
      },
    ]);
    expect(result?.ttftMs).toMatchObject({ n: 3, p50: 20, p95: null });
  });

  it('tell the kinds of questions of a suite apart, in the order of its items, also where a model was asked only one', () => {
    const result = run([
      sampleOf({ itemId: 'depth-01000-a', task: '1,000 tokens', state: 'failed' }),
      sampleOf({ itemId: 'depth-00500-b', task: '500 tokens' }),
      sampleOf({ itemId: 'depth-00500-a', task: '500 tokens' }),
      sampleOf({ itemId: 'depth-02000-a', task: '2,000 tokens', state: 'skipped', grade: null, timings: null }),
    ]).models[0];
    expect(result?.suites[0]?.byTask).toMatchObject([
      { task: '500 tokens', interval: { n: 2, passed: 2 } },
      { task: '1,000 tokens', interval: { n: 1, passed: 0 } },
    ]);
    expect(run([sampleOf({ itemId: 'a' }), sampleOf({ itemId: 'b' })]).models[0]?.suites[0]?.byTask).toMatchObject([
      { task: 'colour', interval: { n: 2 } },
    ]);
  });

  it('tell the time of an answer by suite, and its form over all suites by answers', () => {
    const timings = { loadMs: null, ttftMs: 20, promptTokensPerSecond: 1000, generationTokensPerSecond: 100, totalMs: 1400 };
    const formed = (strict: boolean) => ({ grader: 'exact', reason: '', format: { strict, loose: true }, fields: null });
    const results = run(
      [
        ...answersOf('small', { passed: 30, n: 30 }, { grade: formed(true) }),
        ...answersOf('small', { passed: 10, n: 10 }, { suite: 'more', grade: formed(false), timings }),
      ],
      { models: [small], suites: [colours, { id: 'more', kind: 'labelled' }] },
    );
    const [model] = results.models;
    expect(model?.suites.map((suite) => suite.totalMs?.p50)).toEqual([120, 1400]);
    expect(formatRate(model?.suites ?? [], 'formatStrict')).toBe(0.75);
    expect(formatRate(model?.suites ?? [], 'formatLoose')).toBe(1);
    expect(formatRate([], 'formatLoose')).toBeNull();
  });

  it('pool speeds over tokens, so that a one-word answer does not weigh like a long one', () => {
    const timings = (rate: number) => ({
      loadMs: null,
      ttftMs: 5,
      promptTokensPerSecond: rate,
      generationTokensPerSecond: rate,
      totalMs: 50,
    });
    const result = run([
      sampleOf({ itemId: 'short', usage: { promptTokens: 20, cachedTokens: 10, completionTokens: 11 }, timings: timings(10) }),
      sampleOf({ itemId: 'long', usage: { promptTokens: 100, cachedTokens: 10, completionTokens: 91 }, timings: timings(90) }),
      sampleOf({ itemId: 'single', usage: { promptTokens: 10, cachedTokens: 10, completionTokens: 1 }, timings: timings(1) }),
    ]).models[0];
    expect(result?.generationTokensPerSecond).toBeCloseTo(50);
    expect(result?.promptTokensPerSecond).toBeCloseTo(50);
    expect(result?.tokensPerAnswer).toBeCloseTo(103 / 3);
  });

  it('report the speed suite as llama-bench does, with load time and peak memory', () => {
    const measure = (itemId: string, repeat: number, tokensPerSecond: number) =>
      sampleOf({
        itemId,
        repeat,
        suite: 'speed',
        state: 'measured',
        passed: null,
        grade: null,
        usage: null,
        timings: null,
        tokensPerSecond,
        peakMemoryBytes: 5000 + repeat,
      });
    const load = sampleOf({
      itemId: 'load',
      suite: 'speed',
      state: 'measured',
      passed: null,
      timings: { loadMs: 321, ttftMs: null, promptTokensPerSecond: null, generationTokensPerSecond: null, totalMs: 321 },
    });
    const result = run([load, measure('pp512', 1, 900), measure('pp512', 2, 1100), measure('tg128', 1, 40)]).models[0];
    expect(result?.speed).toEqual([
      { test: 'pp512', tokensPerSecond: { n: 2, mean: 1000, standardDeviation: expect.closeTo(141.42, 2), min: 900, max: 1100 } },
      { test: 'tg128', tokensPerSecond: { n: 1, mean: 40, standardDeviation: null, min: 40, max: 40 } },
    ]);
    expect(result).toMatchObject({
      loadMs: 321,
      peakMemoryBytes: 5002,
      generationTokensPerSecond: 40,
      promptTokensPerSecond: 1000,
      overall: null,
    });
  });

  it('are those the contract describes, as type and as value', () => {
    const { models, verdict } = run(clear);
    const typed: { readonly models: contract.ModelResult[]; readonly verdict: Verdict } = { models, verdict };
    expect(typed.models.map((model) => contract.ModelResult.safeParse(model).error)).toEqual([undefined, undefined, undefined]);
    expect(Verdict.safeParse(typed.verdict).success).toBe(true);
    const sample = Sample.parse({
      ...sampleOf({ itemId: 'a' }),
      seed: 1,
      input: '',
      system: null,
      expected: '',
      error: null,
      finishedAt: 0,
    });
    expect(run([sample]).models[0]?.overall?.n).toBe(1);
  });

  it('exist for a model that has not answered yet', () => {
    const { models, verdict } = run([]);
    expect(models).toHaveLength(3);
    expect(models[0]).toMatchObject({ verdict: 'not-enough-evidence', overall: null, completionRate: null, peakMemoryBytes: null });
    expect(verdict.state).toBe('not-enough-evidence');
  });
});
