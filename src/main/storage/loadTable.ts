import { LoadLesson, LoadObservation } from '#shared/contract/fit.ts';
import type { Database } from './database.ts';

/** Beyond that the oldest go: corrections come from the newest few, and a list shows no more than hundreds. */
const keptLoads = 2000;

export interface RecordedLoad {
  readonly observation: LoadObservation;
  readonly lesson: LoadLesson;
}

export interface LoadTable {
  insert(load: RecordedLoad): void;
  get(id: string): RecordedLoad | undefined;
  update(load: RecordedLoad): void;
  /** Newest first; rows that cannot be read are left out. */
  list(options: { readonly artifactId: string | null; readonly limit: number }): RecordedLoad[];
}

/** Loads that happened on this machine. */
export function loadTable(database: Database, limit = keptLoads): LoadTable {
  return {
    insert({ observation, lesson }) {
      database.transaction(() => {
        database.run(
          'INSERT INTO loads (id, at, artifact_id, observation, lesson) VALUES (?, ?, ?, ?, ?)',
          observation.id,
          observation.at,
          observation.artifactId,
          JSON.stringify(observation),
          JSON.stringify(lesson),
        );
        database.run('DELETE FROM loads WHERE rowid IN (SELECT rowid FROM loads ORDER BY at DESC, rowid DESC LIMIT -1 OFFSET ?)', limit);
      });
    },
    get(id) {
      const row = database.get<StoredLoad>('SELECT observation, lesson FROM loads WHERE id = ?', id);
      return row === undefined ? undefined : readable(row);
    },
    update({ observation, lesson }) {
      database.run(
        'UPDATE loads SET observation = ?, lesson = ? WHERE id = ?',
        JSON.stringify(observation),
        JSON.stringify(lesson),
        observation.id,
      );
    },
    list({ artifactId, limit: most }) {
      const newest = 'ORDER BY at DESC, rowid DESC LIMIT ?';
      const rows =
        artifactId === null
          ? database.all<StoredLoad>(`SELECT observation, lesson FROM loads ${newest}`, most)
          : database.all<StoredLoad>(`SELECT observation, lesson FROM loads WHERE artifact_id = ? ${newest}`, artifactId, most);
      return rows.flatMap((row) => readable(row) ?? []);
    },
  };
}

interface StoredLoad {
  readonly observation: string;
  readonly lesson: string;
}

function readable(row: StoredLoad): RecordedLoad | undefined {
  try {
    return { observation: LoadObservation.parse(JSON.parse(row.observation)), lesson: LoadLesson.parse(JSON.parse(row.lesson)) };
  } catch {
    return undefined;
  }
}
