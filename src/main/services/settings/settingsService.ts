import type { Database } from '#main/storage/database.ts';
import { settingsTable } from '#main/storage/settingsTable.ts';
import type { Settings, SettingsPatch } from '#shared/contract/settings.ts';

/** What the page changes by itself, and what is set elsewhere: the folder by a dialog, the server by its service. */
export type SettingsChange = SettingsPatch & Partial<Pick<Settings, 'downloadFolder' | 'server'>>;

export interface SettingsService {
  read(): Settings;
  /** Stores the change. @returns all settings as they are now. @throws {RpcError} disk-full; then nothing has changed */
  update(patch: SettingsChange): Settings;
  /** The settings at once and after every change. @returns a function that ends the subscription. */
  subscribe(listener: (settings: Settings) => void): () => void;
}

/** The user's settings, kept in the database. */
export function createSettingsService(options: { readonly database: Database }): SettingsService {
  const table = settingsTable(options.database);
  const listeners = new Set<(settings: Settings) => void>();
  let current = table.read();
  return {
    read: () => current,
    update(patch) {
      table.write(patch);
      current = table.read();
      for (const listener of [...listeners]) listener(current);
      return current;
    },
    subscribe(listener) {
      listeners.add(listener);
      listener(current);
      return () => listeners.delete(listener);
    },
  };
}
