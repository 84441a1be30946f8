import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { nodeProgram, runCommand } from './runCommand.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const fixedPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** A Chromium that Playwright can drive: `CHROME_PATH`, one on the path, a usual place, or Playwright's own. Null when there is none. */
export function findBrowser(): string | null {
  const wanted = process.env.CHROME_PATH;
  if (wanted) return isProgram(wanted) ? wanted : null;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...fixedPlaces, playwrightsOwn()];
  return candidates.find((path) => path !== '' && isProgram(path)) ?? null;
}

/**
 * Finds a browser or installs one: Debian's package as root, else Playwright's own download.
 * @returns the program, or what was tried and failed.
 */
export async function findOrInstallBrowser(say: (line: string) => void): Promise<{ path: string } | { path: null; reason: string }> {
  const found = findBrowser();
  if (found !== null) return { path: found };
  if (process.env.CHROME_PATH) return { path: null, reason: `CHROME_PATH names ${process.env.CHROME_PATH}, which is no program` };
  const tried: string[] = [];
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    say('No Chromium found: installing the package chromium ...');
    const apt = { quiet: true, timeoutMs: 15 * 60_000, env: { DEBIAN_FRONTEND: 'noninteractive' } };
    await runCommand(['apt-get', 'update'], apt);
    const end = await runCommand(['apt-get', 'install', '-y', '--no-install-recommends', 'chromium'], apt);
    const installed = findBrowser();
    if (installed !== null) return { path: installed };
    tried.push(`apt-get install chromium (code ${end.code ?? 'none'})`);
  }
  say("No Chromium found: trying Playwright's own download ...");
  const end = await runCommand(nodeProgram('playwright-core/cli.js', 'install', 'chromium'), { quiet: true, timeoutMs: 5 * 60_000 });
  const installed = findBrowser();
  if (installed !== null) return { path: installed };
  tried.push(`playwright-core install chromium (code ${end.code ?? 'none'})`);
  return { path: null, reason: `no Chromium is installed and none could be: ${tried.join(', ')}` };
}

function playwrightsOwn(): string {
  try {
    return chromium.executablePath();
  } catch {
    return '';
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
