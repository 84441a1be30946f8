import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import * as z from 'zod';
import { isTruncated } from '#core/bench/itemOutcomes.ts';
import { defaultSampling, type Sampling } from '#shared/contract/chat.ts';
import type { ChatTurn, GenerateResult, ToolCall, ToolSpec } from '#shared/contract/runner.ts';
import { type ApiNeeds, answerQuestion, servedModel } from './apiAnswer.ts';
import { ApiError, type ApiProblem, problemOf } from './apiErrors.ts';
import { openEventStream } from './eventStream.ts';
import { readBody } from './readBody.ts';

const textBlock = z.object({ type: z.literal('text'), text: z.string() });
const toolResultContent = z.union([z.string(), z.array(textBlock)]);
const block = z.discriminatedUnion('type', [
  textBlock,
  z.looseObject({ type: z.literal('image') }),
  z.looseObject({ type: z.literal('thinking') }),
  z.object({ type: z.literal('tool_use'), id: z.string().max(200), name: z.string().max(200), input: z.record(z.string(), z.json()) }),
  z.object({ type: z.literal('tool_result'), tool_use_id: z.string().max(200), content: toolResultContent.optional() }),
]);

const MessagesBase = z.object({
  model: z.string().min(1).max(400),
  system: z.union([z.string(), z.array(textBlock)]).optional(),
  messages: z
    .array(z.object({ role: z.enum(['user', 'assistant']), content: z.union([z.string(), z.array(block)]) }))
    .min(1)
    .max(10_000),
  tools: z
    .array(z.object({ name: z.string().min(1).max(200), description: z.string().optional(), input_schema: z.record(z.string(), z.json()) }))
    .max(100)
    .optional(),
  tool_choice: z.looseObject({ type: z.enum(['auto', 'none']) }).optional(),
});
export const CountTokensRequest = MessagesBase;
export const MessagesRequest = MessagesBase.extend({
  max_tokens: z.number().int().min(1).max(16_777_216),
  temperature: z.number().min(0).max(5).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.number().int().min(0).max(1_000_000).optional(),
  stop_sequences: z.array(z.string().min(1).max(200)).max(16).optional(),
  stream: z.boolean().optional(),
});
type Messages = z.infer<typeof MessagesBase>;

/** Anthropic's messages, as its own clients expect them. */
export function addAnthropicRoutes(app: Hono, needs: ApiNeeds): void {
  app.post('/v1/messages', async (context) => {
    const request = await readBody(context, MessagesRequest);
    const question = {
      model: servedModel(request.model, needs),
      turns: turnsOf(request),
      sampling: samplingOf(request),
      schema: null,
      tools: toolsOf(request),
    };
    const head = { id: `msg_${randomUUID().replaceAll('-', '')}`, type: 'message', role: 'assistant', model: request.model } as const;
    if (request.stream !== true) {
      const result = await answerQuestion(question, { signal: context.req.raw.signal, onPiece: () => undefined }, needs);
      return context.json({ ...head, content: blocksOf(result), ...stopOf(result), usage: usageOf(result) });
    }
    return openEventStream(context, async (stream) => {
      const emit = (type: string, data: object): void => stream.sendNamed(type, { type, ...data });
      let index = -1;
      let open: 'text' | 'thinking' | null = null;
      const close = (): void => {
        if (open !== null) emit('content_block_stop', { index });
        open = null;
      };
      const write = (kind: 'text' | 'thinking', piece: string): void => {
        if (open !== kind) {
          close();
          index += 1;
          open = kind;
          emit('content_block_start', {
            index,
            content_block: kind === 'text' ? { type: 'text', text: '' } : { type: 'thinking', thinking: '', signature: '' },
          });
        }
        emit('content_block_delta', {
          index,
          delta: kind === 'text' ? { type: 'text_delta', text: piece } : { type: 'thinking_delta', thinking: piece },
        });
      };
      emit('message_start', {
        message: { ...head, content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 0, output_tokens: 0 } },
      });
      try {
        const result = await answerQuestion(
          question,
          {
            signal: stream.signal,
            onPiece: ({ text, reasoning }) => {
              if (reasoning !== '') write('thinking', reasoning);
              if (text !== '') write('text', text);
            },
          },
          needs,
        );
        close();
        for (const call of toolUsesOf(result)) {
          index += 1;
          emit('content_block_start', { index, content_block: { ...call, input: {} } });
          emit('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: JSON.stringify(call.input) } });
          emit('content_block_stop', { index });
        }
        emit('message_delta', { delta: stopOf(result), usage: usageOf(result) });
        emit('message_stop', {});
      } catch (error) {
        stream.sendNamed('error', anthropicError(problemOf(error)));
      }
    });
  });

  app.post('/v1/messages/count_tokens', async (context) => {
    const request = await readBody(context, CountTokensRequest);
    const model = servedModel(request.model, needs);
    const runner = await needs.models.acquire(model.id, { signal: context.req.raw.signal });
    try {
      const text = turnsOf(request)
        .map((turn) => turn.content)
        .join('\n');
      const tokens = await runner.generation.tokenise(text);
      return context.json({ input_tokens: tokens.length });
    } finally {
      runner.release();
    }
  });
}

/** An error in Anthropic's shape. */
export function anthropicError({ status, message }: ApiProblem): object {
  const types: Readonly<Record<number, string>> = {
    401: 'authentication_error',
    403: 'permission_error',
    404: 'not_found_error',
    413: 'request_too_large',
    429: 'rate_limit_error',
    503: 'overloaded_error',
  };
  return { type: 'error', error: { type: types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error'), message } };
}

function turnsOf(request: Messages): readonly ChatTurn[] {
  const names = new Map<string, string>();
  const system =
    request.system === undefined
      ? []
      : [
          {
            role: 'system' as const,
            content: typeof request.system === 'string' ? request.system : request.system.map(({ text }) => text).join('\n'),
          },
        ];
  return [...system, ...request.messages.flatMap((entry, at) => turnsOfMessage(entry, { at, names }))];
}

function turnsOfMessage(
  entry: Messages['messages'][number],
  { at, names }: { readonly at: number; readonly names: Map<string, string> },
): readonly ChatTurn[] {
  if (typeof entry.content === 'string') return [{ role: entry.role, content: entry.content }];
  const results: ChatTurn[] = [];
  const calls: ToolCall[] = [];
  let text = '';
  for (const part of entry.content) {
    switch (part.type) {
      case 'text':
        text += part.text;
        break;
      case 'tool_use':
        names.set(part.id, part.name);
        calls.push({ name: part.name, arguments: part.input });
        break;
      case 'tool_result': {
        const toolName = names.get(part.tool_use_id);
        const said =
          part.content === undefined
            ? ''
            : typeof part.content === 'string'
              ? part.content
              : part.content.map((one) => one.text).join('\n');
        results.push({ role: 'tool', content: said, ...(toolName === undefined ? {} : { toolName }) });
        break;
      }
      case 'thinking':
        break;
      case 'image':
        throw new ApiError({
          status: 400,
          code: 'unsupported_content',
          message: 'Images cannot be read by this model.',
          field: `messages.${at}.content`,
        });
    }
  }
  const own: ChatTurn[] =
    text === '' && calls.length === 0 && results.length > 0
      ? []
      : [{ role: entry.role, content: text, ...(calls.length === 0 ? {} : { toolCalls: calls }) }];
  return [...results, ...own];
}

function toolsOf({ tools, tool_choice: choice }: Messages): readonly ToolSpec[] {
  if (choice?.type === 'none') return [];
  return (tools ?? []).map(({ name, description, input_schema: parameters }) => ({ name, description: description ?? '', parameters }));
}

function samplingOf(request: z.infer<typeof MessagesRequest>): Sampling {
  return {
    ...defaultSampling,
    temperature: request.temperature ?? defaultSampling.temperature,
    topP: request.top_p ?? defaultSampling.topP,
    topK: request.top_k ?? defaultSampling.topK,
    maxTokens: request.max_tokens,
    stop: request.stop_sequences ?? [],
  };
}

interface ToolUse {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: object;
}
const toolUsesOf = (result: GenerateResult): readonly ToolUse[] =>
  (result.toolCalls ?? []).map((call) => ({
    type: 'tool_use',
    id: `toolu_${randomUUID().replaceAll('-', '').slice(0, 24)}`,
    name: call.name,
    input: call.arguments,
  }));

const blocksOf = (result: GenerateResult): readonly object[] => [
  ...(result.reasoning === null ? [] : [{ type: 'thinking', thinking: result.reasoning, signature: '' }]),
  ...(result.text === '' ? [] : [{ type: 'text', text: result.text }]),
  ...toolUsesOf(result),
];

function stopOf(result: GenerateResult): object {
  const calls = result.toolCalls ?? [];
  const reason =
    calls.length > 0
      ? 'tool_use'
      : result.finishReason === 'stop-sequence'
        ? 'stop_sequence'
        : isTruncated(result)
          ? 'max_tokens'
          : 'end_turn';
  return { stop_reason: reason, stop_sequence: null };
}

const usageOf = ({ usage }: GenerateResult): object => ({
  input_tokens: usage.promptTokens - usage.cachedTokens,
  cache_read_input_tokens: usage.cachedTokens,
  cache_creation_input_tokens: 0,
  output_tokens: usage.completionTokens,
});
