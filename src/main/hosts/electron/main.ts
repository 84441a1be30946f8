/** The desktop host. */
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, nativeTheme, type OpenDialogOptions, safeStorage, session, type Tray } from 'electron';
import { createServices, type Services } from '#main/services/createServices.ts';
import type { DesktopShell, HostPorts } from '#main/services/hostPorts.ts';
import { routes } from '#shared/contract/routes.ts';
import type { Log } from '#shared/log.ts';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { serveRpc } from '#shared/rpc/serveRpc.ts';
import { createLog } from '../createLog.ts';
import { dataFolder, hostPaths, thisPlatform } from '../hostPaths.ts';
import { registerAppScheme, serveAppScheme } from './appScheme.ts';
import { guardPermissions, guardWebContents, openExternal } from './guards.ts';
import { connectPages } from './ipcPipe.ts';
import { createKeychainSecrets } from './keychainSecrets.ts';
import { setMenu } from './menu.ts';
import { createQuickPromptKey } from './quickPromptKey.ts';
import { openSandboxWindow } from './sandboxWindow.ts';
import { createUtilityRunnerSpawner } from './spawnRunner.ts';
import { createProxyResolver } from './systemProxy.ts';
import { openTray } from './tray.ts';
import { builtPreload } from './window.ts';
import { createWindows } from './windows.ts';

app.enableSandbox();
registerAppScheme();
const data = dataFolder();
// Chromium's own files stay in our folder, and Electron's instance lock is then one per data folder.
app.setPath('userData', join(data, 'electron'));

if (app.requestSingleInstanceLock()) void start();
else app.quit();

async function start(): Promise<void> {
  const log = createLog({ folder: join(data, 'logs'), name: 'desktop' });
  guardWebContents(log);
  // Listened to so that Electron does not quit by itself: closing the page is what ends the app, whatever else is open.
  app.on('window-all-closed', () => undefined);
  let services: Services | null = null;
  let tray: Tray | null = null;
  const windows = createWindows({
    dataFolder: data,
    preload: builtPreload(import.meta.dirname),
    log,
    onPage: (window) => (services === null ? undefined : connectWindow(window, services, log)),
    // Without a place in the tray nothing would lead back to an app without windows.
    staysInTray: () => tray !== null && services?.settings.read().closeToTray === true,
  });
  app.on('second-instance', () => (services === null ? undefined : windows.show()));
  await app.whenReady();
  const key = createQuickPromptKey({ onPressed: windows.toggleQuickPrompt, log });
  services = await startServices(log, {
    state: () => ({ shortcut: key.accelerator, hasShortcut: key.isHeld, hasTray: tray !== null }),
    showPage: windows.show,
    hideQuickPrompt: windows.hideQuickPrompt,
  });
  if (services === null) return app.exit(1);
  disposeBeforeQuit(services, log);
  guardPermissions(session.defaultSession);
  serveAppScheme(join(app.getAppPath(), 'out', 'renderer'));
  setMenu();
  services.settings.subscribe(({ theme, quickPromptShortcut }) => {
    // Native parts (title bar, menus, dialogs) take the theme that the user chose.
    nativeTheme.themeSource = theme;
    key.set(quickPromptShortcut);
  });
  tray = openTray({ services, windows, key, icons: join(resources(), 'icons'), log });
  app.on('activate', () => windows.show());
  windows.show();
  // What goes wrong stands on the Server page.
  if (services.settings.read().server.startsWithApp) void services.server.start();
  log.info('desktop.started');
}

/** A packaged app keeps models, suites and icons beside its archive, where native code can read them. */
const resources = (): string => (app.isPackaged ? process.resourcesPath : join(app.getAppPath(), 'resources'));

/** @returns null when starting failed; the user has then been told why. */
async function startServices(log: Log, desktop: DesktopShell): Promise<Services | null> {
  try {
    const root = app.getAppPath();
    const ports: HostPorts = {
      host: 'desktop',
      version: app.getVersion(),
      electronVersion: process.versions.electron ?? null,
      paths: hostPaths({ data, resources: resources() }),
      ...thisPlatform(),
      secrets: createKeychainSecrets({ folder: join(data, 'secrets'), safeStorage, platform: process.platform, log }),
      resolveProxy: createProxyResolver({ session: session.defaultSession, log }),
      openSandbox: () => openSandboxWindow(root),
      spawnRunner: createUtilityRunnerSpawner({ runnerScript: join(root, 'out', 'main', 'runner.js') }),
      log,
      pickFiles,
      desktop,
      openExternal: (url) => openExternal(url, log),
    };
    return await createServices(ports);
  } catch (error) {
    const { code, message, hint } = toRpcErrorData(error);
    log.error('desktop.start-failed', { code, error });
    dialog.showErrorBox('Rightsize cannot start', hint === undefined ? message : `${message}\n\n${hint}`);
    return null;
  }
}

function connectWindow(window: BrowserWindow, services: Services, log: Log): void {
  const onBug = (error: unknown, route: string): void => log.error('route.bug', { route, error });
  connectPages(window.webContents, (pipe) => void serveRpc(pipe, { routes, handlers: services.handlers, onBug }));
}

/** Runners, database and lock are let go before the process ends, however it was asked to. */
function disposeBeforeQuit(services: Services, log: Log): void {
  let state: 'running' | 'disposing' | 'disposed' = 'running';
  app.on('before-quit', (event) => {
    if (state !== 'disposed') event.preventDefault();
    if (state !== 'running') return;
    state = 'disposing';
    services
      .dispose()
      .catch((error: unknown) => log.error('desktop.dispose-failed', { error }))
      .finally(() => {
        state = 'disposed';
        app.quit();
      });
  });
}

const pickers: Readonly<Record<'folder' | 'gguf' | 'dataset', OpenDialogOptions>> = {
  folder: { title: 'Add a model folder', properties: ['openDirectory'] },
  gguf: { title: 'Import a model', properties: ['openFile', 'multiSelections'], filters: [{ name: 'GGUF models', extensions: ['gguf'] }] },
  dataset: {
    title: 'Import a data set',
    properties: ['openFile'],
    filters: [{ name: 'Labelled items', extensions: ['jsonl', 'json', 'csv', 'tsv', 'yaml', 'yml'] }],
  },
};

async function pickFiles(query: { readonly kind: 'folder' | 'gguf' | 'dataset' }): Promise<readonly string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(pickers[query.kind]);
  return canceled ? [] : filePaths;
}
