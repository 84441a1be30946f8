/** Answers of the hub, kept for the time without one; and headers of remote files, which never change for one content. */
export const migration = {
  version: 5,
  // The long text stands last: what is summed and sorted by is read without it.
  sql: `
    CREATE TABLE hub_answers (
      -- Endpoint and request, without any token.
      request TEXT PRIMARY KEY,
      size_bytes INTEGER NOT NULL,
      fetched_at REAL NOT NULL,
      used_at REAL NOT NULL,
      -- JSON
      answer TEXT NOT NULL
    ) STRICT;
    CREATE INDEX hub_answers_by_use ON hub_answers (used_at, size_bytes);
    CREATE TABLE remote_headers (
      -- sha256 or etag of the content.
      content TEXT PRIMARY KEY,
      size_bytes INTEGER NOT NULL,
      read_at REAL NOT NULL,
      used_at REAL NOT NULL,
      -- JSON
      header TEXT NOT NULL
    ) STRICT;
    CREATE INDEX remote_headers_by_use ON remote_headers (used_at, size_bytes);
  `,
} as const;
