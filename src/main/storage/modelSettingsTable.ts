import { ModelSettings } from '#shared/contract/models.ts';
import type { Database } from './database.ts';

export interface ModelSettingsTable {
  /** Undefined where nothing is kept, or nothing that can be read. */
  get(artifactId: string): ModelSettings | undefined;
  save(artifactId: string, settings: ModelSettings): void;
  remove(artifactId: string): void;
}

/** How each model is loaded when nothing else is asked for. */
export function modelSettingsTable(database: Database): ModelSettingsTable {
  return {
    get(artifactId) {
      const row = database.get<{ readonly settings: string }>('SELECT settings FROM model_settings WHERE artifact_id = ?', artifactId);
      return row === undefined ? undefined : readable(row.settings);
    },
    save(artifactId, settings) {
      const sql =
        'INSERT INTO model_settings (artifact_id, settings) VALUES (?, ?) ON CONFLICT (artifact_id) DO UPDATE SET settings = excluded.settings';
      database.run(sql, artifactId, JSON.stringify(settings));
    },
    remove(artifactId) {
      database.run('DELETE FROM model_settings WHERE artifact_id = ?', artifactId);
    },
  };
}

function readable(settings: string): ModelSettings | undefined {
  try {
    return ModelSettings.parse(JSON.parse(settings));
  } catch {
    return undefined;
  }
}
