import type { GgufFacts } from '#core/gguf/describeGguf.ts';
import type { LoadOptions } from '#shared/contract/models.ts';
import type { GpuDevice, LoadRequest } from '#shared/contract/runner.ts';
import type { Settings } from '#shared/contract/settings.ts';

export interface LoadFacts {
  readonly path: string;
  /** Of the first file; shards carry the whole model's facts there. */
  readonly facts: GgufFacts;
  /** Bytes of all tensors in all files. */
  readonly tensorBytes: number;
}

export interface Machine {
  readonly cores: number;
  readonly gpus: readonly GpuDevice[];
}

/** Used where neither the user nor the model says anything. */
const usualContextTokens = 8192;
const unknownTrainContextTokens = 4096;
/** Same prompt speed as 512 on a CPU with a quarter of the compute buffer (engine facts, architecture section 3). */
const cpuBatchTokens = 128;
const gpuBatchTokens = 512;
/** Left free on a GPU for the driver, the desktop and what is not counted here. */
const gpuReserveShare = 0.08;

/**
 * Decides how a model is loaded. What the user asks for is taken as it is; the rest follows from model, settings and machine.
 * Memory is never a reason to refuse here: the engine tells whether it fits.
 */
export function decideLoad(
  model: LoadFacts,
  options: Partial<LoadOptions>,
  context: { readonly settings: Settings; readonly machine: Machine },
): LoadRequest {
  const { settings, machine } = context;
  const trainTokens = model.facts.contextTokens ?? unknownTrainContextTokens;
  const contextTokens = options.contextTokens ?? Math.min(trainTokens, settings.contextTokens ?? usualContextTokens);
  const threads = options.threads ?? settings.threads ?? Math.max(1, machine.cores - 1);
  const gpu = decideGpu(model, { contextTokens, layers: options.gpuLayers ?? null, gpus: settings.gpu === 'off' ? [] : machine.gpus });
  return {
    path: model.path,
    backend: gpu.backend,
    contextTokens,
    batchTokens: gpu.backend === 'cpu' ? cpuBatchTokens : gpuBatchTokens,
    threads,
    gpuLayers: gpu.layers,
    flashAttention: options.flashAttention ?? true,
    kvType: options.kvType ?? 'f16',
    useMmap: false,
  };
}

function decideGpu(
  model: LoadFacts,
  wish: { readonly contextTokens: number; readonly layers: number | null; readonly gpus: readonly GpuDevice[] },
): { readonly backend: LoadRequest['backend']; readonly layers: number } {
  const first = wish.gpus[0];
  if (first === undefined || wish.layers === 0) return { backend: 'cpu', layers: 0 };
  const allLayers = (model.facts.blockCount ?? 0) + 1;
  if (wish.layers !== null) return { backend: first.backend, layers: Math.min(wish.layers, allLayers) };
  const layers = layersThatFit(model, {
    contextTokens: wish.contextTokens,
    allLayers,
    gpus: wish.gpus.filter((gpu) => gpu.backend === first.backend),
  });
  return layers === 0 ? { backend: 'cpu', layers: 0 } : { backend: first.backend, layers };
}

/** llama.cpp spreads layers over all devices of a backend, so their free memory counts together. */
function layersThatFit(model: LoadFacts, wish: { contextTokens: number; allLayers: number; gpus: readonly GpuDevice[] }): number {
  const freeBytes = wish.gpus.reduce<number | null>((total, gpu) => (gpu.freeBytes === null ? total : (total ?? 0) + gpu.freeBytes), null);
  if (freeBytes === null) return wish.allLayers;
  const usable = freeBytes * (1 - gpuReserveShare) - computeBytes(model);
  const perLayer = (model.tensorBytes + kvBytes(model, wish.contextTokens)) / wish.allLayers;
  return Math.max(0, Math.min(wish.allLayers, Math.floor(usable / perLayer)));
}

/** Keys and values in f16: 2 x layers x tokens x KV heads x head size x 2 bytes. An upper bound where layers slide. */
export function kvBytes(model: LoadFacts, contextTokens: number): number {
  const { blockCount, embeddingLength, headCount, headCountKv } = model.facts;
  if (blockCount === null || embeddingLength === null || headCount === null || headCount === 0) return 0;
  return 2 * blockCount * contextTokens * (headCountKv ?? headCount) * (embeddingLength / headCount) * 2;
}

/** Mostly the logits of one batch: vocabulary x batch x 4 bytes. */
function computeBytes(model: LoadFacts): number {
  return (model.facts.vocabularySize ?? 32_000) * gpuBatchTokens * 4 + (model.facts.embeddingLength ?? 4096) * gpuBatchTokens * 16;
}
