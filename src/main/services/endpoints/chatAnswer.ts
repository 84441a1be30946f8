import * as z from 'zod';
import { readJson } from '#core/bench/jsonValue.ts';
import type { FinishReason, Usage } from '#shared/contract/chat.ts';
import { ToolCall } from '#shared/contract/runner.ts';
import type { Answer } from '../benchmarks/answerer.ts';
import { createInlineReasoning, splitUnopened } from './inlineReasoning.ts';

const text = z.string().nullish();
const calls = z
  .array(
    z.object({
      index: z.number().int().min(0).max(99).nullish(),
      function: z.object({ name: text, arguments: z.union([z.string(), z.record(z.string(), z.json())]).nullish() }).nullish(),
    }),
  )
  .max(100)
  .nullish();
/** A piece of the stream, or a whole message where a server does not stream. Whatever else stands there is left alone. */
const Part = z.object({ content: text, refusal: text, reasoning_content: text, reasoning: text, tool_calls: calls });
const Chunk = z.object({
  choices: z
    .array(z.object({ index: z.number().nullish(), delta: Part.nullish(), message: Part.nullish(), finish_reason: text }))
    .nullish(),
  usage: z.unknown().optional(),
  error: z.unknown().optional(),
});

const count = z.number().int().min(0).max(1_000_000_000);
const Counts = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
});

/** What one event brought. */
export type Progress =
  | { readonly kind: 'text'; readonly text: string; readonly reasoning: string }
  | { readonly kind: 'nothing' }
  /** The server gave up within its answer. */
  | { readonly kind: 'error'; readonly status: number | null; readonly said: unknown }
  /** Not what OpenAI's API describes. */
  | { readonly kind: 'garbage' };

/** Puts an answer together from its pieces. Times are ms since the request was sent. */
export interface ChatAnswer {
  push(event: string, atMs: number): Progress;
  /** Whether anything of an answer has arrived. */
  readonly hasBegun: boolean;
  /** Pieces that carried something: at least so many tokens. */
  readonly pieces: number;
  /** @returns null when no answer came, or it broke off before its end */
  end(atMs: number, options: { readonly isDone: boolean }): Answer | 'filtered' | null;
}

/**
 * Clock: this side of the network. Time to the first token is the arrival of the first piece that carries text, reasoning or a call.
 */
export function createChatAnswer(): ChatAnswer {
  const inline = createInlineReasoning();
  const called: { name: string; arguments: string }[] = [];
  /** When pieces arrived; one may carry several tokens. */
  const arrivals: number[] = [];
  let answer = '';
  let reasoning = '';
  let isReasoned = false;
  let isWhole = false;
  let firstAnswerMs: number | null = null;
  let reason: string | null = null;
  let usage: Usage | null = null;

  function take(part: z.infer<typeof Part>, atMs: number): Progress {
    const split = inline.push((part.content ?? '') + (part.refusal ?? ''));
    const thought = (part.reasoning_content || part.reasoning || '') + split.reasoning;
    for (const [place, call] of (part.tool_calls ?? []).entries()) {
      const at = call.index ?? place;
      while (called.length <= at) called.push({ name: '', arguments: '' });
      const target = called[at];
      const given = call.function?.arguments ?? '';
      if (target === undefined) continue;
      target.name ||= call.function?.name ?? '';
      target.arguments += typeof given === 'string' ? given : JSON.stringify(given);
    }
    const hasCall = (part.tool_calls?.length ?? 0) > 0;
    const hasText = (part.content ?? '') !== '' || (part.refusal ?? '') !== '';
    if (hasText || thought !== '' || hasCall) arrivals.push(atMs);
    if (split.text !== '' || hasCall) firstAnswerMs ??= atMs;
    if (thought !== '') isReasoned = true;
    answer += split.text;
    reasoning += thought;
    return split.text === '' && thought === '' ? { kind: 'nothing' } : { kind: 'text', text: split.text, reasoning: thought };
  }

  return {
    push(event, atMs) {
      const chunk = Chunk.safeParse(parseJson(event));
      if (!chunk.success) return { kind: 'garbage' };
      const { choices, error } = chunk.data;
      if (error !== undefined && error !== null) return { kind: 'error', ...readError(error) };
      const counts = Counts.safeParse(chunk.data.usage);
      if (counts.success) usage = usageOf(counts.data);
      const choice = choices?.find(({ index }) => (index ?? 0) === 0);
      if (choice === undefined) return { kind: 'nothing' };
      reason = choice.finish_reason ?? reason;
      if (choice.message !== undefined && choice.message !== null) isWhole = true;
      const part = choice.delta ?? choice.message;
      return part === undefined || part === null ? { kind: 'nothing' } : take(part, atMs);
    },
    get hasBegun() {
      return arrivals.length > 0 || reason !== null;
    },
    get pieces() {
      return arrivals.length;
    },
    end(atMs, { isDone }) {
      if (reason === null && !(isDone && arrivals.length > 0)) return null;
      if (reason === 'content_filter') return 'filtered';
      const rest = inline.flush();
      answer += rest.text;
      reasoning += rest.reasoning;
      const unopened = isReasoned || reasoning !== '' ? null : splitUnopened(answer);
      if (unopened !== null) {
        answer = unopened.text;
        reasoning = unopened.reasoning;
      }
      const read = readCalls(called);
      const first = isWhole ? undefined : arrivals[0];
      return {
        text: answer,
        reasoning: isReasoned || rest.reasoning !== '' || unopened !== null ? reasoning.trim() : null,
        finishReason: finishReasonOf(reason),
        usage,
        timings: {
          loadMs: null,
          ttftMs: first ?? null,
          ttfaMs: isWhole || unopened !== null ? null : firstAnswerMs,
          promptTokensPerSecond: null,
          generationTokensPerSecond: isWhole ? null : generationRate(arrivals, usage),
          totalMs: arrivals.at(-1) ?? atMs,
        },
        interTokenMs: isWhole ? [] : gapsBetweenTokens(arrivals, usage),
        toolCalls: read.calls,
        toolProblem: read.problem,
      };
    },
  };
}

/** Pieces that arrive closer than this came together: the network says nothing of when they were written. */
const togetherMs = 1;
/** Fewer moments than these are no stretch to take a speed from. */
const leastMoments = 4;

/**
 * Tokens per second after the first moment at which pieces came, whose share is taken as that of its pieces: with one token a piece and a moment that is
 * (n - 1) / (last - first).
 * @returns null where the tokens are unknown, or came in too few lumps
 */
function generationRate(arrivals: readonly number[], usage: Usage | null): number | null {
  const first = arrivals[0];
  const last = arrivals.at(-1);
  if (usage === null || first === undefined || last === undefined) return null;
  const moments = 1 + arrivals.filter((at, index) => index > 0 && at - (arrivals[index - 1] ?? at) >= togetherMs).length;
  if (moments < leastMoments) return null;
  const firstLump = arrivals.findIndex((at, index) => index > 0 && at - (arrivals[index - 1] ?? at) >= togetherMs);
  const later = usage.completionTokens * (1 - firstLump / arrivals.length);
  return (later * 1000) / (last - first);
}

/** Gaps between pieces are gaps between tokens only where a piece carries one; else nothing is known of them. */
function gapsBetweenTokens(arrivals: readonly number[], usage: Usage | null): number[] {
  // The end of an answer is a token too, and has no piece of its own.
  const slack = Math.max(2, 0.02 * arrivals.length);
  if (usage === null || Math.abs(usage.completionTokens - arrivals.length) > slack) return [];
  return arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? at));
}

function usageOf(counts: z.infer<typeof Counts>): Usage {
  return {
    promptTokens: counts.prompt_tokens,
    cachedTokens: Math.min(counts.prompt_tokens_details?.cached_tokens ?? 0, counts.prompt_tokens),
    completionTokens: counts.completion_tokens,
  };
}

function finishReasonOf(reason: string | null): FinishReason {
  return reason === 'length' || reason === 'max_tokens' ? 'length' : 'stop';
}

function readCalls(called: readonly { readonly name: string; readonly arguments: string }[]): {
  readonly calls: ToolCall[];
  readonly problem: string | null;
} {
  const read: ToolCall[] = [];
  let problem: string | null = null;
  for (const { name, arguments: given } of called) {
    const call = ToolCall.safeParse({ name, arguments: given.trim() === '' ? {} : parseJson(given) });
    if (call.success && name !== '') read.push(call.data);
    else problem ??= name === '' ? 'A call without a name.' : `The arguments of ${name.slice(0, 60)} are no JSON object.`;
  }
  return { calls: read, problem };
}

/** `{ error: { message, code } }`, or `{ error: "…" }`. */
export function readError(error: unknown): { readonly status: number | null; readonly said: unknown } {
  if (typeof error !== 'object' || error === null) return { status: null, said: error };
  const status = 'code' in error ? Number(error.code) : Number.NaN;
  return {
    status: Number.isInteger(status) && status >= 400 && status < 600 ? status : null,
    said: 'message' in error ? error.message : null,
  };
}

/** @returns undefined for what is no JSON, or nests deeper than anything that is meant well */
export function parseJson(text: string): unknown {
  const reading = readJson(text);
  return reading.ok ? reading.value : undefined;
}
