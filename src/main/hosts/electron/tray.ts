import { join } from 'node:path';
import { app, Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import type { Services } from '#main/services/createServices.ts';
import type { LoadedModel } from '#shared/contract/models.ts';
import type { Log } from '#shared/log.ts';
import type { QuickPromptKey } from './quickPromptKey.ts';
import type { Windows } from './windows.ts';

/** What the tray's menu shows and does. */
export interface TrayState {
  readonly loaded: readonly LoadedModel[];
  /** The combination that opens the quick prompt, where this app holds it. */
  readonly quickPromptKey: string | null;
  readonly isServing: boolean;
}

export interface TrayActions {
  readonly show: () => void;
  readonly quickPrompt: () => void;
  readonly unload: (artifactId: string) => void;
  readonly toggleServer: () => void;
}

/** The app's place in the tray, its menu always as things are. @returns null where this desktop has no tray */
export function openTray(needs: {
  readonly services: Pick<Services, 'models' | 'settings' | 'server'>;
  readonly windows: Pick<Windows, 'show' | 'toggleQuickPrompt'>;
  readonly key: Pick<QuickPromptKey, 'accelerator' | 'isHeld'>;
  readonly icons: string;
  readonly log: Log;
}): Tray | null {
  const { services, windows, key, log } = needs;
  const tray = createTray(needs);
  if (tray === null) return null;
  const actions: TrayActions = {
    show: () => windows.show(),
    quickPrompt: windows.toggleQuickPrompt,
    toggleServer: () => {
      const { server } = services;
      const change = server.state().state === 'running' ? server.stop() : server.start();
      // Why it could not be started is on the Server page.
      change.catch((error: unknown) => log.warn('tray.server-failed', { error }));
    },
    unload: (artifactId) => void services.models.unload(artifactId).catch((error: unknown) => log.warn('tray.unload-failed', { error })),
  };
  const update = (): void => {
    const state = {
      loaded: services.models.loaded(),
      quickPromptKey: key.isHeld ? key.accelerator : null,
      isServing: services.server.state().state === 'running',
    };
    tray.setContextMenu(Menu.buildFromTemplate(trayMenu(state, actions)));
  };
  tray.setToolTip('Rightsize');
  tray.on('click', actions.show);
  services.models.subscribe(update);
  services.settings.subscribe(update);
  let isServing = false;
  services.server.subscribe((change) => {
    if (change.kind !== 'state' && change.kind !== 'snapshot') return;
    const runs = change.state.state === 'running';
    if (runs !== isServing) update();
    isServing = runs;
  });
  return tray;
}

function createTray({ icons, log }: { readonly icons: string; readonly log: Log }): Tray | null {
  try {
    return new Tray(nativeImage.createFromPath(join(icons, 'tray.png')));
  } catch (error) {
    log.warn('tray.missing', { error });
    return null;
  }
}

/** The menu's rows from top to bottom. */
export function trayMenu(state: TrayState, actions: TrayActions): MenuItemConstructorOptions[] {
  const models = state.loaded
    .filter(({ state: loading }) => loading === 'ready')
    .map(({ artifactId, name, quant, usedBy }): MenuItemConstructorOptions => {
      const label = `Unload ${name}${quant === null ? '' : ` ${quant}`}`;
      return { label, enabled: usedBy !== 'benchmark', click: () => actions.unload(artifactId) };
    });
  return [
    { label: 'Open Rightsize', click: actions.show },
    {
      label: 'Quick prompt',
      click: actions.quickPrompt,
      ...(state.quickPromptKey === null ? {} : { accelerator: state.quickPromptKey, registerAccelerator: false }),
    },
    { type: 'separator' },
    { label: 'Local API', type: 'checkbox', checked: state.isServing, click: actions.toggleServer },
    ...(models.length === 0 ? [{ label: 'No model in memory', enabled: false }] : models),
    { type: 'separator' },
    { label: 'Quit Rightsize', click: () => app.quit() },
  ];
}
