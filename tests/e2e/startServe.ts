import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium } from 'playwright-core';
import { chromiumFlags } from '../doubles/chromiumFlags.ts';
import { isolatedEnvironment } from '../fixtures/isolatedEnvironment.ts';
import { type StartApp, watchProblems } from './appUnderTest.ts';
import { makeHome, noHub, removeHome } from './dataFolder.ts';

const root = resolve(import.meta.dirname, '../..');

export interface ServeProcess {
  readonly url: string;
  readonly origin: string;
  /** Of the local API; null where none is served. */
  readonly apiUrl: string | null;
  readonly apiKey: string | null;
  readonly child: ChildProcess;
  /** Asks it to stop and resolves with its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ServeRefusal {
  readonly code: number | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null };
}

/** Starts `rightsize serve` from source on a free port. */
export async function spawnServe(
  home: string,
  options: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ServeProcess> {
  const child = launch(home, options.args ?? ['--port', '0'], options.env);
  const facts = await firstLine(child);
  if (typeof facts.url !== 'string') throw new Error(`The serve host did not start: ${JSON.stringify(facts)}`);
  return {
    url: facts.url,
    origin: new URL(facts.url).origin,
    apiUrl: (facts.apiUrl ?? null) as string | null,
    apiKey: (facts.apiKey ?? null) as string | null,
    child,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill(signal);
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

/** Starts `rightsize serve` where it must refuse, and reads why. */
export async function spawnRefusedServe(home: string, args: readonly string[]): Promise<ServeRefusal> {
  const child = launch(home, args);
  const ended = once(child, 'exit');
  const facts = await firstLine(child);
  const [code] = (await ended) as [number | null];
  return { code, error: facts.error as ServeRefusal['error'] };
}

function launch(home: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const api = args.some((arg) => arg.includes('api')) ? [] : ['--api-port', '0'];
  return spawn(process.execPath, [join(root, 'src/main/hosts/serve/main.js'), '--json', ...api, ...args], {
    cwd: root,
    env: isolatedEnvironment({ data: home }, { ...noHub, ...env }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function firstLine(child: ChildProcess): Promise<Record<string, unknown>> {
  if (child.stdout === null) throw new Error('The serve host has no output.');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as Record<string, unknown>;
  throw new Error(`The serve host ended with code ${child.exitCode} and printed nothing.`);
}

export function launchChromium(): Promise<Browser> {
  const executablePath = process.env.CHROME_PATH;
  if (executablePath === undefined) throw new Error('CHROME_PATH is not set: run the e2e tests by `npm run e2e`.');
  return chromium.launch({ executablePath, headless: true, args: [...chromiumFlags] });
}

/** The serve host with its page open in Chromium. */
export const startServe: StartApp = async (options = {}) => {
  const home = options.home ?? makeHome();
  // A browser that cannot be started must leave no host behind.
  const browser = await launchChromium();
  const serve = await spawnServe(home, options.env === undefined ? {} : { env: options.env });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: options.colorScheme ?? 'light',
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const problems = watchProblems(page);
  await page.goto(serve.url);
  return {
    page,
    home,
    pid: serve.child.pid ?? -1,
    problems,
    stop: async () => {
      await browser.close();
      await serve.stop();
      if (options.home === undefined) removeHome(home);
    },
  };
};
