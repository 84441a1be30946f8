import { EventEmitter } from 'node:events';
import { onCommand, report } from './control.ts';

type SchemeHandler = (request: Request) => Response | Promise<Response>;
const schemeHandlers = new Map<string, SchemeHandler>();
let privilegedCalls = 0;

export const protocol = {
  registerSchemesAsPrivileged(schemes: readonly unknown[]): void {
    privilegedCalls += 1;
    if (privilegedCalls > 1) throw new Error('registerSchemesAsPrivileged replaces what an earlier call said: call it once.');
    report({ kind: 'scheme', schemes });
  },
  handle(scheme: string, handler: SchemeHandler): void {
    if (schemeHandlers.has(scheme)) throw new Error(`The scheme ${scheme} has been registered`);
    schemeHandlers.set(scheme, handler);
  },
};

/** Asks the host's own handler for a page, as Electron's network layer does. */
export async function answerScheme(url: string, method = 'GET'): Promise<Response> {
  const handler = schemeHandlers.get(new URL(url).protocol.replace(':', ''));
  if (handler === undefined) throw new Error(`Nothing handles ${url}`);
  return handler(new Request(url, { method }));
}
onCommand('fetch', async ({ url, method }) => {
  const response = await answerScheme(url, method);
  return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
});

type RequestHandler = (
  contents: unknown,
  permission: string,
  decide: (allowed: boolean) => void,
  details: { requestingUrl: string },
) => void;
type CheckHandler = (contents: unknown, permission: string, origin: string) => boolean;
let requestHandler: RequestHandler | null = null;
let checkHandler: CheckHandler | null = null;

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: RequestHandler): void => {
      requestHandler = handler;
    },
    setPermissionCheckHandler: (handler: CheckHandler): void => {
      checkHandler = handler;
    },
    setDevicePermissionHandler: (): void => undefined,
    // What Chromium answers where no proxy is set.
    resolveProxy: (): Promise<string> => Promise.resolve(process.env['RIGHTSIZE_DOUBLE_PROXY'] ?? 'DIRECT'),
  },
};
// Without handlers Electron grants everything, and so does the double: a host that forgets them fails its test.
onCommand('permission', ({ permission, url }) => {
  let requested = true;
  requestHandler?.(null, permission, (allowed) => (requested = allowed), { requestingUrl: url });
  return { requested, checked: checkHandler?.(null, permission, url) ?? true };
});

let picked: readonly string[] = [];
onCommand('picked', ({ paths }) => {
  picked = paths;
});

export const dialog = {
  showErrorBox: (title: string, text: string): void => report({ kind: 'dialog', title, text }),
  showOpenDialog: (): Promise<{ canceled: boolean; filePaths: readonly string[] }> =>
    Promise.resolve({ canceled: picked.length === 0, filePaths: picked }),
};

export const shell = {
  openExternal(url: string): Promise<void> {
    report({ kind: 'external', url });
    return Promise.resolve();
  },
};

export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};

export const Menu = {
  buildFromTemplate: (template: unknown): unknown => template,
  setApplicationMenu: (): void => undefined,
};

type ThemeSource = 'system' | 'light' | 'dark';
class NativeTheme extends EventEmitter {
  #source: ThemeSource = 'system';

  get themeSource(): ThemeSource {
    return this.#source;
  }

  set themeSource(source: ThemeSource) {
    if (source === this.#source) return;
    this.#source = source;
    this.emit('updated');
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark';
  }
}
export const nativeTheme = new NativeTheme();
