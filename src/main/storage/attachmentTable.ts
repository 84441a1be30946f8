import type { Attachment } from '#shared/contract/chat.ts';
import type { Database } from './database.ts';

/** What was attached to a message, with its bytes. */
export type AttachedBytes = Attachment & { readonly bytes: Uint8Array };

export interface AttachmentTable {
  get(id: string): AttachedBytes | undefined;
  /** Of one message, in their order. */
  listOf(messageId: string): AttachedBytes[];
  /** Goes with its message. */
  save(messageId: string, attachments: readonly AttachedBytes[]): void;
}

/** Images and texts of all messages. */
export function attachmentTable(database: Database): AttachmentTable {
  return {
    get(id) {
      const row = database.get<StoredAttachment>('SELECT * FROM attachments WHERE id = ?', id);
      return row === undefined ? undefined : fromStored(row);
    },
    listOf: (messageId) =>
      database.all<StoredAttachment>('SELECT * FROM attachments WHERE message_id = ? ORDER BY position', messageId).map(fromStored),
    save(messageId, attachments) {
      for (const [position, { id, kind, name, mediaType, bytes }] of attachments.entries()) {
        database.run(
          'INSERT INTO attachments (id, message_id, position, kind, name, media_type, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)',
          id,
          messageId,
          position,
          kind,
          name,
          mediaType,
          bytes,
        );
      }
    },
  };
}

interface StoredAttachment {
  id: string;
  kind: Attachment['kind'];
  name: string;
  media_type: string;
  bytes: Uint8Array;
}

function fromStored({ id, kind, name, media_type, bytes }: StoredAttachment): AttachedBytes {
  return { id, kind, name, mediaType: media_type, sizeBytes: bytes.byteLength, bytes };
}
