import type { Context, Hono } from 'hono';
import * as z from 'zod';
import { isTruncated } from '#core/bench/itemOutcomes.ts';
import type { ChatTurn, GenerateResult, TokenLogprob } from '#shared/contract/runner.ts';
import { type ApiNeeds, type ApiPiece, type ApiQuestion, answerQuestion } from './apiAnswer.ts';
import { problemOf } from './apiErrors.ts';
import { openEventStream } from './eventStream.ts';
import { addOllamaEmbed } from './ollamaEmbed.ts';
import * as fields from './ollamaFields.ts';
import { addOllamaModels } from './ollamaModels.ts';
import { notDone, readBody } from './readBody.ts';
import { servedModel } from './servedModel.ts';

const common = {
  model: fields.modelName,
  stream: z.boolean().nullish(),
  format: fields.format,
  options: fields.options,
  think: fields.think,
  keep_alive: fields.keepAlive,
  ...fields.logprobs,
};
const ChatRequest = z.object({
  ...common,
  messages: z
    .array(
      z.object({
        role: z.enum(['system', 'user', 'assistant', 'tool']),
        content: z.string().nullish(),
        thinking: z.string().nullish(),
        images: fields.images,
        tool_calls: z
          .array(z.object({ function: z.object({ name: z.string().max(200), arguments: z.record(z.string(), z.json()) }) }))
          .max(100)
          .nullish(),
        tool_name: z.string().max(200).nullish(),
      }),
    )
    .max(10_000)
    .nullish(),
  tools: fields.tools,
});

const isNothing = (value: unknown): boolean => value === null || value === '' || (Array.isArray(value) && value.length === 0);
const GenerateBody = z.object({
  ...common,
  prompt: z.string().nullish(),
  system: z.string().nullish(),
  raw: z.boolean().nullish(),
  images: fields.images,
  suffix: notDone('Text is not filled in between two ends here.', isNothing),
  template: notDone('A model is asked through its own template, or through none with raw.', isNothing),
  context: notDone('Send the conversation itself to /api/chat.', isNothing),
});

/** Ollama's own API, for programs that speak nothing else. Lines of JSON, durations in nanoseconds. */
export function addOllamaRoutes(app: Hono, needs: ApiNeeds & { readonly version: string }): void {
  addOllamaModels(app, needs);
  addOllamaEmbed(app, needs);

  app.post('/api/chat', async (context) => {
    const request = await readBody(context, ChatRequest);
    const turns = (request.messages ?? []).map(turnOf);
    const last = turns.at(-1);
    const question: ApiQuestion = {
      ...wishesOf(request, needs),
      turns,
      tools: fields.toolsOf(request.tools),
      ...(last?.role === 'assistant' && last.toolCalls === undefined ? { continues: true } : {}),
    };
    return answer(context, { request, question, isEmpty: turns.length === 0, needs }, ({ text, reasoning, calls }) => ({
      message: {
        role: 'assistant',
        content: text,
        ...(reasoning === '' ? {} : { thinking: reasoning }),
        ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => ({ function: { name: call.name, arguments: call.arguments } })) }),
      },
    }));
  });

  app.post('/api/generate', async (context) => {
    const request = await readBody(context, GenerateBody);
    const prompt = request.prompt ?? '';
    const system: readonly ChatTurn[] =
      request.system == null || request.system === '' ? [] : [{ role: 'system', content: request.system }];
    const asked: ChatTurn = { role: 'user', content: prompt, ...fields.imagesOf(request.images, 'images') };
    const isRaw = request.raw === true;
    const question: ApiQuestion = {
      ...wishesOf(request, needs),
      turns: isRaw ? [] : [...system, asked],
      tools: [],
      ...(isRaw ? { raw: prompt } : {}),
    };
    return answer(context, { request, question, isEmpty: prompt === '', needs }, ({ text, reasoning }) => ({
      response: text,
      ...(reasoning === '' ? {} : { thinking: reasoning }),
    }));
  });
}

type Common = Pick<z.infer<typeof ChatRequest>, keyof typeof common>;

function wishesOf(request: Common, needs: ApiNeeds): Omit<ApiQuestion, 'turns' | 'tools'> {
  const { keep_alive: keepAliveMs } = request;
  const model = servedModel(request.model, needs);
  return {
    model,
    ...fields.contextOf(request.options, model),
    sampling: fields.samplingOf(request.options),
    schema: fields.schemaOf(request.format),
    ...fields.thinkingOf(request.think),
    ...(keepAliveMs === undefined ? {} : { keepAliveMs }),
    ...(request.logprobs === true ? { logprobs: request.top_logprobs ?? 0 } : {}),
  };
}

function turnOf(message: NonNullable<z.infer<typeof ChatRequest>['messages']>[number], at: number): ChatTurn {
  const { role, content, thinking, images, tool_calls: calls, tool_name: toolName } = message;
  return {
    role,
    content: content ?? '',
    ...(calls == null || calls.length === 0
      ? {}
      : { toolCalls: calls.map((call) => ({ name: call.function.name, arguments: call.function.arguments })) }),
    ...(toolName == null ? {} : { toolName }),
    ...(thinking == null || thinking === '' ? {} : { reasoning: thinking }),
    ...fields.imagesOf(images, `messages.${at}.images`),
  };
}

interface Said {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: NonNullable<GenerateResult['toolCalls']>;
}
type Shape = (said: Said) => object;
const nothing: Said = { text: '', reasoning: '', calls: [] };

async function answer(
  context: Context,
  asked: { readonly request: Common; readonly question: ApiQuestion; readonly isEmpty: boolean; readonly needs: ApiNeeds },
  shape: Shape,
): Promise<Response> {
  const { request, question, needs } = asked;
  const head = (): object => ({ model: request.model, created_at: new Date(needs.now()).toISOString() });
  const startedAt = performance.now();
  const end = (result: GenerateResult): object => endOf(result, performance.now() - startedAt);
  if (asked.isEmpty) {
    const done = await loadOnly(question, { signal: context.req.raw.signal, needs });
    return context.json({ ...head(), ...shape(nothing), done: true, done_reason: done });
  }
  if (request.stream === false) {
    const result = await answerQuestion(question, { signal: context.req.raw.signal, onPiece: () => undefined }, needs);
    const said: Said = { text: result.text, reasoning: result.reasoning ?? '', calls: result.toolCalls ?? [] };
    return context.json({ ...head(), ...shape(said), ...likelihoods(result.logprobs), ...end(result) });
  }
  return openEventStream(
    context,
    async (stream) => {
      const onPiece = ({ text, reasoning, logprobs }: ApiPiece): void =>
        stream.sendLine({ ...head(), ...shape({ text, reasoning, calls: [] }), ...likelihoods(logprobs), done: false });
      try {
        const result = await answerQuestion(question, { signal: stream.signal, onPiece }, needs);
        const calls = result.toolCalls ?? [];
        if (calls.length > 0) stream.sendLine({ ...head(), ...shape({ ...nothing, calls }), done: false });
        stream.sendLine({ ...head(), ...shape(nothing), ...end(result) });
      } catch (error) {
        if (!stream.hasBegun) throw error;
        stream.sendLine(ollamaError(problemOf(error)));
      }
    },
    'application/x-ndjson',
  );
}

/** Without anything to answer a model is only loaded, or unloaded where it is to be kept for no time. */
async function loadOnly(
  { model, keepAliveMs, contextTokens }: ApiQuestion,
  { signal, needs }: { readonly signal: AbortSignal; readonly needs: ApiNeeds },
): Promise<'load' | 'unload'> {
  const isLoaded = needs.models.loaded().some(({ artifactId }) => artifactId === model.id);
  if (keepAliveMs === 0 && !isLoaded) return 'unload';
  const runner = await needs.models.acquire(model.id, {
    signal,
    holder: 'api',
    ...(keepAliveMs === undefined ? {} : { keepAliveMs }),
    // What is about to be unloaded is not loaded anew first.
    ...(contextTokens === undefined || keepAliveMs === 0 ? {} : { wishedContextTokens: contextTokens }),
  });
  runner.release();
  return keepAliveMs === 0 ? 'unload' : 'load';
}

/** An error in Ollama's shape. */
export const ollamaError = ({ message }: { readonly message: string }): object => ({ error: message });

const likelihoods = (logprobs: readonly TokenLogprob[] | undefined): object =>
  logprobs === undefined || logprobs.length === 0
    ? {}
    : { logprobs: logprobs.map(({ token, logprob, top }) => ({ token, logprob, ...(top.length === 0 ? {} : { top_logprobs: top }) })) };

function endOf({ finishReason, usage, timings, promptMs }: GenerateResult, totalMs: number): object {
  const nanoseconds = (milliseconds: number): number => Math.round(milliseconds * 1e6);
  return {
    done: true,
    done_reason: isTruncated({ finishReason }) ? 'length' : 'stop',
    total_duration: nanoseconds(totalMs),
    load_duration: nanoseconds(timings.loadMs ?? 0),
    prompt_eval_count: usage.promptTokens,
    prompt_eval_duration: nanoseconds(promptMs),
    eval_count: usage.completionTokens,
    eval_duration: nanoseconds(Math.max(0, timings.totalMs - promptMs)),
  };
}
