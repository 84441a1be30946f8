/** What goes along with the prompt of a comparison. */
export const migration = {
  version: 9,
  sql: `
    CREATE TABLE comparison_attachments (
      id TEXT PRIMARY KEY,
      comparison_id TEXT NOT NULL REFERENCES comparisons (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('image', 'text')),
      name TEXT NOT NULL,
      media_type TEXT NOT NULL,
      bytes BLOB NOT NULL
    ) STRICT;
    CREATE INDEX attachments_by_comparison ON comparison_attachments (comparison_id);
  `,
} as const;
