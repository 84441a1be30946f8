import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FitShape } from '#core/fit/fitTypes.ts';
import { createFitService } from '#main/services/fit/createFitService.ts';
import type { FitService } from '#main/services/fit/fitService.ts';
import type { SimulatorLimits } from '#main/services/fit/simulatorRunner.ts';
import { openDatabase } from '#main/storage/database.ts';
import type { RunnerExit, RunnerProcess } from '#main/supervisor/runnerProcess.ts';
import { createRunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import { hubErrors, type RemoteHeader } from '#shared/contract/catalog.ts';
import type { Placement } from '#shared/contract/fit.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { frozenShape, readShape } from '../../fixtures/fit/frozenTable.ts';
import { laptop } from '../catalog/catalogHarness.ts';
import { startServices, testPorts, tiny } from '../servicesHarness.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const usual: Placement = { contextTokens: 1024, kvType: 'f16', flashAttention: true, batchTokens: 128, gpuLayers: 0, sequences: 1 };
const onHub = { repo: 'ada/model-GGUF', commit: 'main', file: 'model-Q4_K_M.gguf' };
const cpu = (changes: Partial<Placement> = {}) => ({ backend: 'cpu' as const, placement: { ...usual, ...changes } });

interface Harness {
  readonly fit: FitService;
  readonly runners: RunnerProcess[];
}

/** The service over real runner processes; a hub that gives this shape, or fails. */
function openFit(
  remote: FitShape | RpcError,
  {
    spawned = (runner) => runner,
    ...limits
  }: Partial<SimulatorLimits> & { readonly spawned?: (runner: RunnerProcess) => RunnerProcess } = {},
): Harness {
  const ports = testPorts();
  const database = openDatabase(join(temporaryFolder(), 'rightsize.db'));
  const supervisor = createRunnerSupervisor({ spawnRunner: () => spawned(ports.spawnRunner()), log: ports.log });
  const fit = createFitService({
    database,
    library: { list: () => [], require: () => Promise.reject(new Error('not asked')) as never },
    catalog: { header: async () => (remote instanceof RpcError ? Promise.reject(remote) : ({ shape: remote } as RemoteHeader)) },
    system: { hardware: async () => laptop },
    supervisor,
    bandwidth: () => null,
    log: ports.log,
    now: Date.now,
    // A busy machine is not what is tested, but where it is.
    simulatorLimits: { runMs: 60_000, ...limits },
  });
  onTestFinished(async () => {
    await fit.dispose();
    await supervisor.dispose();
    database.close();
  });
  return { fit, runners: ports.runners };
}

function exitOf(runner: RunnerProcess | undefined): Promise<RunnerExit> {
  if (runner === undefined) throw new Error('No runner was started.');
  return new Promise((resolve) => runner.onExit(resolve));
}

describe('the engine’s own dry run', () => {
  test('of a model of the library says where its bytes go, and of the same header is made once', async () => {
    const { services, runners } = await startServices();
    const asked = () => services.fit.simulate({ artifactId: tiny }, cpu());
    const [first, second] = await Promise.all([asked(), asked()]);
    expect(first).toEqual({
      reason: null,
      engine: {
        backend: 'cpu',
        placement: usual,
        gpu: { weights: 0, kvAndState: 0, compute: 0 },
        ram: { weights: 795_392, kvAndState: 1_048_576, compute: expect.any(Number) },
      },
    });
    expect(second).toEqual(first);
    expect(await asked()).toEqual(first);
    expect(runners).toHaveLength(1);
  });

  test('of a quant on the hub needs its header alone, and other placements take the same process', async () => {
    const { fit, runners } = openFit(await frozenShape('llama-3.1-8b.Q4_K_M'));
    const short = await fit.simulate(onHub, cpu({ contextTokens: 4096 }));
    const long = await fit.simulate(onHub, cpu({ contextTokens: 8192, kvType: 'q8_0' }));
    expect(short.engine?.ram).toMatchObject({ weights: 4_912_898_304, kvAndState: 512 * 2 ** 20 });
    expect(long.engine?.ram).toMatchObject({ weights: 4_912_898_304, kvAndState: 544 * 2 ** 20 });
    expect(runners).toHaveLength(1);
  });

  test('leaves no process behind when nothing is asked for a moment', async () => {
    const { fit, runners } = openFit(await frozenShape('llama-3.2-1b.Q4_0'), { idleMs: 1 });
    await fit.simulate(onHub, cpu());
    await exitOf(runners[0]);
    expect((await fit.simulate(onHub, cpu({ contextTokens: 512 }))).engine).not.toBeNull();
    expect(runners).toHaveLength(2);
  });

  test('takes another process for another backend, and says where that has no device here', async () => {
    const { fit, runners } = openFit(await frozenShape('llama-3.2-1b.Q4_0'));
    const first = await fit.simulate(onHub, cpu());
    const backend = process.platform === 'darwin' ? 'cuda' : 'metal';
    expect((await fit.simulate(onHub, { backend, placement: usual })).reason).toBe(
      `The engine finds no ${backend} device on this machine.`,
    );
    expect(runners).toHaveLength(2);
    expect(await fit.simulate(onHub, cpu())).toEqual(first);
    expect(runners).toHaveLength(2);
  });

  test('answers the newest wish first', async () => {
    const { fit } = openFit(await frozenShape('llama-3.2-1b.Q4_0'));
    const order: number[] = [];
    const ask = async (contextTokens: number): Promise<void> => {
      await fit.simulate(onHub, cpu({ contextTokens }));
      order.push(contextTokens);
    };
    await Promise.all([256, 512, 768, 1024].map(ask));
    expect(order).toEqual([256, 1024, 768, 512]);
  });

  test('is not made for a wish that was taken back while it waited', async () => {
    const { fit, runners } = openFit(await frozenShape('llama-3.2-1b.Q4_0'));
    const leaves = new AbortController();
    const first = fit.simulate(onHub, cpu());
    const left = fit.simulate(onHub, cpu({ contextTokens: 512 }), { signal: leaves.signal });
    leaves.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    await expect(fit.simulate(onHub, cpu(), { signal: leaves.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect((await first).engine).not.toBeNull();
    expect(runners).toHaveLength(1);
  });
});

describe('a dry run that cannot be made is told in words', () => {
  test('where it takes too long, and its process is killed', async () => {
    const { fit, runners } = openFit(await frozenShape('llama-3.2-1b.Q4_0'), { runMs: 1, openMs: 0 });
    expect(await fit.simulate(onHub, cpu())).toEqual({ engine: null, reason: 'The engine’s dry run took more than 1 s and was stopped.' });
    await exitOf(runners[0]);
    await fit.simulate(onHub, cpu());
    expect(runners).toHaveLength(2);
  });

  test('where the header ends the engine’s process, and the next header is answered', async () => {
    const shape = await frozenShape('llama-3.2-1b.Q4_0');
    // An odd number of dimensions to rotate: no check of ours refuses it, and the engine asserts.
    const odd = { ...shape, hyperparameters: { ...shape.hyperparameters, 'attention.key_length': 63, 'rope.dimension_count': 63 } };
    const { fit, runners } = openFit(odd);
    for (const _ of ['again', 'and again', 'and more often than a breaker allows', 'still']) {
      expect(await fit.simulate(onHub, cpu({ contextTokens: 1024 + runners.length }))).toEqual({
        engine: null,
        reason: 'The engine gave up on this header. Only the dry run was lost.',
      });
    }
    expect(runners).toHaveLength(4);
    expect(await exitOf(runners[0])).not.toEqual({ code: 0, signal: null });
  });

  test('where its process is killed from outside, which says nothing of the header: asked again it is answered', async () => {
    let kills = 1;
    const spawned = (runner: RunnerProcess): RunnerProcess => ({
      ...runner,
      pipe: {
        ...runner.pipe,
        send(frame) {
          if (frame.kind === 'req' && frame.route === 'runner.simulate' && kills-- > 0) runner.kill();
          runner.pipe.send(frame);
        },
      },
    });
    const { fit } = openFit(await frozenShape('llama-3.2-1b.Q4_0'), { spawned });
    expect(await fit.simulate(onHub, cpu())).toEqual({ engine: null, reason: expect.stringMatching(/^The system stopped/) });
    expect(await fit.simulate(onHub, cpu())).toMatchObject({ reason: null, engine: { backend: 'cpu' } });
  });

  test.for([
    ['the hub is out of reach', new RpcError(hubErrors.unreachable, 'The hub cannot be reached.'), /cannot be reached/],
    ['an older Rightsize kept the header', { hyperparameterTypes: undefined }, /older Rightsize/],
    ['the architecture is new to the engine', { architecture: 'nonesuch' }, /unknown model architecture/],
    ['the header says more than there is', { hyperparameters: { feed_forward_length: 4e6 } }, /contradict/],
    ['the header makes no sense', { hyperparameters: { block_count: 0 } }, /block_count/],
  ] as const)('where %s', async ([, remote, reason]) => {
    const shape = await frozenShape('llama-3.2-1b.Q4_0');
    const changed = {
      ...remote,
      hyperparameters: { ...shape.hyperparameters, ...('hyperparameters' in remote ? remote.hyperparameters : {}) },
    };
    const { fit } = openFit(remote instanceof RpcError ? remote : ({ ...shape, ...changed } as FitShape));
    const answer = await fit.simulate(onHub, cpu());
    expect(answer.engine).toBeNull();
    expect(answer.reason).toMatch(reason);
  });

  test('where the context makes no sense, without a process', async () => {
    const { fit, runners } = openFit(await frozenShape('llama-3.2-1b.Q4_0'));
    expect((await fit.simulate(onHub, cpu({ contextTokens: 2 ** 30 }))).reason).toMatch(/trained/);
    expect((await fit.simulate(onHub, cpu({ kvType: 'q8_0', flashAttention: false }))).reason).toMatch(/flash attention/);
    expect(runners).toHaveLength(0);
  });
});

test('a load that ends dry runs ends one too whose process is only starting, and the next is made', async () => {
  const { fit, runners } = openFit(await frozenShape('llama-3.2-1b.Q4_0'));
  const asked = fit.simulate(onHub, cpu());
  await expect.poll(() => runners.length).toBe(1);
  await fit.endDryRuns();
  expect((await asked).reason).toBe('The engine’s dry run was ended because a model is being loaded.');
  expect((await fit.simulate(onHub, cpu())).engine).not.toBeNull();
});

test('closing while a dry run starts ends its process', async () => {
  const { fit, runners } = openFit(await readShape(join(import.meta.dirname, '../../../resources/models/Starter-7M-Instruct-Q8_0.gguf')));
  const asked = fit.simulate(onHub, cpu());
  await expect.poll(() => runners.length).toBe(1);
  const exit = exitOf(runners[0]);
  await fit.dispose();
  await exit;
  expect((await asked).engine).toBeNull();
});
