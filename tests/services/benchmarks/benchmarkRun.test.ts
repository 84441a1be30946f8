import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunProgress } from '#shared/contract/benchmarks.ts';
import { type App, allSamples, middle, newFolder, openApp, planOf, runToEnd, smallest, whenAsked } from './benchmarkHarness.ts';

const everyModel = ['1m-instruct-q4_k_m', '1m-instruct-q8_0', '3m-instruct-q4_k_m', '3m-instruct-q8_0'].map((name) => `starter-${name}`);
let folder: Awaited<ReturnType<typeof newFolder>>;
let app: App;
beforeAll(async () => {
  folder = await newFolder();
  app = await openApp(folder.path);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('a run from start to verdict', () => {
  it('asks every model everything once, smallest first, each on a process of its own', async () => {
    const runnersBefore = app.runners.length;
    const runId = await runToEnd(app, planOf({ modelIds: [middle, smallest], suiteIds: ['speed', 'routing'] }));
    const { benchmarks, library } = app.services;
    const samples = allSamples(app, runId);
    expect(benchmarks.run(runId)).toMatchObject({ state: 'done', total: 46, done: 46, error: null });
    expect(new Set(samples.map((sample) => JSON.stringify([sample.modelId, sample.suite, sample.itemId, sample.repeat]))).size).toBe(46);
    expect([...new Set(samples.map((sample) => sample.modelId))]).toEqual([smallest, middle]);
    // The second load is one of its own too.
    expect(app.runners.length - runnersBefore).toBe(4);

    const speed = samples.filter((sample) => sample.suite === 'speed' && sample.modelId === smallest);
    expect(speed.map((sample) => [sample.itemId, sample.repeat])).toEqual([
      ['load', 1],
      ['load again', 1],
      ...[1, 2, 3, 4, 5].map((repeat) => ['pp512', repeat]),
      ...[1, 2, 3, 4, 5].map((repeat) => ['tg128', repeat]),
      ...[1, 2, 3].map((repeat) => ['tg128 @ d4096', repeat]),
    ]);
    expect(speed.slice(2, 12).every((sample) => sample.state === 'measured' && (sample.tokensPerSecond ?? 0) > 0)).toBe(true);
    expect(speed.slice(12).map((sample) => sample.error?.message)).toEqual(
      Array.from({ length: 3 }, () => 'tg128 @ d4096 needs a context of 4,225 tokens; this model was loaded with 1,024.'),
    );
    expect(samples.every((sample) => (sample.peakMemoryBytes ?? 0) > 10_000_000)).toBe(true);

    const results = benchmarks.results(runId);
    expect(results.models.map((model) => model.modelId)).toEqual([smallest, middle]);
    for (const model of results.models) {
      expect(model.overall?.n).toBe(8);
      expect(model.speed.map((entry) => [entry.test, entry.tokensPerSecond.n])).toEqual([
        ['pp512', 5],
        ['tg128', 5],
      ]);
      expect(model.loadMs).toBeGreaterThan(0);
      expect(model.warmLoadMs).toBeGreaterThan(0);
      expect(model.ttftMs.p50).toBeGreaterThan(0);
    }
    expect(results.conditions).toMatchObject({ backend: 'cpu', contextTokens: 1024 });
    expect(results.conditions.engine).toContain('node-llama-cpp');
    expect(results.conditions.models.every((model) => /^[0-9a-f]{64}$/.test(model.sha256 ?? ''))).toBe(true);
    expect(library.get(smallest)).toMatchObject({ speed: { runId }, score: { n: 8, suite: 'routing', runId } });
  });

  it('gives the same answers to the same questions at temperature 0', async () => {
    const plan = planOf({ suiteIds: ['summary'], itemLimit: 6 });
    const first = await runToEnd(app, plan);
    const second = await runToEnd(app, plan);
    expect(allSamples(app, second).map((sample) => sample.output)).toEqual(allSamples(app, first).map((sample) => sample.output));
    expect(app.services.benchmarks.compare(second, first).models).toEqual([
      expect.objectContaining({ modelId: smallest, n: 6, lost: 0, gained: 0, changed: 0, mcnemarP: 1, differs: [], flips: [] }),
    ]);
    const [now, before] = [second, first].map((runId) => app.services.benchmarks.results(runId).comparability);
    expect(now?.key).toMatch(/^[0-9a-f]{16}$/);
    expect(now).toEqual(before);
  });

  it('repeats items above temperature 0 only, with a seed of its own each', async () => {
    const runId = await runToEnd(app, planOf({ temperatures: [0, 0.8], repeats: 3, itemLimit: 2 }));
    const asked = allSamples(app, runId).map((sample) => [sample.temperature, sample.repeat, sample.seed]);
    expect(asked.filter(([temperature]) => temperature === 0)).toHaveLength(2);
    expect(asked.filter(([temperature]) => temperature === 0.8)).toHaveLength(6);
    expect(new Set(asked.filter(([temperature]) => temperature === 0.8).map(([, , seed]) => seed)).size).toBe(3);
    // Items are counted, not repeats.
    expect(app.services.benchmarks.results(runId).models[0]?.overall?.n).toBe(2);
  });

  it('leaves a model that can no longer reach the bar, and says so', async () => {
    const runId = await runToEnd(app, planOf({ suiteIds: ['arithmetic', 'speed'], bar: 0.9, earlyStop: true, itemLimit: 40 }));
    const samples = allSamples(app, runId);
    const skipped = samples.filter((sample) => sample.state === 'skipped');
    expect(samples).toHaveLength(55);
    const left = skipped.filter((sample) => sample.suite === 'arithmetic');
    expect(left.length).toBeGreaterThan(10);
    expect(left.every((sample) => sample.error?.code === 'bar-missed')).toBe(true);
    expect(samples.filter((sample) => sample.state === 'measured')).toHaveLength(12);
  });

  it('holds answers to the schema of their item when asked to', async () => {
    const runId = await runToEnd(app, planOf({ suiteIds: ['extract'], constrained: true, itemLimit: 5 }));
    const suite = app.services.benchmarks.results(runId).models[0]?.suites[0];
    expect(suite?.formatStrict).toBe(1);
  });

  it('skips pp512 with the reason where the context is too small, and measures the rest', async () => {
    const runId = await runToEnd(app, planOf({ suiteIds: ['speed'], contextTokens: 256 }));
    const samples = allSamples(app, runId);
    expect(samples.filter((sample) => sample.itemId === 'pp512').map((sample) => [sample.state, sample.error?.code])).toEqual(
      Array.from({ length: 5 }, () => ['skipped', 'context-full']),
    );
    expect(samples.filter((sample) => sample.itemId === 'tg128').every((sample) => sample.state === 'measured')).toBe(true);
  });

  it('shows the matrix while it fills, and at rest when it is over', async () => {
    const seen: RunProgress[] = [];
    const asked = whenAsked(app, 3);
    const { runId } = await app.services.benchmarks.start(planOf({ suiteIds: ['speed', 'routing'], itemLimit: 60 }));
    await asked;
    const unsubscribe = app.services.benchmarks.subscribeProgress(runId, (progress) => seen.push(progress));
    expect(seen[0]).toMatchObject({
      run: { done: 17, total: 75 },
      current: { suite: 'routing', itemId: expect.stringMatching(/^routing-/) },
      models: [{ state: 'running' }],
    });
    await app.services.benchmarks.whenSettled(runId);
    unsubscribe();
    const counts = seen.map((progress) => progress.run.done);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBe(75);
    expect(seen.at(-1)?.cells.map((cell) => [cell.suite, cell.state, cell.done])).toEqual([
      ['speed', 'done', 15],
      ['routing', 'done', 60],
    ]);
    expect(seen.at(-1)?.recent.length).toBe(8);
  });

  it('writes the run in four forms', async () => {
    const runId = await runToEnd(app, planOf({ itemLimit: 3 }));
    const { benchmarks } = app.services;
    expect(JSON.parse(benchmarks.report(runId, 'json').text)).toMatchObject({ runId, samples: { done: 3, total: 3 } });
    const lines = benchmarks.report(runId, 'jsonl').text.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).itemId)).toEqual(['routing-001', 'routing-002', 'routing-003']);
    expect(benchmarks.report(runId, 'csv').text.split('\r\n')[0]).toMatch(/^model,/);
    expect(benchmarks.report(runId, 'md')).toMatchObject({ mediaType: 'text/markdown', fileName: `rightsize-${runId}.md` });
  });
});

describe('the samples of a run', () => {
  it('can be looked through by model, suite and outcome, page by page', async () => {
    const runId = await runToEnd(app, planOf({ modelIds: [smallest, middle], suiteIds: ['arithmetic', 'routing'] }));
    const { benchmarks } = app.services;
    const all = allSamples(app, runId);
    expect(all).toHaveLength(32);
    const query = { runId, failingOnly: false, offset: 0, limit: 100 };
    const failing = benchmarks.samples({ ...query, modelId: smallest, suite: 'arithmetic', failingOnly: true });
    expect(failing.total).toBeGreaterThan(0);
    expect(failing.samples).toEqual(
      all.filter((sample) => sample.modelId === smallest && sample.suite === 'arithmetic' && sample.passed === false),
    );
    expect(benchmarks.samples({ ...query, offset: 30, limit: 5 })).toEqual({ samples: all.slice(30), total: 32 });
    expect(benchmarks.samples({ ...query, temperature: 0.5 })).toEqual({ samples: [], total: 0 });
    expect(all[0]).toMatchObject({ input: expect.any(String), expected: expect.any(String), grade: { reason: expect.any(String) } });
  });
});

describe('an estimate', () => {
  it('counts exactly, and guesses seconds from what was measured here', async () => {
    await runToEnd(app, planOf({ suiteIds: ['speed'] }));
    const own = await app.services.benchmarks.estimate(planOf({ suiteIds: ['speed', 'routing'], itemLimit: null }));
    expect(own).toMatchObject({ models: 1, scenarios: 135, calls: 135, basis: 'measured' });
    expect(own.secondsTotal).toBeGreaterThan(0);
    const other = await app.services.benchmarks.estimate(planOf({ modelIds: ['starter-7m-instruct-q8_0'] }));
    expect(other.basis).toBe('size');
    expect(other.secondsTotal).toBeGreaterThan(0);
  });
});

describe('a plan that cannot be run', () => {
  it.each([
    [{ suiteIds: ['nonsense'] }, 'suite-not-found'],
    [{ modelIds: ['nobody'] }, 'model-not-found'],
    [{ referenceId: middle }, 'bad-input'],
    [{ baselineRunId: 'never' }, 'run-not-found'],
    [
      { modelIds: everyModel, suiteIds: ['routing', 'arithmetic'], itemLimit: null, temperatures: [0.1, 0.2, 0.3, 0.4], repeats: 100 },
      'bad-input',
    ],
  ])('%j is refused with %s and leaves no run behind', async (part, code) => {
    const before = app.services.benchmarks.runs().length;
    await expect(app.services.benchmarks.start(planOf(part))).rejects.toMatchObject({ code });
    expect(app.services.benchmarks.runs()).toHaveLength(before);
  });

  it('is refused while another run is running', async () => {
    const { benchmarks } = app.services;
    const { runId } = await benchmarks.start(planOf({ itemLimit: 40 }));
    await expect(benchmarks.start(planOf({}))).rejects.toMatchObject({ code: 'run-active' });
    await expect(benchmarks.remove(runId)).rejects.toMatchObject({ code: 'run-active' });
    await benchmarks.cancel(runId);
    expect(benchmarks.run(runId).state).toBe('cancelled');
    await benchmarks.remove(runId);
    expect(() => benchmarks.run(runId)).toThrow(expect.objectContaining({ code: 'run-not-found' }));
  });
});
