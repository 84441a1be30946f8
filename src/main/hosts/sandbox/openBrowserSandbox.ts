import { basename } from 'node:path';
import type { Browser, Route } from 'playwright-core';
import type { SandboxPage } from '#main/services/sandbox/sandboxPage.ts';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { PlatformFacts } from '../hostPaths.ts';
import { createSandboxPage } from './createSandboxPage.ts';
import { browserVariable, findBrowser } from './findBrowser.ts';
import { readSandboxFile } from './sandboxFiles.ts';

/** A name that no resolver knows (RFC 6761): what is not answered from our files goes nowhere. */
const origin = 'https://sandbox.invalid';

/** A slow disk and a busy machine are no fault of the browser. */
const startLimitMs = 120_000;

/** The browser does nothing on its own, and draws nothing. */
const flags = [
  ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
  ...['--disable-sync', '--disable-dev-shm-usage', '--disable-extensions', '--no-default-browser-check', '--no-pings'],
  // Names are not even looked up.
  '--host-resolver-rules=MAP * ~NOTFOUND',
];

/** What a browser may know of this process: where its libraries, its temporary files and its display are. No tokens, no proxies. */
const passedOn = [
  ...['PATH', 'HOME', 'LANG', 'TMPDIR', 'TMP', 'TEMP', 'USERPROFILE', 'LOCALAPPDATA', 'APPDATA', 'PROGRAMFILES', 'PROGRAMFILES(X86)'],
  ...['PROGRAMDATA', 'SYSTEMROOT', 'WINDIR', 'COMSPEC', 'LD_LIBRARY_PATH', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'],
];

/**
 * Opens the sandbox in an installed browser, without a window, a profile or a port: the files of the page are handed to it over the driver's pipe,
 * and everything else that it asks for is refused.
 * @throws {RpcError} sandbox-missing when no browser is installed.
 * @throws {Error} when the one there is does not start.
 */
export async function openBrowserSandbox(facts: PlatformFacts): Promise<SandboxPage> {
  const program = findBrowser(facts);
  if (program === null) throw noBrowser(facts.env[browserVariable]);
  // Chromium refuses its sandbox to root. Only then is it left out: what is missing for another reason is no reason to go without.
  const isRoot = facts.platform === 'linux' && process.getuid?.() === 0;
  const browser = await launch(program, facts, isRoot);
  try {
    const context = await browser.newContext({ serviceWorkers: 'block', acceptDownloads: false, permissions: [] });
    await context.route('**/*', answer);
    const page = await context.newPage();
    const closed = new Promise<void>((done) => {
      browser.once('disconnected', () => done());
      page.once('close', () => done());
      page.once('crash', () => done());
    });
    await page.goto(`${origin}/index.html`, { timeout: startLimitMs });
    const name = `${/edge/i.test(program) ? 'Edge' : /chrome/i.test(program) ? 'Chrome' : 'Chromium'} ${browser.version()}`;
    return await createSandboxPage(
      { evaluate: (expression) => page.evaluate(expression), closed, close: () => browser.close() },
      { description: isRoot ? `${name}, without the system’s own sandbox because this is root` : name },
    );
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function launch(program: string, facts: PlatformFacts, isRoot: boolean): Promise<Browser> {
  // Loaded at the first need: most starts of the app never run code of a model.
  const { chromium } = await import('playwright-core');
  try {
    return await chromium.launch({
      executablePath: program,
      headless: true,
      chromiumSandbox: !isRoot,
      args: flags,
      timeout: startLimitMs,
      env: Object.fromEntries(passedOn.flatMap((name) => (facts.env[name] === undefined ? [] : [[name, facts.env[name]]]))),
      // Stopping in order is the host's; the driver would end the process.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (cause) {
    throw new Error(`${basename(program)} ${whyNot(cause)}.`, { cause });
  }
}

/** Said by the browser on its way out; the driver passes it on with its own words around. */
const whyNot = (error: unknown): string =>
  /no usable sandbox|suid sandbox|namespace/i.test(String(error))
    ? 'gets no sandbox from this system: it needs user namespaces for users who are not root'
    : 'ended at once';

async function answer(route: Route): Promise<void> {
  const request = route.request();
  const url = new URL(request.url());
  const file = url.origin === origin && request.method() === 'GET' ? await readSandboxFile(url.pathname) : null;
  // The page may be gone by the time that its answer is there.
  if (file === null) return route.abort('blockedbyclient').catch(() => undefined);
  await route.fulfill({ status: 200, headers: { ...file.headers }, body: file.body }).catch(() => undefined);
}

const noBrowser = (named: string | undefined): RpcError =>
  new RpcError(
    benchmarkErrors.sandboxMissing,
    named ? `${browserVariable} names no program.` : 'No browser was found to run Python of models in.',
    { hint: `Install Chrome, Chromium or Edge, or name a browser's program with ${browserVariable}; the desktop app needs none.` },
  );
