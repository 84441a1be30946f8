/**
 * `npm run bench:page`: long lists, slow networks and long answers, seen from the page. Prints a table; asserts nothing.
 * Library: 10,000 GGUF files (hard links to a model that ships). Discover: a hub that lists 10,000 models. Frames are the times between two
 * animation frames while the list scrolls by a steady step; the baseline is the same loop on a page of one tall empty box, in the same round.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, platform, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { ensureBuild } from '../scripts/ensureBuild.ts';
import { findBrowser } from '../scripts/findBrowser.ts';
import { root } from '../scripts/runCommand.ts';
import { chromiumFlags } from '../tests/doubles/chromiumFlags.ts';
import { isolatedEnvironment } from '../tests/fixtures/isolatedEnvironment.ts';
import { measureAnswer } from './answerFrames.ts';
import { startHubOfMany } from './hubOfMany.ts';

const rowCount = 10_000;
const rounds = 3;
const framesARound = 240;
const stepPixels = 150;
const typed = 'qwen3 4b instruct 2507 q4_k_m';
const slowAnswerMs = 3000;

interface Frames {
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly longestMs: number;
}

async function bench(): Promise<void> {
  await ensureBuild({ say });
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('This measures a page: no Chromium was found.');
  const folder = mkdtempSync(join(tmpdir(), 'rightsize-bench-'));
  const hub = await startHubOfMany({ models: rowCount });
  const browser = await chromium.launch({ executablePath, args: [...chromiumFlags] });
  const rows: [string, string][] = [];
  let stopServer: (() => Promise<void>) | undefined;
  try {
    const env = isolatedEnvironment({ data: join(folder, 'data') }, { HF_ENDPOINT: hub.url });
    rows.push(...(await scanRows(env, makeModels(join(folder, 'models')))));
    say('Opening the page ...');
    const server = await startServe(env);
    stopServer = server.stop;
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    const blank = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    await blank.setContent('<div id="box" style="height:700px;overflow:auto"><div style="height:3000000px"></div></div><input>');
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Skip for now' }).click();
    rows.push(...(await libraryRows(page, blank)));
    rows.push(...(await discoverRows(page, blank, hub)));
    rows.push(...(await answerRows(browser, join(folder, 'page'))));
  } finally {
    await browser.close();
    await stopServer?.();
    hub.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  console.log(
    `Rightsize on ${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} threads, ${platform()} ${release()}, Node ${process.version}`,
  );
  console.log('\n| what | measured |\n|---|---|');
  for (const [what, measured] of rows) console.log(`| ${what} | ${measured} |`);
}

/** A folder of models that are all the same bytes under different names. */
function makeModels(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const model = join(root, 'resources/models/Starter-1M-Instruct-Q4_K_M.gguf');
  for (let index = 0; index < rowCount; index++) linkSync(model, join(folder, `Model-${index}-1M-Instruct-Q4_K_M.gguf`));
  return folder;
}

async function scanRows(env: NodeJS.ProcessEnv, folder: string): Promise<[string, string][]> {
  say(`Importing ${rowCount} files ...`);
  const importMs = await timeCommand(env, ['import', folder]);
  say('Scanning again ...');
  const scanMs = await timeCommand(env, ['scan']);
  return [
    [`${rowCount} files: first import, each header read`, `${(importMs / 1000).toFixed(1)} s`],
    [`${rowCount} files: scan again, nothing changed`, `${(scanMs / 1000).toFixed(1)} s`],
  ];
}

async function timeCommand(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(root, 'src/main/hosts/cli/main.js'), ...args, '--json'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}.`);
  return performance.now() - startedAt;
}

async function startServe(env: NodeJS.ProcessEnv): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [join(root, 'src/main/hosts/serve/main.js'), '--json', '--port', '0', '--api-port', '0'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const stop = async (): Promise<void> => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    };
    return { url: (JSON.parse(line) as { url: string }).url, stop };
  }
  throw new Error('The serve host did not start.');
}

async function libraryRows(page: Page, blank: Page): Promise<[string, string][]> {
  await page.evaluate(() => {
    location.hash = '#/library';
  });
  const table = page.getByRole('grid', { name: 'Models' });
  await table.getByRole('row').nth(5).waitFor();
  return await scrollRows(`Library, ${rowCount} rows`, page.locator('.library-scroll'), blank);
}

async function discoverRows(page: Page, blank: Page, hub: { answerAfterMs: number }): Promise<[string, string][]> {
  await page.evaluate(() => {
    location.hash = '#/discover';
  });
  const list = page.getByRole('listbox', { name: 'Repositories' });
  await list.getByRole('option').nth(3).waitFor();
  const rows = await scrollRows('Discover, endless list', list, blank);
  hub.answerAfterMs = slowAnswerMs;
  say(`Typing ${typed.length} letters, the hub answering after ${slowAnswerMs / 1000} s ...`);
  const field = page.getByRole('searchbox');
  const ours: number[] = [];
  const plain: number[] = [];
  for (const letter of typed) {
    ours.push(await keystrokeMs(field, letter));
    plain.push(await keystrokeMs(blank.locator('input'), letter));
  }
  const times = (values: readonly number[]): string =>
    `${quantile(values, 0.5).toFixed(1)} ms, p95 ${quantile(values, 0.95).toFixed(1)} ms`;
  return [
    ...rows,
    [
      `keystroke to next frame, hub answers after ${slowAnswerMs / 1000} s`,
      `${times(ours)}; a plain field ${times(plain)}; n ${typed.length}`,
    ],
  ];
}

async function answerRows(browser: Browser, folder: string): Promise<[string, string][]> {
  say('Chat: writing an answer of 10,000 tokens ...');
  const frames = await measureAnswer(browser, folder);
  const text = (gaps: readonly number[]): string =>
    `median ${quantile(gaps, 0.5).toFixed(1)} ms, p95 ${quantile(gaps, 0.95).toFixed(1)} ms, longest ${Math.max(...gaps).toFixed(0)} ms`;
  return [
    [
      `Chat: a frame while ${frames.tokens} tokens stream in ${frames.seconds.toFixed(0)} s`,
      `${text(frames.gapsMs)}, ${frames.late} of ${frames.gapsMs.length} late; a blank page ${text(frames.blankGapsMs)}`,
    ],
    ['Chat: the longest frame when that answer ends', `${frames.endMs.toFixed(0)} ms`],
  ];
}

async function scrollRows(what: string, list: Locator, blank: Page): Promise<[string, string][]> {
  const ours: Frames[] = [];
  const plain: Frames[] = [];
  for (let round = 0; round < rounds; round++) {
    say(`${what}: scrolling, round ${round + 1} of ${rounds} ...`);
    plain.push(await scrollFrames(blank.locator('#box')));
    ours.push(await scrollFrames(list));
  }
  const middle = (all: readonly Frames[], pick: (frames: Frames) => number): number => quantile(all.map(pick), 0.5);
  const text = (all: readonly Frames[]): string =>
    `median ${middle(all, (f) => f.medianMs).toFixed(1)} ms, p95 ${middle(all, (f) => f.p95Ms).toFixed(1)} ms, longest ${Math.max(...all.map((f) => f.longestMs)).toFixed(0)} ms`;
  return [[`${what}: a frame while scrolling ${stepPixels} px a frame`, `${text(ours)}; an empty box ${text(plain)}`]];
}

async function scrollFrames(box: Locator): Promise<Frames> {
  // A page behind another one gets no animation frames.
  await box.page().bringToFront();
  const times = await box.evaluate(
    (element, { frames, step }) =>
      new Promise<number[]>((resolve) => {
        const gaps: number[] = [];
        let last = 0;
        let direction = 1;
        const onFrame = (at: number): void => {
          if (last > 0) gaps.push(at - last);
          last = at;
          if (element.scrollTop + element.clientHeight >= element.scrollHeight - 1) direction = -1;
          if (element.scrollTop <= 0) direction = 1;
          element.scrollTop += step * direction;
          if (gaps.length < frames) requestAnimationFrame(onFrame);
          else resolve(gaps);
        };
        requestAnimationFrame(onFrame);
      }),
    { frames: framesARound, step: stepPixels },
  );
  return { medianMs: quantile(times, 0.5), p95Ms: quantile(times, 0.95), longestMs: Math.max(...times) };
}

/** From the key's event until the frame after it, as the page sees it. The listener is there before the key: the two would race for the page. */
async function keystrokeMs(field: Locator, letter: string): Promise<number> {
  await field.page().bringToFront();
  await field.focus();
  await field.evaluate((element) => {
    const kept = globalThis as { keystroke?: Promise<number> };
    kept.keystroke = new Promise<number>((resolve) => {
      const afterFrame = (event: Event): void => {
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - event.timeStamp)));
      };
      element.addEventListener('keydown', afterFrame, { once: true });
    });
  });
  await field.press(letter === ' ' ? 'Space' : letter);
  return await field.page().evaluate(() => (globalThis as { keystroke?: Promise<number> }).keystroke ?? Number.NaN);
}

/** Says how far it is: a round takes minutes. */
function say(line: string): void {
  console.error(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${line}`);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

await bench();
