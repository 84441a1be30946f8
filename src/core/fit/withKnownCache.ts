import type { FitShape } from './fitTypes.ts';
import { extraBatchTokens } from './measureNeed.ts';
import { modelFactsOf } from './modelFacts.ts';
import { cacheRows, placeCache } from './placeCache.ts';
import { kvTypeSize } from './typeSizes.ts';
import type { EngineNeed } from './withEngineBytes.ts';

/** Three buffers that the engine's log each rounds to a hundredth of a MiB. */
const roundingBytes = 0.015 * 2 ** 20;

/**
 * Divides what the engine reserves for a context to the byte. It gives the sum; the parts it only prints, rounded. Where cache and state as
 * computed agree with the print, the computed ones are right and the rest of the sum is working space.
 * @param engine from a dry run
 * @returns the same sums; the parts as they were where they do not agree, as for an architecture that is not known
 */
export function withKnownCache<Engine extends EngineNeed>(engine: Engine, shape: FitShape): Engine {
  const { placement } = engine;
  const { contextTokens, sequences } = placement;
  const facts = modelFactsOf(shape);
  const allLayers = facts.layers.length + 1;
  const onGpu = engine.backend === 'cpu' ? 0 : Math.min(placement.gpuLayers, allLayers);
  const batchTokens = Math.min(placement.batchTokens + extraBatchTokens(facts), contextTokens * sequences);
  const rows = cacheRows(facts, { contextTokens, batchTokens });
  const kvType = kvTypeSize(placement.kvType);
  const { gpu, ram } = placeCache(facts, { ...placement, ...rows, kvType, firstGpuLayer: allLayers - onGpu });
  const known = { gpu: gpu.cache + gpu.state, ram: ram.cache + ram.state };
  if (!agree(known.gpu, engine.gpu) || !agree(known.ram, engine.ram)) return engine;
  return { ...engine, gpu: divided(engine.gpu, known.gpu), ram: divided(engine.ram, known.ram) };
}

type Share = EngineNeed['gpu'];

function agree(knownBytes: number, { kvAndState, compute }: Share): boolean {
  return Math.abs(knownBytes - kvAndState) <= roundingBytes && knownBytes <= kvAndState + compute;
}

function divided({ weights, kvAndState, compute }: Share, knownBytes: number): Share {
  return { weights, kvAndState: knownBytes, compute: kvAndState + compute - knownBytes };
}
