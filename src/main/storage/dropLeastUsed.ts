import type { Database } from './database.ts';

/** A use is noted once an hour: noting it rewrites the whole row. */
const noteAfterMs = 60 * 60_000;

/**
 * Drops the rows that were used longest ago until the rest is small enough.
 * @param table with the columns `used_at` and `size_bytes`
 * @param limitBytes that the rows kept may have together
 */
export function dropLeastUsed(database: Database, table: 'hub_answers' | 'remote_headers', limitBytes: number): void {
  database.run(
    `DELETE FROM ${table} WHERE rowid IN (
      SELECT id FROM (SELECT rowid AS id, SUM(size_bytes) OVER (ORDER BY used_at DESC, size_bytes DESC, rowid DESC) AS kept FROM ${table})
      WHERE kept > ?)`,
    limitBytes,
  );
}

/** The time that `used_at` must lie before to be worth noting a use at `now`. Ms since 1970. */
export function usedBefore(now: number): number {
  return now - noteAfterMs;
}
