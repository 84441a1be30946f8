import { resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findElectron } from '../../../scripts/findElectron.ts';
import { isolatedEnvironment } from '../../fixtures/isolatedEnvironment.ts';
import { makeHome, removeHome } from '../dataFolder.ts';

const root = resolve(import.meta.dirname, '../../..');
const packed = process.env.RIGHTSIZE_PACKAGED;
const binary = packed ?? findElectron();

/** Why the real binary cannot be tried here, or null. */
function reasonToSkip(): string | null {
  if (binary === null) return 'there is no Electron binary (npx install-electron gets one)';
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return 'there is no display (run it under xvfb-run)';
  return null;
}

const reason = reasonToSkip();
if (reason !== null) process.stderr.write(`SKIPPED: the packaged tests: ${reason}.\n`);

describe.skipIf(reason !== null)(`the real Electron${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let home: string;
  let app: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    home = makeHome();
    const rootFlags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    app = await _electron.launch({
      executablePath: binary ?? '',
      args: [...rootFlags, ...(packed === undefined ? [root] : [])],
      env: {
        ...isolatedEnvironment({ data: home }),
        DISPLAY: process.env.DISPLAY ?? '',
        WAYLAND_DISPLAY: process.env.WAYLAND_DISPLAY ?? '',
      } as Record<string, string>,
    });
    page = await app.firstWindow();
  });
  afterAll(async () => {
    await app?.close();
    removeHome(home);
  });

  it('shows the first run under app:// with the bridge and nothing of Node', async () => {
    await page.getByRole('button', { name: 'Benchmark my models' }).waitFor();
    expect(page.url()).toMatch(/^app:\/\/rightsize\//);
    expect(await page.evaluate('[Object.keys(rightsize), typeof require, typeof process]')).toEqual([
      ['send', 'onFrame'],
      'undefined',
      'undefined',
    ]);
  });

  it('loads a model in a utility process and answers', async () => {
    await page.getByRole('button', { name: 'Chat with the starter' }).click();
    await page.getByRole('textbox', { name: /^Message/ }).fill('hello');
    await page.keyboard.press('Enter');
    await page.getByRole('article', { name: /^Answer by/ }).waitFor();
    await expect.poll(() => page.getByTitle('Generation speed of this answer').count()).toBe(1);
  });
});
