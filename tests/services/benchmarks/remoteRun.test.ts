import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesSince } from '#main/services/benchmarks/changesSince.ts';
import { createBenchmarkService } from '#main/services/benchmarks/createBenchmarkService.ts';
import { openDatabase } from '#main/storage/database.ts';
import type { RunRow } from '#main/storage/runTable.ts';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { GenerateResult } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { type App, newFolder, noAids, openApp, plainMachine, planOf, shippedSuites } from './benchmarkHarness.ts';

const modelId = 'endpoint:shop/big-model';
const endpoint: Endpoint = {
  id: 'shop',
  name: 'Shop',
  baseUrl: 'http://127.0.0.1:1/v1',
  models: ['big-model'],
  hasKey: false,
  concurrency: 8,
  requestsPerMinute: null,
  stallSeconds: 30,
};

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

/** A server that answers when the event loop comes round; it counts how many it answers at the same time. */
function serverOf(fails: (request: number) => RpcError | null) {
  const seen = { requests: 0, now: 0, most: 0 };
  const generate = async (): Promise<GenerateResult> => {
    seen.requests += 1;
    const problem = fails(seen.requests);
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    await new Promise((resolve) => setImmediate(resolve));
    seen.now -= 1;
    if (problem !== null) throw problem;
    return {
      text: 'x',
      reasoning: null,
      finishReason: 'stop',
      usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 },
      timings: { loadMs: null, ttftMs: 1, promptTokensPerSecond: null, generationTokensPerSecond: null, totalMs: 1 },
      interTokenMs: [],
    } as unknown as GenerateResult;
  };
  return { seen, endpoints: { get: async () => endpoint, generate } };
}

function openBenchmarks(endpoints: ReturnType<typeof serverOf>['endpoints']) {
  const database = openDatabase(':memory:');
  const { library, models } = app.services;
  const catalogue = shippedSuites(database);
  return createBenchmarkService({ database, library, models, aids: noAids, ...plainMachine, endpoints, catalogue, log: app.log });
}

describe('a model behind an endpoint', () => {
  it('is asked with as many requests at the same time as the plan names, one part of the items after the other', async () => {
    const { seen, endpoints } = serverOf(() => null);
    const benchmarks = openBenchmarks(endpoints);
    const { runId } = await benchmarks.start(
      planOf({ modelIds: [modelId], suiteIds: ['speed', 'routing'], itemLimit: 24, concurrency: [1, 3] }),
    );
    expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'done', error: null });
    const { samples } = benchmarks.samples({ runId, failingOnly: false, offset: 0, limit: 100 });
    const answers = samples.filter((sample) => sample.suite === 'routing');
    expect(answers.filter((sample) => sample.work?.beside === 1)).toHaveLength(12);
    expect(answers.filter((sample) => sample.work?.beside === 3)).toHaveLength(12);
    expect(seen).toMatchObject({ requests: 24, most: 3 });
    const speeds = samples.filter((sample) => sample.suite === 'speed');
    expect(new Set(speeds.map((sample) => `${sample.state} ${sample.error?.code}`))).toEqual(new Set(['skipped not-measured']));
    expect(answers[0]?.peakMemoryBytes).toBeNull();
  });

  it('that its server does not answer for is given up; nothing counts as its failure', async () => {
    const { seen, endpoints } = serverOf((request) => (request > 4 ? new RpcError('endpoint-unreachable', 'Nobody answers.') : null));
    const benchmarks = openBenchmarks(endpoints);
    const { runId } = await benchmarks.start(planOf({ modelIds: [modelId], itemLimit: 20 }));
    expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'done', done: 20 });
    const { samples } = benchmarks.samples({ runId, failingOnly: false, offset: 0, limit: 100 });
    expect(seen.requests).toBe(9);
    expect(samples.filter((sample) => sample.passed !== null)).toHaveLength(4);
    expect(samples.filter((sample) => sample.state === 'skipped' && sample.error?.code === 'endpoint-unreachable')).toHaveLength(16);
  });

  it('that sometimes fails is asked on', async () => {
    const { endpoints } = serverOf((request) => (request % 3 === 0 ? new RpcError('endpoint-garbage', 'That was no answer.') : null));
    const benchmarks = openBenchmarks(endpoints);
    const { runId } = await benchmarks.start(planOf({ modelIds: [modelId], itemLimit: 12 }));
    await benchmarks.whenSettled(runId);
    const { samples } = benchmarks.samples({ runId, failingOnly: false, offset: 0, limit: 100 });
    expect(samples.filter((sample) => sample.passed !== null)).toHaveLength(8);
    expect(samples.filter((sample) => sample.state === 'skipped')).toHaveLength(4);
  });

  it('that is the reference of a plan is asked with the models that it names, and counted by the estimate', async () => {
    const { seen, endpoints } = serverOf(() => null);
    const benchmarks = openBenchmarks(endpoints);
    const other = 'endpoint:shop/small-model';
    const plan = planOf({ modelIds: [other], referenceId: modelId, itemLimit: 3 });
    expect((await benchmarks.estimate(plan)).perModel.map((model) => model.modelId)).toEqual([modelId, other]);
    const { runId } = await benchmarks.start(plan);
    expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'done', plan: { modelIds: [other, modelId] } });
    expect(seen.requests).toBe(6);
    const [paired] = benchmarks.results(runId).models.flatMap((model) => model.paired ?? []);
    expect(paired).toMatchObject({ referenceId: modelId });
    expect((await benchmarks.estimate({ ...plan, modelIds: [modelId] })).models).toBe(1);
  });

  it('of an endpoint that is not there is refused before anything begins', async () => {
    const benchmarks = openBenchmarks({ ...serverOf(() => null).endpoints, get: plainMachine.endpoints.get });
    await expect(benchmarks.start(planOf({ modelIds: [modelId] }))).rejects.toMatchObject({ code: 'endpoint-not-found' });
    expect(benchmarks.runs()).toEqual([]);
  });
});

describe('what has changed since a run', () => {
  const model = { modelId: 'a', name: 'A', quant: 'Q8_0', engine: 'one', sha256: 'old' } as unknown as RunRow['models'][number];
  const run = { models: [model], suites: [{ id: 's', name: 'S', sha256: '1' }] } as unknown as RunRow;
  const libraryOf = (sha256: string | null) =>
    ({ get: () => ({ state: 'ready', sha256 }) }) as unknown as Parameters<typeof changesSince>[1]['library'];
  const same = { library: libraryOf('old'), engine: 'one', suites: [{ id: 's', sha256: '1' }] };
  it.each([
    ['is nothing where all is as it was', same, []],
    ['is nothing that is not known', { ...same, library: libraryOf(null), engine: null }, []],
    ['is another file', { ...same, library: libraryOf('new') }, ['A Q8_0 is another file now.']],
    ['is a file that is gone', { ...same, library: { get: () => undefined } }, ['A Q8_0 is no longer here.']],
    ['is the engine', { ...same, engine: 'two' }, ['The engine was one and is two now.']],
    ['is what a suite asks', { ...same, suites: [{ id: 's', sha256: '2' }] }, ['The suite S asks other things now.']],
    ['is a suite that is gone', { ...same, suites: [] }, ['The suite S is no longer here.']],
  ])('%s', (_what, now, changes) => {
    expect(changesSince(run, now)).toEqual(changes);
  });
});
