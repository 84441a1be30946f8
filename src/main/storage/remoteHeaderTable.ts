import type { Database } from './database.ts';
import { dropLeastUsed, usedBefore } from './dropLeastUsed.ts';

export interface RemoteHeaderTable {
  /** What was read of a file with this content, parsed. */
  read(content: string, now: number): unknown;
  write(content: string, header: unknown, now: number): void;
}

const largestShare = 4;

/** Headers of remote files by their content: what was read once holds for good. Together at most `limitBytes`. */
export function remoteHeaderTable(database: Database, limitBytes = 32_000_000): RemoteHeaderTable {
  return {
    read(content, now) {
      const row = database.get<{ header: string }>('SELECT header FROM remote_headers WHERE content = ?', content);
      if (row === undefined) return undefined;
      database.run('UPDATE remote_headers SET used_at = ? WHERE content = ? AND used_at < ?', now, content, usedBefore(now));
      return JSON.parse(row.header);
    },
    write(content, header, now) {
      const text = JSON.stringify(header);
      const sizeBytes = Buffer.byteLength(text) + Buffer.byteLength(content);
      if (sizeBytes > limitBytes / largestShare) return;
      database.transaction(() => {
        database.run(
          `INSERT INTO remote_headers (content, size_bytes, read_at, used_at, header) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (content) DO UPDATE SET
            size_bytes = excluded.size_bytes, read_at = excluded.read_at, used_at = excluded.used_at, header = excluded.header`,
          content,
          sizeBytes,
          now,
          now,
          text,
        );
        dropLeastUsed(database, 'remote_headers', limitBytes);
      });
    },
  };
}
