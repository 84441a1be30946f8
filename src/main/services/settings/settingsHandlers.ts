import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { untilAborted } from '../untilAborted.ts';
import type { SettingsService } from './settingsService.ts';

type SettingsRoutes = Extract<keyof Routes, `settings.${string}`>;

/** The `settings.*` routes over the service. */
export function createSettingsHandlers(settings: SettingsService): Pick<Handlers<Routes>, SettingsRoutes> {
  return {
    'settings.changes': (_input, { emit, signal }) => untilAborted(signal, () => settings.subscribe(emit)),
    'settings.update': async (patch) => settings.update(patch),
  };
}
