import type { Llama, LlamaContext, LlamaContextSequence, LlamaModel } from 'node-llama-cpp';
import type { LoadRequest, LoadResult } from '#shared/contract/runner.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { toLoadError } from './engineErrors.ts';
import { createEngineLog, type EngineLog } from './engineLog.ts';

/** One loaded model with one context of one sequence: all that a runner ever holds. */
export interface Engine {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly sequence: LlamaContextSequence;
  readonly request: LoadRequest;
  readonly chatTemplate: string | null;
}

/**
 * Opens the engine, loads the model and makes its context.
 * @throws {RpcError} of the model codes, or cancelled.
 */
export async function loadEngine(
  request: LoadRequest,
  options: { readonly signal: AbortSignal; readonly onProgress: (progress: number) => void },
): Promise<{ readonly engine: Engine; readonly result: Omit<LoadResult, 'loadMs'> }> {
  const log = createEngineLog();
  try {
    const { getLlama, getModuleVersion, LlamaLogLevel } = await import('node-llama-cpp');
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
    const context = await model.createContext({
      contextSize: request.contextTokens,
      batchSize: request.batchTokens,
      threads: request.threads,
      flashAttention: request.flashAttention,
      ignoreMemorySafetyChecks: request.backend === 'cpu',
      // A context that does not fit is an error: a smaller one that nobody asked for would change results.
      failedCreationRemedy: false,
      createSignal: options.signal,
    });
    const sequence = context.getSequence();
    options.onProgress(1);
    await log.settled();
    llama.logLevel = LlamaLogLevel.warn;
    const engineName = `node-llama-cpp ${await getModuleVersion()}, llama.cpp ${llama.llamaCppRelease.release}`;
    const chatTemplate = readChatTemplate(model);
    return {
      engine: { llama, model, context, sequence, request, chatTemplate },
      result: {
        contextTokens: context.contextSize,
        trainContextTokens: model.trainContextSize > 0 ? model.trainContextSize : null,
        layers: model.fileInsights.totalLayers,
        gpuLayers: model.gpuLayers,
        threads: context.idealThreads,
        backend: llama.gpu === false ? 'cpu' : llama.gpu,
        engine: engineName,
        buffers: readBuffers(model, context, log),
        reserved: null,
        gpuLostBytes: null,
        device: null,
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
function readChatTemplate(model: LlamaModel): string | null {
  const template: unknown = model.fileInfo.metadata.tokenizer?.chat_template;
  return typeof template === 'string' && template.trim().length > 0 ? template : null;
}

/** The totals are the engine's own; it prints the compute and output buffers apart, and the rest of a context is its KV cache. */
function readBuffers(model: LlamaModel, context: LlamaContext, log: EngineLog): LoadResult['buffers'] {
  const weightsBytes = model.memoryUsage.ram + model.memoryUsage.vram;
  const contextBytes = context.memoryUsage.ram + context.memoryUsage.vram;
  const computeBytes = log.bufferBytes('compute');
  const outputBytes = log.bufferBytes('output');
  return {
    weightsBytes: weightsBytes > 0 ? weightsBytes : null,
    kvBytes: contextBytes > 0 && computeBytes !== null ? Math.max(0, contextBytes - computeBytes - (outputBytes ?? 0)) : null,
    computeBytes,
  };
}
