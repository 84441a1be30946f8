import { computeBuffers, GraphGap } from './computeBuffers.ts';
import { deviceRulesOf, type FitBackend } from './deviceRules.ts';
import type { FitBytes, FitOptions } from './fitTypes.ts';
import type { ModelFacts } from './modelFacts.ts';
import { driverBytes, processOverheadBytes } from './overhead.ts';
import { cacheRows, placeCache } from './placeCache.ts';
import { placeWeights } from './placeWeights.ts';
import { kvTypeSize } from './typeSizes.ts';

/** Micro-batches that Rightsize loads with: on a CPU 128 is as fast as 512 and needs a quarter of the working space. */
const cpuBatchTokens = 128;
const gpuBatchTokens = 512;

export interface NeedRequest {
  readonly backend: FitBackend;
  /** Output layer counted. */
  readonly gpuLayers: number;
  readonly contextTokens: number;
  readonly options: FitOptions;
}

/** Working space known from a placement nearby, in place of the one from the graph. */
export interface KnownCompute {
  readonly gpu: number;
  readonly ram: number;
}

export interface DeviceNeed {
  readonly weights: number;
  readonly kvCache: number;
  readonly state: number;
  readonly compute: number;
}

export interface MemoryNeed {
  readonly gpu: DeviceNeed;
  readonly ram: DeviceNeed;
  /** With overhead. */
  readonly gpuBytes: number;
  readonly ramBytes: number;
  readonly bytes: FitBytes;
  readonly isExact: boolean;
}

/** Bytes of one way to load a model. */
export function measureNeed(facts: ModelFacts, request: NeedRequest, known?: KnownCompute): MemoryNeed {
  const { backend, options } = request;
  const rules = deviceRulesOf(backend);
  const allLayers = facts.layers.length + 1;
  const onGpu = rules.hasGpu ? Math.min(request.gpuLayers, allLayers) : 0;
  const firstGpuLayer = allLayers - onGpu;
  const { sequences, flashAttention } = options;
  const wholeContext = request.contextTokens * sequences;
  const wished = options.batchTokens ?? (backend === 'cpu' ? cpuBatchTokens : gpuBatchTokens);
  const tokens = Math.ceil(Math.min(wished, wholeContext) / sequences) * sequences;
  const rows = cacheRows(facts, { contextTokens: request.contextTokens, batchTokens: tokens });
  const settings = {
    ...rows,
    tokens,
    sequences,
    outputs: tokens,
    flashAttention,
    kvType: kvTypeSize(options.kvType),
    firstGpuLayer,
    expertsInRamLayers: options.expertsInRamLayers,
  };
  const weights = placeWeights(facts, rules, settings);
  const cache = placeCache(facts, settings);
  const { gpu: gpuCompute, ram: ramCompute, isExact } = known ? { ...known, isExact: false } : computeOrBand({ facts, rules, settings });
  const projector = options.projectorBytes ?? 0;
  const gpu = {
    weights: weights.gpu + (rules.hasGpu && onGpu > 0 ? projector : 0),
    kvCache: cache.gpu.cache,
    state: cache.gpu.state,
    compute: gpuCompute,
  };
  const ram = {
    weights: weights.ram + (rules.hasGpu && onGpu > 0 ? 0 : projector),
    kvCache: cache.ram.cache,
    state: cache.ram.state,
    compute: ramCompute,
  };
  return needOf({ gpu, ram, isExact }, { facts, backend });
}

/** Adds what driver and process take beside the engine's buffers. */
export function needOf(
  buffers: Pick<MemoryNeed, 'gpu' | 'ram' | 'isExact'>,
  of: { readonly facts: ModelFacts; readonly backend: FitBackend },
): MemoryNeed {
  const { gpu, ram } = buffers;
  const driver = driverBytes[of.backend];
  const process = processOverheadBytes({ vocabulary: of.facts.vocabulary, computeBytes: ram.compute });
  const gpuBytes = deviceRulesOf(of.backend).hasGpu ? sum(gpu) + driver : 0;
  const ramBytes = sum(ram) + process;
  return {
    ...buffers,
    gpuBytes,
    ramBytes,
    bytes: {
      weights: gpu.weights + ram.weights,
      kvCache: gpu.kvCache + ram.kvCache,
      recurrent: gpu.state + ram.state,
      compute: gpu.compute + ram.compute,
      overhead: driver + process,
      total: gpuBytes + ramBytes,
      gpu: gpuBytes,
      ram: ramBytes,
    },
  };
}

/** The graph of an unknown architecture is a guess at best: mostly the logits of one batch, and the widest layer. */
function computeOrBand(of: Parameters<typeof computeBuffers>[0]): {
  readonly gpu: number;
  readonly ram: number;
  readonly isExact: boolean;
} {
  const { facts, rules, settings } = of;
  try {
    return { ...computeBuffers(of), isExact: facts.architecture.isKnown };
  } catch (error) {
    if (!(error instanceof GraphGap)) throw error;
    const widest = facts.layers.reduce((most, layer) => Math.max(most, layer.tensors.get('ffn_up.weight')?.shape[1] ?? 0), 4 * facts.width);
    const guess = 4 * settings.tokens * (Math.max(facts.vocabulary, 3 * widest) + 2 * facts.width) + 2 * settings.tokens * settings.cells;
    return rules.hasGpu && settings.firstGpuLayer <= facts.layers.length
      ? { gpu: guess, ram: 8 * settings.tokens * facts.width + 2 * settings.tokens * settings.cells, isExact: false }
      : { gpu: 0, ram: guess, isExact: false };
  }
}

function sum({ weights, kvCache, state, compute }: DeviceNeed): number {
  return weights + kvCache + state + compute;
}
