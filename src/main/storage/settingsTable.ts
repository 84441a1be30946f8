import { Settings, type SettingsPatch } from '#shared/contract/settings.ts';
import type { Database } from './database.ts';

export interface SettingsTable {
  read(): Settings;
  write(patch: SettingsPatch): void;
}

/** Settings, one row a name. A value that this version cannot read falls back to its default and stays in the file. */
export function settingsTable(database: Database): SettingsTable {
  return {
    read() {
      const stored = new Map(
        database.all<{ name: string; value: string }>('SELECT name, value FROM settings').map((row) => [row.name, row.value]),
      );
      const known: Record<string, unknown> = {};
      for (const [name, schema] of Object.entries(Settings.shape)) {
        const value = stored.get(name);
        if (value === undefined) continue;
        const parsed = schema.safeParse(parseJson(value));
        if (parsed.success) known[name] = parsed.data;
      }
      return Settings.parse(known);
    },
    write(patch) {
      database.transaction(() => {
        for (const [name, value] of Object.entries(patch)) {
          if (value === undefined) continue;
          database.run(
            'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
            name,
            JSON.stringify(value),
          );
        }
      });
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
