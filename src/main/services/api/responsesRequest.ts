import * as z from 'zod';
import type { ApiNeeds, ApiQuestion } from './apiAnswer.ts';
import { maxTokensField, ReasoningEffort, samplingFields, samplingOf, thinkingOf } from './openaiFields.ts';
import { withOneSystemTurn } from './openaiRequest.ts';
import { toolLimit, toolsOf } from './openaiTools.ts';
import { notDone } from './readBody.ts';
import { type ResponseHistory, ResponseInput } from './responsesInput.ts';
import { ResponseTool, ResponseToolChoice, readResponseTools, responseToolWish } from './responsesTools.ts';
import { servedModel } from './servedModel.ts';

const jsonSchema = z.record(z.string(), z.json());

/** What `/v1/responses` takes. What it knows and this app cannot do is refused by name, what it does not know is ignored. */
export const ResponseRequest = z.object({
  model: z.string().min(1).max(400),
  input: ResponseInput,
  ...samplingFields,
  instructions: z.string().nullish(),
  max_output_tokens: maxTokensField,
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  previous_response_id: z.string().min(1).max(200).nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
  reasoning: z.object({ effort: ReasoningEffort }).nullish(),
  text: z
    .object({
      format: z
        .discriminatedUnion('type', [
          z.object({ type: z.literal('text') }),
          z.object({ type: z.literal('json_object') }),
          z.object({
            type: z.literal('json_schema'),
            name: z.string().max(200).default('response'),
            description: z.string().nullish(),
            schema: jsonSchema,
            strict: z.boolean().nullish(),
          }),
        ])
        .nullish(),
    })
    .nullish(),
  tools: z.array(ResponseTool).max(toolLimit).nullish(),
  tool_choice: ResponseToolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  include: z.array(z.string().max(200)).max(20).nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  background: notDone('Answers are given while you wait: leave it out.', (value) => value === null || value === false),
  conversation: notDone('Conversations are not kept here: go on with previous_response_id.'),
  prompt: notDone('Prompts are not kept here: send instructions and input.'),
  context_management: notDone('Nothing is compacted here: ask for truncation.'),
  moderation: notDone('Nothing is moderated here.'),
});
export type ResponseRequest = z.infer<typeof ResponseRequest>;

/**
 * The question that a request puts after a conversation.
 * @throws {ApiError} 404 for an unknown model, 400 for a wrong choice of tools
 */
export function responseQuestionOf(
  request: ResponseRequest,
  history: ResponseHistory,
  needs: Pick<ApiNeeds, 'library' | 'models' | 'memoryBytes'>,
): ApiQuestion {
  const tools = readResponseTools(request.tools ?? []);
  const instructions = request.instructions ?? '';
  const wantsLikelihoods = request.include?.includes('message.output_text.logprobs') === true || (request.top_logprobs ?? 0) > 0;
  return {
    model: servedModel(request.model, needs),
    turns: withOneSystemTurn([...(instructions === '' ? [] : [{ role: 'system' as const, content: instructions }]), ...history.turns]),
    sampling: samplingOf(request, request.max_output_tokens ?? null),
    schema: schemaOf(request),
    overflow: request.truncation === 'auto' ? 'drop-oldest' : 'fail',
    ...toolsOf(tools.offered, responseToolWish(request.tool_choice, tools)),
    ...thinkingOf(request.reasoning?.effort),
    ...(wantsLikelihoods ? { logprobs: request.top_logprobs ?? 0 } : {}),
  };
}

function schemaOf({ text }: ResponseRequest): ApiQuestion['schema'] {
  const format = text?.format;
  if (format == null || format.type === 'text') return null;
  return format.type === 'json_object' ? { type: 'object' } : format.schema;
}
