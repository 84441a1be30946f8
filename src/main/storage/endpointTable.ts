import { Endpoint } from '#shared/contract/endpoints.ts';
import type { Database } from './database.ts';

/** An endpoint without its key, which lies with the secrets. */
const StoredEndpoint = Endpoint.omit({ hasKey: true });
export type StoredEndpoint = Omit<Endpoint, 'hasKey'>;

export interface EndpointTable {
  /** In the order they were added; rows that cannot be read are left out. */
  list(): StoredEndpoint[];
  get(id: string): StoredEndpoint | undefined;
  /** Adds it, or puts it in the place of the one with its id. */
  save(endpoint: StoredEndpoint, at: number): void;
  remove(id: string): void;
}

/** Servers that may be asked. */
export function endpointTable(database: Database): EndpointTable {
  return {
    list: () => database.all<StoredRow>('SELECT endpoint FROM endpoints ORDER BY created_at, rowid').flatMap((row) => readable(row) ?? []),
    get(id) {
      const row = database.get<StoredRow>('SELECT endpoint FROM endpoints WHERE id = ?', id);
      return row === undefined ? undefined : readable(row);
    },
    save(endpoint, at) {
      const { id } = endpoint;
      const stored = JSON.stringify(endpoint);
      const sql =
        'INSERT INTO endpoints (id, endpoint, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET endpoint = excluded.endpoint';
      database.run(sql, id, stored, at);
    },
    remove(id) {
      database.run('DELETE FROM endpoints WHERE id = ?', id);
    },
  };
}

interface StoredRow {
  readonly endpoint: string;
}

function readable(row: StoredRow): StoredEndpoint | undefined {
  try {
    return StoredEndpoint.parse(JSON.parse(row.endpoint));
  } catch {
    return undefined;
  }
}
