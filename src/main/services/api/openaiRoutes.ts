import type { Context, Hono } from 'hono';
import type { Artifact } from '#shared/contract/models.ts';
import type { GenerateResult, TokenLogprob, ToolCall } from '#shared/contract/runner.ts';
import type { ApiNeeds, ApiPiece, ApiQuestion } from './apiAnswer.ts';
import { addCompletionsRoutes } from './completionsRoutes.ts';
import { addEmbeddingsRoutes } from './embeddingsRoutes.ts';
import { callsOf, endOf, likelihoodsOf, openaiId, usageOf } from './openaiAnswer.ts';
import { answerChoices, usageOfChoices } from './openaiChoices.ts';
import { ChatCompletionRequest, chatQuestionOf } from './openaiRequest.ts';
import { streamCompletion } from './openaiStream.ts';
import { readBody } from './readBody.ts';
import { addResponsesRoutes } from './responsesRoutes.ts';
import { servedModel, servedModels } from './servedModel.ts';

/** OpenAI's `/v1`: models, chat completions, completions, responses and embeddings, as its own clients expect them. */
export function addOpenaiRoutes(app: Hono, needs: ApiNeeds): void {
  app.get('/v1/models', (context) => {
    const data = servedModels(needs).map(modelOf);
    return context.json({ object: 'list', data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null });
  });
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
  const count = request.n ?? 1;
  const answers = await answerChoices(question, { count, signal: context.req.raw.signal }, needs);
  const choices = answers.map((result, index) => choiceOf(result, { index, calls: callsOf(result, request.parallel_tool_calls) }));
  return context.json({ ...head, object: 'chat.completion', choices, ...spentOf(answers) });
}

function choiceOf(result: GenerateResult, { index, calls }: { readonly index: number; readonly calls: readonly ToolCall[] }): object {
  const message = {
    role: 'assistant',
    content: calls.length > 0 && result.text === '' ? null : result.text,
    refusal: null,
    ...(result.reasoning === null ? {} : { reasoning_content: result.reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(toolCallOf) }),
  };
  return { index, message, logprobs: logprobsOf(result.logprobs), finish_reason: finishReasonOf(result, calls) };
}

/** What answers took; how long is told of one alone. */
function spentOf(answers: readonly GenerateResult[]): object {
  const [first, ...others] = answers;
  return { usage: usageOf(usageOfChoices(answers)), ...(others.length === 0 ? { timings: first?.timings } : {}) };
}

function streamAnswer(context: Context, { request, question, head }: Asked, needs: ApiNeeds): Response | Promise<Response> {
  return streamCompletion(context, async (stream) => {
    const count = request.n ?? 1;
    const choices = Array.from({ length: count }, (_, index) =>
      streamedChoice({ index, send: (choice) => stream.send({ ...head, object: 'chat.completion.chunk', choices: [choice] }) }),
    );
    const answers = await answerChoices(
      question,
      {
        count,
        signal: stream.signal,
        onPiece: (piece, index) => choices[index]?.write(piece),
        onAnswer: (result, index) => choices[index]?.end(result, callsOf(result, request.parallel_tool_calls)),
      },
      needs,
    );
    if (request.stream_options?.include_usage === true) {
      stream.send({ ...head, object: 'chat.completion.chunk', choices: [], ...spentOf(answers) });
    }
  });
}

/** One answer as the pieces of a stream: whose it is, what it says, what it calls, why it ends. */
function streamedChoice({ index, send }: { readonly index: number; readonly send: (choice: object) => void }) {
  const chunk = (delta: object, end: { readonly reason?: string; readonly logprobs?: readonly TokenLogprob[] | undefined } = {}): void =>
    send({ index, delta, logprobs: logprobsOf(end.logprobs), finish_reason: end.reason ?? null });
  let isOpen = false;
  const open = (): void => {
    if (!isOpen) chunk({ role: 'assistant', content: '' });
    isOpen = true;
  };
  return {
    write({ text, reasoning, logprobs }: ApiPiece): void {
      open();
      if (reasoning !== '') chunk({ reasoning_content: reasoning });
      if (text !== '' || logprobs !== undefined) chunk({ content: text }, { logprobs });
    },
    end(result: GenerateResult, calls: readonly ToolCall[]): void {
      open();
      for (const [at, call] of calls.entries()) {
        const { function: named, ...rest } = toolCallOf(call);
        // Name and id come before the arguments, as clients put the pieces together.
        chunk({ tool_calls: [{ index: at, ...rest, function: { name: named.name, arguments: '' } }] });
        chunk({ tool_calls: [{ index: at, function: { arguments: named.arguments } }] });
      }
      chunk({}, { reason: finishReasonOf(result, calls) });
    },
  };
}

/** For both makers' clients: they ask under the same address. */
const modelOf = ({ id, name, quant, addedAt, publisher }: Artifact) => ({
  id,
  object: 'model',
  created: Math.floor(addedAt / 1000),
  owned_by: publisher ?? 'local',
  type: 'model',
  display_name: quant === null ? name : `${name} ${quant}`,
  created_at: new Date(addedAt).toISOString(),
});

const toolCallOf = (call: ToolCall) => ({
  id: openaiId('call'),
  type: 'function',
  function: { name: call.name, arguments: JSON.stringify(call.arguments) },
});

const finishReasonOf = (result: GenerateResult, calls: readonly ToolCall[]): string => (calls.length > 0 ? 'tool_calls' : endOf(result));

const logprobsOf = (tokens: readonly TokenLogprob[] | undefined): object | null =>
  tokens === undefined ? null : { content: likelihoodsOf(tokens), refusal: null };
