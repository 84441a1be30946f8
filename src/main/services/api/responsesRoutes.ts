import type { Context, Hono } from 'hono';
import type { ChatTurn, GenerateResult } from '#shared/contract/runner.ts';
import type { ApiNeeds, ApiQuestion } from './apiAnswer.ts';
import { ApiError, problemOf } from './apiErrors.ts';
import { answerInOpenai, openaiId } from './openaiAnswer.ts';
import { openPingedStream } from './openaiStream.ts';
import { readBody } from './readBody.ts';
import { continueHistory, type ResponseHistory, ResponseItem } from './responsesInput.ts';
import { ResponseRequest, responseQuestionOf } from './responsesRequest.ts';
import { createResponseStore, type ResponseStore } from './responsesStore.ts';
import { ResponseWriter, type WrittenResponse } from './responsesWriter.ts';

/** OpenAI's responses, whole and as typed events. What `store` does not forbid is kept for a while, to be gone on with, looked at and deleted. */
export function addResponsesRoutes(app: Hono, needs: ApiNeeds): void {
  const store = createResponseStore(needs.now);
  app.post('/v1/responses', async (context) => {
    const request = await readBody(context, ResponseRequest);
    const history = historyOf(request, store);
    const asked: Asked = { request, question: responseQuestionOf(request, history, needs), history, store };
    return request.stream === true ? streamResponse(context, asked, needs) : wholeResponse(context, asked, needs);
  });
  app.post('/v1/responses/input_tokens', async (context) => {
    const request = await readBody(context, ResponseRequest);
    const { model, turns, tools, thinking } = responseQuestionOf(request, historyOf(request, store), needs);
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
      return context.json({ object: 'response.input_tokens', input_tokens: tokens });
    } finally {
      runner.release();
    }
  });
  app.get('/v1/responses/:id', (context) => {
    if (context.req.query('stream') === 'true') {
      throw new ApiError({
        status: 400,
        code: 'unsupported_parameter',
        message: 'stream: A kept response is given whole.',
        field: 'stream',
      });
    }
    return context.json(found(context.req.param('id'), store).response);
  });
  app.delete('/v1/responses/:id', (context) => {
    const { id } = found(context.req.param('id'), store).response;
    store.forget(id);
    return context.json({ id, object: 'response', deleted: true });
  });
}

interface Asked {
  readonly request: ResponseRequest;
  readonly question: ApiQuestion;
  readonly history: ResponseHistory;
  readonly store: ResponseStore;
}

/** What was said up to a request's end. */
function historyOf(request: ResponseRequest, store: ResponseStore): ResponseHistory {
  const itemOf = (id: string): ResponseItem | null => ResponseItem.safeParse(store.findItem(id)).data ?? null;
  return continueHistory(historyBefore(request, store), request.input, itemOf);
}

async function wholeResponse(context: Context, asked: Asked, needs: ApiNeeds): Promise<Response> {
  const result = await answerInOpenai(asked.question, { signal: context.req.raw.signal }, needs);
  const writer = writerOf(asked, needs, () => undefined);
  writer.begin();
  writer.write({ text: result.text, reasoning: result.reasoning ?? '', logprobs: result.logprobs });
  const written = writer.finish(result);
  keep(asked, written, result);
  return context.json(written.response);
}

function streamResponse(context: Context, asked: Asked, needs: ApiNeeds): Response | Promise<Response> {
  return openPingedStream(context, async (stream) => {
    const writer = writerOf(asked, needs, (type, data) => stream.sendNamed(type, data));
    let hasBegun = false;
    const begin = (): void => {
      if (!hasBegun) writer.begin();
      hasBegun = true;
    };
    try {
      const result = await answerInOpenai(
        asked.question,
        {
          signal: stream.signal,
          onPiece: (piece) => {
            begin();
            writer.write(piece);
          },
        },
        needs,
      );
      begin();
      keep(asked, writer.finish(result), result);
    } catch (error) {
      if (!stream.hasBegun) throw error;
      begin();
      writer.fail(problemOf(error));
    }
  });
}

function writerOf({ request, question }: Asked, { now }: ApiNeeds, emit: (type: string, data: object) => void): ResponseWriter {
  const { temperature, topP } = question.sampling;
  return new ResponseWriter(request, { id: openaiId('resp'), createdAt: Math.floor(now() / 1000), temperature, topP }, emit);
}

function historyBefore({ previous_response_id: id }: ResponseRequest, store: ResponseStore): ResponseHistory {
  if (id == null) return { turns: [], toolNames: new Map() };
  const before = store.find(id);
  if (before !== null) return before.history;
  throw new ApiError({
    status: 400,
    code: 'previous_response_not_found',
    message: `Previous response with id '${id}' not found. Responses are kept for an hour at most: send the conversation itself.`,
    field: 'previous_response_id',
  });
}

function found(id: string, store: ResponseStore): NonNullable<ReturnType<ResponseStore['find']>> {
  const kept = store.find(id);
  if (kept !== null) return kept;
  throw new ApiError({
    status: 404,
    code: 'response_not_found',
    message: `Response with id '${id.slice(0, 200)}' not found. Responses are kept for an hour at most.`,
    field: 'response_id',
  });
}

function keep({ request, history, store }: Asked, { response, calls }: WrittenResponse, result: GenerateResult): void {
  if (request.store === false || result.finishReason === 'cancelled') return;
  const toolCalls = [...calls.values()];
  const answer: ChatTurn = {
    role: 'assistant',
    content: result.text,
    ...(toolCalls.length === 0 ? {} : { toolCalls, ...(result.reasoning === null ? {} : { reasoning: result.reasoning }) }),
  };
  const toolNames = new Map([...history.toolNames, ...[...calls].map(([id, { name }]) => [id, name] as const)]);
  store.keep({ response, history: { turns: [...history.turns, answer], toolNames } });
}
