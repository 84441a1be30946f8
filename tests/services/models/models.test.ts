import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createModelService } from '#main/services/models/createModelService.ts';
import { createRunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import type { LoadedModel } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { killProcess } from '../../fixtures/killProcess.ts';
import { smallest, starters } from '../library/libraryHarness.ts';
import { greedy, large, startServices, tiny } from '../servicesHarness.ts';
import { splitGguf } from '../splitGguf.ts';

const ask = { turns: [{ role: 'user' as const, content: 'Is this positive or negative: I love this phone' }], sampling: greedy };

describe('acquire', () => {
  test('loads once for two holders and tells what is loaded and who uses it', async () => {
    const { services, runners } = await startServices();
    const seen: LoadedModel[][] = [];
    services.models.subscribe((models) => seen.push(models));
    const [first, second] = await Promise.all([services.models.acquire(tiny), services.models.acquire(tiny)]);
    expect([first.isFresh, second.isFresh]).toEqual([true, false]);
    expect(second.generation).toBe(first.generation);
    expect(runners).toHaveLength(1);
    expect((await first.generation.generate(ask)).text.length).toBeGreaterThan(0);
    expect(services.models.loaded()).toEqual([
      expect.objectContaining({
        artifactId: tiny,
        state: 'ready',
        usedBy: 'chat',
        threads: 1,
        contextTokens: 1024,
        backend: 'cpu',
        gpuLayers: 0,
        memory: expect.objectContaining({ residentBytes: expect.any(Number) }),
      }),
    ]);
    first.release();
    expect(services.models.loaded()[0]?.usedBy).toBe('chat');
    second.release();
    second.release();
    expect(services.models.loaded()[0]?.usedBy).toBeNull();
    expect(seen[0]).toEqual([]);
    expect(seen.some((models) => models[0]?.state === 'loading')).toBe(true);
    expect(services.library.require(tiny).lastUsedAt).toEqual(expect.any(Number));
  });

  test('keeps what was loaded with options of its own for a holder without any, and loads anew for other options', async () => {
    const { services, runners } = await startServices();
    await services.models.load(tiny, { contextTokens: 512 });
    const kept = await services.models.acquire(tiny);
    expect([kept.isFresh, kept.load.contextTokens]).toEqual([false, 512]);
    await expect(services.models.acquire(tiny, { contextTokens: 256 })).rejects.toMatchObject({
      code: 'model-in-use',
      hint: expect.any(String),
    });
    kept.release();
    const other = await services.models.acquire(tiny, { contextTokens: 256 });
    expect([other.isFresh, other.load.contextTokens]).toEqual([true, 256]);
    expect(runners).toHaveLength(2);
    other.release();
    (await services.models.acquire(tiny, { kvType: 'f16', flashAttention: true })).release();
    expect(runners).toHaveLength(2);
    const quantised = await services.models.acquire(tiny, { kvType: 'q8_0' });
    expect(quantised.isFresh).toBe(true);
    expect(services.models.loaded()).toMatchObject([{ kvType: 'q8_0', flashAttention: true }]);
    quantised.release();
    const plain = await services.models.acquire(tiny, { flashAttention: false });
    expect(plain.isFresh).toBe(true);
    expect(services.models.loaded()).toMatchObject([{ kvType: 'f16', flashAttention: false }]);
    plain.release();
  });

  test('tells what was expected, from the start of the load, beside what it took, and why; and notes it', async () => {
    const { services } = await startServices();
    const seen: LoadedModel[] = [];
    services.models.subscribe(([model]) => model !== undefined && seen.push(model));
    (await services.models.acquire(tiny)).release();
    const estimate = { tier: 't0', totalBytes: expect.any(Number), gpuBytes: 0, ramBytes: expect.any(Number) };
    expect(seen.find(({ state, reasons }) => state === 'loading' && reasons.length > 0)).toMatchObject({ estimate, measured: null });
    const [loaded] = services.models.loaded();
    expect(loaded).toMatchObject({
      estimate,
      measured: { gpuBytes: null, totalBytes: expect.any(Number) },
      reasons: ['It runs on the processor.', expect.stringContaining('as long as the model was trained for')],
      kvType: 'f16',
      flashAttention: true,
      layers: 3,
    });
    expect(loaded?.measured?.totalBytes).toBeGreaterThan(50e6);
    expect(services.fit.observations({ artifactId: tiny, limit: 5 })).toEqual([
      expect.objectContaining({
        backend: 'cpu',
        estimated: loaded?.estimate,
        measured: expect.objectContaining({ gpuLostBytes: null }),
        placement: { contextTokens: 1024, kvType: 'f16', flashAttention: true, batchTokens: 128, gpuLayers: 0, sequences: 1 },
      }),
    ]);
  });

  test('waits for another load of the same model with other options, and the last one stays', async () => {
    const { services } = await startServices();
    const [short, long] = await Promise.all([512, 768].map((contextTokens) => services.models.load(tiny, { contextTokens })));
    expect([short?.contextTokens, long?.contextTokens]).toEqual([512, 768]);
    expect(services.models.loaded()).toMatchObject([{ state: 'ready', contextTokens: 768, usedBy: null }]);
  });

  test('with wishes that contradict each other is refused before any process is started', async () => {
    const { services, runners } = await startServices();
    const wish = { kvType: 'q8_0', flashAttention: false } as const;
    await expect(services.models.acquire(tiny, wish)).rejects.toMatchObject({ code: 'bad-input', hint: expect.any(String) });
    await expect(services.models.plan(tiny, wish)).rejects.toMatchObject({ code: 'bad-input' });
    expect(runners).toHaveLength(0);
    expect(services.models.loaded()).toEqual([]);
  });

  test('of an unknown model is refused', async () => {
    const { services } = await startServices();
    await expect(services.models.acquire('none')).rejects.toMatchObject({ code: 'model-not-found' });
  });

  test('that is cancelled leaves nothing loaded', async () => {
    const { services } = await startServices();
    const controller = new AbortController();
    const loading = services.models.acquire(tiny, { signal: controller.signal });
    controller.abort();
    await expect(loading).rejects.toThrow();
    expect(services.models.loaded()).toEqual([]);
    (await services.models.acquire(tiny)).release();
    expect(services.models.loaded()).toHaveLength(1);
  });

  test('loads a split file', async () => {
    const { services, dataFolder } = await startServices();
    await splitGguf(smallest, { folder: dataFolder, base: 'Split', parts: 2 });
    await services.library.importPath(join(dataFolder, 'Split-00001-of-00002.gguf'));
    const whole = await services.models.acquire(tiny);
    const split = await services.models.acquire('split');
    expect((await split.generation.generate(ask)).text).toBe((await whole.generation.generate(ask)).text);
    whole.release();
    split.release();
  });
});

describe('a load plan', () => {
  test('takes the trained context, at most 8,192 or what the settings say, and what is asked for as it is', async () => {
    const { services } = await startServices();
    const options = { contextTokens: 1024, threads: 1, gpuLayers: 0, kvType: 'f16', flashAttention: true };
    expect(await services.models.plan(tiny, {})).toMatchObject({ options, backend: 'cpu', batchTokens: 128, tier: 't0' });
    services.settings.update({ contextTokens: 256, threads: 2 });
    expect(await services.models.plan(tiny, {})).toMatchObject({ options: { contextTokens: 256, threads: 2 } });
    expect(await services.models.plan(tiny, { contextTokens: 2048, threads: 1 })).toMatchObject({
      options: { contextTokens: 2048, threads: 1 },
    });
  });

  test('refuses files that are gone, cut or wrong before any process is started', async () => {
    const { services, dataFolder, runners } = await startServices();
    const path = join(dataFolder, 'Model.gguf');
    copyFileSync(smallest, path);
    await services.library.importPath(path);
    truncateSync(path, 700_000);
    await expect(services.models.acquire('model')).rejects.toMatchObject({ code: 'gguf-truncated', hint: expect.any(String) });
    writeFileSync(path, readFileSync(smallest).fill(0, 0, 4));
    await expect(services.models.acquire('model')).rejects.toMatchObject({ code: 'not-gguf', hint: expect.any(String) });
    rmSync(path);
    await expect(services.models.acquire('model')).rejects.toMatchObject({ code: 'file-missing', hint: expect.any(String) });
    expect(services.library.require('model').state).toBe('missing');
    expect(runners).toHaveLength(0);
    expect(services.models.loaded()).toEqual([]);
  });

  test('goes on with a changed file in a chat and stops a benchmark, which would measure another model', async () => {
    const { services, dataFolder } = await startServices();
    const path = join(dataFolder, 'Model.gguf');
    copyFileSync(smallest, path);
    await services.library.importPath(path);
    copyFileSync(join(starters, 'Starter-1M-Instruct-Q8_0.gguf'), path);
    await expect(services.models.fresh('model')).rejects.toMatchObject({ code: 'file-changed' });
    copyFileSync(smallest, path);
    const runner = await services.models.acquire('model');
    expect(runner.artifact.id).toBe('model');
    runner.release();
  });
});

describe('a loaded model', () => {
  test('is gone from the list when its process is killed, and comes back with the next holder', async () => {
    const { services } = await startServices();
    const runner = await services.models.acquire(tiny);
    const gone = Promise.withResolvers<void>();
    services.models.subscribe((models) => models.length === 0 && gone.resolve());
    killProcess(runner.generation.pid);
    await gone.promise;
    expect(runner.generation.crash).toMatchObject({ code: 'runner-crashed' });
    runner.release();
    const next = await services.models.acquire(tiny);
    expect(next.isFresh).toBe(true);
    expect((await next.generation.generate(ask)).text.length).toBeGreaterThan(0);
    next.release();
  });

  test('goes on answering when its file vanishes', async () => {
    const { services, dataFolder } = await startServices();
    const path = join(dataFolder, 'Model.gguf');
    copyFileSync(smallest, path);
    await services.library.importPath(path);
    const runner = await services.models.acquire('model');
    truncateSync(path, 10);
    rmSync(path);
    expect((await runner.generation.generate(ask)).finishReason).toBe('stop');
    runner.release();
  });

  test('is unloaded on demand, and by the keep-alive after its last use', async () => {
    const { services } = await startServices();
    const runner = await services.models.acquire(tiny);
    runner.release();
    await services.models.unload(tiny);
    expect(services.models.loaded()).toEqual([]);
    await runner.generation.exited;

    const again = await services.models.acquire(tiny);
    const gone = Promise.withResolvers<void>();
    services.models.subscribe((models) => models.length === 0 && gone.resolve());
    services.settings.update({ keepAliveMinutes: 0.0005 });
    again.release();
    await gone.promise;
    await again.generation.exited;
  });

  test('is not refused, and leaves nothing held, where a full disk keeps its use from being noted', async () => {
    const { services, ports } = await startServices();
    const supervisor = createRunnerSupervisor({ spawnRunner: ports.spawnRunner, log: ports.log });
    const full = (): never => {
      throw new RpcError('disk-full', 'The disk is full.');
    };
    const models = createModelService({
      library: { ...services.library, markUsed: full },
      fit: services.fit,
      settings: services.settings,
      supervisor,
      log: ports.log,
      gpus: async () => [],
      cores: async () => 2,
      bandwidth: () => null,
      availableMemory: async () => 1e12,
      modelSettings: { get: () => undefined, save: () => undefined, remove: () => undefined },
      now: Date.now,
      keepsSpare: false,
      onEngine: full,
    });
    onTestFinished(async () => {
      await models.dispose();
      await supervisor.dispose();
    });
    await (await models.fresh(tiny)).release();
    const held = await models.acquire(tiny);
    held.release();
    expect(models.loaded()).toMatchObject([{ artifactId: tiny, usedBy: null }]);
  });

  test('gives way, when nobody uses it, to one that needs its memory, and nothing is refused', async () => {
    const { services, ports, logged } = await startServices();
    const supervisor = createRunnerSupervisor({ spawnRunner: ports.spawnRunner, log: ports.log });
    let availableBytes = 1e12;
    const models = createModelService({
      library: services.library,
      fit: services.fit,
      settings: services.settings,
      supervisor,
      log: ports.log,
      gpus: async () => [],
      cores: async () => 2,
      bandwidth: () => null,
      availableMemory: async () => availableBytes,
      modelSettings: { get: () => undefined, save: () => undefined, remove: () => undefined },
      now: Date.now,
      keepsSpare: false,
      onEngine: () => undefined,
    });
    onTestFinished(async () => {
      await models.dispose();
      await supervisor.dispose();
    });
    (await models.acquire(tiny)).release();
    const held = await models.acquire('starter-1m-instruct-q8_0');
    availableBytes = 1000;
    (await models.acquire(large)).release();
    expect(models.loaded().map((model) => model.artifactId)).toEqual(['starter-1m-instruct-q8_0', large]);
    expect(logged).toContainEqual(
      expect.objectContaining({ event: 'model.memory-short', fields: expect.objectContaining({ artifactId: large }) }),
    );
    held.release();
  });

  test('is stopped before its file is deleted', async () => {
    const { services, dataFolder } = await startServices();
    mkdirSync(join(dataFolder, 'models'), { recursive: true });
    const path = join(dataFolder, 'models/Mine.gguf');
    copyFileSync(smallest, path);
    await services.library.rescan();
    const runner = await services.models.acquire('mine');
    expect(await services.library.remove('mine')).toEqual({ fileDeleted: true });
    await runner.generation.exited;
    expect(existsSync(path)).toBe(false);
    expect(services.models.loaded()).toEqual([]);
    runner.release();
  });
});

describe('fresh', () => {
  test('stops the chat’s runner after its answer, and gives a process of its own', async () => {
    const { services, runners } = await startServices();
    const chat = await services.models.acquire(tiny);
    const answer = chat.generation.generate(ask);
    const fresh = services.models.fresh(tiny);
    expect((await answer).finishReason).toBe('stop');
    chat.release();
    const runner = await fresh;
    await chat.generation.exited;
    expect(runners).toHaveLength(2);
    expect(services.models.loaded()).toEqual([expect.objectContaining({ artifactId: tiny, usedBy: 'benchmark' })]);
    await expect(services.models.acquire(tiny)).rejects.toMatchObject({ code: 'model-in-use', hint: expect.stringContaining('benchmark') });
    await expect(services.models.unload(tiny)).rejects.toMatchObject({ code: 'model-in-use' });
    await expect(services.models.withStopped(tiny, () => Promise.resolve())).rejects.toMatchObject({ code: 'model-in-use' });
    await runner.release();
    expect(services.models.loaded()).toEqual([]);
    (await services.models.acquire(tiny)).release();
  });

  test('gives one runner a lane, listed as one model', async () => {
    const { services, runners } = await startServices();
    const one = await services.models.fresh(tiny, { lane: 0 });
    const two = await services.models.fresh(tiny, { lane: 1 });
    expect(two.generation).not.toBe(one.generation);
    expect(services.models.loaded()).toHaveLength(1);
    await expect(services.models.fresh(tiny, { lane: 1 })).rejects.toMatchObject({ code: 'model-in-use' });
    await Promise.all([one.release(), two.release()]);
    expect(services.models.loaded()).toEqual([]);
    expect(runners).toHaveLength(2);
  });
});

test('three crashes in a row block a model until it is unblocked', async () => {
  const { services } = await startServices();
  for (let count = 0; count < 3; count++) {
    const runner = await services.models.acquire(tiny);
    killProcess(runner.generation.pid);
    await runner.generation.exited;
    runner.release();
  }
  await expect(services.models.acquire(tiny)).rejects.toMatchObject({ code: 'runner-blocked', hint: expect.any(String) });
  expect(services.models.loaded()).toEqual([]);
  services.models.unblock(tiny);
  (await services.models.acquire(tiny)).release();
});

test('dispose ends every runner', async () => {
  const { services, runners } = await startServices({ host: 'serve' });
  await services.models.acquire(tiny);
  await services.models.fresh(large);
  await services.dispose();
  const exits = runners.map((runner) => new Promise((resolve) => runner.onExit(resolve)));
  expect(await Promise.all(exits)).toHaveLength(runners.length);
});
