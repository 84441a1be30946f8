import { fork } from 'node:child_process';
import { copyFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import { runnerEnvironment } from '#main/supervisor/runnerEnvironment.ts';
import type { RunnerDeadlines } from '#main/supervisor/runnerGeneration.ts';
import { createRunnerSupervisor, type RunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import { killProcess } from '../fixtures/killProcess.ts';
import {
  createSupervisor,
  failureOf,
  greedy,
  isAlive,
  loadRequest,
  quietLog,
  runnerScript,
  starterModel,
  startLoaded,
  temporaryFolder,
} from './runnerHarness.ts';

const model = starterModel('1M-Instruct-Q8_0');
/** Longer than any test waits, and no model can end it early. */
const endless = greedy('Count.', {
  sampling: { temperature: 0, maxTokens: null },
  schema: { type: 'array', items: { type: 'array', items: { type: 'integer' }, minItems: 100 }, minItems: 500 },
});
const longContext = { contextTokens: 16_384 } as const;

function script(name: string): string {
  return fileURLToPath(new URL(`./scripts/${name}.ts`, import.meta.url));
}
function supervisorOf(name: string, deadlines: Partial<RunnerDeadlines>): RunnerSupervisor {
  const supervisor = createRunnerSupervisor({
    spawnRunner: createNodeRunnerSpawner({ runnerScript: script(name) }),
    log: quietLog,
    deadlines,
  });
  onTestFinished(() => supervisor.dispose());
  return supervisor;
}

describe('a runner that is killed in the middle of an answer', () => {
  test('fails the answer with a code, the signal and the last output; the next start works', async () => {
    const supervisor = createSupervisor();
    const generation = await supervisor.start('model');
    await generation.load(loadRequest(model, longContext));
    const failure = await failureOf(generation.generate(endless, { onItem: () => killProcess(generation.pid) }));
    expect(failure.code).toBe('runner-crashed');
    expect(failure.data).toMatchObject({ key: 'model', signal: 'SIGKILL', activity: 'generating', output: expect.any(Array) });
    expect(await generation.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(generation.crash?.code).toBe('runner-crashed');
    expect(supervisor.get('model')).toBeUndefined();

    const next = await supervisor.start('model');
    await next.load(loadRequest(model));
    expect((await next.generate(greedy('Hello'))).finishReason).toBe('stop');
  });

  test('fails whatever is asked afterwards with the same error', async () => {
    const generation = await startLoaded(model);
    killProcess(generation.pid);
    await generation.exited;
    expect((await failureOf(generation.generate(greedy('Hello')))).code).toBe('runner-crashed');
  });
});

describe('a runner whose parent is killed', () => {
  test.for([
    ['it is in the middle of an answer', 'parentHost'],
    ['its main thread hangs', 'hangingParent'],
  ] as const)('ends although %s', async ([, host]) => {
    const parent = fork(script(host), [runnerScript, model], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const runnerPid = await new Promise<number>((resolve) =>
      parent.once('message', (message: { runnerPid: number }) => resolve(message.runnerPid)),
    );
    expect(isAlive(runnerPid)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(runnerPid)).toBe(false), { timeout: 20_000, interval: 20 });
  });
});

describe('unloading', () => {
  test('is the observed end of the process', async () => {
    const supervisor = createSupervisor({ stopMs: 60_000 });
    const generation = await supervisor.start('model');
    await generation.load(loadRequest(model));
    expect(isAlive(generation.pid ?? 0)).toBe(true);
    expect(await generation.stop()).toEqual({ code: 0, signal: null });
    expect(isAlive(generation.pid ?? 0)).toBe(false);
    expect(generation.crash).toBeNull();
    expect(supervisor.get('model')).toBeUndefined();
  });

  test('in the middle of an answer is no crash', async () => {
    const supervisor = createSupervisor();
    const generation = await supervisor.start('model');
    await generation.load(loadRequest(model, longContext));
    const answered = new Promise<void>((resolve) => {
      const answer = generation.generate(endless, { onItem: () => resolve() });
      answer.catch(() => undefined);
    });
    await answered;
    await generation.stop();
    expect(generation.crash).toBeNull();
  });

  test('kills a runner that does not listen', async () => {
    const generation = await supervisorOf('deafRunner', { stopMs: 50 }).start('model');
    expect(await generation.stop()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(generation.crash).toBeNull();
  });
});

describe('one model', () => {
  test('never has two runners: the second start is refused until the first has ended', async () => {
    const supervisor = createSupervisor();
    const starts = await Promise.allSettled([supervisor.start('model'), supervisor.start('model')]);
    expect(starts.map((start) => start.status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = starts.find((start) => start.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'model-in-use' });
    const first = supervisor.get('model');
    const stopped = first?.stop();
    expect((await failureOf(supervisor.start('model'))).code).toBe('model-in-use');
    await stopped;
    const second = await supervisor.start('model');
    expect(second.pid).not.toBe(first?.pid);
  });

  test('does not stand in the way of another', async () => {
    const supervisor = createSupervisor();
    const [a, b] = await Promise.all([supervisor.start('a'), supervisor.start('b')]);
    expect(a.pid).not.toBe(b.pid);
  });
});

describe('the breaker', () => {
  test('opens after three crashes in a row, only for that model, until it is cleared', async () => {
    const supervisor = createSupervisor();
    for (let round = 0; round < 3; round++) {
      const generation = await supervisor.start('bad');
      killProcess(generation.pid);
      await generation.exited;
    }
    const failure = await failureOf(supervisor.start('bad'));
    expect(failure.code).toBe('runner-blocked');
    expect(failure.data).toMatchObject({ key: 'bad', lastCode: 'runner-crashed' });
    await (await supervisor.start('good')).stop();
    supervisor.clearBreaker('bad');
    expect((await supervisor.start('bad')).pid).toBeGreaterThan(0);
  });

  test('counts failures in a row: an answer in between starts the count again, also of a process that crashes after it', async () => {
    const supervisor = createSupervisor();
    const crash = async (): Promise<void> => {
      const generation = await supervisor.start('model');
      killProcess(generation.pid);
      await generation.exited;
    };
    await crash();
    await crash();
    const healthy = await supervisor.start('model');
    await healthy.load(loadRequest(model));
    await healthy.generate(greedy('Hello'));
    killProcess(healthy.pid);
    await healthy.exited;
    await crash();
    expect((await supervisor.start('model')).pid).toBeGreaterThan(0);
  });

  test('does not count what a healthy runner refuses', async () => {
    const supervisor = createSupervisor();
    for (let round = 0; round < 4; round++) {
      const generation = await supervisor.start('model');
      expect((await failureOf(generation.load(loadRequest('/nowhere/model.gguf')))).code).toBe('file-missing');
      await generation.stop();
    }
  });
});

describe('a runner that does not answer', () => {
  test('the handshake is killed in time', async () => {
    const supervisor = supervisorOf('silentRunner', { readyMs: 200 });
    expect((await failureOf(supervisor.start('model'))).code).toBe('runner-unresponsive');
    expect(supervisor.get('model')).toBeUndefined();
  });

  test('while its main thread hangs is killed, with what it printed', async () => {
    const supervisor = supervisorOf('hangingRunner', { heartbeatEveryMs: 50, unresponsiveMs: 1500 });
    const generation = await supervisor.start('model');
    const failure = await failureOf(generation.load(loadRequest(model)));
    expect(failure.code).toBe('runner-unresponsive');
    expect(failure.data).toMatchObject({ activity: 'loading', output: expect.arrayContaining(['reading the file']) });
    expect(await generation.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('a cancel is killed after the grace time', async () => {
    const supervisor = supervisorOf('deafRunner', { cancelMs: 50 });
    const generation = await supervisor.start('model');
    const controller = new AbortController();
    const answer = generation.generate(greedy('Hello'), { signal: controller.signal });
    controller.abort();
    expect((await failureOf(answer)).code).toBe('cancelled');
    expect(await generation.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(generation.crash).toBeNull();
  });

  test('because it cannot start says what it printed', async () => {
    const failure = await failureOf(supervisorOf('brokenRunner', {}).start('model'));
    expect(failure.code).toBe('runner-crashed');
    expect(failure.data).toMatchObject({ exitCode: 3, activity: 'starting', output: ['Error: the engine is missing'] });
  });

  test('because its script is not there fails with a code', async () => {
    expect((await failureOf(supervisorOf('noSuchRunner', {}).start('model'))).code).toBe('runner-crashed');
  });
});

describe('loading', () => {
  test('that is cancelled ends as cancelled and the process goes', async () => {
    const supervisor = createSupervisor();
    const generation = await supervisor.start('model');
    const controller = new AbortController();
    const loading = generation.load(loadRequest(model), { signal: controller.signal });
    controller.abort();
    expect((await failureOf(loading)).code).toBe('cancelled');
    await generation.stop();
    expect(generation.crash).toBeNull();
  });

  test('tells its progress up to the end', async () => {
    const generation = await createSupervisor().start('model');
    const progress: number[] = [];
    const loaded = await generation.load(loadRequest(model), { onProgress: (value) => progress.push(value) });
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(loaded).toMatchObject({
      backend: 'cpu',
      contextTokens: 1024,
      trainContextTokens: 1024,
      threads: 1,
      gpuLayers: 0,
      hasChatTemplate: true,
    });
    expect(loaded.engine).toMatch(/^node-llama-cpp \d+\.\d+\.\d+, llama\.cpp \S+$/);
  });

  test('a second model into the same runner is refused', async () => {
    const generation = await startLoaded(model);
    expect((await failureOf(generation.load(loadRequest(model)))).code).toBe('bad-input');
  });
});

describe('a model file that changes while it is loaded', () => {
  test('and is deleted does no harm', async () => {
    const path = join(temporaryFolder(), 'model.gguf');
    copyFileSync(model, path);
    const generation = await startLoaded(path);
    rmSync(path);
    expect((await generation.generate(greedy('Hello'))).finishReason).toBe('stop');
  });

  test('and is cut short does no harm when it was read into memory', async () => {
    const path = join(temporaryFolder(), 'model.gguf');
    copyFileSync(model, path);
    const generation = await startLoaded(path, { useMmap: false });
    truncateSync(path, 4_096);
    expect((await generation.generate(greedy('Hello'))).finishReason).toBe('stop');
  });

  test.skipIf(process.platform !== 'linux')('and is cut short while it is mapped fails with file-changed', async () => {
    const path = join(temporaryFolder(), 'model.gguf');
    copyFileSync(starterModel('7M-Instruct-Q8_0'), path);
    const generation = await startLoaded(path, { useMmap: true });
    truncateSync(path, 4_096);
    const failure = await failureOf(generation.generate(greedy('Hello')));
    expect(failure.code).toBe('file-changed');
    expect(failure.data).toMatchObject({ signal: 'SIGBUS' });
  });
});

describe('withStopped', () => {
  test('does its work when the runner is gone, and holds starts back meanwhile', async () => {
    const supervisor = createSupervisor();
    const generation = await supervisor.start('model');
    const order: string[] = [];
    const work = supervisor.withStopped('model', async () => {
      order.push(isAlive(generation.pid ?? 0) ? 'still alive' : 'gone');
      await Promise.resolve();
      order.push('done');
      return 7;
    });
    const next = supervisor.start('model').then((started) => {
      order.push('started');
      return started;
    });
    expect(await work).toBe(7);
    await next;
    expect(order).toEqual(['gone', 'done', 'started']);
  });

  test('passes on what the work throws and lets go', async () => {
    const supervisor = createSupervisor();
    await expect(supervisor.withStopped('model', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect((await supervisor.start('model')).pid).toBeGreaterThan(0);
  });
});

describe('the warm spare', () => {
  test('becomes the next runner, and another takes its place', async () => {
    const spawned: (number | undefined)[] = [];
    const spawnRunner = createNodeRunnerSpawner({ runnerScript });
    const supervisor = createRunnerSupervisor({
      spawnRunner: () => {
        const process = spawnRunner();
        spawned.push(process.pid);
        return process;
      },
      log: quietLog,
    });
    onTestFinished(() => supervisor.dispose());
    supervisor.keepSpare(true);
    expect(spawned).toHaveLength(1);
    const generation = await supervisor.start('model');
    expect(generation.pid).toBe(spawned[0]);
    expect(generation.key).toBe('model');
    await generation.load(loadRequest(model));
    await vi.waitFor(() => expect(spawned).toHaveLength(2));
    supervisor.keepSpare(false);
    await vi.waitFor(() => expect(isAlive(spawned[1] ?? 0)).toBe(false), { timeout: 20_000, interval: 20 });
  });
});

describe('disposing', () => {
  test('ends every process, and nothing starts afterwards', async () => {
    const supervisor = createSupervisor();
    supervisor.keepSpare(true);
    const pids = [(await supervisor.start('a')).pid ?? 0, (await supervisor.start('b')).pid ?? 0];
    await supervisor.dispose();
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect((await failureOf(supervisor.start('c'))).code).toBe('pipe-closed');
  });
});

describe('the environment of a runner', () => {
  test('holds no token, password or proxy', () => {
    const environment = {
      PATH: '/bin',
      LANG: 'de_DE.UTF-8',
      LC_ALL: 'C',
      CUDA_VISIBLE_DEVICES: '0',
      HF_TOKEN: 'secret',
      GITHUB_TOKEN: 'secret',
      AWS_SECRET_ACCESS_KEY: 'secret',
      HTTPS_PROXY: 'http://user:secret@proxy',
      https_proxy: 'http://user:secret@proxy',
      NODE_OPTIONS: '--require ./evil.js',
      LD_PRELOAD: './evil.so',
      npm_config_registry: 'https://user:secret@registry',
    };
    expect(runnerEnvironment(environment)).toEqual({ PATH: '/bin', LANG: 'de_DE.UTF-8', LC_ALL: 'C', CUDA_VISIBLE_DEVICES: '0' });
  });
});
