import type { Thinking } from '#shared/contract/chat.ts';
import type { ChatTurn, ToolSpec } from '#shared/contract/runner.ts';

/** A conversation as a template is asked to render it. */
export interface Conversation {
  readonly turns: readonly ChatTurn[];
  /** Empty where the model is told of none. */
  readonly tools: readonly ToolSpec[];
  readonly thinking: Thinking;
}

/** How a template wants tools and calls. */
export interface TemplateForms {
  /** In the variable `tools`, or as text in the system message (Phi-4-mini). */
  readonly toolsIn: 'variable' | 'system-message';
  /** Some templates put the arguments of a call behind a text (DeepSeek), which takes a text. */
  readonly argumentsAre: 'object' | 'text';
}

/**
 * The variables that a chat template reads, named as transformers names them.
 * @param options.emptyCalls whether turns without calls have an empty list of them
 */
export function templateVariables(
  conversation: Conversation,
  options: { readonly bosToken: string; readonly eosToken: string; readonly forms: TemplateForms; readonly emptyCalls: boolean },
): Record<string, unknown> {
  const { tools, thinking } = conversation;
  const { bosToken, eosToken, forms } = options;
  const messages = toMessages(conversation.turns, options);
  const isInVariable = forms.toolsIn === 'variable';
  return {
    messages: tools.length > 0 && !isInVariable ? withToolsInSystem(messages, tools) : messages,
    add_generation_prompt: true,
    bos_token: bosToken,
    eos_token: eosToken,
    ...(tools.length > 0 && isInVariable ? { tools: tools.map((tool) => ({ type: 'function', function: tool })) } : {}),
    // Qwen, GLM, SmolLM and Gemma ask for the first, Granite and DeepSeek for the second.
    ...(thinking === 'default' ? {} : { enable_thinking: thinking === 'on', thinking: thinking === 'on' }),
  };
}

/** A turn in which several tools were called, as one turn a call with its answer: some templates take no more (Llama 3). */
export function splitParallelCalls(turns: readonly ChatTurn[]): readonly ChatTurn[] {
  return turns.flatMap((turn, index): readonly ChatTurn[] => {
    const calls = turn.toolCalls ?? [];
    if (turn.role === 'tool' && isAnswerOfParallel(turns, index)) return [];
    if (calls.length < 2) return [turn];
    return calls.flatMap((call, position) => {
      const answer = turns[index + 1 + position];
      const content = position === 0 ? turn.content : '';
      return [{ ...turn, content, toolCalls: [call] }, ...(answer?.role === 'tool' ? [answer] : [])];
    });
  });
}

function isAnswerOfParallel(turns: readonly ChatTurn[], index: number): boolean {
  let before = index - 1;
  while (turns[before]?.role === 'tool') before -= 1;
  const calls = turns[before]?.toolCalls?.length ?? 0;
  return calls > 1 && index - before <= calls;
}

/**
 * A conversation as the strictest templates take it: one system turn, at the beginning, and after it user and answer in turn. What else is said to the
 * model, as programs say that their rules have changed, is the user's.
 * @returns null for one that is so already
 */
export function alternatingTurns(turns: readonly ChatTurn[]): readonly ChatTurn[] | null {
  const strict: ChatTurn[] = [];
  for (const turn of turns) {
    const last = strict.at(-1);
    const isLate = turn.role === 'system' && last !== undefined && last.role !== 'system';
    const next: ChatTurn = isLate ? { ...turn, role: 'user' } : turn;
    if (last !== undefined && last.role === next.role && next.role !== 'tool' && last.toolCalls === undefined) {
      strict.splice(-1, 1, joined(last, next));
    } else strict.push(next);
  }
  return strict.every((turn, index) => turn === turns[index]) && strict.length === turns.length ? null : strict;
}

function joined(before: ChatTurn, after: ChatTurn): ChatTurn {
  const images = [...(before.images ?? []), ...(after.images ?? [])];
  const content = [before.content, after.content].filter((text) => text !== '').join('\n\n');
  return { ...before, ...after, content, ...(images.length === 0 ? {} : { images }) };
}

type Message = Record<string, unknown>;

function toMessages(
  turns: readonly ChatTurn[],
  { forms, emptyCalls }: { readonly forms: TemplateForms; readonly emptyCalls: boolean },
): Message[] {
  let made = 0;
  let answered = 0;
  const noCalls = emptyCalls ? { tool_calls: [] } : {};
  return turns.map(({ role, content, toolCalls, toolName, reasoning }) => {
    if (role === 'tool') {
      answered += 1;
      return { role, content, tool_call_id: callId(answered), ...noCalls, ...(toolName === undefined ? {} : { name: toolName }) };
    }
    if (toolCalls === undefined || toolCalls.length === 0) return { role, content, ...noCalls };
    // The answers that follow are these calls', also where an earlier turn was left without.
    answered = made;
    const calls = toolCalls.map((call) => {
      made += 1;
      const value = forms.argumentsAre === 'text' ? JSON.stringify(call.arguments) : call.arguments;
      return { id: callId(made), type: 'function', function: { name: call.name, arguments: value } };
    });
    return { role, content, tool_calls: calls, ...thoughts(content, reasoning) };
  });
}

/** What the model thought before a call, for families that go on from there. gpt-oss refuses it beside other text. */
function thoughts(content: string, reasoning: string | undefined): Message {
  if (reasoning === undefined || reasoning === '') return {};
  return { reasoning_content: reasoning, ...(content === '' ? { thinking: reasoning } : {}) };
}

/** Nine letters and digits: Mistral's templates refuse anything else. */
const callId = (number: number): string => `call${String(number).padStart(5, '0')}`;

function withToolsInSystem(messages: readonly Message[], tools: readonly ToolSpec[]): Message[] {
  const [first, ...rest] = messages;
  const text = JSON.stringify(tools);
  return first?.role === 'system' ? [{ ...first, tools: text }, ...rest] : [{ role: 'system', content: '', tools: text }, ...messages];
}
