import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HubSim, startHubSim } from '../../fixtures/hub/hubsim.mjs';
import type { AppUnderTest } from '../appUnderTest.ts';
import { askPage } from '../askPage.ts';
import { makeHome, removeHome } from '../dataFolder.ts';
import { inspectScreen } from '../inspectScreen.ts';
import { startServe } from '../startServe.ts';

const starter = join(import.meta.dirname, '../../../resources/models/Starter-7M-Instruct-Q8_0.gguf');
const names = ['Alpha', 'Beta', 'Gamma'] as const;
/** So slow that nothing ends while it is looked at. */
const slow = [{ kind: 'data', linkThrottle: 30_000 }] as const;

/** The starter with another last weight: the same bytes would be taken from this disk. */
function modelOfItsOwn(number: number): Uint8Array {
  const bytes = readFileSync(starter);
  const last = bytes.length - 1;
  bytes[last] = ((bytes[last] ?? 0) + number + 1) % 256;
  return bytes;
}

/** The list of downloads by hand: a slow hub, one download at a time, a restart in between. */
describe('downloads', () => {
  let hubFolder: string;
  let hub: HubSim;
  let home: string;
  let app: AppUnderTest;

  const start = async (): Promise<void> => {
    app = await startServe({ home, env: { HF_ENDPOINT: hub.url } });
  };

  beforeAll(async () => {
    hubFolder = mkdtempSync(join(tmpdir(), 'rightsize-hub-'));
    for (const [index, name] of names.entries()) {
      mkdirSync(join(hubFolder, 'ada', `${name}-7M-GGUF`), { recursive: true });
      writeFileSync(join(hubFolder, 'ada', `${name}-7M-GGUF`, `${name}-7M-Q8_0.gguf`), modelOfItsOwn(index));
    }
    hub = await startHubSim({ root: hubFolder, faults: slow });
    home = makeHome();
    await start();
    await askPage(app.page, 'settings.update', { firstRunDone: true, simultaneousDownloads: 1 });
  });
  afterAll(async () => {
    await app.stop();
    await hub.close();
    removeHome(home);
    rmSync(hubFolder, { recursive: true, force: true });
  });

  const row = (name: (typeof names)[number]): Locator => app.page.locator('.download').filter({ hasText: name });
  const order = (): Promise<string[]> =>
    app.page
      .locator('.download .name')
      .evaluateAll((rows) => rows.map((one) => /Alpha|Beta|Gamma/.exec(one.textContent ?? '')?.[0] ?? '?'));
  const openList = async (): Promise<void> => {
    await app.page.keyboard.press('Control+j');
    await app.page.getByRole('dialog', { name: 'Downloads' }).waitFor();
  };

  it('has a tray that says there is nothing, and a list that says what it is for', async () => {
    const { page } = app;
    await page.getByRole('button', { name: 'Show downloads' }).click();
    await page.getByRole('heading', { name: 'No downloads' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Downloads' }).waitFor({ state: 'detached' });
  });

  it('shows what runs in the rail, and all of them in the list, which passes axe', async () => {
    const { page } = app;
    for (const name of names) await askPage(page, 'downloads.start', { repo: `ada/${name}-7M-GGUF`, file: `${name}-7M-Q8_0.gguf` });
    await page.getByRole('button', { name: 'Show downloads: 1 active' }).waitFor();
    await openList();
    await row('Alpha')
      .getByRole('button', { name: /^Pause/ })
      .waitFor();
    await row('Beta').getByText('next in line').waitFor();
    await row('Gamma').getByText('2nd in line').waitFor();
    expect(await order()).toEqual([...names]);
    await row('Alpha')
      .getByRole('button', { name: /Files$/ })
      .click();
    await row('Alpha').getByText('ada/Alpha-7M-GGUF').waitFor();
    expect(await inspectScreen(page, 'downloads')).toEqual([]);
  });

  it('moves one up the queue by Alt and an arrow, and the keys stay with it', async () => {
    const { page } = app;
    await row('Gamma')
      .getByRole('button', { name: /Files$/ })
      .focus();
    await page.keyboard.press('Alt+ArrowUp');
    await row('Gamma').getByText('next in line').waitFor();
    expect(await order()).toEqual(['Alpha', 'Gamma', 'Beta']);
    await page.locator('.download .name:focus', { hasText: 'Gamma' }).waitFor();
  });

  it('pauses one, and the next one of the queue runs', async () => {
    await row('Alpha')
      .getByRole('button', { name: /^Pause/ })
      .click();
    await row('Alpha').getByText('Paused').waitFor();
    await row('Gamma').getByText(/B\/s$/).waitFor();
    await row('Beta').getByText('next in line').waitFor();
  });

  it('is the same list after a restart: what was paused waits for the user, what ran goes on', async () => {
    await app.stop();
    await start();
    await app.page.getByRole('button', { name: 'Show downloads: 1 active' }).waitFor();
    await openList();
    expect(await order()).toEqual(['Alpha', 'Gamma', 'Beta']);
    await row('Alpha').getByText('Paused').waitFor();
    await row('Gamma')
      .getByRole('button', { name: /^Pause/ })
      .waitFor();
  });

  it('cancels one only after it was asked whether what was fetched may go', async () => {
    const { page } = app;
    await row('Gamma')
      .getByText(/^[\d.]*[1-9].* of /)
      .waitFor();
    await row('Gamma')
      .getByRole('button', { name: /^Cancel/ })
      .click();
    const question = page.getByRole('alertdialog');
    await question.getByText('Pausing keeps them.').waitFor();
    await question.getByRole('button', { name: 'Keep it' }).click();
    await question.waitFor({ state: 'detached' });
    await row('Gamma')
      .getByRole('button', { name: /^Cancel/ })
      .click();
    await question.getByRole('button', { name: 'Cancel download' }).click();
    await row('Gamma').getByText('Cancelled').waitFor();
    expect(await order()).toEqual(['Alpha', 'Beta', 'Gamma']);
  });

  it('pauses all, resumes all, and says when they are verified and ready', async () => {
    const { page } = app;
    await page.getByRole('button', { name: 'Pause all' }).click();
    await row('Beta').getByText('Paused').waitFor();
    hub.setFaults([]);
    await page.getByRole('button', { name: 'Resume all' }).click();
    await page.getByText(/Alpha.* is verified and ready/).waitFor();
    await row('Alpha').getByText('Verified').waitFor();
    await row('Beta').getByText('Verified').waitFor();
    expect(await inspectScreen(page, 'downloads-ready')).toEqual([]);
  });

  it('chats with one that is ready', async () => {
    const { page } = app;
    await row('Alpha')
      .getByRole('button', { name: /^Chat with/ })
      .click();
    await page.getByRole('heading', { name: 'Chat', level: 1 }).waitFor();
    await page.getByRole('textbox', { name: /^Message/ }).fill('hello');
    await page.keyboard.press('Enter');
    await page.getByTitle('Generation speed of this answer').waitFor({ timeout: 60_000 });
  });

  it('clears what is over off the list', async () => {
    const { page } = app;
    await openList();
    await page.getByRole('button', { name: 'Clear finished' }).click();
    await page.getByRole('heading', { name: 'No downloads' }).waitFor();
  });

  it('breaks nothing on the way', () => {
    expect(app.problems).toEqual([]);
  });
});
