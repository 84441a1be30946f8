import type { AnswerShape, Conversation, Message } from '#shared/contract/chat.ts';
import type { DatasetItem } from '#shared/contract/datasets.ts';

/** What a chat message gives a test item before anybody edits it. */
export interface ChatItem {
  readonly item: DatasetItem;
  /** What the model had read beside the item, in words; null where it holds all. */
  readonly leftOut: string | null;
}

/**
 * The question before an answer, the answer as what is expected, and what the model was told. An answer in JSON of a chat that is held to a schema
 * keeps that schema, and is expected as a value.
 * @returns null for an answer that is not there any more, or has no question before it
 */
export function itemFromChat(
  messages: readonly Message[],
  answerId: string,
  conversation: Pick<Conversation, 'systemPrompt' | 'shape'> | undefined,
): ChatItem | null {
  const at = messages.findIndex((message) => message.id === answerId);
  const question = messages.slice(0, Math.max(0, at)).findLastIndex((message) => message.role === 'user');
  const [asked, answer] = [messages[question], messages[at]];
  if (asked === undefined || answer === undefined) return null;
  return {
    item: {
      id: '',
      task: 'chat',
      system: conversation?.systemPrompt ?? null,
      input: asked.text,
      ...expectation(answer.text.trim(), conversation?.shape.schema ?? null),
    },
    leftOut: leftOutWords([
      ...(question > 0 ? ['the earlier messages of this chat'] : []),
      ...(asked.attachments.length > 0 ? ['the attached files'] : []),
    ]),
  };
}

/** @returns null where nothing is left out */
export function leftOutWords(parts: readonly string[]): string | null {
  return parts.length === 0 ? null : `Benchmarks ask it by itself: ${parts.join(' and ')} are not part of it.`;
}

/** A schema may have been chosen after an answer in words, or its JSON may have been cut: those stay text. */
function expectation(text: string, schema: AnswerShape['schema']): Pick<DatasetItem, 'expected' | 'schema'> {
  if (schema === null) return { expected: text };
  try {
    return { expected: JSON.parse(text) as DatasetItem['expected'], schema };
  } catch {
    return { expected: text };
  }
}
