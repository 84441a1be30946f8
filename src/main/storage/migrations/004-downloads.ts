/** The queue of downloads, and which files are known to hold what. What was fetched of a file is told by the state file beside its partial. */
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
      -- JSON of the files with sizes and hashes as the hub told them when the job was made, and how far each is.
      files TEXT NOT NULL,
      layout TEXT NOT NULL CHECK (layout IN ('hub-cache', 'folder')),
      folder TEXT NOT NULL,
      -- JSON of the folders this job has made, outermost first.
      made_folders TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('queued', 'paused', 'failed', 'ready', 'cancelled')),
      -- JSON {code, message, hint}
      problem TEXT,
      position REAL NOT NULL,
      added_at REAL NOT NULL,
      finished_at REAL,
      path TEXT,
      artifact_id TEXT
    ) STRICT;

    -- Files that were hashed once. Believed while size and time of change stay.
    CREATE TABLE verified_files (
      path TEXT PRIMARY KEY,
      size_bytes REAL NOT NULL,
      modified_at_ms REAL NOT NULL,
      sha256 TEXT NOT NULL
    ) STRICT;
  `,
} as const;
