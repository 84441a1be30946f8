/** The queue of downloads. What was fetched of a file is told by the state file beside its partial. */
export const migration = {
  version: 4,
  sql: `
    CREATE TABLE downloads (
      id TEXT PRIMARY KEY,
      repo TEXT NOT NULL,
      revision TEXT NOT NULL,
      commit_sha TEXT NOT NULL,
      quant TEXT,
      name TEXT NOT NULL,
      -- JSON of the files with sizes and hashes as the hub told them when the job was made.
      files TEXT NOT NULL,
      layout TEXT NOT NULL CHECK (layout IN ('hub-cache', 'folder')),
      folder TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('queued', 'paused', 'failed', 'ready', 'cancelled')),
      -- JSON {code, message, hint}
      problem TEXT,
      position REAL NOT NULL,
      added_at REAL NOT NULL,
      finished_at REAL,
      path TEXT,
      artifact_id TEXT
    ) STRICT;
  `,
} as const;
