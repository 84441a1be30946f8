import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import type { HostPorts } from '../hostPorts.ts';

type DesktopRoutes = Extract<keyof Routes, `desktop.${string}`>;

/** The `desktop.*` routes over the host's shell; without one they do nothing. */
export function createDesktopHandlers({ desktop }: Pick<HostPorts, 'desktop'>): Pick<Handlers<Routes>, DesktopRoutes> {
  return {
    'desktop.state': async () => ({ state: desktop?.state() ?? null }),
    async 'desktop.showPage'({ address }) {
      desktop?.showPage(address);
      return {};
    },
    async 'desktop.hideQuickPrompt'() {
      desktop?.hideQuickPrompt();
      return {};
    },
  };
}
