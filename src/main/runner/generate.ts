import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { LlamaModel, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import { readToolCalls } from '#core/tools/readToolCalls.ts';
import type { FinishReason } from '#shared/contract/chat.ts';
import type { GenerateItem, GenerateRequest, GenerateResult, ToolCall } from '#shared/contract/runner.ts';
import { type AbortWatch, watchAbort } from './abortWatch.ts';
import { createAnswerGrammar, mustCall } from './answerGrammar.ts';
import { type AnswerReader, createAnswerReader } from './answerReader.ts';
import { askedPrompt } from './askedPrompt.ts';
import type { Engine } from './engine.ts';
import { fitPrompt, tokenisePrompt } from './fitPrompt.ts';
import { type Prefilled, prefill } from './prefill.ts';
import type { PromptTemplate } from './promptTemplate.ts';
import { createReasoningSplit } from './reasoningSplit.ts';
import { chooseSeed, repeatWindow, toEvaluateOptions } from './sampling.ts';
import type { SequenceUse } from './sequencePool.ts';
import { sharedBeginning } from './sharedBeginning.ts';
import { tokenBiasOf } from './tokenBias.ts';
import { tokeniseInRoom } from './tokeniseInParts.ts';
import { tokenLogprob } from './tokenLogprobs.ts';
import { createTokenText } from './tokenText.ts';

const promptFrameGapMs = 33;
/** Fewer evaluated prompt tokens than this say nothing about prompt speed. */
const leastPromptTokens = 8;

interface GenerateOptions extends SequenceUse {
  readonly template: PromptTemplate;
  readonly signal: AbortSignal;
  readonly emit: (item: GenerateItem) => void;
}

/**
 * Answers a conversation: renders, evaluates the prompt in chunks, samples until something ends it.
 * A cancel is no error: the result carries what there is, with the reason `cancelled`, and comes at once. What the engine is at work on then holds the
 * sequence until it is done.
 * @throws {RpcError} context-full, chat-template-failed, tools-unsupported, schema-invalid, images-unsupported, bad-input
 */
export async function generate(engine: Engine, request: GenerateRequest, options: GenerateOptions): Promise<GenerateResult> {
  const { sequence, context, model } = engine;
  const { signal, template } = options;
  const tools = request.tools ?? [];
  // A schema leaves no room for a call, unless one is asked for before anything else.
  const mayCall = tools.length > 0 && (request.schema === null || mustCall(request));
  const startedAt = performance.now();
  const now = (): number => performance.now() - startedAt;
  using aborts = watchAbort(signal);

  // The engine keeps one cell free, and would silently forget the oldest tokens instead of stopping.
  const roomTokens = context.contextSize - 1;
  const maxTokens = request.sampling.maxTokens ?? Number.POSITIVE_INFINITY;
  const source = tools.length > 0 ? (engine.toolTemplate ?? engine.chatTemplate) : engine.chatTemplate;
  const prompt = await fitPrompt(request.turns, {
    render: (kept) => askedPrompt(request, kept, { template, source }),
    tokenise: ({ text }) => tokeniseInRoom(text, { tokenise: (part) => tokenisePrompt(model, part), roomTokens, signal }),
    overflow: request.overflow,
    roomTokens,
    answerTokens: Math.min(maxTokens, Math.floor(roomTokens / 4)),
  });
  const split = createReasoningSplit(prompt.start, { callsEndIt: mayCall, isResumed: prompt.isResumed });
  const grammar = await createAnswerGrammar(request, engine, { start: prompt.start, split });
  const seed = chooseSeed(request.sampling.seed);
  const generated: Token[] = [];
  const promptTail = prompt.tokens.slice(-repeatWindow);
  const evaluateOptions = {
    ...toEvaluateOptions(request.sampling, { seed, recentTokens: () => [...promptTail, ...generated.slice(-repeatWindow)] }),
    ...(grammar === null ? {} : { grammarEvaluationState: grammar.state }),
    ...(request.logitBias === undefined ? {} : { tokenBias: await tokenBiasOf(request.logitBias, model) }),
  };

  const conversation = { turns: request.turns, tools, thinking: request.thinking ?? 'default' };
  const isScored = request.prefix === 'fixed' && request.raw === undefined;
  const sharedTokens = isScored ? await sharedBeginning(conversation, prompt.tokens, { template, model }) : 0;
  const meterBefore = sequence.tokenMeter.getState();
  const promptStartedMs = now();
  let lastPromptFrameMs = Number.NEGATIVE_INFINITY;
  const prefilled = await prefill(sequence, prompt.tokens, {
    ...options,
    gate: engine.gate,
    policy: request.prefix,
    chunkTokens: engine.request.batchTokens,
    sharedTokens,
    aborts,
    onProgress: (processedTokens) => {
      if (now() - lastPromptFrameMs < promptFrameGapMs) return;
      lastPromptFrameMs = now();
      options.emit({ kind: 'prompt', processedTokens, totalTokens: prompt.tokens.length, atMs: lastPromptFrameMs });
    },
  });

  const stop = template.source === 'chatml' && request.raw === undefined ? [...request.sampling.stop, '<|im_end|>'] : request.sampling.stop;
  const reader = createAnswerReader({ tokenText: createTokenText(model, { showCalls: mayCall }), split, stop, emit: options.emit, now });
  const finishReason = await readAnswer(engine, {
    ...options,
    aborts,
    prefilled,
    evaluateOptions,
    // With a stop sequence the text decides whether there is a next token; without one it is read while the engine works on it.
    mustReadFirst: stop.length > 0 || grammar?.followsText === true,
    takesCheckpoint: request.prefix === 'reuse',
    maxTokens,
    roomTokens,
    logprobs: request.logprobs ?? null,
    reader,
    generated,
  });

  const used = sequence.tokenMeter.diff(meterBefore);
  const { tokenTimesMs } = reader;
  const firstTokenMs = tokenTimesMs[0];
  const promptMs = (firstTokenMs ?? now()) - promptStartedMs;
  const evaluatedTokens = used.usedInputTokens + (firstTokenMs === undefined ? 0 : 1);
  const read = mayCall ? readToolCalls(reader.text, tools) : null;
  return {
    text: read?.text ?? reader.text,
    reasoning: split.seen ? reader.reasoning : null,
    reasoningTokens: split.reasoningTokens,
    finishReason,
    usage: { promptTokens: prompt.tokens.length, cachedTokens: prefilled.cachedTokens, completionTokens: used.usedOutputTokens },
    timings: {
      loadMs: null,
      ttftMs: reader.ttftMs,
      ttfaMs: reader.ttfaMs,
      promptTokensPerSecond: evaluatedTokens >= leastPromptTokens && promptMs > 0 ? evaluatedTokens / (promptMs / 1000) : null,
      generationTokensPerSecond: reader.tokensPerSecond(),
      totalMs: now(),
    },
    promptMs,
    interTokenMs: tokenTimesMs.slice(1).map((atMs, index) => atMs - (tokenTimesMs[index] ?? atMs)),
    contextUsedTokens: sequence.nextTokenIndex,
    contextTokens: context.contextSize,
    droppedTurns: prompt.droppedTurns,
    seed,
    promptSha256: createHash('sha256').update(prompt.text).digest('hex'),
    stopSequence: finishReason === 'stop-sequence' ? toldStop(reader.stopSequence, request) : null,
    ...(read === null ? {} : { toolCalls: read.calls as ToolCall[], toolProblem: read.problem }),
    ...(request.logprobs === undefined ? {} : { logprobs: [...reader.logprobs] }),
  };
}

/** Samples until something ends the answer. @returns what did */
async function readAnswer(
  { sequence, model, gate, batches }: Engine,
  options: Pick<GenerateOptions, 'signal' | 'holdUntil'> & {
    readonly aborts: AbortWatch;
    readonly prefilled: Prefilled;
    readonly evaluateOptions: SequenceEvaluateOptions;
    readonly mustReadFirst: boolean;
    readonly takesCheckpoint: boolean;
    readonly maxTokens: number;
    readonly roomTokens: number;
    readonly logprobs: number | null;
    readonly reader: AnswerReader<Token>;
    /** Those that were made so far: the penalties look at them. */
    readonly generated: Token[];
  },
): Promise<FinishReason> {
  const { prefilled, reader, logprobs, aborts } = options;
  if (prefilled.cancelled) return 'cancelled';
  const metadata = logprobs === null ? {} : { probabilities: true };
  const tokens = sequence.evaluateWithMetadata(prefilled.tail, metadata, options.evaluateOptions);
  using _answering = batches.join();
  /** Set while the engine works on a token that nobody waits for any more. */
  let isLeft = false;

  /** What ends the answer after this token, as far as that is known without reading its text. */
  function endAfter(token: Token): FinishReason | null {
    if (isEnd(model, token)) return 'stop';
    if (options.signal.aborted) return 'cancelled';
    if (reader.tokenTimesMs.length >= options.maxTokens) return 'length';
    return sequence.nextTokenIndex >= options.roomTokens ? 'context-full' : null;
  }

  async function untilItEnds(): Promise<FinishReason> {
    await gate.closed();
    for (let next = tokens.next(); ; ) {
      const came = await aborts.beside(next);
      if (came === 'aborted') {
        isLeft = true;
        return 'cancelled';
      }
      if (came.done === true) return 'cancelled';
      const { token } = came.value;
      reader.note();
      const end = endAfter(token);
      const logprob = logprobs === null || end === 'stop' ? null : tokenLogprob(came.value, { model, count: logprobs });
      // Before the next token is asked for: the penalties look at these.
      if (end !== 'stop') options.generated.push(token);
      if (reader.tokenTimesMs.length === 1 && sequence.needsCheckpoints && options.takesCheckpoint) {
        await gate.atRest(() => sequence.takeCheckpoint());
      }
      const isAskedAlready = end === null && !options.mustReadFirst;
      if (isAskedAlready) {
        const closed = gate.closed();
        if (closed !== null) await closed;
        next = tokens.next();
        // A failure is met by the await above; until then it must not count as unhandled.
        next.catch(() => undefined);
        reader.keep(token, logprob);
        if (reader.isDue()) {
          await untilAtWork();
          reader.readKept();
        }
      } else if (end !== 'stop' && reader.read(token, logprob)) return 'stop-sequence';
      if (end !== null) return end;
      if (!isAskedAlready) {
        await gate.closed();
        next = tokens.next();
      }
    }
  }

  try {
    const end = await untilItEnds();
    return end !== 'stop-sequence' && reader.readRest() ? 'stop-sequence' : end;
  } finally {
    reader.close();
    const closed = tokens.return();
    if (isLeft) options.holdUntil(closed);
    else await closed;
  }
}

const endsOfModel = new WeakMap<LlamaModel, Map<Token, boolean>>();

/** Whether a token ends an answer. Asking the engine of each would cost half a hundredth of a small model's time. */
function isEnd(model: LlamaModel, token: Token): boolean {
  const ends = endsOfModel.get(model) ?? new Map<Token, boolean>();
  endsOfModel.set(model, ends);
  const known = ends.get(token) ?? model.isEogToken(token);
  ends.set(token, known);
  return known;
}

/** The engine takes what was asked for at the end of a turn of the event loop: in the next one the text is read while it works. */
async function untilAtWork(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/** The end mark of ChatML is ours where a file has no template: nobody asked for it. */
const toldStop = (matched: string | null, request: GenerateRequest): string | null =>
  matched !== null && request.sampling.stop.includes(matched) ? matched : null;
