/** More owners than before, and where an artifact came from. SQLite changes a CHECK only by a new table. */
export const migration = {
  version: 3,
  sql: `
    CREATE TABLE artifacts_new (
      id TEXT PRIMARY KEY,
      file_key TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      publisher TEXT,
      repo TEXT,
      quant TEXT,
      -- What the app that owns it calls it.
      name_in_app TEXT,
      files TEXT NOT NULL,
      size_bytes INTEGER NOT NULL,
      sha256 TEXT,
      -- What the owning app, or the hub, says it is.
      claimed_sha256 TEXT,
      owner TEXT NOT NULL,
      folder_id TEXT,
      state TEXT NOT NULL CHECK (state IN ('ready', 'missing', 'broken')),
      problem TEXT,
      role TEXT NOT NULL CHECK (role IN ('model', 'other')),
      architecture TEXT,
      parameters REAL,
      context_tokens INTEGER,
      -- Embedding length; of a projector the width it feeds.
      width REAL,
      license TEXT,
      has_chat_template INTEGER NOT NULL,
      -- Path of the vision or audio projector beside it.
      projector_path TEXT,
      -- JSON Provenance
      provenance TEXT,
      -- JSON {commit, sizeBytes, foundAt}
      available_update TEXT,
      -- 1 = the user removed it from the list; the file stays and is not listed again.
      hidden INTEGER NOT NULL DEFAULT 0,
      added_at REAL NOT NULL,
      last_used_at REAL,
      speed TEXT,
      score TEXT
    ) STRICT;
    INSERT INTO artifacts_new (id, file_key, name, publisher, repo, quant, files, size_bytes, sha256, owner, folder_id, state, problem, role,
      architecture, parameters, context_tokens, license, has_chat_template, added_at, last_used_at, speed, score)
      SELECT id, file_key, name, publisher, repo, quant, files, size_bytes, sha256, owner, folder_id, state, problem, role,
        architecture, parameters, context_tokens, license, has_chat_template, added_at, last_used_at, speed, score FROM artifacts;
    DROP TABLE artifacts;
    ALTER TABLE artifacts_new RENAME TO artifacts;
  `,
} as const;
