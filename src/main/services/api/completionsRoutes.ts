import type { Context, Hono } from 'hono';
import * as z from 'zod';
import type { GenerateResult, TokenLogprob } from '#shared/contract/runner.ts';
import type { ApiNeeds, ApiPiece, ApiQuestion } from './apiAnswer.ts';
import { type AnswerUsage, endOf, openaiId, usageOf } from './openaiAnswer.ts';
import { answerChoices, usageOfChoices } from './openaiChoices.ts';
import { completionFields, logitBiasOf, samplingOf } from './openaiFields.ts';
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
    best_of: notDone('All answers are given, none is chosen: best_of must be 1.', (value) => value === null || value === 1),
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
        ...logitBiasOf(request.logit_bias),
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
  const count = request.n ?? 1;
  const choices: object[] = [];
  let spent: AnswerUsage = nothing;
  for (const question of questions) {
    const answers = await answerChoices(question, { count, signal: context.req.raw.signal }, needs);
    for (const result of answers) {
      const text = `${request.echo === true ? question.raw : ''}${result.text}`;
      choices.push({ index: choices.length, text, logprobs: oldLogprobs(result.logprobs, 0), finish_reason: endOf(result) });
    }
    spent = sumOf(spent, usageOfChoices(answers));
  }
  return context.json({ ...head, choices, usage: usageOf(spent) });
}

function streamAnswers(context: Context, { request, head, questions }: Asked, needs: ApiNeeds): Response | Promise<Response> {
  return streamCompletion(context, async (stream) => {
    const count = request.n ?? 1;
    let spent: AnswerUsage = nothing;
    for (const [at, question] of questions.entries()) {
      const echo = request.echo === true ? question.raw : '';
      const choices = Array.from({ length: count }, (_, of) =>
        streamedChoice({ index: at * count + of, echo, send: (choice) => stream.send({ ...head, choices: [choice] }) }),
      );
      const answers = await answerChoices(
        question,
        {
          count,
          signal: stream.signal,
          onPiece: (piece, of) => choices[of]?.write(piece),
          onAnswer: (result, of) => choices[of]?.end(result),
        },
        needs,
      );
      spent = sumOf(spent, usageOfChoices(answers));
    }
    if (request.stream_options?.include_usage === true) stream.send({ ...head, choices: [], usage: usageOf(spent) });
  });
}

function streamedChoice(of: { readonly index: number; readonly echo: string; readonly send: (choice: object) => void }) {
  const chunk = (text: string, end: { readonly reason?: string; readonly logprobs?: object | null } = {}): void =>
    of.send({ index: of.index, text, logprobs: end.logprobs ?? null, finish_reason: end.reason ?? null });
  let said = 0;
  let isOpen = false;
  const open = (): void => {
    if (!isOpen && of.echo !== '') chunk(of.echo);
    isOpen = true;
  };
  return {
    write({ text, logprobs }: ApiPiece): void {
      open();
      chunk(text, { logprobs: oldLogprobs(logprobs, said) });
      said += text.length;
    },
    end(result: GenerateResult): void {
      open();
      chunk('', { reason: endOf(result) });
    },
  };
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

const nothing: AnswerUsage = { usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 0 }, reasoning: null };
const sumOf = ({ usage: a }: AnswerUsage, { usage: b }: AnswerUsage): AnswerUsage => ({
  usage: {
    promptTokens: a.promptTokens + b.promptTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    completionTokens: a.completionTokens + b.completionTokens,
  },
  reasoning: null,
});
