import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import type { GenerateResult } from '#shared/contract/runner.ts';
import { askedOf, CountTokensRequest, MessagesRequest, messagesQuestionOf } from './anthropicRequest.ts';
import { createThreadStore, type ThreadStore } from './anthropicThreads.ts';
import { AnthropicWriter, callsOf, contentOf, type MessageHead, messageOf, type ToolUse } from './anthropicWriter.ts';
import { type ApiNeeds, type ApiQuestion, answerQuestion } from './apiAnswer.ts';
import { ApiError, type ApiProblem, problemOf, tooLongOf } from './apiErrors.ts';
import { openEventStream } from './eventStream.ts';
import { readBody } from './readBody.ts';

/** A client that has heard nothing for so long is told that all is well. */
const pingMs = 10_000;

/** Anthropic's messages, as its own clients expect them. */
export function addAnthropicRoutes(app: Hono, needs: ApiNeeds): void {
  const threads = createThreadStore(needs.now);
  app.post('/v1/messages', async (context) => {
    const request = threads.resume(await readBody(context, MessagesRequest));
    const asked: Asked = { request, question: messagesQuestionOf(request, needs), head: headOf(request), threads };
    return request.stream === true ? streamMessage(context, asked, needs) : wholeMessage(context, asked, needs);
  });

  app.post('/v1/messages/count_tokens', async (context) => {
    const { model, turns, tools, thinking } = askedOf(await readBody(context, CountTokensRequest), needs);
    const runner = await needs.models.acquire(model.id, { signal: context.req.raw.signal, holder: 'api' });
    try {
      const tokens = await runner.generation.count(
        {
          turns: [...turns],
          ...(tools.length === 0 ? {} : { tools: [...tools] }),
          ...(thinking === undefined ? {} : { thinking }),
        },
        { signal: context.req.raw.signal },
      );
      return context.json({ input_tokens: tokens });
    } finally {
      runner.release();
    }
  });
}

interface Asked {
  /** With what was said before in its thread. */
  readonly request: MessagesRequest;
  readonly question: ApiQuestion;
  readonly head: MessageHead;
  readonly threads: ThreadStore;
}

/** Named as the client called the model. */
const headOf = ({ model }: MessagesRequest): MessageHead => ({ id: `msg_${randomUUID().replaceAll('-', '')}`, model });

/** What was called; one call at most where the client wants no more. */
function callsIn({ request: { tool_choice: choice } }: Asked, result: GenerateResult): readonly ToolUse[] {
  return callsOf(result, choice != null && choice.type !== 'none' && choice.disable_parallel_tool_use === true);
}

async function wholeMessage(context: Context, asked: Asked, needs: ApiNeeds): Promise<Response> {
  const result = await answered(asked.question, { signal: context.req.raw.signal, onPiece: () => undefined }, needs);
  const calls = callsIn(asked, result);
  keep(asked, result, calls);
  return context.json(messageOf(asked.head, result, calls));
}

function streamMessage(context: Context, asked: Asked, needs: ApiNeeds): Promise<Response> {
  return openEventStream(context, async (stream) => {
    const writer = new AnthropicWriter(asked.head, (type, data) => stream.sendNamed(type, { type, ...data }));
    const pings = setInterval(() => writer.ping(), pingMs);
    try {
      const onPiece = ({ text, reasoning }: { readonly text: string; readonly reasoning: string }): void => {
        if (reasoning !== '') writer.write('thinking', reasoning);
        if (text !== '') writer.write('text', text);
      };
      const result = await answered(asked.question, { signal: stream.signal, onPiece }, needs);
      const calls = callsIn(asked, result);
      keep(asked, result, calls);
      writer.finish(result, calls);
    } catch (error) {
      if (!stream.hasBegun) throw error;
      stream.sendNamed('error', anthropicError(problemOf(error)));
    } finally {
      clearInterval(pings);
    }
  });
}

function keep({ request, head, threads }: Asked, result: GenerateResult, calls: readonly ToolUse[]): void {
  if (result.finishReason !== 'cancelled') threads.keep(head.id, request, contentOf(result, calls));
}

/** Answers, with errors in the words of this dialect. @throws {ApiError | RpcError} */
async function answered(...[question, asking, needs]: Parameters<typeof answerQuestion>): ReturnType<typeof answerQuestion> {
  try {
    return await answerQuestion(question, asking, needs);
  } catch (error) {
    throw inAnthropicWords(error);
  }
}

/** A conversation that is too long is known by these words: clients shorten it then. */
function inAnthropicWords(error: unknown): unknown {
  const told = tooLongOf(error);
  if (told === null) return error;
  const { message, ...problem } = problemOf(error);
  return new ApiError({
    ...problem,
    message: `prompt is too long: ${told.promptTokens} tokens > ${told.roomTokens} maximum. ${message}`,
  });
}

/** An error in Anthropic's shape. */
export function anthropicError({ status, message, details }: ApiProblem): object {
  const types: Readonly<Record<number, string>> = {
    401: 'authentication_error',
    403: 'permission_error',
    404: 'not_found_error',
    413: 'request_too_large',
    429: 'rate_limit_error',
    503: 'overloaded_error',
  };
  const type = types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return { type: 'error', error: { type, message, ...(details === undefined ? {} : { details }) } };
}
