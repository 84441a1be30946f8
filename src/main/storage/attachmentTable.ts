import type { Attachment } from '#shared/contract/chat.ts';
import type { Database } from './database.ts';

/** What was attached to a message or a comparison, with its bytes. */
export type AttachedBytes = Attachment & { readonly bytes: Uint8Array };

export interface AttachmentTable {
  get(id: string): AttachedBytes | undefined;
  /** Of one message or comparison, in their order. */
  listOf(ownerId: string): AttachedBytes[];
  /** The same without their bytes. */
  describe(ownerId: string): Attachment[];
  /** Goes with what it belongs to. */
  save(ownerId: string, attachments: readonly AttachedBytes[]): void;
}

const places = {
  message: { table: 'attachments', owner: 'message_id' },
  comparison: { table: 'comparison_attachments', owner: 'comparison_id' },
} as const;

/** Images and texts of all messages, or of all comparisons. */
export function attachmentTable(database: Database, of: keyof typeof places = 'message'): AttachmentTable {
  const { table, owner } = places[of];
  return {
    get(id) {
      const row = database.get<StoredAttachment>(`SELECT id, kind, name, media_type, bytes FROM ${table} WHERE id = ?`, id);
      return row === undefined ? undefined : fromStored(row);
    },
    listOf: (ownerId) =>
      database
        .all<StoredAttachment>(`SELECT id, kind, name, media_type, bytes FROM ${table} WHERE ${owner} = ? ORDER BY position`, ownerId)
        .map(fromStored),
    describe: (ownerId) =>
      database
        .all<Described>(
          `SELECT id, kind, name, media_type, length(bytes) AS size_bytes FROM ${table} WHERE ${owner} = ? ORDER BY position`,
          ownerId,
        )
        .map(({ media_type, size_bytes, ...rest }) => ({ ...rest, mediaType: media_type, sizeBytes: size_bytes })),
    save(ownerId, attachments) {
      for (const [position, { id, kind, name, mediaType, bytes }] of attachments.entries()) {
        database.run(
          `INSERT INTO ${table} (id, ${owner}, position, kind, name, media_type, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)`,
          id,
          ownerId,
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

interface Described extends Omit<StoredAttachment, 'bytes'> {
  size_bytes: number;
}

function fromStored({ id, kind, name, media_type, bytes }: StoredAttachment): AttachedBytes {
  return { id, kind, name, mediaType: media_type, sizeBytes: bytes.byteLength, bytes };
}
