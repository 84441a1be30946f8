/**
 * `npm run bench:app`: start times, idle CPU and memory of the app. Prints a table; asserts nothing.
 * Start = a new process and a new data folder each time, from spawn; files are in the disk cache after the first round.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, platform, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium } from 'playwright-core';
import { ensureBuild } from '../scripts/ensureBuild.ts';
import { findBrowser } from '../scripts/findBrowser.ts';
import { root } from '../scripts/runCommand.ts';
import { chromiumFlags } from '../tests/doubles/chromiumFlags.ts';
import { readProcessTree } from './processTree.ts';

const rounds = 7;
const idleSeconds = 20;

interface Host {
  readonly child: ChildProcess;
  readonly url: string;
  readonly readyMs: number;
  stop(): Promise<void>;
}

async function startHost(home: string): Promise<Host> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(root, 'src/main/hosts/serve/main.js'), '--json', '--port', '0', '--api-port', '0'], {
    cwd: root,
    env: { ...process.env, RIGHTSIZE_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const readyMs = performance.now() - startedAt;
    const { url } = JSON.parse(line) as { url: string };
    return {
      child,
      url,
      readyMs,
      stop: async () => {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error('The serve host did not start.');
}

/** From navigation until the first button of the page can be pressed: there, visible, enabled and covered by nothing. Asked in each frame of the page. */
async function openPage(browser: Browser, url: string): Promise<{ readonly usableMs: number; close(): Promise<void> }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const startedAt = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(canBePressed, 'Benchmark my models', { polling: 'raf' });
  return { usableMs: performance.now() - startedAt, close: () => context.close() };
}

/** Runs in the page. */
function canBePressed(words: string): boolean {
  const button = [...document.querySelectorAll('button')].find((element) => element.textContent.includes(words));
  if (button === undefined || button.disabled) return false;
  const { x, y, width, height } = button.getBoundingClientRect();
  return width > 0 && button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}

async function measureIdle(
  pid: number,
  seconds: number,
): Promise<{ readonly cpuPercent: number; readonly residentBytes: number; readonly processes: number } | null> {
  const before = readProcessTree(pid);
  if (before === null) return null;
  await new Promise((done) => setTimeout(done, seconds * 1000));
  const after = readProcessTree(pid);
  if (after === null) return null;
  return {
    cpuPercent: ((after.cpuSeconds - before.cpuSeconds) / seconds) * 100,
    residentBytes: after.residentBytes,
    processes: after.processes,
  };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const milliseconds = (values: readonly number[]): string =>
  `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}, n ${values.length})`;
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

async function withHome<T>(work: (home: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'rightsize-bench-'));
  try {
    return await work(home);
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function bench(): Promise<void> {
  await ensureBuild({ say: (line) => console.error(line) });
  const executablePath = findBrowser();
  const browser = executablePath === null ? null : await chromium.launch({ executablePath, args: [...chromiumFlags] });
  const readyMs: number[] = [];
  const usableMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await withHome(async (home) => {
      const host = await startHost(home);
      readyMs.push(host.readyMs);
      if (browser !== null) {
        const page = await openPage(browser, host.url);
        usableMs.push(page.usableMs);
        await page.close();
      }
      await host.stop();
    });
  }
  const rows: [string, string][] = [['serve host: spawn to listening', milliseconds(readyMs)]];
  if (usableMs.length > 0) rows.push(['page: navigation to usable, Chromium running', milliseconds(usableMs)]);
  rows.push(...(await withHome((home) => idleRows(home, browser))));
  await browser?.close();

  console.log(
    `Rightsize on ${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} threads, ${mebibytes(totalmem())}, ${platform()} ${release()}, Node ${process.version}`,
  );
  console.log('\n| what | measured |\n|---|---|');
  for (const [what, measured] of rows) console.log(`| ${what} | ${measured} |`);
  if (browser === null) console.log('\nNo Chromium was found: the page was not measured.');
}

async function idleRows(home: string, browser: Browser | null): Promise<[string, string][]> {
  const host = await startHost(home);
  const page = browser === null ? null : await openPage(browser, host.url);
  // Hashing new model files is work, not idling: let it end first.
  await measureIdle(host.child.pid ?? 0, 5);
  const idle = await measureIdle(host.child.pid ?? 0, idleSeconds);
  await page?.close();
  await host.stop();
  if (idle === null) return [['idle CPU and memory', 'unknown: read from /proc, which this system lacks']];
  return [
    [
      `idle CPU of our ${idle.processes} processes over ${idleSeconds} s, page open, no model`,
      `${idle.cpuPercent.toFixed(2)} % of one core`,
    ],
    ['resident memory of our processes (without the browser)', mebibytes(idle.residentBytes)],
  ];
}

await bench();
