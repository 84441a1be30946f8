import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { onCommand, report } from './control.ts';

type SchemeHandler = (request: Request) => Response | Promise<Response>;
type BeforeRequest = (details: { readonly url: string }, decide: (answer: { readonly cancel?: boolean }) => void) => void;
let privilegedCalls = 0;

class Protocol {
  readonly #handlers = new Map<string, SchemeHandler>();

  handle(scheme: string, handler: SchemeHandler): void {
    if (this.#handlers.has(scheme)) throw new Error(`The scheme ${scheme} has been registered`);
    this.#handlers.set(scheme, handler);
  }

  /** Asks the host's own handler for a page, as Electron's network layer does. */
  async answer(url: string, method: string): Promise<Response> {
    const handler = this.#handlers.get(new URL(url).protocol.replace(':', ''));
    if (handler === undefined) throw new Error(`Nothing handles ${url}`);
    return handler(new Request(url, { method }));
  }
}

class DefaultProtocol extends Protocol {
  registerSchemesAsPrivileged(schemes: readonly unknown[]): void {
    privilegedCalls += 1;
    if (privilegedCalls > 1) throw new Error('registerSchemesAsPrivileged replaces what an earlier call said: call it once.');
    report({ kind: 'scheme', schemes });
  }
}
export const protocol = new DefaultProtocol();

/** Asks the default session's handler. */
const answerScheme = (url: string, method = 'GET'): Promise<Response> => protocol.answer(url, method);
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

/** A session: its own handlers of schemes, permissions and requests. */
export class Session {
  readonly protocol: Protocol;
  requestHandler: RequestHandler | null = null;
  checkHandler: CheckHandler | null = null;
  #beforeRequest: BeforeRequest | null = null;

  constructor(handlers: Protocol) {
    this.protocol = handlers;
  }

  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest): void => {
      this.#beforeRequest = listener;
    },
  };

  /** Whether the session's listener lets a request go; without one it does. */
  mayRequest(url: string): Promise<boolean> {
    const listener = this.#beforeRequest;
    return listener === null ? Promise.resolve(true) : new Promise((done) => listener({ url }, ({ cancel }) => done(cancel !== true)));
  }

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.requestHandler = handler;
  }
  setPermissionCheckHandler(handler: CheckHandler): void {
    this.checkHandler = handler;
  }
  setDevicePermissionHandler(): void {}
  // What Chromium answers where no proxy is set.
  resolveProxy(): Promise<string> {
    return Promise.resolve(process.env['RIGHTSIZE_DOUBLE_PROXY'] ?? 'DIRECT');
  }
}

const defaultSession = new Session(protocol);
const partitions = new Map<string, Session>();
export const session = {
  defaultSession,
  fromPartition(name: string): Session {
    const known = partitions.get(name) ?? new Session(new Protocol());
    partitions.set(name, known);
    return known;
  },
};
// Without handlers Electron grants everything, and so does the double: a host that forgets them fails its test.
onCommand('permission', ({ permission, url }) => {
  let requested = true;
  defaultSession.requestHandler?.(null, permission, (allowed) => (requested = allowed), { requestingUrl: url });
  return { requested, checked: defaultSession.checkHandler?.(null, permission, url) ?? true };
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

/** The keys that the app holds everywhere. `taken` are another program's. */
const heldKeys = new Map<string, () => void>();
const takenKeys = new Set((process.env['RIGHTSIZE_DOUBLE_TAKEN_KEYS'] ?? '').split(',').filter(Boolean));
export const globalShortcut = {
  register(accelerator: string, pressed: () => void): boolean {
    if (!/^[\w+]+$/.test(accelerator)) throw new TypeError(`Error processing argument: ${accelerator}`);
    if (takenKeys.has(accelerator) || heldKeys.has(accelerator)) return false;
    heldKeys.set(accelerator, pressed);
    return true;
  },
  unregister: (accelerator: string): void => void heldKeys.delete(accelerator),
};
onCommand('press', ({ accelerator }) => {
  heldKeys.get(accelerator)?.();
  return heldKeys.has(accelerator);
});

export const nativeImage = { createFromPath: (path: string): { readonly path: string } => ({ path }) };

interface MenuRow {
  readonly label?: string;
  readonly type?: string;
  readonly enabled?: boolean;
  readonly checked?: boolean;
  readonly accelerator?: string;
  readonly click?: () => void;
}
let trayMenu: readonly MenuRow[] = [];
export class Tray extends EventEmitter {
  constructor(image: { readonly path: string }) {
    super();
    if (!existsSync(image.path)) throw new Error(`Failed to load image from path '${image.path}'`);
  }
  setToolTip(): void {}
  setContextMenu(menu: readonly MenuRow[]): void {
    trayMenu = menu;
    report({ kind: 'tray', rows: menu.map(({ click: _click, ...row }) => row) });
  }
  destroy(): void {}
}
onCommand('tray', ({ label }) => {
  const row = trayMenu.find((candidate) => candidate.label === label);
  row?.click?.();
  return row !== undefined;
});

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
