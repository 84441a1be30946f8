import { accessSync, constants, statSync } from 'node:fs';
import { join, posix, win32 } from 'node:path';
import type { PlatformFacts } from '../hostPaths.ts';

/** The variable that names a browser's program, before any that is found. */
export const browserVariable = 'RIGHTSIZE_BROWSER';

const onPath = [
  ...['google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable', 'chromium', 'chromium-browser'],
  ...['brave-browser', 'vivaldi-stable'],
];
const macPrograms = ['Google Chrome', 'Microsoft Edge', 'Chromium', 'Brave Browser', 'Vivaldi'];
const windowsPrograms = [
  ...['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe', 'Chromium\\Application\\chrome.exe'],
  ...['BraveSoftware\\Brave-Browser\\Application\\brave.exe', 'Vivaldi\\Application\\vivaldi.exe'],
];

/**
 * Finds an installed browser of Chromium's family where people have them.
 * @returns its program; null when there is none, or when the one that RIGHTSIZE_BROWSER names is no program.
 */
export function findBrowser(facts: PlatformFacts, isProgram: (path: string) => boolean = isRunnable): string | null {
  const named = facts.env[browserVariable];
  if (named) return isProgram(named) ? named : null;
  return usualPlaces(facts).find(isProgram) ?? null;
}

function usualPlaces({ platform, env, home }: PlatformFacts): string[] {
  switch (platform) {
    case 'win32': {
      const folders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter((folder) => folder !== undefined);
      return windowsPrograms.flatMap((program) => folders.map((folder) => win32.join(folder, program)));
    }
    case 'darwin':
      return macPrograms.flatMap((name) =>
        ['/', home].map((root) => posix.join(root, 'Applications', `${name}.app`, 'Contents', 'MacOS', name)),
      );
    default: {
      const folders = [...(env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/')), '/usr/bin', '/snap/bin'];
      return [...onPath.flatMap((name) => folders.map((folder) => join(folder, name))), '/opt/google/chrome/chrome'];
    }
  }
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
