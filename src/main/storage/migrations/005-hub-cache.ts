/** Answers of the hub, kept for the time without one; and headers of remote files, which never change for one content. */
export const migration = {
  version: 5,
  sql: `
    CREATE TABLE hub_answers (
      -- Endpoint and request, without any token.
      request TEXT PRIMARY KEY,
      -- JSON
      answer TEXT NOT NULL,
      size_bytes INTEGER NOT NULL,
      fetched_at REAL NOT NULL,
      used_at REAL NOT NULL
    ) STRICT;
    CREATE TABLE remote_headers (
      -- sha256 or etag of the content.
      content TEXT PRIMARY KEY,
      -- JSON
      header TEXT NOT NULL,
      size_bytes INTEGER NOT NULL,
      read_at REAL NOT NULL,
      used_at REAL NOT NULL
    ) STRICT;
  `,
} as const;
