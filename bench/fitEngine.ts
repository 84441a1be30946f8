import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bareHeader } from '#core/fit/bareHeader.ts';
import { checkFitInput } from '#core/fit/checkFitInput.ts';
import { estimateFit } from '#core/fit/estimateFit.ts';
import type { FitMachine, FitShape, KvType } from '#core/fit/fitTypes.ts';
import { extraBatchTokens } from '#core/fit/measureNeed.ts';
import { modelFactsOf } from '#core/fit/modelFacts.ts';
import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import { createRunnerSupervisor, type RunnerGeneration } from '#main/supervisor/runnerSupervisor.ts';
import { type EngineBytes, fitErrors, type Placement } from '#shared/contract/fit.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { readShape } from '../tests/fixtures/fit/frozenTable.ts';

export type Backend = EngineBytes['backend'];

const quiet: Log = { error: () => undefined, warn: () => undefined, info: () => undefined };
const runnerScript = fileURLToPath(new URL('../src/main/runner/entry.js', import.meta.url));
const folder = fileURLToPath(new URL('../tests/fixtures/fit/', import.meta.url));

/** Runner processes for one measurement: a simulator that outlives refusals and is replaced after a crash, and fresh ones for loads. */
export interface EngineAtHand {
  /** Null where the engine refuses, or where a device is not here. */
  simulate(shape: FitShape, wish: { readonly backend: Backend; readonly placement: Placement }): Promise<EngineBytes | null>;
  fresh(): Promise<RunnerGeneration>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function openEngineAtHand(): EngineAtHand {
  const supervisor = createRunnerSupervisor({ spawnRunner: createNodeRunnerSpawner({ runnerScript }), log: quiet });
  let simulator: Promise<RunnerGeneration> | null = null;
  let loads = 0;
  return {
    async simulate(shape, wish) {
      const made = bareHeader(shape);
      if (!made.ok) throw new Error(made.reason);
      supervisor.clearBreaker('simulator');
      simulator ??= supervisor.start('simulator');
      const runner = await simulator;
      try {
        return await runner.simulate({ header: Buffer.from(made.bytes).toString('base64'), ...wish });
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        if (error.code !== fitErrors.simulationFailed) {
          simulator = null;
          await runner.exited;
        }
        return null;
      }
    },
    async fresh() {
      loads += 1;
      return await supervisor.start(`load ${loads}`);
    },
    [Symbol.asyncDispose]: () => supervisor.dispose(),
  };
}

/** Header-only files of real models, and of one more of each architecture that is known. */
export async function everyShape(): Promise<readonly { readonly name: string; readonly shape: FitShape }[]> {
  const paths = ['headers', 'architectures'].flatMap((part) => readdirSync(`${folder}${part}`).map((file) => `${folder}${part}/${file}`));
  return await Promise.all(paths.map(async (path) => ({ name: path.slice(path.lastIndexOf('/') + 1), shape: await readShape(path) })));
}

export interface Difference {
  readonly what: string;
  readonly flashAttention: boolean;
  /** (computed − engine) / engine, of the device that the model is placed on. */
  readonly error: number;
}

/** Placements for each kind of load; ways that a model cannot be loaded in are left out. */
export async function differences(
  engine: EngineAtHand,
  of: { readonly backend: Backend; readonly layersOnGpu: (layers: number) => readonly number[]; readonly largestBufferBytes?: number },
): Promise<{ readonly found: readonly Difference[]; readonly refused: readonly string[] }> {
  const found: Difference[] = [];
  const refused: string[] = [];
  for (const { name, shape } of await everyShape()) {
    const facts = modelFactsOf(shape);
    for (const gpuLayers of of.layersOnGpu(facts.layers.length + 1)) {
      for (const placement of placementsOf(gpuLayers)) {
        const options = { ...placement, batchTokens: placement.batchTokens + extraBatchTokens(facts), expertsInRamLayers: 0 };
        if (!checkFitInput(shape, options).ok) continue;
        const what = `${name} ${of.backend} ${JSON.stringify(placement)}`;
        const told = await engine.simulate(shape, { backend: of.backend, placement });
        if (told === null) {
          refused.push(what);
          continue;
        }
        const { buffers } = estimateFit(shape, plenty(of.backend, of.largestBufferBytes), options);
        const device = of.backend === 'cpu' ? 'ram' : 'gpu';
        const mine = buffers.filter((buffer) => (buffer.device === 'gpu') === (device === 'gpu'));
        const computed = mine.reduce((sum, buffer) => sum + buffer.weights + buffer.kvAndState + buffer.compute, 0);
        const { weights, kvAndState, compute } = told[device];
        found.push({ what, flashAttention: placement.flashAttention, error: computed / (weights + kvAndState + compute) - 1 });
      }
    }
  }
  return { found, refused };
}

function placementsOf(gpuLayers: number): readonly Placement[] {
  const ways: readonly (readonly [KvType, boolean])[] = [
    ['f16', true],
    ['q8_0', true],
    ['f16', false],
  ];
  // On a GPU one context: a software device takes a second for what a processor does in a hundredth.
  const contexts = gpuLayers > 0 ? [8192] : [2048, 16_384];
  const batches = gpuLayers > 0 ? [512] : [128, 512];
  return contexts.flatMap((contextTokens) =>
    batches.flatMap((batchTokens) =>
      ways.map(([kvType, flashAttention]) => ({ contextTokens, kvType, flashAttention, batchTokens, gpuLayers, sequences: 1 })),
    ),
  );
}

function plenty(backend: Backend, largestBufferBytes: number | undefined): FitMachine {
  const bytes = 2 ** 50;
  const gpu =
    backend === 'cpu'
      ? null
      : { backend, vramBytes: bytes, freeBytes: bytes, unified: backend === 'metal', ...(largestBufferBytes && { largestBufferBytes }) };
  return { ramBytes: bytes, ramAvailableBytes: bytes, gpu, bandwidthBytesPerSecond: null };
}
