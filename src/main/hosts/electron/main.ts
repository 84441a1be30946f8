/** The desktop host. */
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, nativeTheme, type OpenDialogOptions, safeStorage, session } from 'electron';
import { createServices, type Services } from '#main/services/createServices.ts';
import type { HostPorts } from '#main/services/hostPorts.ts';
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
import { openSandboxWindow } from './sandboxWindow.ts';
import { createUtilityRunnerSpawner } from './spawnRunner.ts';
import { createProxyResolver } from './systemProxy.ts';
import { builtPreload, openWindow } from './window.ts';

app.enableSandbox();
registerAppScheme();
const data = dataFolder();
// Chromium's own files stay in our folder, and Electron's instance lock is then one per data folder.
app.setPath('userData', join(data, 'electron'));
/** The window that people see; the sandbox's is no window to them. */
let pageWindow: BrowserWindow | null = null;

if (app.requestSingleInstanceLock()) void start();
else app.quit();

async function start(): Promise<void> {
  const log = createLog({ folder: join(data, 'logs'), name: 'desktop' });
  guardWebContents(log);
  app.on('second-instance', showWindow);
  // Listened to so that Electron does not quit by itself: closing the page is what ends the app, whatever else is open.
  app.on('window-all-closed', () => undefined);
  await app.whenReady();
  const services = await startServices(log);
  if (services === null) return app.exit(1);
  disposeBeforeQuit(services, log);
  guardPermissions(session.defaultSession);
  serveAppScheme(join(app.getAppPath(), 'out', 'renderer'));
  setMenu();
  followThemeSetting(services, log);

  const open = (): void => {
    pageWindow = openWindow({
      dataFolder: data,
      preload: builtPreload(import.meta.dirname),
      log,
      onPage: (window) => connectWindow(window, services, log),
    });
    pageWindow.once('closed', () => {
      pageWindow = null;
      if (process.platform !== 'darwin') app.quit();
    });
  };
  app.on('activate', () => {
    if (pageWindow === null) open();
  });
  open();
  log.info('desktop.started');
}

/** @returns null when starting failed; the user has then been told why. */
async function startServices(log: Log): Promise<Services | null> {
  try {
    const root = app.getAppPath();
    const ports: HostPorts = {
      host: 'desktop',
      version: app.getVersion(),
      electronVersion: process.versions.electron ?? null,
      // A packaged app keeps models and suites beside its archive, where native code can read them.
      paths: hostPaths({ data, resources: app.isPackaged ? process.resourcesPath : join(root, 'resources') }),
      ...thisPlatform(),
      secrets: createKeychainSecrets({ folder: join(data, 'secrets'), safeStorage, platform: process.platform, log }),
      resolveProxy: createProxyResolver({ session: session.defaultSession, log }),
      openSandbox: () => openSandboxWindow(root),
      spawnRunner: createUtilityRunnerSpawner({ runnerScript: join(root, 'out', 'main', 'runner.js') }),
      log,
      pickFiles,
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

/** Native parts (title bar, menus, dialogs) take the theme that the user chose in the settings. */
function followThemeSetting(services: Services, log: Log): void {
  const { signal } = new AbortController();
  services.handlers['settings.changes']({}, { signal, emit: ({ theme }) => (nativeTheme.themeSource = theme) }).catch((error: unknown) =>
    log.error('desktop.theme-failed', { error }),
  );
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

function showWindow(): void {
  if (pageWindow === null) return;
  if (pageWindow.isMinimized()) pageWindow.restore();
  pageWindow.focus();
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
