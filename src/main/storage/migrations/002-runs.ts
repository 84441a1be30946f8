/** Benchmarks: what may be asked (data sets), what was asked (runs, their items by content), what came out (samples). */
export const migration = {
  version: 2,
  sql: `
    CREATE TABLE suite_contents (
      sha256 TEXT PRIMARY KEY,
      items TEXT NOT NULL
    ) STRICT;

    CREATE TABLE datasets (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      description TEXT NOT NULL,
      source_path TEXT NOT NULL,
      sha256 TEXT NOT NULL REFERENCES suite_contents (sha256),
      item_count INTEGER NOT NULL,
      added_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE runs (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      state TEXT NOT NULL,
      plan TEXT NOT NULL,
      suites TEXT NOT NULL,
      models TEXT NOT NULL,
      cpu TEXT,
      total INTEGER NOT NULL,
      started_at INTEGER NOT NULL,
      finished_at INTEGER,
      elapsed_ms INTEGER NOT NULL DEFAULT 0,
      verdict TEXT,
      error TEXT
    ) STRICT;

    CREATE TABLE samples (
      number INTEGER PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      model_id TEXT NOT NULL,
      suite TEXT NOT NULL,
      item_id TEXT NOT NULL,
      temperature REAL NOT NULL,
      repeat INTEGER NOT NULL,
      state TEXT NOT NULL,
      passed INTEGER,
      detail TEXT NOT NULL,
      finished_at INTEGER NOT NULL,
      UNIQUE (run_id, model_id, suite, item_id, temperature, repeat)
    ) STRICT;
  `,
} as const;
