import type { Database } from './database.ts';

export interface FactTable {
  /** The value stored under a name, unparsed, and when it was recorded (ms since 1970). */
  read(name: string): { readonly value: unknown; readonly recordedAt: number } | undefined;
  write(name: string, value: unknown, recordedAt: number): void;
}

/** What was measured once about this machine, such as its memory bandwidth. */
export function factTable(database: Database): FactTable {
  return {
    read(name) {
      const row = database.get<{ value: string; recorded_at: number }>('SELECT value, recorded_at FROM facts WHERE name = ?', name);
      return row === undefined ? undefined : { value: JSON.parse(row.value), recordedAt: row.recorded_at };
    },
    write(name, value, recordedAt) {
      database.run(
        'INSERT INTO facts (name, value, recorded_at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value, recorded_at = excluded.recorded_at',
        name,
        JSON.stringify(value),
        recordedAt,
      );
    },
  };
}
