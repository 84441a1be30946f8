import type { Context, Hono } from 'hono';
import type { Artifact } from '#shared/contract/models.ts';
import type { GenerateResult, TokenLogprob, ToolCall } from '#shared/contract/runner.ts';
import type { ApiNeeds, ApiQuestion } from './apiAnswer.ts';
import { addCompletionsRoutes } from './completionsRoutes.ts';
import { addEmbeddingsRoutes } from './embeddingsRoutes.ts';
import { answerInOpenai, callsOf, endOf, likelihoodsOf, openaiId, usageOf } from './openaiAnswer.ts';
import { ChatCompletionRequest, chatQuestionOf } from './openaiRequest.ts';
import { streamCompletion } from './openaiStream.ts';
import { readBody } from './readBody.ts';
import { addResponsesRoutes } from './responsesRoutes.ts';
import { servedModel, servedModels } from './servedModel.ts';

/** OpenAI's `/v1`: models, chat completions, completions, responses and embeddings, as its own clients expect them. */
export function addOpenaiRoutes(app: Hono, needs: ApiNeeds): void {
  app.get('/v1/models', (context) => context.json({ object: 'list', data: servedModels(needs).map(modelOf) }));
  app.get('/v1/models/:model{.+}', (context) => context.json(modelOf(servedModel(context.req.param('model'), needs))));
  app.post('/v1/chat/completions', async (context) => {
    const request = await readBody(context, ChatCompletionRequest);
    const asked: Asked = { request, question: chatQuestionOf(request, needs), head: headOf(request, needs) };
    return request.stream === true ? streamAnswer(context, asked, needs) : wholeAnswer(context, asked, needs);
  });
  addCompletionsRoutes(app, needs);
  addResponsesRoutes(app, needs);
  addEmbeddingsRoutes(app, needs);
}

interface Asked {
  readonly request: ChatCompletionRequest;
  readonly question: ApiQuestion;
  readonly head: { readonly id: string; readonly created: number; readonly model: string };
}

const headOf = ({ model }: ChatCompletionRequest, { now }: Pick<ApiNeeds, 'now'>): Asked['head'] => ({
  id: openaiId('chatcmpl').replace('_', '-'),
  created: Math.floor(now() / 1000),
  model,
});

async function wholeAnswer(context: Context, { request, question, head }: Asked, needs: ApiNeeds): Promise<Response> {
  const result = await answerInOpenai(question, { signal: context.req.raw.signal }, needs);
  const calls = callsOf(result, request.parallel_tool_calls);
  const message = {
    role: 'assistant',
    content: calls.length > 0 && result.text === '' ? null : result.text,
    refusal: null,
    ...(result.reasoning === null ? {} : { reasoning_content: result.reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(toolCallOf) }),
  };
  const choice = { index: 0, message, logprobs: logprobsOf(result.logprobs), finish_reason: finishReasonOf(result, calls) };
  return context.json({ ...head, object: 'chat.completion', choices: [choice], usage: usageOf(result), timings: result.timings });
}

function streamAnswer(context: Context, { request, question, head }: Asked, needs: ApiNeeds): Response | Promise<Response> {
  return streamCompletion(context, async (stream) => {
    const chunk = (delta: object, end: { readonly reason?: string; readonly logprobs?: readonly TokenLogprob[] | undefined } = {}): void =>
      stream.send({
        ...head,
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta, logprobs: logprobsOf(end.logprobs), finish_reason: end.reason ?? null }],
      });
    let isOpen = false;
    const open = (): void => {
      if (!isOpen) chunk({ role: 'assistant', content: '' });
      isOpen = true;
    };
    const result = await answerInOpenai(
      question,
      {
        signal: stream.signal,
        onPiece: ({ text, reasoning, logprobs }) => {
          open();
          if (reasoning !== '') chunk({ reasoning_content: reasoning });
          if (text !== '' || logprobs !== undefined) chunk({ content: text }, { logprobs });
        },
      },
      needs,
    );
    open();
    const calls = callsOf(result, request.parallel_tool_calls);
    for (const [index, call] of calls.entries()) {
      const { function: named, ...rest } = toolCallOf(call);
      // Name and id come before the arguments, as clients put the pieces together.
      chunk({ tool_calls: [{ index, ...rest, function: { name: named.name, arguments: '' } }] });
      chunk({ tool_calls: [{ index, function: { arguments: named.arguments } }] });
    }
    chunk({}, { reason: finishReasonOf(result, calls) });
    if (request.stream_options?.include_usage === true) {
      stream.send({ ...head, object: 'chat.completion.chunk', choices: [], usage: usageOf(result), timings: result.timings });
    }
  });
}

const modelOf = ({ id, addedAt, publisher }: Artifact): object => ({
  id,
  object: 'model',
  created: Math.floor(addedAt / 1000),
  owned_by: publisher ?? 'local',
});

const toolCallOf = (call: ToolCall) => ({
  id: openaiId('call'),
  type: 'function',
  function: { name: call.name, arguments: JSON.stringify(call.arguments) },
});

const finishReasonOf = (result: GenerateResult, calls: readonly ToolCall[]): string => (calls.length > 0 ? 'tool_calls' : endOf(result));

const logprobsOf = (tokens: readonly TokenLogprob[] | undefined): object | null =>
  tokens === undefined ? null : { content: likelihoodsOf(tokens), refusal: null };
