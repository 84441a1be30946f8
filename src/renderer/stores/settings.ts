import { create } from 'zustand';
import type { Settings, SettingsPatch } from '#shared/contract/settings.ts';
import { follow, rpc } from './rpc.ts';

interface SettingsState {
  /** Null until they have arrived. */
  readonly settings: Settings | null;
}

export const useSettings = create<SettingsState>(() => ({ settings: null }));

/** Keeps the settings up to date, also when another window changes them. @returns how to stop. */
export function followSettings(): () => void {
  return follow('settings.changes', {}, { onItem: (settings) => useSettings.setState({ settings }) });
}

/** Changes settings at once on the page and for good in the app; a refused change is taken back. */
export async function updateSettings(patch: SettingsPatch): Promise<void> {
  const before = useSettings.getState().settings;
  if (before !== null) useSettings.setState({ settings: { ...before, ...definedOf(patch) } });
  try {
    useSettings.setState({ settings: await rpc.call('settings.update', patch) });
  } catch (thrown) {
    useSettings.setState({ settings: before });
    throw thrown;
  }
}

function definedOf(patch: SettingsPatch): Partial<Settings> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
