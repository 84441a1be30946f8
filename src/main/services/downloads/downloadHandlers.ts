import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import type { HostPorts } from '../hostPorts.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import { untilAborted } from '../untilAborted.ts';
import type { DownloadService } from './downloadService.ts';
import { readFolderChoice } from './readFolderChoice.ts';

type DownloadRoutes = Extract<keyof Routes, `downloads.${string}`>;

/** The `downloads.*` routes over the service. */
export function createDownloadHandlers(
  downloads: DownloadService,
  options: { readonly ports: Pick<HostPorts, 'pickFiles' | 'home'>; readonly settings: SettingsService },
): Pick<Handlers<Routes>, DownloadRoutes> {
  const { ports, settings } = options;
  return {
    'downloads.start': (request, { signal }) => downloads.start(request, { signal }),
    async 'downloads.pause'({ id }) {
      await downloads.pause(id);
      return {};
    },
    async 'downloads.resume'({ id }) {
      await downloads.resume(id);
      return {};
    },
    async 'downloads.cancel'({ id }) {
      await downloads.cancel(id);
      return {};
    },
    async 'downloads.move'({ id, before }) {
      downloads.move(id, before);
      return {};
    },
    async 'downloads.pauseAll'() {
      await downloads.pauseAll();
      return {};
    },
    async 'downloads.resumeAll'() {
      downloads.resumeAll();
      return {};
    },
    async 'downloads.clearFinished'() {
      downloads.clearFinished();
      return {};
    },
    'downloads.changes': (_input, { emit, signal }) => untilAborted(signal, () => downloads.subscribe(emit)),
    async 'downloads.chooseFolder'({ path, reset }) {
      if (reset) return settings.update({ downloadFolder: null });
      const chosen = ports.pickFiles === undefined ? path : (await ports.pickFiles({ kind: 'folder' }))[0];
      if (chosen === undefined) return settings.read();
      return settings.update({ downloadFolder: await readFolderChoice(chosen, ports.home), downloadLayout: 'folder' });
    },
  };
}
