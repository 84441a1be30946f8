import { describe, expect, it } from 'vitest';
import { createBenchmarkService } from '#main/services/benchmarks/createBenchmarkService.ts';
import { obstacleNow, watchMachine } from '#main/services/benchmarks/machineGuard.ts';
import type { FreshRunner } from '#main/services/models/modelService.ts';
import type { PowerSource } from '#main/services/system/powerSource.ts';
import type { ThermalState } from '#main/services/system/thermalState.ts';
import { openDatabase } from '#main/storage/database.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import { newFolder, noAids, openApp, plainMachine, planOf, shippedSuites } from './benchmarkHarness.ts';

const readingsOf = (machine: { power: PowerSource; heat: ThermalState | null }) => ({
  ...plainMachine.readings,
  power: async () => machine.power,
  heat: async () => machine.heat,
});

/** Answers at once; after so many answers it tells. */
function quickRunner(onAnswer: (count: number) => Promise<void> | void) {
  let count = 0;
  const result = {
    text: 'x',
    reasoning: null,
    finishReason: 'stop',
    usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 },
    timings: { loadMs: null, ttftMs: 1, promptTokensPerSecond: null, generationTokensPerSecond: null, totalMs: 1 },
    interTokenMs: [],
    contextUsedTokens: 2,
  };
  return async (): Promise<FreshRunner> =>
    ({
      load: { loadMs: 1, contextTokens: 1024, engine: 'none', backend: 'cpu', threads: 1 },
      noteSpeed: () => undefined,
      generation: {
        exited: new Promise(() => undefined),
        memory: async () => ({ residentBytes: 1, peakResidentBytes: 1, vramBytes: null }),
        generate: async () => {
          count += 1;
          await onAnswer(count);
          return result;
        },
      },
      release: async () => undefined,
    }) as unknown as FreshRunner;
}

describe('a run that is to pause on battery', () => {
  it('pauses between samples with the reason, goes on by itself on mains, and not where the user paused it', async () => {
    await using folder = await newFolder();
    await using app = await openApp(folder.path);
    const database = openDatabase(':memory:');
    const machine: { power: PowerSource } = { power: 'mains' };
    const noticers: (() => void)[] = [];
    const paused: { readonly done: number; readonly resolve: () => void }[] = [];
    const whenPausedAt = (done: number): Promise<void> => new Promise((resolve) => paused.push({ done, resolve }));
    const benchmarks = createBenchmarkService({
      database,
      library: app.services.library,
      models: {
        // The cable is pulled during the third and the eighth answer, which end after it was noticed.
        fresh: quickRunner(async (count) => {
          if (count !== 3 && count !== 8) return;
          machine.power = 'battery';
          await new Promise<void>((resolve) => noticers.push(resolve));
        }),
      },
      aids: noAids,
      ...plainMachine,
      readings: {
        ...plainMachine.readings,
        power: async () => {
          if (machine.power === 'battery') for (const resolve of noticers.splice(0)) setImmediate(resolve);
          return machine.power;
        },
      },
      careEveryMs: 5,
      catalogue: shippedSuites(database),
      log: app.log,
    });
    benchmarks.subscribe((change) => {
      if (change.kind !== 'run' || change.run.error?.code !== 'on-battery') return;
      for (const wait of paused) if (wait.done === change.run.done) wait.resolve();
    });

    const firstPause = whenPausedAt(3);
    const { runId } = await benchmarks.start(planOf({ itemLimit: 12, pauseOnBattery: true, lanes: 1 }));
    await firstPause;
    expect(benchmarks.run(runId)).toMatchObject({ state: 'paused', done: 3, error: { code: 'on-battery', hint: expect.any(String) } });

    const secondPause = whenPausedAt(8);
    machine.power = 'mains';
    await secondPause;

    // Now the user says that it rests.
    await benchmarks.pause(runId);
    machine.power = 'mains';
    expect(benchmarks.run(runId)).toMatchObject({ state: 'paused', error: null, done: 8 });
    expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'paused' });

    // And that it goes on, battery or not.
    machine.power = 'battery';
    await benchmarks.resume(runId);
    expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'done', done: 12, error: null });
    await benchmarks.dispose();
    database.close();
  });
});

describe('what a plan does not want to run under', () => {
  const careful = { pauseOnBattery: true, pauseOnHeat: true };
  it.each([
    ['the battery', { power: 'battery', heat: null }, careful, 'on-battery'],
    ['heat at its limit', { power: 'mains', heat: { celsius: 97, limitCelsius: 95 } }, careful, 'too-hot'],
    ['nothing below the limit', { power: 'mains', heat: { celsius: 94, limitCelsius: 95 } }, careful, null],
    ['nothing where nothing is known', { power: null, heat: null }, careful, null],
    [
      'nothing that it does not mind',
      { power: 'battery', heat: { celsius: 97, limitCelsius: 95 } },
      { pauseOnBattery: false, pauseOnHeat: false },
      null,
    ],
  ] as const)('is %s', async (_what, machine, plan, code) => {
    expect((await obstacleNow(plan, readingsOf(machine)))?.code ?? null).toBe(code);
  });

  it('is its own limit of time, said once and in words', async () => {
    const reason = await new Promise<RpcErrorData>((resolve) => {
      watchMachine(
        { pauseOnBattery: false, pauseOnHeat: false, runMinutes: 1 / 60_000 },
        { readings: plainMachine.readings, everyMs: 1000, isForced: false, onReason: resolve },
      );
    });
    expect(reason).toMatchObject({ code: 'limit-reached', message: expect.stringContaining('kept') });
  });
});
