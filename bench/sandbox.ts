/** `npm run bench:sandbox`: what running Python of a model costs: the first run, a further one, and the memory that it holds. Prints a table. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { findBrowser } from '../scripts/findBrowser.ts';
import { openBrowserSandbox } from '../src/main/hosts/sandbox/openBrowserSandbox.ts';
import { type PythonRun, pythonLimits, type SandboxPage } from '../src/main/services/sandbox/sandboxPage.ts';

const coldRounds = 3;
const warmRounds = 15;
const programs = {
  'print(6 * 7)': 'print(6 * 7)',
  'Fibonacci of 20, recursive': 'def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nprint(fib(20))',
  'json, re, datetime, statistics imported': 'import json, re, datetime, statistics\nprint(json.dumps([1]))',
} as const;

const facts = { platform: process.platform, home: '', env: { ...process.env, RIGHTSIZE_BROWSER: findBrowser() ?? undefined } };
const run = (page: SandboxPage, code: string): Promise<PythonRun> =>
  page.run({ ...pythonLimits, code }, { signal: new AbortController().signal });

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const startedAt = performance.now();
  const value = await work();
  return { value, ms: performance.now() - startedAt };
}

function tell(what: string, values: readonly number[], unit: string): void {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? Number.NaN;
  console.log(`| ${what} | ${median.toFixed(0)} ${unit} (${sorted[0]?.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)}, n ${sorted.length}) |`);
}

/** What each process below this one adds to memory: proportional set size, from /proc. Empty where there is no such thing. */
function ownShareBytes(rootPid: number): readonly number[] {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  const all = existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  const childrenOf = (pid: string): string[] => all.filter((one) => read(one, 'stat').split(') ').at(-1)?.split(' ')[1] === pid);
  const below = (pid: string): string[] => childrenOf(pid).flatMap((child) => [child, ...below(child)]);
  return below(String(rootPid)).map((pid) => Number(/^Pss:\s+(\d+) kB/m.exec(read(pid, 'smaps_rollup'))?.[1] ?? 0) * 1024);
}

const opens: number[] = [];
let page: SandboxPage | null = null;
for (let round = 0; round < coldRounds; round += 1) {
  await page?.close();
  const { value, ms } = await timed(() => openBrowserSandbox(facts));
  page = value;
  opens.push(ms);
}
if (page === null) throw new Error('No sandbox was opened.');
console.log(`${page.description}, Node ${process.versions.node}\n`);
tell('no browser yet, until ready to run', opens, 'ms');
for (const [name, code] of Object.entries(programs)) {
  const asked: number[] = [];
  const took: number[] = [];
  for (let round = 0; round < warmRounds; round += 1) {
    const { value, ms } = await timed(() => run(page as SandboxPage, code));
    asked.push(ms);
    took.push(value.tookMs);
  }
  tell(`${name}: in the interpreter`, took, 'ms');
  tell(`${name}: until the next interpreter is ready too`, asked, 'ms');
}
const megabytes = ownShareBytes(process.pid).map((bytes) => bytes / 2 ** 20);
if (megabytes.length > 0)
  tell('memory of the browser, each shared page counted once', [megabytes.reduce((sum, part) => sum + part, 0)], 'MiB');
await page.close();
