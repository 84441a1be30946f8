import type { Llama, LlamaContext, LlamaContextOptions, LlamaContextSequence, LlamaModel } from 'node-llama-cpp';
import { joinDevices } from '#core/fit/jointDevice.ts';
import type { KvType } from '#shared/contract/models.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type { LoadRequest, LoadResult } from '#shared/contract/runner.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { type AnswerBatches, createAnswerBatches } from './answerBatches.ts';
import { type ContextGate, createContextGate } from './contextGate.ts';
import { toLoadError } from './engineErrors.ts';
import { createEngineLog } from './engineLog.ts';
import { gpuMemoryInUse } from './gpuMemoryInUse.ts';
import { tellModelLikelihoods } from './modelLikelihoods.ts';
import { readReserved } from './readReserved.ts';

/** One loaded model with one context: all that a runner ever holds. */
export interface LoadedEngine {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  /** Conversations that it answers side by side. */
  readonly sequences: readonly [LlamaContextSequence, ...LlamaContextSequence[]];
  readonly gate: ContextGate;
  readonly batches: AnswerBatches;
  readonly request: LoadRequest;
  readonly chatTemplate: string | null;
  /** For conversations with tools, where the file has one of its own for them. */
  readonly toolTemplate: string | null;
}

/** The engine with the sequence that one piece of work was given. */
export type Engine = LoadedEngine & { readonly sequence: LlamaContextSequence };

/**
 * Opens the engine, loads the model and makes its context.
 * @throws {RpcError} of the model codes, or cancelled.
 */
export async function loadEngine(
  request: LoadRequest,
  options: { readonly signal: AbortSignal; readonly onProgress: (progress: number) => void },
): Promise<{ readonly engine: LoadedEngine; readonly result: Omit<LoadResult, 'loadMs'> }> {
  refuseImpossible(request);
  const log = createEngineLog();
  try {
    // Before anything opens the GPU: what its driver takes for this process belongs to the load.
    const [{ getLlama, getModuleVersion, LlamaLogLevel }, inUseBefore] = await Promise.all([
      import('node-llama-cpp'),
      gpuMemoryInUse(request.backend),
    ]);
    const llama = await getLlama({
      gpu: request.backend === 'cpu' ? false : request.backend,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      maxThreads: request.threads,
      logLevel: LlamaLogLevel.info,
      logger: log.write,
    });
    options.signal.throwIfAborted();
    const usedBefore = await usedByDevices(llama);
    const model = await llama.loadModel({
      modelPath: request.path,
      gpuLayers: request.gpuLayers,
      useMmap: request.useMmap,
      // Finds NaN weights, which load and then print nothing but NULs. Costs no measurable time (2026-11, 0.4 GB, 6 loads each way).
      checkTensors: true,
      defaultContextFlashAttention: request.flashAttention,
      // The app has planned with what is really free; the library's own idea of free memory is wrong on a CPU.
      ignoreMemorySafetyChecks: request.backend === 'cpu',
      loadSignal: options.signal,
      onLoadProgress: (progress) => options.onProgress(Math.min(0.95, progress * 0.95)),
    });
    const batches = createAnswerBatches();
    const context = await model.createContext({
      contextSize: request.contextTokens,
      sequences: request.sequences ?? 1,
      batchSize: request.batchTokens,
      batching: batches.options,
      threads: request.threads,
      flashAttention: request.flashAttention,
      ...cacheTypes(request.kvType),
      ignoreMemorySafetyChecks: request.backend === 'cpu',
      // A context that does not fit is an error: a smaller one that nobody asked for would change results.
      failedCreationRemedy: false,
      createSignal: options.signal,
    });
    tellModelLikelihoods({ llama, model, context });
    const first = context.getSequence();
    const sequences = [first, ...Array.from({ length: (request.sequences ?? 1) - 1 }, () => context.getSequence())] as const;
    options.onProgress(1);
    await log.settled();
    llama.logLevel = LlamaLogLevel.warn;
    const engineName = `node-llama-cpp ${await getModuleVersion()}, llama.cpp ${llama.llamaCppRelease.release}`;
    const chatTemplate = readTemplate(model, 'chat_template');
    const toolTemplate = readTemplate(model, 'chat_template.tool_use');
    const reserved = readReserved({ model: model.memoryUsage, context: context.memoryUsage, cache: log.cacheBytes() });
    return {
      engine: { llama, model, context, sequences, gate: createContextGate(), batches, request, chatTemplate, toolTemplate },
      result: {
        contextTokens: context.contextSize,
        trainContextTokens: model.trainContextSize > 0 ? model.trainContextSize : null,
        layers: model.fileInsights.totalLayers,
        gpuLayers: model.gpuLayers,
        threads: context.idealThreads,
        backend: llama.gpu === false ? 'cpu' : llama.gpu,
        engine: engineName,
        reserved,
        gpuLostBytes: await gpuLost(llama, { backend: request.backend, inUseBefore, usedBefore }),
        device: llama.gpu === false ? null : joinDevices(await llama.getGpuDeviceNames()),
        residentBytes: process.memoryUsage.rss(),
        hasChatTemplate: chatTemplate !== null,
      },
    };
  } catch (error) {
    if (options.signal.aborted) throw cancelled(error);
    // The engine says why only in its log, which arrives a moment after the error.
    await log.settled();
    throw toLoadError(error, { path: request.path, backend: request.backend, log: log.lines() });
  }
}

function cancelled(cause: unknown): RpcError {
  return new RpcError(pipeErrors.cancelled, 'Loading was cancelled.', { cause });
}

/** From the metadata as the library read it, which is text whatever else the file claims. */
function readTemplate(model: LlamaModel, key: 'chat_template' | 'chat_template.tool_use'): string | null {
  const tokenizer: Readonly<Record<string, unknown>> = model.fileInfo.metadata.tokenizer ?? {};
  const template = tokenizer[key];
  return typeof template === 'string' && template.trim().length > 0 ? template : null;
}

const kvTypeNames = {
  f32: 'F32',
  f16: 'F16',
  bf16: 'BF16',
  q8_0: 'Q8_0',
  q5_1: 'Q5_1',
  q5_0: 'Q5_0',
  q4_1: 'Q4_1',
  q4_0: 'Q4_0',
  iq4_nl: 'IQ4_NL',
} as const satisfies Readonly<Record<KvType, LlamaContextOptions['experimentalKvCacheKeyType']>>;

function cacheTypes(kvType: KvType): Pick<LlamaContextOptions, 'experimentalKvCacheKeyType' | 'experimentalKvCacheValueType'> {
  return { experimentalKvCacheKeyType: kvTypeNames[kvType], experimentalKvCacheValueType: kvTypeNames[kvType] };
}

/** The engine would read the whole file and only then say no. */
function refuseImpossible({ kvType, flashAttention }: LoadRequest): void {
  const isPlain = kvType === 'f32' || kvType === 'f16' || kvType === 'bf16';
  if (flashAttention || isPlain) return;
  throw new RpcError(modelErrors.loadFailed, `A ${kvType} cache needs flash attention, which is switched off. Nothing was loaded.`, {
    hint: 'Switch flash attention on, or choose the cache type f16.',
  });
}

/**
 * What the GPU had less after the load. The system's tools count the driver's share too. The engine's own reading does not on CUDA, where asking
 * takes that share first: then nothing is said. A device that shows no change, such as a software one, does not count.
 */
async function gpuLost(
  llama: Llama,
  before: { readonly backend: LoadRequest['backend']; readonly inUseBefore: number | null; readonly usedBefore: number | null },
): Promise<number | null> {
  if (llama.gpu === false) return null;
  const inUse = before.inUseBefore === null ? null : await gpuMemoryInUse(before.backend);
  if (inUse !== null) return difference(inUse, before.inUseBefore);
  return llama.gpu === 'cuda' ? null : difference(await usedByDevices(llama), before.usedBefore);
}

function difference(after: number | null, before: number | null): number | null {
  return after === null || before === null || after === before ? null : after - before;
}

/** Null without a GPU, and where its driver cannot tell: that is no reason for a load to fail. */
async function usedByDevices(llama: Llama): Promise<number | null> {
  if (llama.gpu === false) return null;
  const state = await llama.getVramState().catch(() => null);
  return state !== null && Number.isFinite(state.used) ? state.used : null;
}
