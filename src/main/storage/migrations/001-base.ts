/** What the app itself keeps: where models are, what they are, settings, measured facts, conversations. */
export const migration = {
  version: 1,
  sql: `
    CREATE TABLE folders (
      id TEXT PRIMARY KEY,
      path TEXT NOT NULL UNIQUE,
      added_at REAL NOT NULL
    ) STRICT;

    CREATE TABLE artifacts (
      id TEXT PRIMARY KEY,
      -- Real path of the file, or of the folder and base name of a shard set: what makes it the same file in the next scan.
      file_key TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      publisher TEXT,
      repo TEXT,
      quant TEXT,
      -- JSON [{path, sizeBytes, modifiedAtMs}], first shard first.
      files TEXT NOT NULL,
      size_bytes INTEGER NOT NULL,
      sha256 TEXT,
      owner TEXT NOT NULL CHECK (owner IN ('bundled', 'imported', 'folder')),
      folder_id TEXT,
      state TEXT NOT NULL CHECK (state IN ('ready', 'missing', 'broken')),
      -- JSON {code, message, hint}
      problem TEXT,
      -- 'model' is listed; 'other' (a vision projector, an adapter, an importance matrix) is only remembered so that it is not read again.
      role TEXT NOT NULL CHECK (role IN ('model', 'other')),
      architecture TEXT,
      parameters REAL,
      context_tokens INTEGER,
      license TEXT,
      has_chat_template INTEGER NOT NULL,
      added_at REAL NOT NULL,
      last_used_at REAL,
      -- JSON MeasuredSpeed, JSON BestScore
      speed TEXT,
      score TEXT
    ) STRICT;

    CREATE TABLE settings (
      name TEXT PRIMARY KEY,
      -- JSON
      value TEXT NOT NULL
    ) STRICT;

    CREATE TABLE facts (
      name TEXT PRIMARY KEY,
      -- JSON
      value TEXT NOT NULL,
      recorded_at REAL NOT NULL
    ) STRICT;

    CREATE TABLE conversations (
      id TEXT PRIMARY KEY,
      title TEXT NOT NULL,
      model_id TEXT,
      system_prompt TEXT NOT NULL,
      -- JSON Sampling
      sampling TEXT NOT NULL,
      created_at REAL NOT NULL,
      updated_at REAL NOT NULL
    ) STRICT;

    CREATE TABLE messages (
      id TEXT PRIMARY KEY,
      conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
      text TEXT NOT NULL,
      reasoning TEXT,
      state TEXT NOT NULL CHECK (state IN ('streaming', 'complete', 'stopped', 'failed')),
      finish_reason TEXT,
      -- JSON, as the contract has them
      error TEXT,
      usage TEXT,
      timings TEXT,
      context TEXT,
      model_id TEXT,
      model_name TEXT,
      created_at REAL NOT NULL,
      UNIQUE (conversation_id, position)
    ) STRICT;
  `,
} as const;
