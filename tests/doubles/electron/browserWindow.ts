import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Page, Route } from 'playwright-core';
import { app, PreventableEvent } from './app.ts';
import { openBrowser } from './browser.ts';
import { onCommand, report } from './control.ts';
import { nativeTheme, type Session, session } from './platform.ts';
import { preloadScript } from './preloadWorld.ts';

export const ipcMain = new EventEmitter();

/** `app://name/path` is shown to Chromium as `http://name.app.localhost/path`, which it treats as a secure origin too. */
const toHttp = (url: string): string => url.replace(/^app:\/\/([^/]*)/, 'http://$1.app.localhost');
const toApp = (url: string): string => url.replace(/^http:\/\/([^/]*)\.app\.localhost/, 'app://$1');

interface WindowOptions extends Record<string, unknown> {
  readonly width?: number;
  readonly height?: number;
  readonly x?: number;
  readonly y?: number;
  readonly webPreferences?: { readonly preload?: string; readonly partition?: string };
}

class WebContents extends EventEmitter {
  #page: Page | null = null;
  #waiting: [string, unknown[]][] = [];
  #openHandler: ((details: { url: string }) => { action: string }) | null = null;
  /** Loads that the host asked for itself: Electron asks nobody about those. */
  #ownLoad: string | null = null;
  #isNewDocument = false;

  readonly session: Session;

  constructor(own: Session) {
    super();
    this.session = own;
  }

  async attach(page: Page, preload: string | undefined): Promise<void> {
    this.#page = page;
    await page.exposeBinding('__doubleSend', ({ frame }, channel: string, args: unknown[]) => {
      const senderFrame = { url: toApp(frame.url()), parent: frame.parentFrame() };
      ipcMain.emit(channel, { sender: this, senderFrame }, ...(structuredClone(args) as unknown[]));
    });
    if (preload !== undefined) await page.addInitScript({ content: preloadScript(readFileSync(preload, 'utf8')) });
    // Windows that the page may try to open get no network at all.
    await page.context().route('**/*', (route) => route.abort('blockedbyclient').catch(() => undefined));
    await page.route('**/*', (route) => this.#answer(route));
    page.on('framenavigated', (frame) => {
      if (frame !== page.mainFrame() || !this.#isNewDocument) return;
      this.#isNewDocument = false;
      this.emit('did-navigate', new PreventableEvent(), toApp(frame.url()));
    });
    page.on('popup', (popup) => {
      const allowed = this.#openHandler?.({ url: toApp(popup.url()) }).action !== 'deny';
      if (!allowed) void popup.close();
      report({ kind: 'popup', allowed });
    });
    page.on('crash', () => this.emit('render-process-gone', new PreventableEvent(), { reason: 'crashed', exitCode: 139 }));
  }

  async load(url: string): Promise<void> {
    this.#ownLoad = toHttp(url);
    await this.#page?.goto(toHttp(url));
    report({ kind: 'loaded', url });
  }

  executeJavaScript(code: string): Promise<unknown> {
    return this.#page?.evaluate(code) ?? Promise.reject(new Error('The page is gone.'));
  }

  send(channel: string, ...args: unknown[]): void {
    this.#waiting.push([channel, structuredClone(args)]);
    if (this.#waiting.length === 1) setImmediate(() => this.#deliver());
  }

  reload(): void {
    void this.#page?.reload().catch(() => undefined);
  }

  isDestroyed(): boolean {
    return this.#page === null;
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.#openHandler = handler;
  }

  destroy(): void {
    this.#page = null;
    this.emit('destroyed');
  }

  #deliver(): void {
    const messages = this.#waiting;
    this.#waiting = [];
    const page = this.#page;
    if (page === null || page.isClosed()) return;
    page
      .evaluate((list) => (globalThis as unknown as { __doubleDeliver?: (list: unknown) => void }).__doubleDeliver?.(list), messages)
      // The page went away with the message on its way, as it may in Electron.
      .catch(() => undefined);
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request();
    const url = request.url();
    if (request.isNavigationRequest()) {
      const isMainFrame = request.frame() === this.#page?.mainFrame();
      if (!this.#mayNavigate(url, isMainFrame)) return route.abort('aborted').catch(() => undefined);
      this.#isNewDocument = isMainFrame;
    }
    // Nothing of the page reaches a network, whatever the policy lets through: the test would see the request as blocked.
    if (!/^http:\/\/[^/]*\.app\.localhost\//.test(url)) return route.abort('blockedbyclient').catch(() => undefined);
    if (!(await this.session.mayRequest(toApp(url)))) return route.abort('blockedbyclient').catch(() => undefined);
    const response = await this.session.protocol.answer(toApp(url), request.method());
    await route
      .fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()) })
      .catch(() => undefined);
  }

  #mayNavigate(url: string, isMainFrame: boolean): boolean {
    if (isMainFrame && this.#ownLoad === url) {
      this.#ownLoad = null;
      return true;
    }
    const event = Object.assign(new PreventableEvent(), { url: toApp(url), isMainFrame, isSameDocument: false });
    this.emit('will-frame-navigate', event);
    if (isMainFrame) this.emit('will-navigate', event);
    report({ kind: 'navigation', url, allowed: !event.defaultPrevented });
    return !event.defaultPrevented;
  }
}

let focused: BrowserWindow | null = null;

export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  readonly #options: WindowOptions;
  readonly #page: Promise<Page>;
  #isDestroyed = false;
  #isMaximized = false;

  static getAllWindows(): BrowserWindow[] {
    return [...app.windows] as BrowserWindow[];
  }

  constructor(options: WindowOptions) {
    super();
    this.#options = options;
    const { partition } = options.webPreferences ?? {};
    this.webContents = new WebContents(partition === undefined ? session.defaultSession : session.fromPartition(partition));
    report({ kind: 'window', options: structuredClone(options) });
    app.windows.add(this);
    app.emit('web-contents-created', new PreventableEvent(), this.webContents);
    this.#page = this.#open();
    nativeTheme.on('updated', this.#paint);
  }

  async loadURL(url: string): Promise<void> {
    await this.#page;
    await this.webContents.load(url);
    this.emit('ready-to-show');
  }

  show(): void {}
  restore(): void {}
  isFocused(): boolean {
    return focused === this;
  }
  isMinimized(): boolean {
    return false;
  }
  focus(): void {
    focused = this;
    report({ kind: 'focused' });
  }
  maximize(): void {
    this.#isMaximized = true;
  }
  isMaximized(): boolean {
    return this.#isMaximized;
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
  setBackgroundColor(): void {}
  setTitleBarOverlay(overlay: Record<string, unknown>): void {
    report({ kind: 'overlay', overlay });
  }
  getNormalBounds(): Record<string, number> {
    const { x = 100, y = 60, width = 1280, height = 800 } = this.#options;
    return { x, y, width, height };
  }

  close(): void {
    if (this.#isDestroyed) return;
    const event = new PreventableEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  /** Closes without asking. */
  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    if (focused === this) focused = null;
    nativeTheme.off('updated', this.#paint);
    void this.#page.then((page) => page.close()).catch(() => undefined);
    this.webContents.destroy();
    this.emit('closed');
    app.windowClosed(this);
  }

  async #open(): Promise<Page> {
    const context = await openBrowser();
    const [blank] = context.pages();
    const page = blank?.url() === 'about:blank' && app.windows.size === 1 ? blank : await context.newPage();
    await page.setViewportSize({ width: this.#options.width ?? 800, height: this.#options.height ?? 600 });
    await this.webContents.attach(page, this.#options.webPreferences?.preload);
    return page;
  }

  readonly #paint = (): void => {
    const colorScheme = nativeTheme.themeSource === 'system' ? null : nativeTheme.themeSource;
    void this.#page.then((page) => page.emulateMedia({ colorScheme })).catch(() => undefined);
  };
}

onCommand('close-window', () => BrowserWindow.getAllWindows()[0]?.close());
onCommand('forge', ({ frame, url, isTopFrame }) => {
  const sender = BrowserWindow.getAllWindows()[0]?.webContents;
  ipcMain.emit('frame', { sender, senderFrame: { url, parent: isTopFrame ? null : {} } }, frame);
});
