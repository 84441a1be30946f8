import type { Attachment, Message } from '#shared/contract/chat.ts';
import type { Database } from './database.ts';

export interface MessageTable {
  /** All of a conversation, of every branch, in the order they were written. */
  list(conversationId: string): Message[];
  get(id: string): Message | undefined;
  /** Adds a message, as the newest of its conversation. Its attachments are stored by themselves. */
  append(message: Message): void;
  /** Stores what a message is now. */
  save(message: Message): void;
  /** Stores what there is of an answer that is being made. */
  saveProgress(message: Pick<Message, 'id' | 'text' | 'reasoning' | 'calls'>): void;
  /** What follows it stays: whoever removes a branch removes each message of it. */
  remove(id: string): void;
  /** Answers that a crash cut off. */
  interrupted(): Message[];
}

/** Messages of all conversations. */
export function messageTable(database: Database): MessageTable {
  const attachmentsOf = (column: 'messages.conversation_id' | 'messages.id', value: string): Map<string, Attachment[]> =>
    byMessage(
      database.all<StoredAttachment>(
        `SELECT attachments.id, message_id, kind, name, media_type, length(bytes) AS size_bytes
         FROM attachments JOIN messages ON messages.id = attachments.message_id WHERE ${column} = ? ORDER BY attachments.position`,
        value,
      ),
    );
  const table: MessageTable = {
    list(conversationId) {
      const rows = database.all<StoredMessage>('SELECT * FROM messages WHERE conversation_id = ? ORDER BY position', conversationId);
      const attached = attachmentsOf('messages.conversation_id', conversationId);
      const siblings = Map.groupBy(rows, (row) => row.parent_id);
      const idsOf = new Map([...siblings].map(([parentId, group]) => [parentId, group.map((row) => row.id)]));
      return rows.map((row) =>
        fromStored(row, { siblingIds: idsOf.get(row.parent_id) ?? [row.id], attachments: attached.get(row.id) ?? [] }),
      );
    },
    get(id) {
      const row = database.get<StoredMessage>('SELECT * FROM messages WHERE id = ?', id);
      if (row === undefined) return undefined;
      const siblings = database.all<{ id: string }>(
        'SELECT id FROM messages WHERE conversation_id = ? AND parent_id IS ? ORDER BY position',
        row.conversation_id,
        row.parent_id,
      );
      return fromStored(row, {
        siblingIds: siblings.map((sibling) => sibling.id),
        attachments: attachmentsOf('messages.id', id).get(id) ?? [],
      });
    },
    append(message) {
      database.run(
        `INSERT INTO messages (id, conversation_id, position, parent_id, role, text, reasoning, state, finish_reason, error, usage, timings,
           context, calls, notice, is_edited, model_id, model_name, created_at)
         VALUES (?, ?, (SELECT coalesce(max(position), 0) + 1 FROM messages WHERE conversation_id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        message.id,
        message.conversationId,
        message.conversationId,
        message.parentId,
        message.role,
        ...changing(message),
        message.isEdited ? 1 : 0,
        message.modelId,
        message.modelName,
        message.createdAt,
      );
    },
    save(message) {
      database.run(
        `UPDATE messages SET text = ?, reasoning = ?, state = ?, finish_reason = ?, error = ?, usage = ?, timings = ?, context = ?, calls = ?,
           notice = ?
         WHERE id = ?`,
        ...changing(message),
        message.id,
      );
    },
    saveProgress({ id, text, reasoning, calls }) {
      database.run('UPDATE messages SET text = ?, reasoning = ?, calls = ? WHERE id = ?', text, reasoning, JSON.stringify(calls), id);
    },
    remove(id) {
      database.run('DELETE FROM messages WHERE id = ?', id);
    },
    interrupted() {
      const rows = database.all<{ id: string }>("SELECT id FROM messages WHERE state = 'streaming'");
      return rows.flatMap(({ id }) => table.get(id) ?? []);
    },
  };
  return table;
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
  calls: string;
  notice: string | null;
  is_edited: number;
  model_id: string | null;
  model_name: string | null;
  created_at: number;
}

interface StoredAttachment {
  id: string;
  message_id: string;
  kind: Attachment['kind'];
  name: string;
  media_type: string;
  size_bytes: number;
}

function byMessage(rows: readonly StoredAttachment[]): Map<string, Attachment[]> {
  const attached = new Map<string, Attachment[]>();
  for (const { id, message_id, kind, name, media_type, size_bytes } of rows) {
    const list = attached.get(message_id) ?? [];
    list.push({ id, kind, name, mediaType: media_type, sizeBytes: size_bytes });
    attached.set(message_id, list);
  }
  return attached;
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
    JSON.stringify(message.calls),
    message.notice ?? null,
  ];
}

function fromStored(row: StoredMessage, around: Pick<Message, 'siblingIds' | 'attachments'>): Message {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    parentId: row.parent_id,
    ...around,
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
    calls: fromJson<Message['calls']>(row.calls) ?? [],
    isEdited: row.is_edited === 1,
    ...(row.notice === null ? {} : { notice: row.notice }),
    createdAt: row.created_at,
  };
}

const toJson = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
const fromJson = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));
