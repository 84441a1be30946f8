/** Conversations with branches, what was attached and called, presets; comparisons; the log of the local API; how each model is loaded. */
export const migration = {
  version: 8,
  sql: `
    -- JSON AnswerShape
    ALTER TABLE conversations ADD COLUMN shape TEXT NOT NULL DEFAULT '{}';
    -- Last message of the path that is shown; null = the newest.
    ALTER TABLE conversations ADD COLUMN leaf_id TEXT;

    ALTER TABLE messages ADD COLUMN parent_id TEXT;
    -- JSON ChatCall[]
    ALTER TABLE messages ADD COLUMN calls TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE messages ADD COLUMN is_edited INTEGER NOT NULL DEFAULT 0;
    -- Until now each message followed the one before it.
    UPDATE messages SET parent_id = (
      SELECT before.id FROM messages AS before
      WHERE before.conversation_id = messages.conversation_id AND before.position < messages.position
      ORDER BY before.position DESC LIMIT 1
    );
    CREATE INDEX messages_by_parent ON messages (parent_id);

    CREATE TABLE attachments (
      id TEXT PRIMARY KEY,
      message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('image', 'text')),
      name TEXT NOT NULL,
      media_type TEXT NOT NULL,
      bytes BLOB NOT NULL
    ) STRICT;
    CREATE INDEX attachments_by_message ON attachments (message_id);

    CREATE TABLE presets (
      id TEXT PRIMARY KEY,
      -- JSON ChatPreset
      preset TEXT NOT NULL,
      created_at REAL NOT NULL
    ) STRICT;

    CREATE TABLE comparisons (
      id TEXT PRIMARY KEY,
      -- JSON of what was asked and voted, with all names, whether they are hidden or not
      entry TEXT NOT NULL,
      -- JSON ComparedAnswer[] with all names
      answers TEXT NOT NULL,
      created_at REAL NOT NULL
    ) STRICT;

    CREATE TABLE api_requests (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      at REAL NOT NULL,
      is_error INTEGER NOT NULL,
      -- Characters of what is kept beside the request, so that adding up reads no texts.
      body_characters INTEGER NOT NULL,
      -- JSON LoggedRequest
      request TEXT NOT NULL,
      -- Only where bodies are kept.
      question TEXT,
      answer TEXT
    ) STRICT;
    CREATE INDEX api_requests_by_time ON api_requests (at);

    CREATE TABLE model_settings (
      artifact_id TEXT PRIMARY KEY,
      -- JSON ModelSettings
      settings TEXT NOT NULL
    ) STRICT;
  `,
} as const;
