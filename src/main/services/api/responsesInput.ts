import * as z from 'zod';
import type { ChatTurn, ToolCall } from '#shared/contract/runner.ts';
import { ApiError } from './apiErrors.ts';
import { OpenaiContent, readContent, readText } from './openaiContent.ts';
import { argumentsOf } from './openaiTools.ts';
import { knownName } from './responsesTools.ts';

const callId = z.string().min(1).max(200);

const message = z.object({
  type: z.literal('message').default('message'),
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: OpenaiContent,
});
const namespace = z.string().max(200).nullish();
const knownItems = z.discriminatedUnion('type', [
  message,
  z.object({ type: z.literal('function_call'), call_id: callId, name: z.string().min(1).max(200), arguments: z.string(), namespace }),
  z.object({ type: z.literal('custom_tool_call'), call_id: callId, name: z.string().min(1).max(200), input: z.string(), namespace }),
  z.object({ type: z.enum(['function_call_output', 'custom_tool_call_output']), call_id: callId, output: OpenaiContent }),
  z.object({ type: z.literal('reasoning'), content: z.array(z.looseObject({ text: z.string().optional() })).nullish() }),
  z.object({ type: z.literal('item_reference'), id: z.string().min(1).max(200) }),
]);
const otherType = /^(?!(?:message|function_call|custom_tool_call|function_call_output|custom_tool_call_output|reasoning|item_reference)$)./;
/** An item of a conversation. */
export const ResponseItem = z.union([
  knownItems,
  // A message needs no type; anything else is refused by its own name when it is read.
  message,
  z.looseObject({ type: z.string().max(100).regex(otherType) }).transform((other) => ({ type: 'unknown' as const, called: other.type })),
]);
export type ResponseItem = z.infer<typeof ResponseItem>;

export const ResponseInput = z.union([z.string(), z.array(ResponseItem).min(1).max(10_000)], {
  error: 'It is neither a text nor a list of items.',
});
export type ResponseInput = z.infer<typeof ResponseInput>;

/** A conversation, and the names of the tools that were called in it by the ids of their calls. */
export interface ResponseHistory {
  readonly turns: readonly ChatTurn[];
  readonly toolNames: ReadonlyMap<string, string>;
}

/**
 * A conversation with what a request adds to it. Items that belong to one answer (reasoning, words, calls) become one turn.
 * @param itemOf finds what a reference means; null for what is not known any more
 * @throws {ApiError} 400 for items that only a hosted service has
 */
export function continueHistory(
  history: ResponseHistory,
  input: ResponseInput,
  itemOf: (id: string) => ResponseItem | null = () => null,
): ResponseHistory {
  if (typeof input === 'string') return { ...history, turns: [...history.turns, { role: 'user', content: input }] };
  const turns = [...history.turns];
  const toolNames = new Map(history.toolNames);
  let reasoning: string | null = null;
  /** Of tools' answers: only a user can show something to a model. */
  let shown: NonNullable<ChatTurn['images']> = [];
  const show = (): void => {
    if (shown.length > 0) turns.push({ role: 'user', content: '', images: shown });
    shown = [];
  };
  /** Joins calls and words of one answer; a finished history is never written into. */
  const answer = (content: string, call: ToolCall | null): void => {
    const last = turns.at(-1);
    const isOpen = last?.role === 'assistant' && turns.length > history.turns.length && (call !== null || last.content === '');
    const before: ChatTurn = isOpen ? last : { role: 'assistant', content: '', ...(reasoning === null ? {} : { reasoning }) };
    const next: ChatTurn = {
      ...before,
      content: before.content + content,
      ...(call === null ? {} : { toolCalls: [...(before.toolCalls ?? []), call] }),
    };
    turns.splice(isOpen ? turns.length - 1 : turns.length, 1, next);
    reasoning = null;
  };
  const called = (id: string, call: ToolCall): void => {
    toolNames.set(id, call.name);
    answer('', call);
  };
  const add = (entry: ResponseItem, field: string): void => {
    if (entry.type !== 'function_call_output' && entry.type !== 'custom_tool_call_output') show();
    switch (entry.type) {
      case 'message':
        if (entry.role === 'assistant') answer(readText(entry.content, `${field}.content`), null);
        else turns.push(turnOf(entry.role === 'user' ? 'user' : 'system', entry.content, `${field}.content`));
        break;
      case 'function_call':
        called(entry.call_id, {
          name: knownName(entry.name, entry.namespace),
          arguments: argumentsOf(entry.arguments, `${field}.arguments`),
        });
        break;
      case 'custom_tool_call':
        called(entry.call_id, { name: knownName(entry.name, entry.namespace), arguments: { input: entry.input } });
        break;
      case 'function_call_output':
      case 'custom_tool_call_output': {
        const name = toolNames.get(entry.call_id);
        const { text, images } = readContent(entry.output, `${field}.output`);
        turns.push({ role: 'tool', content: text, ...(name === undefined ? {} : { toolName: name }) });
        shown.push(...images);
        break;
      }
      case 'reasoning':
        reasoning = (entry.content ?? []).map(({ text }) => text ?? '').join('\n');
        if (reasoning === '') reasoning = null;
        break;
      case 'item_reference': {
        const item = itemOf(entry.id);
        if (item === null) throw unreadable(`Item with id '${entry.id}' not found. Responses are kept for an hour at most.`, field);
        add(item, field);
        break;
      }
      case 'unknown':
        throw unreadable(`Items of the type '${entry.called}' cannot be read: send messages, calls of functions and their outputs.`, field);
    }
  };
  for (const [index, entry] of input.entries()) add(entry, `input.${index}`);
  show();
  return { turns, toolNames };
}

function turnOf(role: 'user' | 'system', content: z.infer<typeof OpenaiContent>, field: string): ChatTurn {
  if (role === 'system') return { role, content: readText(content, field) };
  const { text, images } = readContent(content, field);
  return { role, content: text, ...(images.length === 0 ? {} : { images }) };
}

const unreadable = (message: string, field: string): ApiError => new ApiError({ status: 400, code: 'unsupported_content', message, field });
