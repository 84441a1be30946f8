import type { RecordedCall, ToolCall } from '#core/tools/tool.ts';
import type { Answer, Answerer } from '#main/services/benchmarks/answerer.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type { ChatTurn, GenerateItem, GenerateRequest, ToolCall as SentCall, ToolSpec as SentSpec } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { Toolbox } from './toolbox.ts';

/** How a conversation with tools ended. */
export type ToolEnd =
  /** With an answer that calls nothing. */
  | 'answered'
  /** With calls of a tool that is only offered. */
  | 'called'
  | 'turn-limit'
  | 'cancelled';

/** The answer at the end of a conversation with tools, and what went before it. */
export interface WorkedAnswer {
  /** Usage and times of all turns together; the time to the first token is that of the first turn. */
  readonly answer: Answer;
  readonly end: ToolEnd;
  readonly calls: readonly RecordedCall[];
  readonly turns: number;
  readonly modelMs: number;
  readonly toolMs: number;
}

/** The tools broke, and not what was asked of them: no model did that. */
export class ToolBreakdown extends Error {
  override readonly name = 'ToolBreakdown';
}

/**
 * Asks a model that may call tools: what it calls is run and told to it, until it answers, calls what is only offered, or has had its turns. A schema
 * binds the answer alone: the model answers freely first, and once it calls nothing more it is asked for the same in that form.
 * @param options.generate asks the model. @param options.request the question and how to answer it
 * @param options.turnLimit model turns at most
 * @throws {ToolBreakdown} and whatever `generate` throws in the first turn
 */
export async function answerWithTools(options: {
  readonly generate: Answerer['generate'];
  readonly request: GenerateRequest;
  readonly toolbox: Toolbox;
  readonly turnLimit: number;
  readonly signal: AbortSignal;
  readonly onItem?: (item: GenerateItem) => void;
}): Promise<WorkedAnswer> {
  const { generate, request, toolbox, turnLimit, signal, onItem } = options;
  const hasTools = toolbox.specs.length > 0;
  const tools = toolbox.specs as unknown as SentSpec[];
  const turns: ChatTurn[] = [...request.turns];
  const answers: Answer[] = [];
  const calls: RecordedCall[] = [];
  let toolMs = 0;

  const ask = async (schema: GenerateRequest['schema']): Promise<Answer> => {
    const asked = { ...request, turns: [...turns], schema, ...(hasTools ? { tools } : {}) };
    const answer = await generate(asked, onItem === undefined ? { signal } : { signal, onItem });
    answers.push(answer);
    return answer;
  };
  const ended = (end: ToolEnd): WorkedAnswer => {
    const modelMs = sumOf(answers.map(({ timings }) => timings.totalMs));
    return { answer: joined(answers, { toolMs }), end, calls, turns: answers.length, modelMs, toolMs };
  };

  for (let turn = 1; ; turn++) {
    let answer: Answer;
    try {
      answer = await ask(hasTools ? null : request.schema);
    } catch (error) {
      const last = answers.at(-1);
      // Its own calls have filled the context: an answer that was cut off, not one that could not be asked for.
      if (last === undefined || !(error instanceof RpcError) || error.code !== modelErrors.contextFull) throw error;
      answers.splice(-1, 1, { ...last, text: '', finishReason: 'context-full' });
      return ended('answered');
    }
    if (answer.finishReason === 'cancelled') return ended('cancelled');
    const asked = answer.toolCalls ?? [];
    const isWhole = answer.finishReason === 'stop' || answer.finishReason === 'stop-sequence';
    if (asked.length === 0 || !isWhole) {
      if (!hasTools || request.schema === null || !isWhole) return ended('answered');
      const formed = await ask(request.schema);
      return ended(formed.finishReason === 'cancelled' ? 'cancelled' : 'answered');
    }
    if (asked.some(({ name }) => isOnlyOffered(name, toolbox))) {
      calls.push(...asked.map((call) => ({ ...call, turn, result: '', error: null, tookMs: 0 })));
      return ended('called');
    }
    turns.push(callingTurn(answer, asked));
    for (const call of asked) {
      const recorded = await callTool(toolbox, call, { turn, signal });
      if (recorded === null) return ended('cancelled');
      calls.push(recorded);
      toolMs += recorded.tookMs;
      turns.push({ role: 'tool', content: recorded.result, toolName: call.name });
    }
    if (turn >= turnLimit) return ended('turn-limit');
  }
}

/** @returns null when it was cancelled meanwhile */
async function callTool(
  toolbox: Toolbox,
  call: ToolCall,
  options: { readonly turn: number; readonly signal: AbortSignal },
): Promise<RecordedCall | null> {
  if (options.signal.aborted) return null;
  try {
    const recorded = await toolbox.call(call, options);
    return options.signal.aborted ? null : recorded;
  } catch (error) {
    if (options.signal.aborted) return null;
    throw new ToolBreakdown('A tool broke.', { cause: error });
  }
}

const isOnlyOffered = (name: string, toolbox: Toolbox): boolean =>
  !toolbox.canRun(name) && (toolbox.specs.some((spec) => spec.name === name) || !toolbox.specs.some((spec) => toolbox.canRun(spec.name)));

function callingTurn(answer: Answer, toolCalls: readonly SentCall[]): ChatTurn {
  const { text, reasoning } = answer;
  return { role: 'assistant', content: text, toolCalls: [...toolCalls], ...(reasoning === null ? {} : { reasoning }) };
}

/** The last answer, with the usage and the times of all. */
function joined(answers: readonly Answer[], { toolMs }: { readonly toolMs: number }): Answer {
  const [first] = answers;
  const last = answers.at(-1);
  if (first === undefined || last === undefined) throw new Error('Nothing was asked.');
  if (answers.length === 1) return last;
  const before = answers.slice(0, -1);
  const beforeMs = sumOf(before.map(({ timings }) => timings.totalMs)) + toolMs;
  const interTokenMs = answers.flatMap((answer) => answer.interTokenMs);
  const spentMs = sumOf(interTokenMs);
  const { ttfaMs } = last.timings;
  const thoughts = answers.map(({ reasoning }) => reasoning).filter((reasoning) => reasoning !== null);
  return {
    ...last,
    reasoning: thoughts.length === 0 ? null : thoughts.filter((thought) => thought !== '').join('\n\n'),
    usage: joinedUsage(answers),
    attempts: 1 + sumOf(answers.map(({ attempts }) => (attempts ?? 1) - 1)),
    timings: {
      ...first.timings,
      ttfaMs: ttfaMs === null || ttfaMs === undefined ? null : beforeMs + ttfaMs,
      generationTokensPerSecond: spentMs > 0 ? interTokenMs.length / (spentMs / 1000) : null,
      totalMs: beforeMs + last.timings.totalMs,
    },
    interTokenMs,
  };
}

function joinedUsage(answers: readonly Answer[]): Answer['usage'] {
  const usages = answers.map(({ usage }) => usage).filter((usage) => usage !== null);
  if (usages.length < answers.length) return null;
  return {
    promptTokens: sumOf(usages.map((usage) => usage.promptTokens)),
    cachedTokens: sumOf(usages.map((usage) => usage.cachedTokens)),
    completionTokens: sumOf(usages.map((usage) => usage.completionTokens)),
  };
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
