import { createHash } from 'node:crypto';
import type * as z from 'zod';
import type {
  CountRequest,
  EmbedRequest,
  EmbedResult,
  GenerateItem,
  GenerateRequest,
  GenerateResult,
  LoadRequest,
  LoadResult,
  MeasureRequest,
  MeasureResult,
  RunnerMemory,
} from '#shared/contract/runner.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { renderQuestion } from './askedPrompt.ts';
import { createEmbedder } from './embedder.ts';
import { type LoadedEngine, loadEngine } from './engine.ts';
import { toEvaluationError } from './engineErrors.ts';
import { tokenisePrompt } from './fitPrompt.ts';
import { generate } from './generate.ts';
import { measure } from './measure.ts';
import { readProcessMemory } from './processMemory.ts';
import { createPromptTemplate, type PromptTemplate } from './promptTemplate.ts';
import { chooseSeed } from './sampling.ts';
import { createSequencePool } from './sequencePool.ts';
import { startTemplateRenderer, type TemplateRenderer } from './templateRenderer.ts';
import { countTokens } from './tokeniseInParts.ts';
import { withToolTemplate } from './toolTemplate.ts';

/** A loaded model and what can be asked of it. Answers are made side by side in as many sequences as it was loaded with; measurements are alone. */
export interface LlamaSession {
  readonly loaded: LoadResult;
  generate(
    request: GenerateRequest,
    options: { readonly signal: AbortSignal; readonly emit: (item: GenerateItem) => void },
  ): Promise<GenerateResult>;
  measure(request: z.output<typeof MeasureRequest>, options: { readonly signal: AbortSignal }): Promise<MeasureResult>;
  tokenise(text: string): number[];
  /** Tokens of a prompt as it would be asked. @throws {RpcError} chat-template-failed, tools-unsupported */
  count(request: CountRequest, options: { readonly signal: AbortSignal }): Promise<number>;
  /** @throws {RpcError} context-full, out-of-memory, bad-input, cancelled */
  embed(request: EmbedRequest, options: { readonly signal: AbortSignal }): Promise<EmbedResult>;
  memory(): Promise<RunnerMemory>;
}

/** Loads a model. @throws {RpcError} of the model codes, or cancelled. */
export async function loadSession(
  request: LoadRequest,
  options: { readonly scriptUrl: URL; readonly signal: AbortSignal; readonly onProgress: (progress: number) => void },
): Promise<LlamaSession> {
  const startedAt = performance.now();
  // Its start costs about 50 ms, which the load hides; and it watches the parent while a broken file may hang this thread.
  let idleRenderer: TemplateRenderer | null = startTemplateRenderer(options.scriptUrl);
  const { engine, result } = await loadEngine(request, options);
  const { model, llama } = engine;
  const templateOf = (source: string | null): PromptTemplate =>
    createPromptTemplate({
      template: source,
      bosToken: model.tokens.bosString ?? '',
      eosToken: model.tokens.eosString ?? '',
      startRenderer: () => {
        const renderer = idleRenderer ?? startTemplateRenderer(options.scriptUrl);
        idleRenderer = null;
        return renderer;
      },
    });
  const template = withToolTemplate(templateOf(engine.chatTemplate), engine.toolTemplate === null ? null : templateOf(engine.toolTemplate));
  const skills = await template.warmUp();
  const loaded: LoadResult = { loadMs: performance.now() - startedAt, ...result, ...skills };
  const pool = createSequencePool(engine.sequences);
  const embedder = createEmbedder(engine);
  const explained = (error: unknown): never => {
    throw toEvaluationError(error, request.backend);
  };

  return {
    loaded,
    generate: (input, { signal, emit }) =>
      pool
        .use(turnsOf(input), (sequence, use) => generate({ ...engine, sequence }, input, { template, signal, emit, ...use }), signal)
        .catch((error) => (signal.aborted && isCancel(error) ? neverBegun(input, engine) : explained(error))),
    measure: (input, { signal }) => pool.exclusively((sequence) => measure({ ...engine, sequence }, input, signal)).catch(explained),
    tokenise: (text) => model.tokenize(text, true),
    async count(input, { signal }) {
      const text = await renderQuestion(input, input.turns, template);
      return await countTokens(text, { tokenise: (part) => tokenisePrompt(model, part), signal });
    },
    embed: (input, { signal }) => embedder.embed(input, signal).catch(explained),
    memory: () => readProcessMemory(llama),
  };
}

/** A prompt without turns is told apart from others by its whole text. */
const turnsOf = ({ turns, raw }: GenerateRequest): GenerateRequest['turns'] =>
  raw === undefined ? turns : [{ role: 'user', content: raw }];

const isCancel = (error: unknown): boolean => error instanceof RpcError && error.code === pipeErrors.cancelled;

/** Of a request that was cancelled while it waited for a sequence. */
function neverBegun({ sampling }: GenerateRequest, { context }: LoadedEngine): GenerateResult {
  return {
    text: '',
    reasoning: null,
    finishReason: 'cancelled',
    usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
    timings: { loadMs: null, ttftMs: null, ttfaMs: null, promptTokensPerSecond: null, generationTokensPerSecond: null, totalMs: 0 },
    promptMs: 0,
    interTokenMs: [],
    contextUsedTokens: 0,
    contextTokens: context.contextSize,
    droppedTurns: 0,
    seed: chooseSeed(sampling.seed),
    promptSha256: createHash('sha256').update('').digest('hex'),
  };
}
