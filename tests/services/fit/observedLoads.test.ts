import { describe, expect, test } from 'vitest';
import { openLaneRunner } from '#main/services/benchmarks/laneRunner.ts';
import { measureSpeed, speedTestOf } from '#main/services/benchmarks/measureSpeed.ts';
import type { Services } from '#main/services/createServices.ts';
import type { LoadObservation } from '#shared/contract/fit.ts';
import { greedy, importTireless, large, say, startServices, tiny } from '../servicesHarness.ts';

const anyCall = { signal: new AbortController().signal };

async function observations(services: Services, artifactId: string | null = null): Promise<LoadObservation[]> {
  const asked = await services.handlers['fit.observations']({ artifactId, limit: 20 }, {
    signal: new AbortController().signal,
    emit: () => undefined,
  } as never);
  return asked.observations;
}

describe('a load', () => {
  test('is remembered with what was expected, what the engine reserved and what its process held after the answer', async () => {
    const { services } = await startServices();
    const id = await importTireless(services);
    const conversation = services.chat.create(id);
    services.chat.update(conversation.id, { sampling: { ...greedy, maxTokens: 64 } });
    const { message } = await say(services, conversation.id, 'Tell me something long.');
    await services.models.residentBytes();
    const [seen, ...others] = await observations(services, id);
    if (seen === undefined) throw new Error('The load was not remembered.');
    expect(others).toEqual([]);
    expect(seen).toMatchObject({
      artifactId: id,
      backend: 'cpu',
      device: null,
      placement: { contextTokens: 8192, kvType: 'f16', flashAttention: true, batchTokens: 128, gpuLayers: 0, sequences: 1 },
      estimated: { tier: 't0', gpuBytes: 0 },
      measured: { gpu: { weights: 0, kvAndState: 0, compute: 0 }, gpuLostBytes: null },
    });
    const { ram, residentBytes, totalBytes } = seen.measured;
    expect(residentBytes).toBeGreaterThan(ram.weights + ram.kvAndState);
    expect(totalBytes).toBe(residentBytes);
    expect(seen.tokensPerSecond).toEqual({ estimated: null, measured: message.timings?.generationTokensPerSecond });
    // What is shown of the loaded model is the same record.
    const shown = services.models.loaded()[0];
    expect(shown?.estimate).toMatchObject({ totalBytes: seen.estimated.totalBytes });
    expect(shown?.measured).toEqual({ ramBytes: residentBytes, gpuBytes: null, totalBytes });
  });

  test('teaches the next estimate, and is itself held against the formula alone', async () => {
    const { services } = await startServices();
    const expected = async () => (await services.models.plan(tiny, { contextTokens: 512 })).fit?.bytes.ram ?? 0;
    const plain = await expected();
    await services.models.load(tiny, { contextTokens: 512 });
    const [first] = await observations(services, tiny);
    if (first === undefined) throw new Error('The load was not remembered.');
    expect(first.estimated.ramBytes).toBe(plain);
    // Three loads of other models, whose processes took 100 MiB more than the formula says.
    const baseline = { ramBytes: plain, speed: null, bandwidthBytesPerSecond: null };
    const measured = { ...first.measured, residentBytes: plain + 100 * 2 ** 20 };
    const { id: _id, at: _at, tokensPerSecond: _speed, ...like } = first;
    for (const artifactId of ['one', 'two', 'three']) {
      services.fit.record({ ...like, artifactId, measured, baseline, estimatedTokensPerSecond: null });
    }
    expect(services.fit.calibration()).toMatchObject({ loads: 4, ramOffsetBytes: 100 * 2 ** 20, gpuRamOffsetBytes: null });
    expect((await expected()) - plain).toBe(100 * 2 ** 20);
    expect(await services.handlers['system.hardware']({ refresh: false }, anyCall)).toMatchObject({
      calibration: { ramOffsetBytes: 100 * 2 ** 20 },
    });
    await services.models.unload(tiny);
    await services.models.load(tiny, { contextTokens: 512 });
    const [second] = await observations(services, tiny);
    expect((second?.estimated.ramBytes ?? 0) - plain).toBe(100 * 2 ** 20);
    expect(services.fit.calibration()).toMatchObject({ loads: 5, ramOffsetBytes: 100 * 2 ** 20 });
  });

  test('tells no speed while another model is at work beside it', async () => {
    const { services } = await startServices();
    const first = await services.models.acquire(tiny);
    const second = await services.models.acquire(large);
    const measured = async () => (await observations(services, tiny))[0]?.tokensPerSecond.measured;
    const noted = (tokensPerSecond: number) => first.noteSpeed({ tokensPerSecond, generatedTokens: 64, depthTokens: 64 });
    noted(10);
    expect(await measured()).toBeNull();
    second.release();
    noted(20);
    expect(await measured()).toBe(20);
    first.release();
  });

  test('of a benchmark tells the speed that was measured, and one of an answer cut short tells none', async () => {
    const { services } = await startServices();
    const { signal } = new AbortController();
    const runner = await openLaneRunner(services.models, { modelId: tiny, contextTokens: null, signal, lane: 0 });
    await measureSpeed(runner, { test: speedTestOf('pp512'), seed: 1, signal });
    expect((await observations(services))[0]?.tokensPerSecond.measured).toBeNull();
    const { tokensPerSecond } = await measureSpeed(runner, { test: speedTestOf('tg128'), seed: 1, signal });
    await runner.close();
    expect((await observations(services))[0]?.tokensPerSecond.measured).toBe(tokensPerSecond);
  });
});
