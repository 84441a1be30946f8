import { AnswerShape, type Conversation, Sampling } from '#shared/contract/chat.ts';
import type { Database } from './database.ts';

export interface ConversationTable {
  /** Last touched first. */
  list(): Conversation[];
  get(id: string): Conversation | undefined;
  save(conversation: Conversation): void;
  /** The last message of the path that is shown; null = the newest. */
  leafOf(id: string): string | null;
  setLeaf(id: string, messageId: string | null): void;
  /** Its messages go with it. */
  remove(id: string): void;
}

/** Conversations, without their messages. */
export function conversationTable(database: Database): ConversationTable {
  return {
    list: () => database.all<StoredConversation>('SELECT * FROM conversations ORDER BY updated_at DESC, rowid DESC').map(fromStored),
    get(id) {
      const row = database.get<StoredConversation>('SELECT * FROM conversations WHERE id = ?', id);
      return row === undefined ? undefined : fromStored(row);
    },
    save(conversation) {
      // Not OR REPLACE: that would delete the row first, and its messages with it.
      database.run(
        `INSERT INTO conversations (id, title, model_id, system_prompt, sampling, shape, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET title = excluded.title, model_id = excluded.model_id, system_prompt = excluded.system_prompt,
           sampling = excluded.sampling, shape = excluded.shape, updated_at = excluded.updated_at`,
        conversation.id,
        conversation.title,
        conversation.modelId,
        conversation.systemPrompt,
        JSON.stringify(conversation.sampling),
        JSON.stringify(conversation.shape),
        conversation.createdAt,
        conversation.updatedAt,
      );
    },
    leafOf: (id) => database.get<{ leaf_id: string | null }>('SELECT leaf_id FROM conversations WHERE id = ?', id)?.leaf_id ?? null,
    setLeaf(id, messageId) {
      database.run('UPDATE conversations SET leaf_id = ? WHERE id = ?', messageId, id);
    },
    remove(id) {
      database.run('DELETE FROM conversations WHERE id = ?', id);
    },
  };
}

interface StoredConversation {
  id: string;
  title: string;
  model_id: string | null;
  system_prompt: string;
  sampling: string;
  shape: string;
  created_at: number;
  updated_at: number;
}

function fromStored(row: StoredConversation): Conversation {
  return {
    id: row.id,
    title: row.title,
    modelId: row.model_id,
    systemPrompt: row.system_prompt,
    // Parsed, so that a sampler added later has its default.
    sampling: Sampling.parse(JSON.parse(row.sampling)),
    shape: AnswerShape.parse(JSON.parse(row.shape)),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
