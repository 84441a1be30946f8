import type { Context, Hono } from 'hono';
import * as z from 'zod';
import type { Usage } from '#shared/contract/chat.ts';
import type { TokenLogprob } from '#shared/contract/runner.ts';
import type { ApiNeeds, ApiQuestion } from './apiAnswer.ts';
import { answerInOpenai, endOf, openaiId, usageOf } from './openaiAnswer.ts';
import { completionFields, samplingOf } from './openaiFields.ts';
import { streamCompletion } from './openaiStream.ts';
import { notDone, readBody, tokensNotDone } from './readBody.ts';
import { servedModel } from './servedModel.ts';

const promptLimit = 128;
/** What OpenAI documents where no limit is named: a raw prompt has no end of its own. */
const defaultMaxTokens = 16;
const prompt = z.string().min(1).max(4_000_000);

const CompletionRequest = z
  .object({
    ...completionFields,
    prompt: z.union([prompt, z.array(prompt).min(1).max(promptLimit), tokensNotDone], {
      error: 'It is neither a text nor a list of texts.',
    }),
    echo: z.boolean().nullish(),
    logprobs: z.number().int().min(0).max(20).nullish(),
    suffix: notDone('Filling in before a suffix is not done here.', (value) => value === null || value === ''),
    best_of: notDone('One answer a prompt is given: best_of must be 1.', (value) => value === null || value === 1),
  })
  .refine(({ echo, logprobs }) => echo !== true || logprobs == null, {
    error: 'How likely the tokens of a prompt are is not measured: leave out echo or logprobs.',
    params: { notDone: true },
    path: ['logprobs'],
  });
type CompletionRequest = z.infer<typeof CompletionRequest>;

/** OpenAI's completions in the old sense: the prompt goes to the model as it is, through no template. Several prompts are answered one after the other. */
export function addCompletionsRoutes(app: Hono, needs: ApiNeeds): void {
  app.post('/v1/completions', async (context) => {
    const request = await readBody(context, CompletionRequest);
    const model = servedModel(request.model, needs);
    const prompts = typeof request.prompt === 'string' ? [request.prompt] : (request.prompt as readonly string[]);
    const head = {
      id: openaiId('cmpl').replace('_', '-'),
      object: 'text_completion',
      created: Math.floor(needs.now() / 1000),
      model: request.model,
    };
    const asked: Asked = {
      request,
      head,
      questions: prompts.map((raw) => ({
        model,
        raw,
        turns: [],
        sampling: samplingOf(request, request.max_tokens ?? defaultMaxTokens),
        schema: null,
        tools: [],
        ...(request.logprobs == null ? {} : { logprobs: request.logprobs }),
      })),
    };
    return request.stream === true ? streamAnswers(context, asked, needs) : wholeAnswers(context, asked, needs);
  });
}

interface Asked {
  readonly request: CompletionRequest;
  readonly head: object;
  readonly questions: readonly (ApiQuestion & { readonly raw: string })[];
}

async function wholeAnswers(context: Context, { request, head, questions }: Asked, needs: ApiNeeds): Promise<Response> {
  const choices: object[] = [];
  let usage: Usage = nothing;
  for (const [index, question] of questions.entries()) {
    const result = await answerInOpenai(question, { signal: context.req.raw.signal }, needs);
    const text = `${request.echo === true ? question.raw : ''}${result.text}`;
    choices.push({ index, text, logprobs: oldLogprobs(result.logprobs, 0), finish_reason: endOf(result) });
    usage = sumOf(usage, result.usage);
  }
  return context.json({ ...head, choices, usage: usageOf({ usage, reasoning: null }) });
}

function streamAnswers(context: Context, { request, head, questions }: Asked, needs: ApiNeeds): Response | Promise<Response> {
  return streamCompletion(context, async (stream) => {
    let usage: Usage = nothing;
    for (const [index, question] of questions.entries()) {
      const chunk = (text: string, end: { readonly reason?: string; readonly logprobs?: object | null } = {}): void =>
        stream.send({ ...head, choices: [{ index, text, logprobs: end.logprobs ?? null, finish_reason: end.reason ?? null }] });
      let said = 0;
      const result = await answerInOpenai(
        question,
        {
          signal: stream.signal,
          onPiece: ({ text, logprobs }) => {
            if (said === 0 && request.echo === true) chunk(question.raw);
            chunk(text, { logprobs: oldLogprobs(logprobs, said) });
            said += Math.max(1, text.length);
          },
        },
        needs,
      );
      if (said === 0 && request.echo === true) chunk(question.raw);
      chunk('', { reason: endOf(result) });
      usage = sumOf(usage, result.usage);
    }
    if (request.stream_options?.include_usage === true) stream.send({ ...head, choices: [], usage: usageOf({ usage, reasoning: null }) });
  });
}

/** The old shape: lists side by side, and where in the text each token begins. */
function oldLogprobs(tokens: readonly TokenLogprob[] | undefined, begin: number): object | null {
  if (tokens === undefined) return null;
  let offset = begin;
  const offsets = tokens.map(({ token }) => {
    const at = offset;
    offset += token.length;
    return at;
  });
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top }) => Object.fromEntries(top.map(({ token, logprob }) => [token, logprob]))),
    text_offset: offsets,
  };
}

const nothing: Usage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };
const sumOf = (a: Usage, b: Usage): Usage => ({
  promptTokens: a.promptTokens + b.promptTokens,
  cachedTokens: a.cachedTokens + b.cachedTokens,
  completionTokens: a.completionTokens + b.completionTokens,
});
