import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Token } from 'node-llama-cpp';
import { readToolCalls } from '#core/tools/readToolCalls.ts';
import type { FinishReason } from '#shared/contract/chat.ts';
import type { GenerateItem, GenerateRequest, GenerateResult, ToolCall } from '#shared/contract/runner.ts';
import type { Engine } from './engine.ts';
import { fitPrompt, renderQuestion } from './fitPrompt.ts';
import { prefill } from './prefill.ts';
import type { PromptTemplate } from './promptTemplate.ts';
import { createReasoningSplit } from './reasoningSplit.ts';
import { chooseSeed, repeatWindow, toEvaluateOptions } from './sampling.ts';
import { createSchemaGrammar } from './schemaGrammar.ts';
import { sharedBeginning } from './sharedBeginning.ts';
import { createStopWatch } from './stopSequences.ts';
import { createTokenFrames } from './tokenFrames.ts';
import { createTokenText } from './tokenText.ts';

const promptFrameGapMs = 33;
/** Fewer evaluated prompt tokens than this say nothing about prompt speed. */
const leastPromptTokens = 8;

/**
 * Answers a conversation: renders, evaluates the prompt in chunks, samples until something ends it.
 * A cancel is no error: the result carries what there is, with the reason `cancelled`.
 * @throws {RpcError} context-full, chat-template-failed, tools-unsupported, schema-invalid, bad-input
 */
export async function generate(
  engine: Engine,
  request: GenerateRequest,
  options: { readonly template: PromptTemplate; readonly signal: AbortSignal; readonly emit: (item: GenerateItem) => void },
): Promise<GenerateResult> {
  const { sequence, context, model } = engine;
  const { signal } = options;
  const tools = request.tools ?? [];
  // A schema leaves no room for a call.
  const mayCall = tools.length > 0 && request.schema === null;
  const startedAt = performance.now();
  const now = (): number => performance.now() - startedAt;

  // The engine keeps one cell free, and would silently forget the oldest tokens instead of stopping.
  const roomTokens = context.contextSize - 1;
  const maxTokens = request.sampling.maxTokens ?? Number.POSITIVE_INFINITY;
  const prompt = await fitPrompt(request.turns, {
    render: (kept) => renderQuestion(request, kept, options.template),
    model,
    overflow: request.overflow,
    roomTokens,
    answerTokens: Math.min(maxTokens, Math.floor(roomTokens / 4)),
  });
  const grammarEvaluationState = request.schema === null ? null : await createSchemaGrammar(request.schema, engine);
  const seed = chooseSeed(request.sampling.seed);
  const generated: Token[] = [];
  const promptTail = prompt.tokens.slice(-repeatWindow);
  const evaluateOptions = {
    ...toEvaluateOptions(request.sampling, { seed, recentTokens: () => [...promptTail, ...generated.slice(-repeatWindow)] }),
    ...(grammarEvaluationState === null ? {} : { grammarEvaluationState }),
  };

  const conversation = { turns: request.turns, tools, thinking: request.thinking ?? 'default' };
  const sharedTokens =
    request.prefix === 'fixed' ? await sharedBeginning(conversation, prompt.tokens, { template: options.template, model }) : 0;
  const meterBefore = sequence.tokenMeter.getState();
  const promptStartedMs = now();
  let lastPromptFrameMs = Number.NEGATIVE_INFINITY;
  const prefilled = await prefill(sequence, prompt.tokens, {
    policy: request.prefix,
    chunkTokens: engine.request.batchTokens,
    sharedTokens,
    signal,
    onProgress: (processedTokens) => {
      if (now() - lastPromptFrameMs < promptFrameGapMs) return;
      lastPromptFrameMs = now();
      options.emit({ kind: 'prompt', processedTokens, totalTokens: prompt.tokens.length, atMs: lastPromptFrameMs });
    },
  });

  const tokenText = createTokenText(model, { showCalls: mayCall });
  const reasoningSplit = createReasoningSplit(prompt.text.slice(-200), { callsEndIt: mayCall });
  const stop = options.template.source === 'chatml' ? [...request.sampling.stop, '<|im_end|>'] : request.sampling.stop;
  const stopWatch = createStopWatch(stop);
  const frames = createTokenFrames({ emit: options.emit, now });
  const tokenTimesMs: number[] = [];
  let text = '';
  let reasoning = '';
  let ttftMs: number | null = null;
  let ttfaMs: number | null = null;
  let finishReason: FinishReason = 'cancelled';

  function show(piece: { readonly text: string; readonly reasoning: string }): boolean {
    const watched = stopWatch.push(piece.text);
    text += watched.text;
    reasoning += piece.reasoning;
    const atMs = tokenTimesMs.at(-1) ?? now();
    if (watched.text.length > 0 || piece.reasoning.length > 0) {
      frames.add({
        text: watched.text,
        reasoning: piece.reasoning,
        completionTokens: tokenTimesMs.length,
        tokensPerSecond: rateOf(tokenTimesMs),
      });
    }
    ttftMs ??= piece.text.length > 0 || piece.reasoning.length > 0 ? atMs : null;
    ttfaMs ??= piece.text.length > 0 ? atMs : null;
    return watched.stopped;
  }

  /** What ends the answer after this token, as far as that is known without reading its text. */
  function endAfter(token: Token): FinishReason | null {
    if (model.isEogToken(token)) return 'stop';
    if (signal.aborted) return 'cancelled';
    if (tokenTimesMs.length >= maxTokens) return 'length';
    return sequence.nextTokenIndex >= roomTokens ? 'context-full' : null;
  }

  // With a stop sequence the text decides whether there is a next token; without one it is read while the engine works on it.
  const mustReadFirst = stop.length > 0;
  const tokens = sequence.evaluate(prefilled.tail, evaluateOptions);
  try {
    let next = prefilled.cancelled ? null : tokens.next();
    while (next !== null) {
      const { value: token, done } = await next;
      if (done === true) break;
      tokenTimesMs.push(now());
      const end = endAfter(token);
      next = null;
      // Before the next token is asked for: the repeat penalty looks at these.
      if (end !== 'stop') generated.push(token);
      if (tokenTimesMs.length === 1 && sequence.needsCheckpoints && request.prefix === 'reuse') await sequence.takeCheckpoint();
      if (end === null && !mustReadFirst) {
        next = tokens.next();
        // A failure is met by the await above; until then it must not count as unhandled.
        next.catch(() => undefined);
        await setImmediate();
      }
      if (end !== 'stop' && show(reasoningSplit.push(tokenText.push(token)))) {
        finishReason = 'stop-sequence';
        break;
      }
      if (end !== null) {
        finishReason = end;
        break;
      }
      next ??= tokens.next();
    }
    if (finishReason !== 'stop-sequence') {
      const rest = tokenText.flush();
      const stopped = (rest.length > 0 && show(reasoningSplit.push(rest))) || show(reasoningSplit.flush());
      if (stopped) finishReason = 'stop-sequence';
      else showTail(stopWatch.flush());
    }
  } finally {
    frames.finish();
    await tokens.return();
  }

  function showTail(tail: string): void {
    if (tail.length === 0) return;
    text += tail;
    frames.add({ text: tail, reasoning: '', completionTokens: tokenTimesMs.length, tokensPerSecond: rateOf(tokenTimesMs) });
  }

  const used = sequence.tokenMeter.diff(meterBefore);
  const firstTokenMs = tokenTimesMs[0];
  const promptMs = (firstTokenMs ?? now()) - promptStartedMs;
  const evaluatedTokens = used.usedInputTokens + (firstTokenMs === undefined ? 0 : 1);
  const read = mayCall ? readToolCalls(text, tools) : null;
  return {
    text: read?.text ?? text,
    reasoning: reasoningSplit.seen ? reasoning : null,
    finishReason,
    usage: { promptTokens: prompt.tokens.length, cachedTokens: prefilled.cachedTokens, completionTokens: used.usedOutputTokens },
    timings: {
      loadMs: null,
      ttftMs,
      ttfaMs,
      promptTokensPerSecond: evaluatedTokens >= leastPromptTokens && promptMs > 0 ? evaluatedTokens / (promptMs / 1000) : null,
      generationTokensPerSecond: rateOf(tokenTimesMs),
      totalMs: now(),
    },
    promptMs,
    interTokenMs: tokenTimesMs.slice(1).map((atMs, index) => atMs - (tokenTimesMs[index] ?? atMs)),
    contextUsedTokens: sequence.nextTokenIndex,
    contextTokens: context.contextSize,
    droppedTurns: prompt.droppedTurns,
    seed,
    promptSha256: createHash('sha256').update(prompt.text).digest('hex'),
    ...(read === null ? {} : { toolCalls: read.calls as ToolCall[], toolProblem: read.problem }),
  };
}

/** Tokens per second without the first token, whose time belongs to the prompt. Null below two tokens. */
function rateOf(tokenTimesMs: readonly number[]): number | null {
  const first = tokenTimesMs[0];
  const last = tokenTimesMs.at(-1);
  if (first === undefined || last === undefined || last <= first) return null;
  return (tokenTimesMs.length - 1) / ((last - first) / 1000);
}
