import { ChatPreset } from '#shared/contract/chat.ts';
import type { Database } from './database.ts';

export interface PresetTable {
  /** Oldest first; rows that cannot be read are left out. */
  list(): ChatPreset[];
  save(preset: ChatPreset, now: number): void;
  /** @returns whether it was there. */
  remove(id: string): boolean;
}

/** Ways to answer that the user has named. */
export function presetTable(database: Database): PresetTable {
  return {
    list: () =>
      database.all<{ preset: string }>('SELECT preset FROM presets ORDER BY created_at, rowid').flatMap(({ preset }) => {
        const parsed = ChatPreset.safeParse(JSON.parse(preset));
        return parsed.success ? [parsed.data] : [];
      }),
    save(preset, now) {
      database.run(
        'INSERT INTO presets (id, preset, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET preset = excluded.preset',
        preset.id,
        JSON.stringify(preset),
        now,
      );
    },
    remove: (id) => database.run('DELETE FROM presets WHERE id = ?', id) > 0,
  };
}
