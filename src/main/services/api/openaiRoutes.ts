import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { isTruncated } from '#core/bench/itemOutcomes.ts';
import type { GenerateResult, ToolCall } from '#shared/contract/runner.ts';
import { type ApiNeeds, answerQuestion, servedModel, servedModels } from './apiAnswer.ts';
import { type ApiProblem, problemOf } from './apiErrors.ts';
import { openEventStream } from './eventStream.ts';
import { ChatCompletionRequest, samplingOf, schemaOf, toolsOf, turnsOf } from './openaiRequest.ts';
import { readBody } from './readBody.ts';

type FinishReason = 'stop' | 'length' | 'tool_calls';

/** OpenAI's `/v1`: models and chat completions, as its own clients expect them. */
export function addOpenaiRoutes(app: Hono, needs: ApiNeeds): void {
  app.get('/v1/models', (context) => context.json({ object: 'list', data: servedModels(needs).map(modelOf) }));
  app.get('/v1/models/:model{.+}', (context) => context.json(modelOf(servedModel(context.req.param('model'), needs))));

  app.post('/v1/chat/completions', async (context) => {
    const request = await readBody(context, ChatCompletionRequest);
    const question = {
      model: servedModel(request.model, needs),
      turns: turnsOf(request),
      sampling: samplingOf(request),
      schema: schemaOf(request),
      tools: toolsOf(request),
    };
    const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(needs.now() / 1000), model: request.model } as const;
    const signal = context.req.raw.signal;
    if (request.stream !== true) {
      const result = await answerQuestion(question, { signal, onPiece: () => undefined }, needs);
      return context.json({
        ...head,
        object: 'chat.completion',
        choices: [choiceOf(result)],
        usage: usageOf(result),
        timings: result.timings,
      });
    }
    return openEventStream(context, async (stream) => {
      const chunk = (delta: object, finishReason: FinishReason | null = null): object => ({
        ...head,
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      });
      let isOpen = false;
      const open = (): void => {
        if (!isOpen) stream.send(chunk({ role: 'assistant', content: '' }));
        isOpen = true;
      };
      try {
        const result = await answerQuestion(
          question,
          {
            signal: stream.signal,
            onPiece: ({ text, reasoning }) => {
              open();
              if (reasoning !== '') stream.send(chunk({ reasoning_content: reasoning }));
              if (text !== '') stream.send(chunk({ content: text }));
            },
          },
          needs,
        );
        open();
        const calls = result.toolCalls ?? [];
        if (calls.length > 0) stream.send(chunk({ tool_calls: calls.map((call, index) => ({ index, ...toolCallOf(call) })) }));
        stream.send(chunk({}, finishReasonOf(result)));
        if (request.stream_options?.include_usage === true) {
          stream.send({ ...head, object: 'chat.completion.chunk', choices: [], usage: usageOf(result), timings: result.timings });
        }
      } catch (error) {
        // The status has gone out: the error is the last event, as OpenAI's clients look for it.
        stream.send(openaiError(problemOf(error)));
      }
      stream.sendRaw('[DONE]');
    });
  });
}

/** An error in OpenAI's shape. */
export function openaiError(problem: ApiProblem): object {
  const { status, code, message, field } = problem;
  const type =
    status === 401 || status === 403
      ? 'authentication_error'
      : status === 429
        ? 'rate_limit_error'
        : status >= 500
          ? 'server_error'
          : 'invalid_request_error';
  return { error: { message, type, param: field, code } };
}

const modelOf = (artifact: { readonly id: string; readonly addedAt?: number | null; readonly publisher: string | null }): object => ({
  id: artifact.id,
  object: 'model',
  created: Math.floor((artifact.addedAt ?? 0) / 1000),
  owned_by: artifact.publisher ?? 'local',
});

function choiceOf(result: GenerateResult): object {
  const calls = result.toolCalls ?? [];
  return {
    index: 0,
    message: {
      role: 'assistant',
      content: calls.length > 0 && result.text === '' ? null : result.text,
      refusal: null,
      ...(result.reasoning === null ? {} : { reasoning_content: result.reasoning }),
      ...(calls.length === 0 ? {} : { tool_calls: calls.map(toolCallOf) }),
    },
    logprobs: null,
    finish_reason: finishReasonOf(result),
  };
}

const toolCallOf = (call: ToolCall): object => ({
  id: `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`,
  type: 'function',
  function: { name: call.name, arguments: JSON.stringify(call.arguments) },
});

function finishReasonOf(result: GenerateResult): FinishReason {
  if ((result.toolCalls ?? []).length > 0) return 'tool_calls';
  return isTruncated(result) ? 'length' : 'stop';
}

const usageOf = ({ usage }: GenerateResult): object => ({
  prompt_tokens: usage.promptTokens,
  completion_tokens: usage.completionTokens,
  total_tokens: usage.promptTokens + usage.completionTokens,
  prompt_tokens_details: { cached_tokens: usage.cachedTokens },
});
