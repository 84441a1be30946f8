import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { chromiumFlags } from '../chromiumFlags.ts';
import { report } from './control.ts';

let opening: Promise<BrowserContext> | undefined;
let profile: string | undefined;

/** The one Chromium behind all windows. The test joins it over its debugging port. */
export function openBrowser(): Promise<BrowserContext> {
  opening ??= launch();
  return opening;
}

export async function closeBrowser(): Promise<void> {
  if (opening === undefined) return;
  await (await opening).close().catch(() => undefined);
  if (profile !== undefined) await rm(profile, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

async function launch(): Promise<BrowserContext> {
  const executablePath = process.env.CHROME_PATH;
  if (executablePath === undefined) throw new Error('The double needs CHROME_PATH.');
  profile = await mkdtemp(join(tmpdir(), 'rightsize-double-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1280, height: 800 },
    args: [...chromiumFlags, '--remote-debugging-port=0'],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  report({ kind: 'browser', endpoint: await endpointOf(profile) });
  return context;
}

/** Chromium writes its port before the first page exists, so the file is there once launching has returned. */
async function endpointOf(folder: string): Promise<string> {
  const [port] = (await readFile(join(folder, 'DevToolsActivePort'), 'utf8')).split('\n');
  return `http://127.0.0.1:${port}`;
}
