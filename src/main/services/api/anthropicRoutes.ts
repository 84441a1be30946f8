import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { askedOf, CountTokensRequest, MessagesRequest, messagesQuestionOf } from './anthropicRequest.ts';
import { AnthropicWriter, callsOf, messageOf } from './anthropicWriter.ts';
import { type ApiNeeds, type ApiQuestion, answerQuestion } from './apiAnswer.ts';
import { ApiError, type ApiProblem, problemOf, tooLongOf } from './apiErrors.ts';
import { openEventStream } from './eventStream.ts';
import { readBody } from './readBody.ts';

/** A client that has heard nothing for so long is told that all is well. */
const pingMs = 10_000;

/** Anthropic's messages, as its own clients expect them. */
export function addAnthropicRoutes(app: Hono, needs: ApiNeeds): void {
  app.post('/v1/messages', async (context) => {
    const request = await readBody(context, MessagesRequest);
    const question = messagesQuestionOf(request, needs);
    const asked: Asked = { question, model: request.model, isAlone: isAlone(request) };
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
  readonly question: ApiQuestion;
  /** As the client called it. */
  readonly model: string;
  /** Whether it wants one call at most. */
  readonly isAlone: boolean;
}

const isAlone = ({ tool_choice: choice }: MessagesRequest): boolean =>
  choice != null && choice.type !== 'none' && choice.disable_parallel_tool_use === true;

const headOf = ({ model }: Asked) => ({ id: `msg_${randomUUID().replaceAll('-', '')}`, model });

async function wholeMessage(context: Context, asked: Asked, needs: ApiNeeds): Promise<Response> {
  const result = await answered(asked.question, { signal: context.req.raw.signal, onPiece: () => undefined }, needs);
  return context.json(messageOf(headOf(asked), result, callsOf(result, asked.isAlone)));
}

function streamMessage(context: Context, asked: Asked, needs: ApiNeeds): Promise<Response> {
  return openEventStream(context, async (stream) => {
    const writer = new AnthropicWriter(headOf(asked), (type, data) => stream.sendNamed(type, { type, ...data }));
    const pings = setInterval(() => writer.ping(), pingMs);
    try {
      const onPiece = ({ text, reasoning }: { readonly text: string; readonly reasoning: string }): void => {
        if (reasoning !== '') writer.write('thinking', reasoning);
        if (text !== '') writer.write('text', text);
      };
      const result = await answered(asked.question, { signal: stream.signal, onPiece }, needs);
      writer.finish(result, callsOf(result, asked.isAlone));
    } catch (error) {
      if (!stream.hasBegun) throw error;
      stream.sendNamed('error', anthropicError(problemOf(error)));
    } finally {
      clearInterval(pings);
    }
  });
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
