import { computeBuffers, GraphGap } from './computeBuffers.ts';
import { deviceRulesOf, type FitBackend } from './deviceRules.ts';
import type { FitBytes, FitMachine, FitOptions } from './fitTypes.ts';
import type { GraphSettings } from './graph/graphContext.ts';
import type { ModelFacts } from './modelFacts.ts';
import { deviceCountOf, overheadOf } from './overhead.ts';
import { cacheRows, placeCache, roundUp } from './placeCache.ts';
import { largestLayerBytes, placeWeights } from './placeWeights.ts';
import { projectorNeed } from './projectorNeed.ts';
import { computeOnSeveral, unusableBytes } from './severalDevices.ts';
import { kvTypeSize } from './typeSizes.ts';

/** Micro-batch that Rightsize asks for: on a CPU 128 is as fast as 512 and needs a quarter of the working space. */
export function usualBatchTokens(backend: FitBackend): number {
  return backend === 'cpu' ? 128 : 512;
}

export interface NeedRequest {
  readonly machine: FitMachine;
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
  /** Of the engine alone, without a projector's. */
  readonly engineCompute: KnownCompute;
  readonly gpu: DeviceNeed;
  readonly ram: DeviceNeed;
  /** With overhead and all that is reserved: what has to be free. */
  readonly gpuBytes: number;
  readonly ramBytes: number;
  readonly bytes: FitBytes;
  /** Of several GPUs: what stays free because no whole layer fits in. */
  readonly unusableGpuBytes: number;
  readonly isExact: boolean;
  /** How far `bytes.total` may be off where it is exact: driver, process and projector vary. */
  readonly spread: number;
}

/** Bytes of one way to load a model. */
export function measureNeed(facts: ModelFacts, request: NeedRequest, known?: KnownCompute): MemoryNeed {
  const { machine, backend } = request;
  const rules = deviceRulesOf(backend, machine.gpu?.largestBufferBytes);
  const allLayers = facts.layers.length + 1;
  const onGpu = rules.hasGpu ? Math.min(request.gpuLayers, allLayers) : 0;
  const settings = graphSettings(facts, { request, firstGpuLayer: allLayers - onGpu });
  const weights = placeWeights(facts, rules, settings);
  const cache = placeCache(facts, settings);
  const compute = known ? { ...known, isExact: false } : computeOrBand({ facts, rules, settings });
  const devices = deviceCountOf(machine);
  const gpu = {
    weights: weights.gpu,
    kvCache: cache.gpu.cache,
    state: cache.gpu.state,
    compute: known ? compute.gpu : computeOnSeveral(facts, { devices, compute: compute.gpu, settings }),
  };
  const ram = { weights: weights.ram, kvCache: cache.ram.cache, state: cache.ram.state, compute: compute.ram };
  return needOf({ gpu, ram, isExact: compute.isExact }, { facts, request });
}

/** Adds what the engine's buffers do not hold: vision projector, driver and process. */
export function needOf(
  engine: Pick<MemoryNeed, 'gpu' | 'ram' | 'isExact'>,
  of: { readonly facts: ModelFacts; readonly request: NeedRequest },
): MemoryNeed {
  const { facts, request } = of;
  const { machine, backend, options } = request;
  const rules = deviceRulesOf(backend, machine.gpu?.largestBufferBytes);
  const isOnGpu = rules.hasGpu && request.gpuLayers > 0;
  const projector = projectorNeed(options.projectorBytes ?? 0);
  const gpu = isOnGpu ? withProjector(engine.gpu, projector) : engine.gpu;
  const ram = isOnGpu ? engine.ram : withProjector(engine.ram, projector);
  const overhead = overheadOf(machine, { backend, facts, computeBytes: engine.ram.compute });
  const gpuBytes = rules.hasGpu ? sum(gpu) + overhead.driver : 0;
  const ramBytes = sum(ram) + overhead.process;
  const layerCache = gpu.kvCache / Math.max(request.gpuLayers, 1);
  return {
    engineCompute: { gpu: engine.gpu.compute, ram: engine.ram.compute },
    gpu,
    ram,
    gpuBytes,
    ramBytes,
    isExact: engine.isExact,
    spread: overhead.spread + projector.spread,
    unusableGpuBytes: isOnGpu
      ? unusableBytes({ devices: deviceCountOf(machine), layerBytes: largestLayerBytes(facts, rules) + layerCache })
      : 0,
    bytes: {
      weights: gpu.weights + ram.weights,
      kvCache: gpu.kvCache + ram.kvCache,
      recurrent: gpu.state + ram.state,
      compute: gpu.compute + ram.compute,
      overhead: overhead.driver + overhead.process,
      total: gpuBytes + ramBytes - overhead.untouched,
      gpu: gpuBytes,
      ram: ramBytes - overhead.untouched,
      ...(overhead.untouched > 0 ? { untouched: overhead.untouched } : {}),
    },
  };
}

/** One way to load a model in the engine's terms. */
function graphSettings(facts: ModelFacts, of: { readonly request: NeedRequest; readonly firstGpuLayer: number }): GraphSettings {
  const { backend, options, contextTokens } = of.request;
  const { sequences, flashAttention } = options;
  const wholeContext = contextTokens * sequences;
  // A load of our own rounds its context up before the engine cuts the batch to it.
  const wished = options.batchTokens ?? Math.min(usualBatchTokens(backend) + extraBatchTokens(facts), roundUp(wholeContext));
  const most = options.batchTokens === null ? wished : wholeContext;
  // The graph takes as many tokens of each sequence; logits are kept for those of the batch, one of each sequence at least.
  const asked = Math.min(wished, most);
  const tokens = Math.ceil(asked / sequences) * sequences;
  return {
    ...cacheRows(facts, { contextTokens, batchTokens: tokens }),
    tokens,
    sequences,
    outputs: Math.max(asked, sequences),
    flashAttention,
    kvType: kvTypeSize(options.kvType),
    firstGpuLayer: of.firstGpuLayer,
    expertsInRamLayers: options.expertsInRamLayers,
  };
}

/**
 * What node-llama-cpp adds to the micro-batch that a load asks for: one token for models whose header names a sliding window shorter than the
 * trained context, whether their graph uses it or not (`LlamaContext.ts` and `swaSize` of `GgufInsights.ts`, 3.22.1, read 2026-11-21).
 */
export function extraBatchTokens(facts: ModelFacts): 0 | 1 {
  const window = facts.number('attention.sliding_window') ?? 0;
  return window > 0 && (facts.trainedContext === null || window < facts.trainedContext) ? 1 : 0;
}

function withProjector(need: DeviceNeed, projector: { readonly weights: number; readonly compute: number }): DeviceNeed {
  return { ...need, weights: need.weights + projector.weights, compute: need.compute + projector.compute };
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
