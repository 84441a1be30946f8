import { createHash } from 'node:crypto';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Token } from 'node-llama-cpp';
import { schemaProblem } from '#core/schema/engineSchema.ts';
import { readToolCalls } from '#core/tools/readToolCalls.ts';
import { chatErrors, type FinishReason, type Sampling } from '#shared/contract/chat.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type { GenerateItem, GenerateRequest, GenerateResult, LoadRequest, ToolCall } from '#shared/contract/runner.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { createAnswerReader } from '../answerReader.ts';
import { askedPrompt } from '../askedPrompt.ts';
import { toEvaluationError } from '../engineErrors.ts';
import { fitPrompt } from '../fitPrompt.ts';
import type { PromptTemplate } from '../promptTemplate.ts';
import { createReasoningSplit } from '../reasoningSplit.ts';
import { chooseSeed, repeatWindow } from '../sampling.ts';
import type { SequenceUse } from '../sequencePool.ts';
import type { TokenText } from '../tokenText.ts';
import type { NativeAnswer, NativeContext } from './nativeVision.ts';
import { markImages } from './visionPrompt.ts';
import type { VisionEngine } from './visionSession.ts';

interface SeeOptions extends SequenceUse {
  readonly template: PromptTemplate;
  readonly bosToken: string;
  readonly signal: AbortSignal;
  readonly emit: (item: GenerateItem) => void;
}

/** Fewer evaluated prompt tokens than this say nothing about prompt speed. */
const leastPromptTokens = 8;
const mostTurns = 1000;
/** The binding gives words, a token at a time. */
const alreadyText: TokenText<string> = { push: (piece) => piece, flush: () => '' };
/** Milliseconds that the binding may take to let go of an answer. */
const mostWaits = 100;

/**
 * Answers a conversation with pictures. A cancel is no error: what there is comes at once.
 * @throws {RpcError} context-full, chat-template-failed, tools-unsupported, images-unsupported, schema-invalid
 */
export async function seeAndAnswer(engine: VisionEngine, request: GenerateRequest, options: SeeOptions): Promise<GenerateResult> {
  const { signal, template } = options;
  const { request: load, templateSource } = engine;
  if (request.logitBias !== undefined) {
    throw new RpcError(
      pipeErrors.badInput,
      'The likelihood of single tokens cannot be shifted in an answer of the engine that sees pictures.',
    );
  }
  const startedAt = performance.now();
  const now = (): number => performance.now() - startedAt;
  const tools = request.tools ?? [];
  const mayCall = tools.length > 0 && request.schema === null;
  const roomTokens = load.contextTokens - 1;
  const maxTokens = request.sampling.maxTokens ?? roomTokens;
  const prompt = await fitPrompt(request.turns, {
    render: async (kept) => {
      const { turns, media } = markImages(kept);
      const asked = await askedPrompt(request, turns, { template, source: templateSource });
      // The engine puts the first token there itself.
      const text =
        options.bosToken !== '' && asked.text.startsWith(options.bosToken) ? asked.text.slice(options.bosToken.length) : asked.text;
      return { ...asked, text, media };
    },
    tokenise: async ({ text, media }) => {
      const tokens = [...(await tokenised(engine, { text, media }))] as Token[];
      return { tokens, count: tokens.length };
    },
    overflow: request.overflow,
    roomTokens,
    answerTokens: Math.min(maxTokens, Math.floor(roomTokens / 4)),
  });
  const split = createReasoningSplit(prompt.start, { callsEndIt: mayCall, isResumed: prompt.isResumed });
  const stop = template.source === 'chatml' && request.raw === undefined ? [...request.sampling.stop, '<|im_end|>'] : request.sampling.stop;
  const reader = createAnswerReader({ tokenText: alreadyText, split, stop, emit: options.emit, now });
  const seed = chooseSeed(request.sampling.seed);
  options.emit({ kind: 'prompt', processedTokens: 0, totalTokens: prompt.tokens.length, atMs: now() });

  const promptStartedMs = now();
  let endedBy: 'stop-sequence' | null = null;
  let seenCharacters = 0;
  const onToken = ({ token }: { readonly token: string }): void => {
    seenCharacters += token.length;
    if (signal.aborted || endedBy !== null) return;
    reader.note();
    if (!reader.read(token, null)) return;
    endedBy = 'stop-sequence';
    engine.context.stopCompletion();
  };
  const asking = {
    prompt: prompt.text,
    ...(prompt.media.length === 0 ? {} : { media_paths: prompt.media }),
    ...samplingOf(request.sampling, seed),
    n_predict: Math.min(maxTokens, Math.max(1, roomTokens - prompt.tokens.length)),
    ...(request.schema === null ? {} : { grammar: rulesOf(engine.context, request.schema) }),
  };
  const work = begin(engine, { asking, onToken });
  const ended = await untilEnded(work, options, engine);
  const isLeft = ended === 'aborted';
  if (!isLeft) await untilTold(ended, () => seenCharacters);
  if (!isLeft && endedBy === null && reader.readRest()) endedBy = 'stop-sequence';
  reader.close();

  const { tokenTimesMs } = reader;
  const firstTokenMs = tokenTimesMs[0];
  const promptMs = (firstTokenMs ?? now()) - promptStartedMs;
  const newTokens = isLeft ? 0 : ended.timings.prompt_n;
  const read = mayCall ? readToolCalls(reader.text, tools) : null;
  return {
    text: read?.text ?? reader.text,
    reasoning: split.seen ? reader.reasoning : null,
    reasoningTokens: split.reasoningTokens,
    finishReason: isLeft || signal.aborted ? 'cancelled' : (endedBy ?? reasonOf(ended, { made: tokenTimesMs.length, maxTokens })),
    usage: {
      promptTokens: prompt.tokens.length,
      cachedTokens: isLeft ? 0 : Math.max(0, prompt.tokens.length - newTokens),
      completionTokens: tokenTimesMs.length,
    },
    timings: {
      loadMs: null,
      ttftMs: reader.ttftMs,
      ttfaMs: reader.ttfaMs,
      promptTokensPerSecond: newTokens >= leastPromptTokens && promptMs > 0 ? newTokens / (promptMs / 1000) : null,
      generationTokensPerSecond: reader.tokensPerSecond(),
      totalMs: now(),
    },
    promptMs,
    interTokenMs: tokenTimesMs.slice(1).map((atMs, index) => atMs - (tokenTimesMs[index] ?? atMs)),
    contextUsedTokens: prompt.tokens.length + tokenTimesMs.length,
    contextTokens: load.contextTokens,
    droppedTurns: prompt.droppedTurns,
    seed,
    promptSha256: createHash('sha256').update(prompt.text).update(prompt.media.join('')).digest('hex'),
    stopSequence: endedBy === null ? null : reader.stopSequence,
    ...(read === null ? {} : { toolCalls: read.calls as ToolCall[], toolProblem: read.problem }),
  };
}

/** The binding lets go of one answer a moment after it has given it: until then it takes no other. */
async function begin(
  engine: VisionEngine,
  { asking, onToken }: { readonly asking: Readonly<Record<string, unknown>>; readonly onToken: Parameters<NativeContext['completion']>[1] },
): Promise<NativeAnswer> {
  for (let turn = 1; ; turn++) {
    try {
      return await engine.context.completion(asking, onToken);
    } catch (error) {
      if (turn > mostWaits || !(error instanceof Error) || !/in progress/.test(error.message)) throw error;
      await setTimeout(1);
      // It may miss the end of a short answer: then nothing but a fresh context goes on.
      if (turn === mostWaits) await engine.reopen();
    }
  }
}

/** Waits for the answer, or for nobody wanting it any more: then the engine is told, and keeps its place until it has stopped. */
async function untilEnded(work: Promise<NativeAnswer>, options: SeeOptions, engine: VisionEngine): Promise<NativeAnswer | 'aborted'> {
  const { signal } = options;
  const left = Promise.withResolvers<'aborted'>();
  const onAbort = (): void => {
    engine.context.stopCompletion();
    left.resolve('aborted');
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const settled = work.catch(async (error: unknown) => {
    await engine.reopen();
    throw failureOf(error, engine.request.backend);
  });
  options.holdUntil(settled.catch(() => undefined));
  try {
    return await Promise.race([settled, left.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The answer is there before its last pieces are: they come in the next turns of the loop. */
async function untilTold({ text }: NativeAnswer, seenCharacters: () => number): Promise<void> {
  for (let turn = 0; turn < mostTurns && seenCharacters() < text.length; turn++) await setImmediate();
}

async function tokenised(
  engine: VisionEngine,
  { text, media }: { readonly text: string; readonly media: readonly string[] },
): Promise<Int32Array> {
  try {
    return (await engine.context.tokenize(text, media)).tokens;
  } catch (error) {
    await engine.reopen();
    throw unreadable(error);
  }
}

/** What the binding says of media is about the picture; all else is the engine's own. */
function failureOf(error: unknown, backend: LoadRequest['backend']): unknown {
  const isOfPicture = error instanceof Error && /media|bitmap|image/i.test(error.message);
  return isOfPicture ? unreadable(error) : toEvaluationError(error, backend);
}

function unreadable(cause: unknown): RpcError {
  return new RpcError(chatErrors.noVision, 'A picture of this conversation could not be read.', {
    hint: 'PNG, JPEG, GIF and BMP can be read. Take it out, or save it in one of these formats.',
    cause,
  });
}

/** Off must be said: left out, the binding uses its own defaults. */
function samplingOf(sampling: Sampling, seed: number): Readonly<Record<string, unknown>> {
  const isGreedy = sampling.temperature === 0;
  return {
    // At 0 the binding still draws where every other sampler is off: the likeliest alone is greedy.
    temperature: isGreedy ? 1 : sampling.temperature,
    top_k: isGreedy ? 1 : (sampling.topK ?? 0),
    top_p: sampling.topP ?? 1,
    min_p: sampling.minP ?? 0,
    penalty_repeat: sampling.repeatPenalty ?? 1,
    penalty_present: sampling.presencePenalty ?? 0,
    penalty_freq: sampling.frequencyPenalty ?? 0,
    penalty_last_n: repeatWindow,
    seed,
  };
}

/** A template that says nothing of its own: only the rules that come with it are wanted. */
const plainTemplate = '{% for message in messages %}{{ message.content }}{% endfor %}';

const schemaRule = /^response-format-schema ::=/m;

function rulesOf(context: NativeContext, schema: Readonly<Record<string, unknown>>): string {
  const problem = schemaProblem(schema);
  if (problem !== null) throw notHeld(problem);
  const format = { type: 'json_schema', json_schema: { strict: true, schema } };
  try {
    const made = context.getFormattedChat([{ role: 'user', content: '' }], plainTemplate, { jinja: true, response_format: format });
    const rules = typeof made === 'string' ? '' : (made.grammar ?? '');
    // Its own beginning would let the answer stand in a code fence.
    if (schemaRule.test(rules))
      return `${rules
        .split('\n')
        .filter((rule) => !rule.startsWith('root '))
        .join('\n')}\nroot ::= response-format-schema\n`;
  } catch {
    // Said below, for what it makes no rules of too.
  }
  throw notHeld('the engine makes no rules of it');
}

const notHeld = (reason: string): RpcError =>
  new RpcError(modelErrors.schema, `An answer about pictures cannot be held to this JSON Schema: ${reason}.`, {
    hint: 'Use a simpler schema, or ask for JSON in words.',
  });

function reasonOf(answer: NativeAnswer, { made, maxTokens }: { readonly made: number; readonly maxTokens: number }): FinishReason {
  if (answer.stopped_eos) return 'stop';
  return made >= maxTokens ? 'length' : 'context-full';
}
