import * as z from 'zod';
import { defaultSampling, type Sampling } from '#shared/contract/chat.ts';
import { AnthropicContent, textOf, turnsOfMessage } from './anthropicContent.ts';
import type { ApiNeeds, ApiQuestion } from './apiAnswer.ts';
import { ApiError } from './apiErrors.ts';
import { toolLimit, toolName, toolsOf } from './openaiTools.ts';
import { notDone } from './readBody.ts';
import { servedModel } from './servedModel.ts';

const Tool = z.looseObject({
  type: z.string().max(100).nullish(),
  name: toolName,
  description: z.string().optional(),
  input_schema: z.record(z.string(), z.json()).optional(),
});

const parallel = { disable_parallel_tool_use: z.boolean().optional() };
const toolChoice = z.discriminatedUnion('type', [
  z.object({ type: z.literal('auto'), ...parallel }),
  z.object({ type: z.literal('any'), ...parallel }),
  z.object({ type: z.literal('tool'), name: toolName, ...parallel }),
  z.object({ type: z.literal('none') }),
]);

const thinking = z.discriminatedUnion('type', [
  z.object({ type: z.literal('enabled'), budget_tokens: z.number().int().min(1).max(16_777_216) }),
  z.object({ type: z.literal('disabled') }),
  z.object({ type: z.literal('adaptive') }),
  z.object({ type: z.literal('between_tools') }),
]);

const jsonFormat = z.object({ type: z.literal('json_schema'), schema: z.record(z.string(), z.json()) });

/** What both are asked of: a message, and how long one would be. */
export const CountTokensRequest = z.object({
  model: z.string().min(1).max(400),
  system: AnthropicContent.optional(),
  messages: z
    .array(z.object({ role: z.enum(['user', 'assistant', 'system']), content: AnthropicContent }))
    .min(1)
    .max(10_000),
  tools: z.array(Tool).max(toolLimit).nullish(),
  tool_choice: toolChoice.nullish(),
  thinking: thinking.nullish(),
});
export type CountTokensRequest = z.infer<typeof CountTokensRequest>;

export const MessagesRequest = CountTokensRequest.extend({
  max_tokens: z.number().int().min(1).max(16_777_216),
  temperature: z.number().min(0).max(5).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.number().int().min(0).max(1_000_000).nullish(),
  stop_sequences: z.array(z.string().min(1).max(200)).max(16).nullish(),
  stream: z.boolean().nullish(),
  output_config: z.looseObject({ format: jsonFormat.nullish() }).nullish(),
  output_format: jsonFormat.nullish(),
  /** A conversation that is held here: it begins, or goes on behind a message. */
  thread: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('create') }),
      z.object({ type: z.literal('continue'), previous_message_id: z.string().min(1).max(200) }),
    ])
    .nullish(),
  container: notDone('There are no containers here.'),
  mcp_servers: notDone('Servers of tools are not asked from here: offer the tools themselves.', isEmpty),
});
export type MessagesRequest = z.infer<typeof MessagesRequest>;

/**
 * A request in the words of no dialect. A conversation that ends with an answer's beginning is continued.
 * @throws {ApiError} 400 for what cannot be read, 404 for a model that is not there
 */
export function messagesQuestionOf(request: MessagesRequest, needs: Pick<ApiNeeds, 'library' | 'models' | 'memoryBytes'>): ApiQuestion {
  const format = request.output_config?.format ?? request.output_format;
  return { ...askedOf(request, needs), sampling: samplingOf(request), schema: format?.schema ?? null };
}

/** What of a question is a prompt. @throws {ApiError} as above */
export function askedOf(
  request: CountTokensRequest,
  needs: Pick<ApiNeeds, 'library' | 'models' | 'memoryBytes'>,
): Pick<ApiQuestion, 'model' | 'turns' | 'tools' | 'toolChoice' | 'thinking' | 'thinkingTokens' | 'continues'> {
  const model = servedModel(request.model, needs);
  const toolNames = new Map<string, string>();
  const system = request.system === undefined ? [] : [{ role: 'system' as const, content: textOf(request.system, 'system') }];
  const turns = [
    ...system,
    ...request.messages.flatMap((message, at) => turnsOfMessage(message, { field: `messages.${at}.content`, toolNames })),
  ];
  const last = turns.at(-1);
  return {
    model,
    turns,
    ...toolsOfRequest(request),
    ...(request.thinking == null ? {} : thinkingOf(request.thinking)),
    ...(last?.role === 'assistant' && last.toolCalls === undefined ? { continues: true } : {}),
  };
}

function toolsOfRequest({ tools, tool_choice: choice }: CountTokensRequest): Pick<ApiQuestion, 'tools' | 'toolChoice'> {
  const offered = (tools ?? []).map(({ type, name, description, input_schema: parameters }, at) => {
    if (parameters === undefined || (type != null && type !== 'custom')) {
      const message = `The tool '${name}' is one that its maker runs. Here is nobody to run it: offer tools with an input_schema.`;
      throw new ApiError({ status: 400, code: 'unsupported_parameter', message, field: `tools.${at}` });
    }
    return { name, description, parameters };
  });
  const mode = choice == null ? 'auto' : choice.type === 'tool' ? { name: choice.name } : choice.type === 'any' ? 'required' : choice.type;
  return toolsOf(offered, { mode, allowed: null });
}

function thinkingOf(wish: z.infer<typeof thinking>): Pick<ApiQuestion, 'thinking' | 'thinkingTokens'> {
  switch (wish.type) {
    case 'enabled':
      return { thinking: 'on', thinkingTokens: wish.budget_tokens };
    case 'disabled':
      return { thinking: 'off' };
    case 'adaptive':
    case 'between_tools':
      return { thinking: 'default' };
  }
}

function samplingOf(request: MessagesRequest): Sampling {
  return {
    ...defaultSampling,
    temperature: request.temperature ?? defaultSampling.temperature,
    topP: request.top_p ?? defaultSampling.topP,
    topK: request.top_k ?? defaultSampling.topK,
    maxTokens: request.max_tokens,
    stop: request.stop_sequences ?? [],
  };
}

function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
