import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bareHeader } from '#core/fit/bareHeader.ts';
import type { FitShape, FitTensor } from '#core/fit/fitTypes.ts';
import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import { createRunnerSupervisor, type RunnerGeneration } from '#main/supervisor/runnerSupervisor.ts';
import { type EngineBytes, fitErrors, type Placement } from '#shared/contract/fit.ts';
import type { LoadRequest } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { frozenShape, readShape } from '../fixtures/fit/frozenTable.ts';
import { smallShape, writeSmallModel } from '../fixtures/fit/smallModel.ts';
import { createSupervisor, failureOf, loadRequest, quietLog, runnerScript, starterModel, temporaryFolder } from './runnerHarness.ts';

// Has the Vulkan loader name software devices too; without effect where a real one comes first.
process.env['GGML_VK_VISIBLE_DEVICES'] ??= '0';

const usual: Placement = { contextTokens: 700, kvType: 'f16', flashAttention: true, batchTokens: 128, gpuLayers: 0, sequences: 1 };
const starter = '7M-Instruct-Q8_0';

describe('the dry run reserves to the byte what a load does', () => {
  const runner = sharedRunner();

  test.for([
    ['1M-Instruct-Q4_K_M', {}],
    [starter, { contextTokens: 2048, batchTokens: 512, kvType: 'q8_0' }],
    ['1M-Instruct-Q4_K_M', { flashAttention: false, batchTokens: 33 }],
  ] as const)('for the starter model %s with %j', async ([name, changes]) => {
    const path = starterModel(name);
    await expectSame(runner(), { path, shape: await readShape(path), placement: { ...usual, ...changes } });
  });

  test.for([
    ['sliding windows, shorter than the context', 'h-gemma3-1b.Q5_K_M', 7, { contextTokens: 1500 }],
    ['recurrent layers', 'lfm2-1.2b.Q4_0', 3, {}],
  ] as const)('for a model with %s', async ([, file, layers, changes]) => {
    const shape = smallShape(await frozenShape(file), layers);
    await expectSame(runner(), { path: written(shape), shape, placement: { ...usual, ...changes } });
  });

  test.for([['Q4_0', 18 / 32] as const, ['Q4_K', 144 / 256] as const, ['MXFP4', 17 / 32] as const, ['Q6_K', 210 / 256] as const])(
    'for a model whose embedding of %s is its output matrix too, in whole blocks of rows',
    async ([type, bytesEach]) => {
      const small = smallShape(await frozenShape('llama-3.2-1b.Q4_0'), 1);
      const rows = 264;
      const tensors = small.tensors.map((tensor): FitTensor => {
        if (tensor.name !== 'token_embd.weight') return tensor;
        const [width = 0] = tensor.shape;
        return { ...tensor, type, shape: [width, rows], bytes: width * rows * bytesEach };
      });
      const { vocab_size: _, ...hyperparameters } = small.hyperparameters;
      const shape = { ...small, tensors, hyperparameters, vocabularySize: rows };
      await expectSame(runner(), { path: written(shape), shape, placement: usual });
    },
  );

  test('for a model with latent attention', async () => {
    const shape = withLowRankQueries(smallShape(await frozenShape('deepseek-v2-lite.Q4_K_M'), 1));
    await expectSame(runner(), { path: written(shape), shape, placement: usual });
  });
});

describe('the dry run on a GPU', () => {
  const runner = sharedRunner();
  let hasDevice = true;
  beforeAll(async () => {
    const asked = runner().simulate({ header: headerOf(await readShape(starterModel(starter))), backend: 'vulkan', placement: usual });
    await asked.catch((error: unknown) => {
      if (!(error instanceof RpcError && error.code === fitErrors.simulationFailed)) throw error;
      hasDevice = false;
      process.stderr.write(`Skipped: dry runs on a GPU. ${error.message}\n`);
    });
  });

  test.for([
    ['every layer', 9, {}],
    ['four layers and the output', 5, { contextTokens: 2048, batchTokens: 512 }],
    ['nothing', 0, { kvType: 'q8_0' }],
  ] as const)('tells what lies where with %s on it', async ([, gpuLayers, changes], { skip }) => {
    if (!hasDevice) skip('no Vulkan driver on this machine');
    const path = starterModel(starter);
    const placement = { ...usual, gpuLayers, ...changes };
    const { gpu, ram } = await expectSame(runner(), { path, shape: await readShape(path), placement, backend: 'vulkan' });
    expect(ram.weights).toBeGreaterThan(0);
    if (gpuLayers > 0) expect(gpu.weights).toBeGreaterThan(0);
  });

  test('tells what lies where of sliding windows', async ({ skip }) => {
    if (!hasDevice) skip('no Vulkan driver on this machine');
    const shape = smallShape(await frozenShape('h-gemma3-1b.Q5_K_M'), 7);
    const placement = { ...usual, contextTokens: 1500, gpuLayers: 3 };
    await expectSame(runner(), { path: written(shape), shape, placement, backend: 'vulkan' });
  });

  test('is refused in words where there is no such device', async () => {
    const header = headerOf(await readShape(starterModel(starter)));
    const failure = await failureOf(
      runner().simulate({ header, backend: process.platform === 'darwin' ? 'cuda' : 'metal', placement: usual }),
    );
    expect(failure).toMatchObject({ code: fitErrors.simulationFailed, message: expect.stringMatching(/finds no (cuda|metal) device/) });
  });
});

describe('a header that no model has', () => {
  test('is refused with what the engine says, and the runner goes on', async () => {
    const runner = await createSupervisor().start('simulator');
    const shape = await readShape(starterModel(starter));
    const simulate = (of: FitShape): Promise<EngineBytes> => runner.simulate({ header: headerOf(of), backend: 'cpu', placement: usual });
    expect(await failureOf(simulate({ ...shape, architecture: 'nonesuch' }))).toMatchObject({
      code: fitErrors.simulationFailed,
      message: expect.stringContaining('unknown model architecture'),
    });
    expect((await simulate(shape)).ram.weights).toBeGreaterThan(7e6);
  });

  test('costs the runner alone where the engine aborts on it', async () => {
    const supervisor = createSupervisor();
    const runner = await supervisor.start('simulator');
    const shape = await readShape(starterModel(starter));
    const headless = { ...shape, hyperparameters: { ...shape.hyperparameters, 'attention.head_count': 0 } };
    const failure = await failureOf(runner.simulate({ header: headerOf(headless), backend: 'cpu', placement: usual }));
    expect(failure.code).toBe('runner-crashed');
    await runner.exited;
    expect(supervisor.get('simulator')).toBeUndefined();
  });
});

/** One simulator for all tests of a group: they also show that one dry run leaves nothing to the next. */
function sharedRunner(): () => RunnerGeneration {
  const supervisor = createRunnerSupervisor({ spawnRunner: createNodeRunnerSpawner({ runnerScript }), log: quietLog });
  let runner: RunnerGeneration;
  beforeAll(async () => {
    runner = await supervisor.start('simulator');
  });
  afterAll(() => supervisor.dispose());
  return () => runner;
}

interface Asked {
  readonly path: string;
  readonly shape: FitShape;
  readonly placement: Placement;
  readonly backend?: LoadRequest['backend'];
}

/** Sums of each device to the byte; the parts of a context as far as the engine's log tells them. */
async function expectSame(runner: RunnerGeneration, { path, shape, placement, backend = 'cpu' }: Asked): Promise<EngineBytes> {
  const simulated = await runner.simulate({ header: headerOf(shape), backend, placement });
  const { sequences: _, ...same } = placement;
  const { reserved } = await (await createSupervisor().start('model')).load(loadRequest(path, { ...same, backend }));
  if (reserved === null) throw new Error('The load told nothing.');
  for (const device of ['gpu', 'ram'] as const) {
    const [expected, actual] = [reserved[device], simulated[device]];
    expect(actual.weights).toBe(expected.weights);
    expect(actual.kvAndState + actual.compute).toBe(expected.kvAndState + expected.compute);
    expect(Math.abs(actual.kvAndState - expected.kvAndState)).toBeLessThan(0.03 * 2 ** 20);
  }
  expect(simulated.ram.compute).toBeGreaterThan(0);
  return simulated;
}

function headerOf(shape: FitShape): string {
  const made = bareHeader(shape);
  if (!made.ok) throw new Error(made.reason);
  return Buffer.from(made.bytes).toString('base64');
}

function written(shape: FitShape): string {
  const path = join(temporaryFolder(), 'model.gguf');
  writeSmallModel(path, shape);
  return path;
}

/** The engine tells the Lite variant, whose queries are whole, by its number of layers. */
function withLowRankQueries(shape: FitShape): FitShape {
  const rank = 256;
  const queries = shape.tensors.find(({ name }) => name === 'attn_q.weight');
  const [width = 0, heads = 0] = queries?.shape ?? [];
  const of = (name: string, sides: readonly number[]): FitTensor => ({
    name,
    type: 'F32',
    shape: sides,
    bytes: 4 * sides.reduce((product, side) => product * side, 1),
    layers: [0],
  });
  return {
    ...shape,
    hyperparameters: { ...shape.hyperparameters, 'attention.q_lora_rank': rank },
    hyperparameterTypes: { ...shape.hyperparameterTypes, 'attention.q_lora_rank': 'uint32' },
    tensors: [
      ...shape.tensors.filter((tensor) => tensor !== queries),
      of('attn_q_a.weight', [width, rank]),
      of('attn_q_a_norm.weight', [rank]),
      of('attn_q_b.weight', [rank, heads]),
    ],
  };
}
