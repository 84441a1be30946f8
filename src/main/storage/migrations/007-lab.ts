/** What people and judges say of samples, servers that may be asked, and prices to hold costs against. */
export const migration = {
  version: 7,
  sql: `
    -- One verdict of a judge on one sample (or, for a preference, on a pair: other_model_id).
    CREATE TABLE judgements (
      number INTEGER PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      judge_id TEXT NOT NULL,
      model_id TEXT NOT NULL,
      other_model_id TEXT NOT NULL DEFAULT '',
      suite TEXT NOT NULL,
      item_id TEXT NOT NULL,
      temperature REAL NOT NULL,
      repeat INTEGER NOT NULL,
      -- JSON Judgement
      detail TEXT NOT NULL,
      finished_at REAL NOT NULL,
      UNIQUE (run_id, judge_id, model_id, other_model_id, suite, item_id, temperature, repeat)
    ) STRICT;

    -- A person's word against the grader's.
    CREATE TABLE overrules (
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      model_id TEXT NOT NULL,
      suite TEXT NOT NULL,
      item_id TEXT NOT NULL,
      temperature REAL NOT NULL,
      repeat INTEGER NOT NULL,
      passed INTEGER NOT NULL,
      note TEXT NOT NULL,
      at REAL NOT NULL,
      PRIMARY KEY (run_id, model_id, suite, item_id, temperature, repeat)
    ) STRICT;

    CREATE TABLE endpoints (
      id TEXT PRIMARY KEY,
      -- JSON Endpoint without its key, which lies in the keychain
      endpoint TEXT NOT NULL,
      created_at REAL NOT NULL
    ) STRICT;

    CREATE TABLE prices (
      model TEXT PRIMARY KEY,
      -- JSON Price
      price TEXT NOT NULL
    ) STRICT;

    -- JSON: rows of a set made in the app as the person left them, where some cannot be asked yet.
    ALTER TABLE datasets ADD COLUMN draft TEXT;

    -- What the machine ran on when a run was begun, and what was said of its heat then; null = unknown.
    ALTER TABLE runs ADD COLUMN power TEXT;
    ALTER TABLE runs ADD COLUMN thermal TEXT;
  `,
} as const;
