import { findBrowser } from '../../../scripts/findBrowser.ts';

/** The browser that the tests found or installed. */
export const installedBrowser = findBrowser();

/** Facts of this machine with that browser named. @param more variables that must not get any further. */
export const browserFacts = (more: Readonly<Record<string, string>> = {}) => ({
  platform: process.platform,
  home: '/nowhere',
  env: { PATH: process.env['PATH'], RIGHTSIZE_BROWSER: installedBrowser ?? undefined, ...more },
});

if (installedBrowser === null) process.stdout.write('Skipped: the Python sandbox. No browser is installed.\n');
