import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join, resolve } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import type { DoubleCommand, DoubleReport } from '../doubles/electron/control.ts';
import { isolatedEnvironment } from '../fixtures/isolatedEnvironment.ts';
import { type AppUnderTest, type StartApp, watchProblems } from './appUnderTest.ts';
import { makeHome, noHub, removeHome } from './dataFolder.ts';

const root = resolve(import.meta.dirname, '../..');
type CommandWithoutId = DoubleCommand extends infer C ? (C extends DoubleCommand ? Omit<C, 'id'> : never) : never;

/** The built main process under the double of the `electron` module. */
export interface DesktopProcess {
  readonly child: ChildProcess;
  /** Everything the double has reported so far. */
  readonly reports: readonly DoubleReport[];
  /** The first report of a kind, past or to come; fails when the process ends without one. */
  report<K extends DoubleReport['kind']>(kind: K): Promise<Extract<DoubleReport, { kind: K }>>;
  ask(command: CommandWithoutId): Promise<unknown>;
  readonly exited: Promise<number | null>;
  quit(): Promise<number | null>;
}

export interface DesktopApp extends AppUnderTest {
  readonly desktop: DesktopProcess;
}

export function spawnDesktop(home: string, env: Readonly<Record<string, string>> = {}): DesktopProcess {
  const register = join(root, 'tests/doubles/electron/register.ts');
  const child = spawn(process.execPath, ['--import', register, join(root, 'out/main/main.js')], {
    cwd: root,
    env: isolatedEnvironment({ data: home }, { ...noHub, ...env }),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const reports: DoubleReport[] = [];
  const news = new EventEmitter().setMaxListeners(100);
  child.on('message', (message: DoubleReport) => {
    reports.push(message);
    news.emit('report');
  });
  const exited = once(child, 'exit').then(([code]) => {
    news.emit('report');
    return code as number | null;
  });
  let nextId = 1;

  async function find<R>(pick: (report: DoubleReport) => R | undefined, what: string): Promise<R> {
    for (;;) {
      for (const report of reports) {
        const found = pick(report);
        if (found !== undefined) return found;
      }
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The desktop process ended before: ${what}`);
      await once(news, 'report');
    }
  }

  const desktop: DesktopProcess = {
    child,
    reports,
    report: (kind) => find((report) => (report.kind === kind ? (report as Extract<DoubleReport, { kind: typeof kind }>) : undefined), kind),
    ask: async (command) => {
      const id = nextId++;
      child.send({ ...command, id });
      const reply = await find((report) => (report.kind === 'reply' && report.id === id ? report : undefined), command.command);
      return reply.value;
    },
    exited,
    quit: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      return exited;
    },
  };
  return desktop;
}

/** Opens the test's own connection to the window's page. */
export async function joinPage(desktop: DesktopProcess): Promise<Browser> {
  const { endpoint } = await desktop.report('browser');
  return chromium.connectOverCDP(endpoint);
}

/** The desktop host with its window open. */
export const startDesktop = (async (options = {}) => {
  const home = options.home ?? makeHome();
  const desktop = spawnDesktop(home, options.env);
  const browser = await joinPage(desktop);
  await desktop.report('loaded');
  const page = browser.contexts()[0]?.pages()[0];
  if (page === undefined) throw new Error('The window has no page.');
  if (options.colorScheme !== undefined) await page.emulateMedia({ colorScheme: options.colorScheme });
  const problems = watchProblems(page);
  const stop = async (): Promise<void> => {
    await desktop.quit();
    await browser.close();
    if (options.home === undefined) removeHome(home);
  };
  return { page, home, pid: desktop.child.pid ?? -1, problems, desktop, stop };
}) satisfies StartApp as (options?: Parameters<StartApp>[0]) => Promise<DesktopApp>;
