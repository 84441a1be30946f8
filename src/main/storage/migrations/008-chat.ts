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
    ALTER TABLE messages ADD COLUMN notice TEXT;
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

    -- What can be found: a row for each title and each message, and the words of the same number.
    CREATE TABLE search_entries (
      number INTEGER PRIMARY KEY,
      conversation_id TEXT NOT NULL,
      -- NULL = the title.
      message_id TEXT
    ) STRICT;
    CREATE UNIQUE INDEX search_entries_by_message ON search_entries (message_id) WHERE message_id IS NOT NULL;
    CREATE UNIQUE INDEX search_entries_of_titles ON search_entries (conversation_id) WHERE message_id IS NULL;
    CREATE VIRTUAL TABLE search_words USING fts5 (title, message, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
    -- A word in a title counts more.
    INSERT INTO search_words (search_words, rank) VALUES ('rank', 'bm25(4.0, 1.0)');

    CREATE TRIGGER search_drops AFTER DELETE ON search_entries BEGIN
      DELETE FROM search_words WHERE rowid = OLD.number;
    END;
    CREATE TRIGGER search_new_title AFTER INSERT ON conversations BEGIN
      INSERT INTO search_entries (conversation_id) VALUES (NEW.id);
      INSERT INTO search_words (rowid, title)
        SELECT number, NEW.title FROM search_entries WHERE conversation_id = NEW.id AND message_id IS NULL;
    END;
    CREATE TRIGGER search_title AFTER UPDATE OF title ON conversations WHEN NEW.title <> OLD.title BEGIN
      UPDATE search_words SET title = NEW.title
        WHERE rowid = (SELECT number FROM search_entries WHERE conversation_id = NEW.id AND message_id IS NULL);
    END;
    CREATE TRIGGER search_no_title AFTER DELETE ON conversations BEGIN
      DELETE FROM search_entries WHERE conversation_id = OLD.id AND message_id IS NULL;
    END;
    -- Text that is still being written is found once it has ended.
    CREATE TRIGGER search_new_message AFTER INSERT ON messages WHEN NEW.state <> 'streaming' AND NEW.text <> '' BEGIN
      INSERT INTO search_entries (conversation_id, message_id) VALUES (NEW.conversation_id, NEW.id);
      INSERT INTO search_words (rowid, message) SELECT number, NEW.text FROM search_entries WHERE message_id = NEW.id;
    END;
    CREATE TRIGGER search_message AFTER UPDATE OF text, state ON messages
      WHEN NEW.state <> 'streaming' AND (OLD.state = 'streaming' OR NEW.text <> OLD.text)
    BEGIN
      DELETE FROM search_entries WHERE message_id = NEW.id;
      INSERT INTO search_entries (conversation_id, message_id) SELECT NEW.conversation_id, NEW.id WHERE NEW.text <> '';
      INSERT INTO search_words (rowid, message) SELECT number, NEW.text FROM search_entries WHERE message_id = NEW.id;
    END;
    CREATE TRIGGER search_no_message AFTER DELETE ON messages BEGIN
      DELETE FROM search_entries WHERE message_id = OLD.id;
    END;
    INSERT INTO search_entries (conversation_id) SELECT id FROM conversations;
    INSERT INTO search_entries (conversation_id, message_id) SELECT conversation_id, id FROM messages WHERE text <> '';
    INSERT INTO search_words (rowid, title, message)
      SELECT entries.number, CASE WHEN messages.id IS NULL THEN conversations.title END, messages.text
      FROM search_entries AS entries
      JOIN conversations ON conversations.id = entries.conversation_id
      LEFT JOIN messages ON messages.id = entries.message_id;

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
