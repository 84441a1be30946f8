import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DesktopApp, startDesktop } from '../startDesktop.ts';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

let app: DesktopApp;

beforeAll(async () => {
  app = await startDesktop();
});
afterAll(() => app.stop());

interface Fetched {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}
const fetchPage = (url: string, method = 'GET'): Promise<Fetched> => app.desktop.ask({ command: 'fetch', url, method }) as Promise<Fetched>;

describe('the window', () => {
  it('is sandboxed and isolated, without Node, webviews or dictionaries from the network', async () => {
    const { options } = await app.desktop.report('window');
    expect(options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      preload: expect.stringMatching(/out[\\/]preload[\\/]index\.cjs$/),
    });
    expect(Object.keys(options.webPreferences as object)).not.toContain('enableBlinkFeatures');
    expect(app.desktop.reports.some((report) => report.kind === 'sandbox')).toBe(true);
  });

  it('draws its own title bar in the colours of the page', async () => {
    const { options } = await app.desktop.report('window');
    expect(options).toMatchObject({ titleBarStyle: 'hidden', titleBarOverlay: { color: '#EFEFEB', symbolColor: '#191A17', height: 40 } });
  });

  it('gives the page two functions and nothing of Electron or Node', async () => {
    const found = await app.page.evaluate(() => ({
      names: Object.keys((globalThis as unknown as { rightsize: object }).rightsize),
      leaks: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter((name) => name in globalThis),
    }));
    expect(found).toEqual({ names: ['send', 'onFrame'], leaks: [] });
  });
});

describe('the app scheme', () => {
  it('is registered once, standard and secure, and may not go around the policy', async () => {
    const { schemes } = await app.desktop.report('scheme');
    expect(schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
  });

  it('sends the policy with every answer', async () => {
    const answers = [
      await fetchPage('app://rightsize/index.html'),
      await fetchPage('app://rightsize/missing.js'),
      await fetchPage('app://other/index.html'),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([200, 404, 403]);
    for (const { headers } of answers) expect(headers['content-security-policy']).toBe(policy);
  });

  it.each(['app://rightsize/..%2f..%2fpackage.json', 'app://rightsize/%2e%2e%2fmain/main.js', 'app://rightsize/../main/main.js'])(
    'has no file outside the page: %s',
    async (url) => {
      expect((await fetchPage(url)).status).toBe(404);
    },
  );

  it('answers reading only', async () => {
    expect((await fetchPage('app://rightsize/index.html', 'POST')).status).toBe(405);
  });
});

describe('a page that wants to get away', () => {
  it('stays where it is when it navigates to another site', async () => {
    const before = app.page.url();
    await app.page.evaluate("location.href = 'https://example.com/'");
    await expect
      .poll(() => app.desktop.reports.find((report) => report.kind === 'navigation' && report.url.startsWith('https://example.com')))
      .toMatchObject({ allowed: false });
    expect(app.page.url()).toBe(before);
  });

  it('opens no window', async () => {
    await app.page.evaluate("open('https://example.com/popup'), null");
    expect(await app.desktop.report('popup')).toMatchObject({ allowed: false });
    expect(app.desktop.reports.filter((report) => report.kind === 'external')).toEqual([]);
    expect(
      app.desktop.reports.filter(
        (report) => report.kind === 'navigation' && report.allowed && !report.url.includes('rightsize.app.localhost'),
      ),
    ).toEqual([]);
  });

  it('gets no permission but that of its copy buttons, and other pages not even that', async () => {
    const permission = (name: string, url = 'app://rightsize/index.html'): Promise<unknown> =>
      app.desktop.ask({ command: 'permission', permission: name, url });
    expect(await permission('clipboard-sanitized-write')).toEqual({ requested: true, checked: true });
    expect(await permission('clipboard-sanitized-write', 'https://evil.example/')).toEqual({ requested: false, checked: false });
    for (const name of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'fullscreen', 'unknown', '__proto__']) {
      expect(await permission(name), name).toEqual({ requested: false, checked: false });
    }
  });
});

describe('the pipe', () => {
  it('answers the page, and nobody else who puts the same frame on the channel', async () => {
    await app.page.evaluate(() => {
      const scope = globalThis as unknown as {
        answers: number[];
        rightsize: { onFrame(listener: (frame: { id: number }) => void): () => void };
      };
      scope.answers = [];
      scope.rightsize.onFrame((frame) => scope.answers.push(frame.id));
    });
    const frame = (id: number): unknown => ({ kind: 'req', id, route: 'system.about', input: {} });
    await app.desktop.ask({ command: 'forge', frame: frame(900_001), url: 'https://evil.example/', isTopFrame: true });
    await app.desktop.ask({ command: 'forge', frame: frame(900_002), url: 'app://rightsize/index.html', isTopFrame: false });
    await app.desktop.ask({ command: 'forge', frame: frame(900_003), url: 'app://rightsize.evil/index.html', isTopFrame: true });
    await app.desktop.ask({ command: 'forge', frame: frame(900_004), url: 'app://rightsize/index.html', isTopFrame: true });
    const ids = (): Promise<number[]> =>
      app.page.evaluate(() => (globalThis as unknown as { answers: number[] }).answers.filter((id) => id > 900_000));
    await expect.poll(ids).toContain(900_004);
    expect(await ids()).toEqual([900_004]);
  });

  it('lives through rubbish', async () => {
    for (const frame of [null, 1, 'req', [], { kind: 'req' }, { kind: 'req', id: -1, route: 'x' }, { kind: 'end', id: 1 }]) {
      await app.desktop.ask({ command: 'forge', frame, url: 'app://rightsize/index.html', isTopFrame: true });
    }
    await expect(fetchPage('app://rightsize/index.html')).resolves.toMatchObject({ status: 200 });
    expect(app.desktop.child.exitCode).toBeNull();
  });
});
