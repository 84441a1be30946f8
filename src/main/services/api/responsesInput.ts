import * as z from 'zod';
import type { ChatTurn, ToolCall } from '#shared/contract/runner.ts';
import { ApiError } from './apiErrors.ts';
import { OpenaiContent, readContent, readText } from './openaiContent.ts';
import { argumentsOf } from './openaiTools.ts';

const callId = z.string().min(1).max(200);

const message = z.object({
  type: z.literal('message').default('message'),
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: OpenaiContent,
});
const item = z.union([
  z.discriminatedUnion('type', [
    message,
    z.object({ type: z.literal('function_call'), call_id: callId, name: z.string().min(1).max(200), arguments: z.string() }),
    z.object({ type: z.literal('function_call_output'), call_id: callId, output: OpenaiContent }),
    z.object({ type: z.literal('reasoning'), content: z.array(z.looseObject({ text: z.string().optional() })).nullish() }),
  ]),
  // A message needs no type; anything else is refused by its own name when it is read.
  message,
  z
    .looseObject({
      type: z
        .string()
        .max(100)
        .regex(/^(?!(?:message|function_call|function_call_output|reasoning)$)./),
    })
    .transform((other) => ({ type: 'unknown' as const, called: other.type })),
]);

export const ResponseInput = z.union([z.string(), z.array(item).min(1).max(10_000)], {
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
 * @throws {ApiError} 400 for items that only a hosted service has
 */
export function continueHistory(history: ResponseHistory, input: ResponseInput): ResponseHistory {
  if (typeof input === 'string') return { ...history, turns: [...history.turns, { role: 'user', content: input }] };
  const turns = [...history.turns];
  const toolNames = new Map(history.toolNames);
  let reasoning: string | null = null;
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
  for (const [index, entry] of input.entries()) {
    const field = `input.${index}`;
    switch (entry.type) {
      case 'message':
        if (entry.role === 'assistant') answer(readText(entry.content, `${field}.content`), null);
        else turns.push(turnOf(entry.role === 'user' ? 'user' : 'system', entry.content, `${field}.content`));
        break;
      case 'function_call':
        toolNames.set(entry.call_id, entry.name);
        answer('', { name: entry.name, arguments: argumentsOf(entry.arguments, `${field}.arguments`) });
        break;
      case 'function_call_output': {
        const name = toolNames.get(entry.call_id);
        const content = readText(entry.output, `${field}.output`);
        turns.push({ role: 'tool', content, ...(name === undefined ? {} : { toolName: name }) });
        break;
      }
      case 'reasoning':
        reasoning = (entry.content ?? []).map(({ text }) => text ?? '').join('\n');
        if (reasoning === '') reasoning = null;
        break;
      case 'unknown':
        throw new ApiError({
          status: 400,
          code: 'unsupported_content',
          message: `Items of the type '${entry.called}' cannot be read: send messages, calls of functions and their outputs.`,
          field,
        });
    }
  }
  return { turns, toolNames };
}

function turnOf(role: 'user' | 'system', content: z.infer<typeof OpenaiContent>, field: string): ChatTurn {
  if (role === 'system') return { role, content: readText(content, field) };
  const { text, images } = readContent(content, field);
  return { role, content: text, ...(images.length === 0 ? {} : { images }) };
}
