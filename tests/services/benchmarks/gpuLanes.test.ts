import { expect, it } from 'vitest';
import { createBenchmarkService } from '#main/services/benchmarks/createBenchmarkService.ts';
import type { FreshRunner, ModelService } from '#main/services/models/modelService.ts';
import { openDatabase } from '#main/storage/database.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { newFolder, noAids, openApp, plainMachine, planOf, shippedSuites } from './benchmarkHarness.ts';

const result = {
  text: 'x',
  reasoning: null,
  finishReason: 'stop',
  usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 },
  timings: { loadMs: null, ttftMs: 1, promptTokensPerSecond: null, generationTokensPerSecond: null, totalMs: 1 },
  interTokenMs: [],
  contextUsedTokens: 2,
};

/** Runners on a GPU that is not there: they answer when the event loop comes round. The second dies at its fifth question. */
function gpuRunners() {
  const opened: { readonly sequences: number; most: number }[] = [];
  const fresh = async (_id: string, options: Parameters<ModelService['fresh']>[1] = {}): Promise<FreshRunner> => {
    const seen = { sequences: options.sequences ?? 1, most: 0 };
    const number = opened.push(seen);
    const exit = Promise.withResolvers<void>();
    let now = 0;
    let asked = 0;
    let hasDied = false;
    return {
      load: { loadMs: 1, contextTokens: 1024, engine: 'none', backend: 'vulkan', gpuLayers: 9, threads: 1 },
      noteSpeed: () => undefined,
      generation: {
        exited: exit.promise,
        memory: async () => ({ residentBytes: 1, peakResidentBytes: 1, vramBytes: null }),
        generate: async () => {
          asked += 1;
          if (number === 2 && asked === 5) {
            hasDied = true;
            exit.resolve();
          }
          seen.most = Math.max(seen.most, ++now);
          await new Promise((resolve) => setImmediate(resolve));
          now -= 1;
          if (hasDied) throw new RpcError('runner-crashed', 'It died.');
          return result;
        },
      },
      release: async () => exit.resolve(),
    } as unknown as FreshRunner;
  };
  return { opened, fresh };
}

it('lanes on a GPU are sequences of one process, which is opened anew for all of them when it has died', async () => {
  await using folder = await newFolder();
  await using app = await openApp(folder.path);
  const database = openDatabase(':memory:');
  const { opened, fresh } = gpuRunners();
  const { library } = app.services;
  const catalogue = shippedSuites(database);
  const benchmarks = createBenchmarkService({
    database,
    library,
    models: { fresh },
    aids: noAids,
    ...plainMachine,
    catalogue,
    log: app.log,
  });
  const { runId } = await benchmarks.start(planOf({ itemLimit: 40, lanes: 3 }));
  expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'done', done: 40 });
  expect(opened).toEqual([
    { sequences: 1, most: 1 },
    { sequences: 3, most: 3 },
    { sequences: 3, most: 3 },
  ]);
  const { samples } = benchmarks.samples({ runId, failingOnly: false, offset: 0, limit: 100 });
  expect(samples.every((sample) => sample.error === null)).toBe(true);
  expect(samples.filter((sample) => sample.work?.beside === 3)).toHaveLength(20);
  expect(samples.filter((sample) => sample.work?.attempts === 2).length).toBeGreaterThanOrEqual(1);
  await benchmarks.dispose();
  database.close();
});
