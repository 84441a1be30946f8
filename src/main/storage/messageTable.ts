import type { Message } from '#shared/contract/chat.ts';
import type { Database } from './database.ts';

export interface MessageTable {
  /** In the order they were written. */
  list(conversationId: string): Message[];
  /** Adds a message at the end of its conversation. */
  append(message: Message): void;
  /** Stores what a message is now. */
  save(message: Message): void;
  /** Stores the text of an answer that is being made. */
  saveText(message: Pick<Message, 'id' | 'text' | 'reasoning'>): void;
  remove(id: string): void;
  /** Answers that a crash cut off are marked as stopped; their text is kept. @returns how many there were. */
  stopInterrupted(): number;
}

/** Messages of all conversations. */
export function messageTable(database: Database): MessageTable {
  return {
    list: (conversationId) =>
      database.all<StoredMessage>('SELECT * FROM messages WHERE conversation_id = ? ORDER BY position', conversationId).map(fromStored),
    append(message) {
      database.run(
        `INSERT INTO messages (id, conversation_id, position, role, text, reasoning, state, finish_reason, error, usage, timings, context,
           model_id, model_name, created_at)
         VALUES (?, ?, (SELECT coalesce(max(position), 0) + 1 FROM messages WHERE conversation_id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        message.id,
        message.conversationId,
        message.conversationId,
        message.role,
        ...changing(message),
        message.modelId,
        message.modelName,
        message.createdAt,
      );
    },
    save(message) {
      database.run(
        'UPDATE messages SET text = ?, reasoning = ?, state = ?, finish_reason = ?, error = ?, usage = ?, timings = ?, context = ? WHERE id = ?',
        ...changing(message),
        message.id,
      );
    },
    saveText(message) {
      database.run('UPDATE messages SET text = ?, reasoning = ? WHERE id = ?', message.text, message.reasoning, message.id);
    },
    remove(id) {
      database.run('DELETE FROM messages WHERE id = ?', id);
    },
    stopInterrupted: () => database.run("UPDATE messages SET state = 'stopped', finish_reason = 'cancelled' WHERE state = 'streaming'"),
  };
}

interface StoredMessage {
  id: string;
  conversation_id: string;
  parent_id: string | null;
  position: number;
  role: Message['role'];
  text: string;
  reasoning: string | null;
  state: Message['state'];
  finish_reason: Message['finishReason'];
  error: string | null;
  usage: string | null;
  timings: string | null;
  context: string | null;
  model_id: string | null;
  model_name: string | null;
  created_at: number;
}

function changing(message: Message): (string | null)[] {
  return [
    message.text,
    message.reasoning,
    message.state,
    message.finishReason,
    toJson(message.error),
    toJson(message.usage),
    toJson(message.timings),
    toJson(message.context),
  ];
}

function fromStored(row: StoredMessage): Message {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    parentId: row.parent_id,
    siblingIds: [row.id],
    role: row.role,
    text: row.text,
    reasoning: row.reasoning,
    state: row.state,
    finishReason: row.finish_reason,
    error: fromJson<Message['error']>(row.error),
    usage: fromJson<Message['usage']>(row.usage),
    timings: fromJson<Message['timings']>(row.timings),
    context: fromJson<Message['context']>(row.context),
    modelId: row.model_id,
    modelName: row.model_name,
    attachments: [],
    calls: [],
    isEdited: false,
    createdAt: row.created_at,
  };
}

const toJson = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
const fromJson = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));
