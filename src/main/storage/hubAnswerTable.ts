import type { Database } from './database.ts';
import { dropLeastUsed, usedBefore } from './dropLeastUsed.ts';

export interface HubAnswerTable {
  /** What the hub answered last, parsed, and when (ms since 1970). */
  read(request: string, now: number): { readonly answer: unknown; readonly fetchedAt: number } | undefined;
  /** Keeps an answer in place of an older one, and lets go of those used longest ago. */
  write(request: string, answer: unknown, now: number): void;
}

/** A quarter of the whole: one answer may not empty the rest. */
const largestShare = 4;

/** Answers of the hub by request. Together they take at most `limitBytes`; one that is too long is not kept. */
export function hubAnswerTable(database: Database, limitBytes = 32_000_000): HubAnswerTable {
  return {
    read(request, now) {
      const row = database.get<{ answer: string; fetched_at: number }>(
        'SELECT answer, fetched_at FROM hub_answers WHERE request = ?',
        request,
      );
      if (row === undefined) return undefined;
      database.run('UPDATE hub_answers SET used_at = ? WHERE request = ? AND used_at < ?', now, request, usedBefore(now));
      return { answer: JSON.parse(row.answer), fetchedAt: row.fetched_at };
    },
    write(request, answer, now) {
      const text = JSON.stringify(answer);
      const sizeBytes = Buffer.byteLength(text) + Buffer.byteLength(request);
      if (sizeBytes > limitBytes / largestShare) return;
      database.transaction(() => {
        database.run(
          `INSERT INTO hub_answers (request, size_bytes, fetched_at, used_at, answer) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (request) DO UPDATE SET
            size_bytes = excluded.size_bytes, fetched_at = excluded.fetched_at, used_at = excluded.used_at, answer = excluded.answer`,
          request,
          sizeBytes,
          now,
          now,
          text,
        );
        dropLeastUsed(database, 'hub_answers', limitBytes);
      });
    },
  };
}
