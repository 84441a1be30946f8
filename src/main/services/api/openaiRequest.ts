import * as z from 'zod';
import { isJsonObject, readJson } from '#core/bench/jsonValue.ts';
import { defaultSampling, type Sampling } from '#shared/contract/chat.ts';
import type { ChatTurn, ToolCall, ToolSpec } from '#shared/contract/runner.ts';
import { ApiError } from './apiErrors.ts';

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const content = z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, z.looseObject({ type: z.literal('image_url') })]))]);
const toolCall = z.object({
  id: z.string().max(200).optional(),
  type: z.literal('function'),
  function: z.object({ name: z.string().max(200), arguments: z.string() }),
});

const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content }),
  z.object({ role: z.literal('user'), content }),
  z.object({ role: z.literal('assistant'), content: content.nullish(), tool_calls: z.array(toolCall).max(100).nullish() }),
  z.object({ role: z.literal('tool'), content, tool_call_id: z.string().max(200) }),
]);

const jsonSchema = z.record(z.string(), z.unknown());
const sampling = {
  temperature: z.number().min(0).max(5).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.number().int().min(0).max(1_000_000).nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  repeat_penalty: z.number().min(0.5).max(3).nullish(),
  seed: z.number().int().nullish(),
  max_tokens: z.number().int().min(1).max(16_777_216).nullish(),
  stop: z.union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).max(16)]).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.literal(1, { error: 'Only one answer a request: n must be 1.' }).nullish(),
} as const;

/** What `/v1/chat/completions` takes. What it knows and this app cannot do is refused by name, what it does not know is ignored. */
export const ChatCompletionRequest = z.object({
  model: z.string().min(1).max(400),
  messages: z.array(message).min(1).max(10_000),
  max_completion_tokens: sampling.max_tokens,
  tools: z
    .array(
      z.object({
        type: z.literal('function'),
        function: z.object({ name: z.string().min(1).max(200), description: z.string().nullish(), parameters: jsonSchema.nullish() }),
      }),
    )
    .max(100)
    .nullish(),
  tool_choice: z.union([z.enum(['none', 'auto']), z.null()]).optional(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('json_object') }),
      z.object({ type: z.literal('json_schema'), json_schema: z.object({ schema: jsonSchema }) }),
    ])
    .nullish(),
  ...sampling,
});
export type ChatCompletionRequest = z.infer<typeof ChatCompletionRequest>;

/** The conversation of a request; results of tools get the name of the tool they answer. @throws {ApiError} 400 for images and broken arguments */
export function turnsOf(request: ChatCompletionRequest): readonly ChatTurn[] {
  const toolNames = new Map<string, string>();
  return request.messages.map((entry, index): ChatTurn => {
    switch (entry.role) {
      case 'system':
      case 'developer':
        return { role: 'system', content: textOf(entry.content, index) };
      case 'user':
        return { role: 'user', content: textOf(entry.content, index) };
      case 'assistant': {
        const calls = (entry.tool_calls ?? []).map((call) => {
          if (call.id !== undefined) toolNames.set(call.id, call.function.name);
          return { name: call.function.name, arguments: argumentsOf(call.function.arguments, index) };
        });
        const text = entry.content == null ? '' : textOf(entry.content, index);
        return { role: 'assistant', content: text, ...(calls.length === 0 ? {} : { toolCalls: calls }) };
      }
      case 'tool': {
        const toolName = toolNames.get(entry.tool_call_id);
        return { role: 'tool', content: textOf(entry.content, index), ...(toolName === undefined ? {} : { toolName }) };
      }
    }
  });
}

/** The tools a request offers. */
export function toolsOf(request: ChatCompletionRequest): readonly ToolSpec[] {
  if (request.tool_choice === 'none') return [];
  return (request.tools ?? []).map(({ function: { name, description, parameters } }) => ({
    name,
    description: description ?? '',
    parameters: (parameters ?? { type: 'object', properties: {} }) as ToolSpec['parameters'],
  }));
}

/** The JSON Schema that an answer is held to; any object for `json_object`; null for plain text. */
export function schemaOf({ response_format: format }: ChatCompletionRequest): { readonly [key: string]: unknown } | null {
  if (format == null || format.type === 'text') return null;
  return format.type === 'json_object' ? { type: 'object' } : format.json_schema.schema;
}

/** Sampling as the request says it, and as a chat has it where it says nothing. Null = our own default, never another number. */
export function samplingOf(
  request: Partial<z.infer<z.ZodObject<typeof sampling>>> & { readonly max_completion_tokens?: number | null | undefined },
): Sampling {
  const stop = request.stop == null ? [] : typeof request.stop === 'string' ? [request.stop] : request.stop;
  return {
    temperature: request.temperature ?? defaultSampling.temperature,
    topP: request.top_p ?? defaultSampling.topP,
    topK: request.top_k ?? defaultSampling.topK,
    minP: request.min_p ?? defaultSampling.minP,
    repeatPenalty: request.repeat_penalty ?? null,
    seed: request.seed == null ? null : request.seed >>> 0,
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? null,
    stop,
  };
}

function textOf(value: z.infer<typeof content>, index: number): string {
  if (typeof value === 'string') return value;
  return value
    .map((part, at) => {
      if (part.type === 'text') return part.text as string;
      throw new ApiError({
        status: 400,
        code: 'unsupported_content',
        message: 'Images cannot be read by this model.',
        field: `messages.${index}.content.${at}`,
      });
    })
    .join('');
}

function argumentsOf(text: string, index: number): ToolCall['arguments'] {
  const reading = readJson(text === '' ? '{}' : text);
  // The same values; only the contract's type does not say that they are not written to.
  if (reading.ok && isJsonObject(reading.value)) return reading.value as ToolCall['arguments'];
  throw new ApiError({
    status: 400,
    code: 'invalid_tool_arguments',
    message: 'The arguments of a tool call are no JSON object.',
    field: `messages.${index}.tool_calls`,
  });
}
