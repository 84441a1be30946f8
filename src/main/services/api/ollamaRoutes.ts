import type { Hono } from 'hono';
import * as z from 'zod';
import { isTruncated } from '#core/bench/itemOutcomes.ts';
import { defaultSampling, type Sampling } from '#shared/contract/chat.ts';
import type { Artifact } from '#shared/contract/models.ts';
import type { ChatTurn, GenerateResult, ToolSpec } from '#shared/contract/runner.ts';
import { type ApiNeeds, type ApiQuestion, answerQuestion, servedModel, servedModels } from './apiAnswer.ts';
import { problemOf } from './apiErrors.ts';
import { openEventStream } from './eventStream.ts';
import { readBody } from './readBody.ts';

const options = z
  .looseObject({
    temperature: z.number().min(0).max(5).optional(),
    top_p: z.number().min(0).max(1).optional(),
    top_k: z.number().int().min(0).max(1_000_000).optional(),
    min_p: z.number().min(0).max(1).optional(),
    repeat_penalty: z.number().min(0.5).max(3).optional(),
    seed: z.number().int().optional(),
    /** -1 and -2 mean no limit. */
    num_predict: z.number().int().min(-2).max(16_777_216).optional(),
    stop: z.union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).max(16)]).optional(),
  })
  .optional();
const format = z.union([z.literal(''), z.literal('json'), z.record(z.string(), z.unknown())]).nullish();
const model = z.string().min(1).max(400);

const ChatRequest = z.object({
  model,
  messages: z
    .array(
      z.object({
        role: z.enum(['system', 'user', 'assistant', 'tool']),
        content: z.string().default(''),
        tool_calls: z
          .array(z.object({ function: z.object({ name: z.string().max(200), arguments: z.record(z.string(), z.json()) }) }))
          .optional(),
        tool_name: z.string().max(200).optional(),
      }),
    )
    .max(10_000)
    .default([]),
  tools: z
    .array(
      z.object({
        function: z.object({
          name: z.string().min(1).max(200),
          description: z.string().default(''),
          parameters: z.record(z.string(), z.json()).default({}),
        }),
      }),
    )
    .max(100)
    .nullish(),
  stream: z.boolean().default(true),
  format,
  options,
});
const GenerateRequest = z.object({
  model,
  prompt: z.string().default(''),
  system: z.string().optional(),
  stream: z.boolean().default(true),
  format,
  options,
});
const ShowRequest = z.object({ model: model.optional(), name: model.optional() });

/** Ollama's own API, for programs that speak nothing else. Lines of JSON, durations in nanoseconds. */
export function addOllamaRoutes(app: Hono, needs: ApiNeeds & { readonly version: string }): void {
  app.get('/api/version', (context) => context.json({ version: needs.version }));
  app.get('/api/tags', (context) => context.json({ models: servedModels(needs).map(tagOf) }));
  app.get('/api/ps', (context) => {
    const loaded = new Set(needs.models.loaded().map((entry) => entry.artifactId));
    return context.json({
      models: servedModels(needs)
        .filter(({ id }) => loaded.has(id))
        .map(tagOf),
    });
  });
  app.post('/api/show', async (context) => {
    const request = await readBody(context, ShowRequest);
    const found = servedModel(request.model ?? request.name ?? '', needs);
    return context.json({
      modelfile: '',
      parameters: '',
      template: '',
      details: detailsOf(found),
      model_info: {},
      capabilities: ['completion'],
    });
  });

  app.post('/api/chat', async (context) => {
    const request = await readBody(context, ChatRequest);
    const turns = request.messages.map(
      ({ role, content, tool_calls: calls, tool_name: toolName }): ChatTurn => ({
        role,
        content,
        ...(calls === undefined
          ? {}
          : { toolCalls: calls.map((call) => ({ name: call.function.name, arguments: call.function.arguments })) }),
        ...(toolName === undefined ? {} : { toolName }),
      }),
    );
    const tools = (request.tools ?? []).map((tool): ToolSpec => tool.function);
    const found = servedModel(request.model, needs);
    const question = { model: found, turns, tools, sampling: samplingOf(request.options), schema: schemaOf(request.format) };
    // An empty conversation only loads the model.
    return answer(context, { request, question: turns.length === 0 ? null : question, needs }, (text, result) => ({
      message: { role: 'assistant', content: text, ...thinking(result), ...toolCalls(result) },
    }));
  });

  app.post('/api/generate', async (context) => {
    const request = await readBody(context, GenerateRequest);
    const system: readonly ChatTurn[] = request.system === undefined ? [] : [{ role: 'system', content: request.system }];
    const turns: readonly ChatTurn[] = [...system, { role: 'user', content: request.prompt }];
    const question = {
      model: servedModel(request.model, needs),
      turns,
      tools: [],
      sampling: samplingOf(request.options),
      schema: schemaOf(request.format),
    };
    return answer(context, { request, question: request.prompt === '' ? null : question, needs }, (text) => ({ response: text }));
  });
}

type Shape = (text: string, result: GenerateResult | null) => object;

async function answer(
  context: Parameters<typeof openEventStream>[0],
  asked: {
    readonly request: { readonly model: string; readonly stream: boolean };
    readonly question: ApiQuestion | null;
    readonly needs: ApiNeeds;
  },
  shape: Shape,
): Promise<Response> {
  const { request, question, needs } = asked;
  const head = (): object => ({ model: request.model, created_at: new Date(needs.now()).toISOString() });
  if (question === null) return context.json({ ...head(), ...shape('', null), done: true, done_reason: 'load' });
  if (!request.stream) {
    const result = await answerQuestion(question, { signal: context.req.raw.signal, onPiece: () => undefined }, needs);
    return context.json({ ...head(), ...shape(result.text, result), ...endOf(result) });
  }
  return openEventStream(
    context,
    async (stream) => {
      try {
        const onPiece = ({ text }: { readonly text: string }): void => {
          if (text !== '') stream.sendLine({ ...head(), ...shape(text, null), done: false });
        };
        const result = await answerQuestion(question, { signal: stream.signal, onPiece }, needs);
        stream.sendLine({ ...head(), ...shape('', result), ...endOf(result) });
      } catch (error) {
        stream.sendLine(ollamaError(problemOf(error)));
      }
    },
    'application/x-ndjson',
  );
}

/** An error in Ollama's shape. */
export const ollamaError = ({ message }: { readonly message: string }): object => ({ error: message });

const thinking = (result: GenerateResult | null): object => (result?.reasoning == null ? {} : { thinking: result.reasoning });
const toolCalls = (result: GenerateResult | null): object => {
  const calls = result?.toolCalls ?? [];
  return calls.length === 0 ? {} : { tool_calls: calls.map((call) => ({ function: { name: call.name, arguments: call.arguments } })) };
};

function endOf({ finishReason, usage, timings, promptMs }: GenerateResult): object {
  const nanoseconds = (milliseconds: number): number => Math.round(milliseconds * 1e6);
  return {
    done: true,
    done_reason: isTruncated({ finishReason }) ? 'length' : 'stop',
    total_duration: nanoseconds(timings.totalMs),
    load_duration: 0,
    prompt_eval_count: usage.promptTokens,
    prompt_eval_duration: nanoseconds(promptMs),
    eval_count: usage.completionTokens,
    eval_duration: nanoseconds(Math.max(0, timings.totalMs - promptMs)),
  };
}

function samplingOf(given: z.infer<typeof options>): Sampling {
  const limit = given?.num_predict ?? -1;
  const stop = given?.stop === undefined ? [] : typeof given.stop === 'string' ? [given.stop] : given.stop;
  return {
    temperature: given?.temperature ?? defaultSampling.temperature,
    topP: given?.top_p ?? defaultSampling.topP,
    topK: given?.top_k ?? defaultSampling.topK,
    minP: given?.min_p ?? defaultSampling.minP,
    repeatPenalty: given?.repeat_penalty ?? null,
    seed: given?.seed === undefined ? null : given.seed >>> 0,
    maxTokens: limit < 1 ? null : limit,
    stop,
  };
}

function schemaOf(wanted: z.infer<typeof format>): { readonly [key: string]: unknown } | null {
  if (wanted == null || wanted === '') return null;
  return wanted === 'json' ? { type: 'object' } : wanted;
}

const detailsOf = ({ quant, architecture }: Artifact): object => ({
  parent_model: '',
  format: 'gguf',
  family: architecture ?? '',
  families: architecture === null ? [] : [architecture],
  parameter_size: '',
  quantization_level: quant ?? '',
});

const tagOf = (artifact: Artifact): object => ({
  name: artifact.id,
  model: artifact.id,
  modified_at: new Date(artifact.addedAt).toISOString(),
  size: artifact.sizeBytes,
  digest: artifact.sha256 ?? '',
  details: detailsOf(artifact),
});
