/** What loads on this machine took, beside what was expected of them. */
export const migration = {
  version: 6,
  sql: `
    CREATE TABLE loads (
      id TEXT PRIMARY KEY,
      at REAL NOT NULL,
      artifact_id TEXT NOT NULL,
      -- JSON LoadObservation
      observation TEXT NOT NULL,
      -- JSON of what later estimates are corrected by: the estimate by formula alone, and the speeds of its answers.
      lesson TEXT NOT NULL
    ) STRICT;
    CREATE INDEX loads_by_time ON loads (at);
    CREATE INDEX loads_by_artifact ON loads (artifact_id, at);
  `,
} as const;
