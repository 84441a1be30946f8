import { BrowserWindow, type Session, session } from 'electron';
import type { SandboxPage } from '#main/services/sandbox/sandboxPage.ts';
import { createSandboxPage } from '../sandbox/createSandboxPage.ts';
import { readSandboxFile } from '../sandbox/sandboxFiles.ts';
import { scheme } from './pageAddress.ts';

const origin = `${scheme}://sandbox`;
/** Without `persist:` it lives in memory only. */
const partition = 'sandbox';

let isPrepared = false;

/**
 * Opens the sandbox in a window that is never shown: no preload, no Node, a session of its own that answers only the sandbox's files, asks nobody for
 * permissions and reaches no network.
 * @param root the app's own folder or archive.
 */
export async function openSandboxWindow(root: string): Promise<SandboxPage> {
  if (!isPrepared) prepareSession(session.fromPartition(partition, { cache: false }), root);
  isPrepared = true;
  const window = new BrowserWindow({
    show: false,
    width: 320,
    height: 200,
    skipTaskbar: true,
    focusable: false,
    webPreferences: {
      partition,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
      // The clock that ends a run must not be slowed because nobody looks.
      backgroundThrottling: false,
    },
  });
  const contents = window.webContents;
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  const closed = new Promise<void>((done) => {
    window.once('closed', () => done());
    contents.once('render-process-gone', () => done());
  });
  const close = async (): Promise<void> => {
    if (!window.isDestroyed()) window.destroy();
  };
  void closed.then(close);
  try {
    await window.loadURL(`${origin}/index.html`);
  } catch (error) {
    await close();
    throw error;
  }
  return createSandboxPage(
    { evaluate: (expression) => contents.executeJavaScript(expression), closed, close },
    { description: `a hidden window of the app (Chromium ${process.versions.chrome ?? 'of unknown version'})` },
  );
}

function prepareSession(own: Session, root: string): void {
  own.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  own.setPermissionCheckHandler(() => false);
  own.setDevicePermissionHandler(() => false);
  own.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !isSandboxAddress(url) }));
  own.protocol.handle(scheme, async (request) => {
    const isOurs = isSandboxAddress(request.url) && request.method === 'GET';
    const file = isOurs ? await readSandboxFile(new URL(request.url).pathname, root) : null;
    return file === null ? new Response('There is no such file.', { status: 404 }) : new Response(file.body, { headers: file.headers });
  });
}

/** Compared by parts: custom schemes have no origin in the URL standard. */
function isSandboxAddress(address: string): boolean {
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}` === origin;
}
