import type { Token, TokenMeter } from 'node-llama-cpp';
import type * as z from 'zod';
import { modelErrors } from '#shared/contract/models.ts';
import type { MeasureRequest, MeasureResult } from '#shared/contract/runner.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { Engine } from './engine.ts';
import { createRandomTokens } from './randomTokens.ts';

/**
 * The library's own step below sampling: evaluates tokens and computes their logits, as llama-bench does. Its public
 * calls either skip the logits (36 % too fast on a 0.6B with 152k words) or make a sampler each time (10 % too slow).
 * It is internal, so the version is pinned and a test watches that logits are counted.
 */
interface DecodingSequence {
  _decodeTokens(
    tokens: readonly Token[],
    logits: readonly boolean[],
    evaluationPriority: number,
    tokenMeter: TokenMeter,
    contextShift: { readonly size: number; readonly strategy: 'eraseBeginning' },
    onLogits: () => null,
  ): Promise<unknown>;
}
const defaultPriority = 5;
const noShift = { size: 1, strategy: 'eraseBeginning' } as const;

/**
 * Measures prompt processing (pp) and token generation (tg) as llama-bench defines them: random tokens, an empty
 * context each time, neither tokenisation nor sampling in the clock.
 * @throws {RpcError} context-full, cancelled
 */
export async function measure(engine: Engine, request: z.output<typeof MeasureRequest>, signal: AbortSignal): Promise<MeasureResult> {
  const { sequence } = engine;
  const total = request.depthTokens + request.promptTokens + request.generatedTokens;
  if (total > engine.context.contextSize - 1) {
    throw new RpcError(
      modelErrors.contextFull,
      `A measurement of ${total} tokens does not fit into a context of ${engine.context.contextSize}.`,
      {
        hint: 'Load the model with a larger context.',
      },
    );
  }
  const nextToken = createRandomTokens(request.seed, vocabularySize(engine));
  const random = (count: number): Token[] => Array.from({ length: count }, () => nextToken() as Token);

  if (request.warmUp) {
    await sequence.clearHistory();
    await evaluatePrompt(engine, random(request.promptTokens), signal);
    await evaluateSingly(engine, random(Math.min(1, request.generatedTokens)), signal);
  }
  await sequence.clearHistory();
  await evaluatePrompt(engine, random(request.depthTokens), signal);
  const promptTokens = random(request.promptTokens);
  const generatedTokens = random(request.generatedTokens);

  const startedAt = performance.now();
  await evaluatePrompt(engine, promptTokens, signal);
  await evaluateSingly(engine, generatedTokens, signal);
  const elapsedMs = performance.now() - startedAt;

  await sequence.clearHistory();
  const measuredTokens = request.promptTokens + request.generatedTokens;
  return { elapsedMs, tokensPerSecond: elapsedMs > 0 ? measuredTokens / (elapsedMs / 1000) : 0, residentBytes: process.memoryUsage.rss() };
}

async function evaluatePrompt(engine: Engine, tokens: readonly Token[], signal: AbortSignal): Promise<void> {
  const { batchTokens } = engine.request;
  for (let at = 0; at < tokens.length; at += batchTokens) {
    throwIfCancelled(signal);
    await engine.sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, at + batchTokens));
  }
}

async function evaluateSingly(engine: Engine, tokens: readonly Token[], signal: AbortSignal): Promise<void> {
  const sequence = engine.sequence as unknown as DecodingSequence;
  for (const token of tokens) {
    throwIfCancelled(signal);
    await sequence._decodeTokens([token], [true], defaultPriority, engine.sequence.tokenMeter, noShift, () => null);
  }
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new RpcError(pipeErrors.cancelled, 'The measurement was cancelled.');
}

function vocabularySize(engine: Engine): number {
  const tokens: unknown = engine.model.fileInfo.metadata.tokenizer?.ggml.tokens;
  return Array.isArray(tokens) && tokens.length > 0 ? tokens.length : 1;
}
