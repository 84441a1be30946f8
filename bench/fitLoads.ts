import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FitShape } from '#core/fit/fitTypes.ts';
import type { EngineBytes, Placement } from '#shared/contract/fit.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { frozenShape, readShape } from '../tests/fixtures/fit/frozenTable.ts';
import { smallShape, writeSmallModel } from '../tests/fixtures/fit/smallModel.ts';
import type { Backend, EngineAtHand } from './fitEngine.ts';

interface LoadableModel {
  readonly path: string;
  readonly shape: FitShape;
}

const usual: Placement = { contextTokens: 1500, kvType: 'f16', flashAttention: true, batchTokens: 128, gpuLayers: 0, sequences: 1 };

/** Loads models for real and holds what each reserved against the dry run of its header. */
export async function printLoads(engine: EngineAtHand, backends: readonly Backend[]): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'rightsize-fit-'));
  const bytesOff: number[] = [];
  let notLoaded = 0;
  try {
    for (const model of await loadableModels(scratch)) {
      for (const backend of backends) {
        for (const placement of placementsFor(model, backend)) {
          const off = await realLoad(engine, { ...model, backend, placement });
          if (off === null) notLoaded += 1;
          else bytesOff.push(off);
        }
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const equal = bytesOff.filter((bytes) => bytes === 0).length;
  console.log(
    `dry runs beside real loads on ${backends.join(' and ')}: ${equal} of ${bytesOff.length} equal to the byte, largest difference ${Math.max(0, ...bytesOff)} bytes; ${notLoaded} could not be loaded here`,
  );
}

function placementsFor({ shape }: LoadableModel, backend: Backend): readonly Placement[] {
  if (backend === 'cpu') {
    return [usual, { ...usual, contextTokens: 700, kvType: 'q8_0' }, { ...usual, flashAttention: false, batchTokens: 100 }];
  }
  const layers = Number(shape.hyperparameters.block_count) + 1;
  return [
    { ...usual, batchTokens: 512, gpuLayers: layers },
    { ...usual, kvType: 'q8_0', gpuLayers: Math.floor(layers / 2) },
  ];
}

/** @returns bytes that the sums of both devices differ by; null where the model cannot be loaded here */
async function realLoad(
  engine: EngineAtHand,
  of: LoadableModel & { readonly backend: Backend; readonly placement: Placement },
): Promise<number | null> {
  const { path, shape, backend, placement } = of;
  const { sequences: _, ...asked } = placement;
  const told = await engine.simulate(shape, { backend, placement });
  const runner = await engine.fresh();
  try {
    const { reserved } = await runner.load({ path, backend, threads: 1, useMmap: false, ...asked });
    if (told === null || reserved === null) throw new Error(`Nothing to compare: ${path} ${JSON.stringify(placement)}`);
    return Math.abs(sum(told.gpu) - sum(reserved.gpu)) + Math.abs(sum(told.ram) - sum(reserved.ram));
  } catch (error) {
    if (error instanceof RpcError) return null;
    throw error;
  } finally {
    await runner.stop();
  }
}

function sum({ weights, kvAndState, compute }: EngineBytes['gpu']): number {
  return weights + kvAndState + compute;
}

/** Starter models, and first layers of larger ones with weights of zeros. */
async function loadableModels(scratch: string): Promise<readonly LoadableModel[]> {
  const starters = fileURLToPath(new URL('../resources/models/', import.meta.url));
  const paths = readdirSync(starters).filter((name) => name.endsWith('.gguf'));
  const shipped = paths.map(async (name) => ({ path: starters + name, shape: await readShape(starters + name) }));
  const firstLayers: readonly (readonly [string, number])[] = [
    ['llama-3.2-1b.Q4_K_M', 2],
    ['qwen3-0.6b.Q4_0', 3],
    ['h-gemma3-1b.Q5_K_M', 7],
    ['lfm2-1.2b.Q4_0', 3],
    ['phi-4-mini.Q4_K_M', 1],
    ['smollm2-360m.Q8_0', 4],
    ['granite-4.0-h-tiny.Q4_0', 6],
  ];
  const cut = firstLayers.map(async ([file, layers]) => {
    const shape = smallShape(await frozenShape(file), layers);
    const path = join(scratch, `${file}.gguf`);
    writeSmallModel(path, shape);
    return { path, shape };
  });
  return await Promise.all([...shipped, ...cut]);
}
