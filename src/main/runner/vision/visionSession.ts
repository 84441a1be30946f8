import { chatErrors } from '#shared/contract/chat.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type { ChatTurn, GenerateRequest, LoadRequest, LoadResult } from '#shared/contract/runner.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { renderQuestion } from '../askedPrompt.ts';
import type { LlamaSession } from '../llamaSession.ts';
import { readProcessMemory } from '../processMemory.ts';
import { createPromptTemplate, type PromptTemplate } from '../promptTemplate.ts';
import { createSequencePool } from '../sequencePool.ts';
import { startTemplateRenderer, type TemplateRenderer } from '../templateRenderer.ts';
import { withToolTemplate } from '../toolTemplate.ts';
import { loadNativeVision, type NativeContext } from './nativeVision.ts';
import { partsOf, readAhead } from './readAhead.ts';
import { readPromptFacts } from './readTemplate.ts';
import { seeAndAnswer } from './seeAndAnswer.ts';
import { markImages } from './visionPrompt.ts';

/** The second engine with what it holds. */
export interface VisionEngine {
  /** As it is now: `reopen` puts a fresh one in its place. */
  readonly context: NativeContext;
  reopen(): Promise<void>;
  readonly request: LoadRequest;
  readonly templateSource: string | null;
}

/** Name and llama.cpp release, for the record of a measurement. */
const engineName = 'llama.node 1.7.15, llama.cpp b10257';

/**
 * Loads a model with its projector into the engine that reads images. Everything else is as in the first: our templates, reasoning, tools and stops.
 * @throws {RpcError} images-unsupported, load-failed, or cancelled
 */
export async function loadVisionSession(
  request: LoadRequest & { readonly projectorPath: string },
  options: { readonly scriptUrl: URL; readonly signal: AbortSignal; readonly onProgress: (progress: number) => void },
): Promise<LlamaSession> {
  const startedAt = performance.now();
  let idleRenderer: TemplateRenderer | null = startTemplateRenderer(options.scriptUrl);
  const facts = await readPromptFacts(request.path);
  await readAhead([...partsOf(request.path), request.projectorPath], {
    signal: options.signal,
    onProgress: (share) => options.onProgress(share * 0.95),
  });
  let context = openContext(request);
  if (options.signal.aborted) {
    await context.release();
    throw new RpcError(pipeErrors.cancelled, 'Loading was cancelled.');
  }
  const textOf = async (id: number | null): Promise<string> => (id === null ? '' : await context.detokenize([id]));
  const [bosToken, eosToken] = [await textOf(facts.bosId), await textOf(facts.eosId)];
  const templateOf = (source: string | null): PromptTemplate =>
    createPromptTemplate({
      template: source,
      bosToken,
      eosToken,
      startRenderer: () => {
        const renderer = idleRenderer ?? startTemplateRenderer(options.scriptUrl);
        idleRenderer = null;
        return renderer;
      },
    });
  const template = withToolTemplate(templateOf(facts.template), facts.toolTemplate === null ? null : templateOf(facts.toolTemplate));
  const skills = await template.warmUp();
  options.onProgress(1);
  const loaded: LoadResult = {
    loadMs: performance.now() - startedAt,
    contextTokens: request.contextTokens,
    trainContextTokens: facts.trainContextTokens,
    layers: facts.layers,
    gpuLayers: request.gpuLayers,
    threads: request.threads,
    backend: request.backend,
    engine: engineName,
    // The binding tells neither what was reserved nor on which device.
    reserved: null,
    gpuLostBytes: null,
    device: null,
    residentBytes: process.memoryUsage.rss(),
    hasChatTemplate: facts.template !== null,
    seesImages: true,
    ...skills,
  };
  const pool = createSequencePool<null>([null]);

  const engine: VisionEngine = {
    get context() {
      return context;
    },
    request,
    templateSource: facts.template,
    /** What fails inside the binding leaves it unusable: the next question finds a fresh context. */
    async reopen() {
      await context.release().catch(() => undefined);
      context = openContext(request);
    },
  };

  return {
    loaded,
    generate: (input, { signal, emit }) =>
      pool.use(input.turns, (_one, use) => seeAndAnswer(engine, input, { template, signal, emit, bosToken, ...use }), signal),
    measure: () => Promise.reject(new RpcError(pipeErrors.badInput, 'A model that was loaded to see is not measured.')),
    tokenise: () => {
      throw new RpcError(pipeErrors.badInput, 'A model that was loaded to see counts whole prompts only.');
    },
    async count(input) {
      const { turns, media } = markImages(turnsOf(input));
      const text = await renderQuestion(input, turns, template);
      return (await context.tokenize(text, media)).tokens.length;
    },
    embed: () =>
      Promise.reject(
        new RpcError(modelErrors.loadFailed, 'This model is loaded to see images, and makes no vectors meanwhile.', {
          hint: 'Unload it, then ask again.',
        }),
      ),
    memory: () => readProcessMemory(null),
  };
}

const turnsOf = ({ turns, raw }: Pick<GenerateRequest, 'turns' | 'raw'>): readonly ChatTurn[] => (raw === undefined ? turns : []);

function openContext(request: LoadRequest & { readonly projectorPath: string }): NativeContext {
  const { LlamaContext } = loadNativeVision(request.backend);
  const isOnGpu = request.backend !== 'cpu' && request.gpuLayers > 0;
  let context: NativeContext;
  try {
    context = new LlamaContext(
      {
        model: request.path,
        n_ctx: request.contextTokens,
        n_batch: request.batchTokens,
        n_ubatch: request.batchTokens,
        n_threads: request.threads,
        n_gpu_layers: request.gpuLayers,
        n_parallel: 1,
        flash_attn_type: request.flashAttention ? 'on' : 'off',
        cache_type_k: request.kvType,
        cache_type_v: request.kvType,
        // It was read ahead: mapped, it is there at once.
        use_mmap: true,
        ctx_shift: false,
      },
      () => undefined,
    );
  } catch (error) {
    throw notLoaded(error);
  }
  if (takesProjector(context, { path: request.projectorPath, isOnGpu })) return context;
  void context.release();
  throw new RpcError(chatErrors.noVision, 'The vision projector beside this model could not be used with it.', {
    hint: 'It may be damaged, or belong to another model: download it again. The model can still be asked without images.',
  });
}

function notLoaded(cause: unknown): RpcError {
  return new RpcError(modelErrors.loadFailed, 'The engine that reads images could not load this model.', {
    hint: 'It can still be asked without images.',
    cause,
  });
}

function takesProjector(context: NativeContext, { path, isOnGpu }: { readonly path: string; readonly isOnGpu: boolean }): boolean {
  try {
    return context.initMultimodal({ path, use_gpu: isOnGpu }) && context.getMultimodalSupport().vision;
  } catch {
    return false;
  }
}
