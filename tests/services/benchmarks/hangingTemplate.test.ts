import { describe, expect, it } from 'vitest';
import { createBenchmarkService } from '#main/services/benchmarks/createBenchmarkService.ts';
import type { FreshRunner } from '#main/services/models/modelService.ts';
import { openDatabase } from '#main/storage/database.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { newFolder, noAids, openApp, plainMachine, planOf, shippedSuites } from './benchmarkHarness.ts';

/** A runner whose every answer fails after so long, by a clock of our own: the real deadline takes five seconds each. */
function failingRunner(tookMs: number) {
  const clock = { now: 0 };
  const fresh = async (): Promise<FreshRunner> =>
    ({
      load: { loadMs: 1, contextTokens: 1024, engine: 'none', backend: 'cpu', threads: 1 },
      generation: {
        exited: new Promise(() => undefined),
        memory: async () => ({ residentBytes: 1, peakResidentBytes: 1, vramBytes: null }),
        generate: async () => {
          clock.now += tookMs;
          throw new RpcError('chat-template-failed', 'It did not finish.');
        },
      },
      release: async () => undefined,
    }) as unknown as FreshRunner;
  return { clock, fresh };
}

describe('a model whose chat template fails', () => {
  it.each([
    ['runs into its deadline is given up after three', 5000, 3, 9],
    ['fails at once is asked everything, for another item may fit it', 5, 12, 0],
  ])('and %s', async (_what, tookMs, errors, skipped) => {
    await using folder = await newFolder();
    await using app = await openApp(folder.path);
    const database = openDatabase(':memory:');
    const { clock, fresh } = failingRunner(tookMs);
    const benchmarks = createBenchmarkService({
      database,
      library: app.services.library,
      models: { fresh },
      aids: noAids,
      ...plainMachine,
      catalogue: shippedSuites(database),
      log: app.log,
      now: () => clock.now,
    });
    const { runId } = await benchmarks.start(planOf({ itemLimit: 12 }));
    expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'done', done: 12 });
    const { samples } = benchmarks.samples({ runId, failingOnly: false, offset: 0, limit: 100 });
    expect(samples.filter((sample) => sample.state === 'error')).toHaveLength(errors);
    expect(samples.filter((sample) => sample.state === 'skipped')).toHaveLength(skipped);
    expect(new Set(samples.map((sample) => sample.error?.code))).toEqual(new Set(['chat-template-failed']));
    await benchmarks.dispose();
    database.close();
  });
});
