import type { SettingsPatch } from '#shared/contract/settings.ts';
import { updateSettings } from '../../stores/settings.ts';
import { showError } from '../../ui/showError.ts';

/** Keeps a change; a refused one is taken back and said. */
export function saveSettings(patch: SettingsPatch): void {
  updateSettings(patch).catch((thrown: unknown) => showError('The setting was not saved', thrown));
}
