import * as z from 'zod';
import type { ChatTurn } from '#shared/contract/runner.ts';
import type { ApiNeeds, ApiQuestion } from './apiAnswer.ts';
import { OpenaiContent, readContent, readText } from './openaiContent.ts';
import { completionFields, logitBiasOf, maxTokensField, ReasoningEffort, samplingOf, thinkingOf } from './openaiFields.ts';
import { argumentsOf, functionType, type ToolWish, toolLimit, toolName, toolParameters, toolsOf } from './openaiTools.ts';
import { notDone } from './readBody.ts';
import { servedModel } from './servedModel.ts';

const toolCall = z.object({
  id: z.string().max(200).nullish(),
  type: z.literal('function').default('function'),
  function: z.object({ name: z.string().min(1).max(200), arguments: z.string() }),
});

const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content: OpenaiContent }),
  z.object({ role: z.literal('user'), content: OpenaiContent }),
  z.object({
    role: z.literal('assistant'),
    content: OpenaiContent.nullish(),
    reasoning_content: z.string().nullish(),
    tool_calls: z.array(toolCall).max(toolLimit).nullish(),
  }),
  z.object({ role: z.literal('tool'), content: OpenaiContent, tool_call_id: z.string().max(200) }),
]);

const jsonSchema = z.record(z.string(), z.unknown());
const chosenFunction = z.object({ function: z.object({ name: z.string().min(1).max(200) }) });

/** What `/v1/chat/completions` takes. What it knows and this app cannot do is refused by name, what it does not know is ignored. */
export const ChatCompletionRequest = z.object({
  ...completionFields,
  messages: z.array(message).min(1).max(10_000),
  max_completion_tokens: maxTokensField,
  reasoning_effort: ReasoningEffort,
  // Not OpenAI's, but how programs switch thinking with local servers.
  chat_template_kwargs: z.looseObject({ enable_thinking: z.boolean().nullish(), thinking: z.boolean().nullish() }).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
  tools: z
    .array(
      z.object({
        type: functionType,
        function: z.object({ name: toolName, description: z.string().nullish(), parameters: toolParameters }),
      }),
    )
    .max(toolLimit)
    .nullish(),
  tool_choice: z
    .union([
      z.enum(['none', 'auto', 'required']),
      chosenFunction.extend({ type: z.literal('function') }),
      z.object({
        type: z.literal('allowed_tools'),
        allowed_tools: z.object({ mode: z.enum(['auto', 'required']), tools: z.array(chosenFunction).min(1).max(toolLimit) }),
      }),
    ])
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      // With a schema it is what local servers take.
      z.object({ type: z.literal('json_object'), schema: jsonSchema.nullish() }),
      z.object({ type: z.literal('json_schema'), json_schema: z.object({ schema: jsonSchema.nullish() }) }),
    ])
    .nullish(),
  functions: notDone('It is the old name: send tools.'),
  function_call: notDone('It is the old name: send tool_choice.'),
  audio: notDone('Nothing is spoken here.'),
  modalities: notDone('Answers are text.', (value) => value === null || (Array.isArray(value) && value.every((one) => one === 'text'))),
  web_search_options: notDone('The web is not searched here.'),
  moderation: notDone('Nothing is moderated here.'),
});
export type ChatCompletionRequest = z.infer<typeof ChatCompletionRequest>;

/** The question that a request puts. @throws {ApiError} 404 for an unknown model, 400 for what cannot be read */
export function chatQuestionOf(request: ChatCompletionRequest, needs: Pick<ApiNeeds, 'library' | 'models' | 'memoryBytes'>): ApiQuestion {
  const offered = (request.tools ?? []).map((tool) => tool.function);
  return {
    model: servedModel(request.model, needs),
    turns: turnsOf(request),
    sampling: samplingOf(request, request.max_completion_tokens ?? request.max_tokens ?? null),
    schema: schemaOf(request),
    ...toolsOf(offered, toolWishOf(request.tool_choice)),
    ...thinkingOf(request.reasoning_effort),
    ...switchedThinking(request),
    ...logitBiasOf(request.logit_bias),
    ...(request.logprobs === true ? { logprobs: request.top_logprobs ?? 0 } : {}),
  };
}

/** What a program says to the template itself goes before an effort; how long it may think is still the effort's. */
function switchedThinking({ chat_template_kwargs: said }: ChatCompletionRequest): Pick<ApiQuestion, 'thinking'> {
  const isOn = said?.enable_thinking ?? said?.thinking;
  return isOn == null ? {} : { thinking: isOn ? 'on' : 'off' };
}

/** A conversation whose first system turns are one: templates take no second. */
export function withOneSystemTurn(turns: readonly ChatTurn[]): readonly ChatTurn[] {
  const first = turns.findIndex(({ role }) => role !== 'system');
  const count = first === -1 ? turns.length : first;
  if (count < 2) return turns;
  const content = turns
    .slice(0, count)
    .map((turn) => turn.content)
    .join('\n\n');
  return [{ role: 'system', content }, ...turns.slice(count)];
}

/** Results of tools get the name of the tool they answer. */
function turnsOf(request: ChatCompletionRequest): readonly ChatTurn[] {
  const toolNames = new Map<string, string>();
  const turns = request.messages.map((entry, index): ChatTurn => {
    const field = `messages.${index}.content`;
    switch (entry.role) {
      case 'system':
      case 'developer':
        return { role: 'system', content: readText(entry.content, field) };
      case 'user': {
        const { text, images } = readContent(entry.content, field);
        return { role: 'user', content: text, ...(images.length === 0 ? {} : { images }) };
      }
      case 'assistant': {
        const calls = (entry.tool_calls ?? []).map((call) => {
          if (call.id != null) toolNames.set(call.id, call.function.name);
          return { name: call.function.name, arguments: argumentsOf(call.function.arguments, `messages.${index}.tool_calls`) };
        });
        const content = entry.content == null ? '' : readText(entry.content, field);
        if (calls.length === 0) return { role: 'assistant', content };
        const reasoning = entry.reasoning_content;
        return { role: 'assistant', content, toolCalls: calls, ...(reasoning == null ? {} : { reasoning }) };
      }
      case 'tool': {
        const name = toolNames.get(entry.tool_call_id);
        return { role: 'tool', content: readText(entry.content, field), ...(name === undefined ? {} : { toolName: name }) };
      }
    }
  });
  return withOneSystemTurn(turns);
}

function toolWishOf(choice: ChatCompletionRequest['tool_choice']): ToolWish {
  if (choice == null) return { mode: 'auto', allowed: null };
  if (typeof choice === 'string') return { mode: choice, allowed: null };
  if (choice.type === 'function') return { mode: { name: choice.function.name }, allowed: null };
  const { mode, tools } = choice.allowed_tools;
  return { mode, allowed: tools.map((tool) => tool.function.name) };
}

/** The JSON Schema that an answer is held to; any object where none is named; null for plain text. */
function schemaOf({ response_format: format }: ChatCompletionRequest): ApiQuestion['schema'] {
  if (format == null || format.type === 'text') return null;
  const schema = format.type === 'json_object' ? format.schema : format.json_schema.schema;
  return schema ?? { type: 'object' };
}
