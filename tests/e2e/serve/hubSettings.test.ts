import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChatServer } from '../../fixtures/endpoint/chatServer.ts';
import { type HubSim, startHubSim } from '../../fixtures/hub/hubsim.mjs';
import type { AppUnderTest } from '../appUnderTest.ts';
import { askPage } from '../askPage.ts';
import { makeHome, removeHome } from '../dataFolder.ts';
import { inspectScreen } from '../inspectScreen.ts';
import { startServe } from '../startServe.ts';

const starter = join(import.meta.dirname, '../../../resources/models/Starter-1M-Instruct-Q4_K_M.gguf');

/** The token, the way to the hub and the place of downloads, set by hand. */
describe('settings of hub and downloads', () => {
  const token = 'hf_granted';
  let hub: HubSim;
  let hubFolder: string;
  let home: string;
  let app: AppUnderTest;

  beforeAll(async () => {
    hubFolder = mkdtempSync(join(tmpdir(), 'rightsize-hub-'));
    hub = await startHubSim({ root: hubFolder });
    home = makeHome();
    const lmStudio = join(home, 'person', '.lmstudio', 'models', 'ada', 'Tiny-GGUF');
    mkdirSync(lmStudio, { recursive: true });
    copyFileSync(starter, join(lmStudio, 'tiny-q4_k_m.gguf'));
    app = await startServe({ home, env: { HF_ENDPOINT: hub.url } });
    await app.page
      .getByRole('button', { name: /^Skip|^Benchmark my models/ })
      .first()
      .click();
  });
  afterAll(async () => {
    await app.stop();
    await hub.close();
    removeHome(home);
    rmSync(hubFolder, { recursive: true, force: true });
  });

  const open = async (section: string): Promise<void> => {
    const { page } = app;
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: section }).click();
  };
  const secretFile = (): string => join(app.home, 'secrets', 'hub-token');

  it('a token that the hub does not know is refused under its field, and not kept', async () => {
    const { page } = app;
    await open('Hugging Face');
    const field = page.getByLabel('Access token');
    expect(await field.getAttribute('type')).toBe('password');
    await field.fill('hf_unknown');
    await page.getByRole('button', { name: 'Save token' }).click();
    await page.getByRole('alert').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(existsSync(secretFile())).toBe(false);
    expect(await inspectScreen(page, 'settings-hub')).toEqual([]);
  });

  it('a token that it knows is kept in a file of this user only, and its account is named', async () => {
    const { page } = app;
    await page.getByLabel('Access token').fill(token);
    await page.getByLabel('Access token').press('Enter');
    await page.getByRole('button', { name: 'Forget' }).waitFor();
    await page.getByText('granted-user').waitFor();
    await page.getByText(`Sent to ${new URL(hub.url).host} only.`).waitFor();
    await page.getByText('Kept unencrypted in a file of the data folder that only your account may read.').waitFor();
    expect(readFileSync(secretFile(), 'utf8')).toContain(token);
    expect(statSync(secretFile()).mode & 0o777).toBe(0o600);
  });

  it('the token is not on the page, not in what the page stores, and in no log', async () => {
    const { page } = app;
    await page.reload();
    await page.getByRole('button', { name: 'Forget' }).waitFor();
    const seen = await page.evaluate(() => document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage }));
    expect(seen).not.toContain(token);
    const logs = join(app.home, 'logs');
    for (const name of readdirSync(logs)) expect(readFileSync(join(logs, name), 'utf8')).not.toContain(token);
    expect(readFileSync(join(app.home, 'rightsize.db')).includes(token)).toBe(false);
  });

  it('a mirror is checked as it is typed, kept over a reload, and never gets the token', async () => {
    const { page } = app;
    const mirror = await startHubSim({ root: hubFolder });
    const field = page.getByLabel('Mirror address');
    await field.fill('ftp://mirror.example');
    await field.press('Enter');
    await page.getByText('The address must begin with http:// or https://.').waitFor();
    await field.fill(`${mirror.url}/`);
    await field.press('Enter');
    await page.getByText('never to the mirror').waitFor();
    await page.reload();
    await page.getByText('never to the mirror').waitFor();
    expect(await field.inputValue()).toBe(mirror.url);
    await page.getByRole('button', { name: 'Use no mirror' }).click();
    await page.getByText('granted-user').waitFor();
    await page.getByText(`Sent to ${new URL(hub.url).host} only.`).waitFor();
    await mirror.close();
  });

  it('a proxy is used once its address makes sense', async () => {
    const { page } = app;
    await page.getByRole('button', { name: 'Address', exact: true }).click();
    const field = page.getByLabel('Proxy address');
    await field.fill('socks5://127.0.0.1:1080');
    await field.press('Enter');
    await page.getByText('SOCKS proxies are not supported').waitFor();
    await field.fill('ada:word@127.0.0.1:9');
    await field.press('Enter');
    await page.getByText('Now http://127.0.0.1:9', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'None', exact: true }).click();
    await page.getByText('Requests go out directly').waitFor();
  });

  it('forgets the token, file and all', async () => {
    const { page } = app;
    await page.getByRole('button', { name: 'Forget' }).click();
    await page.getByRole('button', { name: 'Save token' }).waitFor();
    expect(existsSync(secretFile())).toBe(false);
  });

  it('a token is kept unverified while the hub does not answer, and verified later', async () => {
    const { page } = app;
    hub.setFaults([{ kind: 'any', reset: true }]);
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', { name: 'Save token' }).click();
    await page.getByText('The token is kept, and was not verified').first().waitFor();
    expect(await inspectScreen(page, 'settings-toast')).toEqual([]);
    // The toast of an error stays, and the keys of the page go on working.
    await page.keyboard.press('Control+j');
    await page.getByRole('dialog', { name: 'Downloads' }).waitFor();
    await page.keyboard.press('Control+j');
    await page.getByRole('button', { name: 'Dismiss' }).first().click();
    hub.setFaults([]);
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('granted-user').waitFor();
  });

  it('downloads go to a folder that is typed, and back to the default', async () => {
    const { page } = app;
    await open('Downloads');
    await page.getByRole('button', { name: 'Folder', exact: true }).click();
    await page.getByText(join(app.home, 'models')).waitFor();
    await page.getByRole('button', { name: 'Choose' }).click();
    const path = page.getByRole('textbox', { name: 'Path of a folder' });
    await path.fill('models');
    await path.press('Enter');
    await page.getByText('This is not the whole path of a folder.').waitFor();
    expect(await path.getAttribute('aria-invalid')).toBe('true');
    await path.fill(join(app.home, 'elsewhere'));
    await page.getByRole('button', { name: 'Use this folder' }).click();
    await page.getByText(join(app.home, 'elsewhere')).waitFor();
    expect(await inspectScreen(page, 'settings-downloads')).toEqual([]);
    await page.getByRole('button', { name: 'Use the default' }).click();
    await page.getByText(join(app.home, 'models')).waitFor();
  });

  it('a number that is typed is kept by Enter', async () => {
    const { page } = app;
    await open('Downloads');
    const field = page.getByRole('textbox', { name: 'Downloads at the same time' });
    await field.fill('3');
    await field.press('Enter');
    const kept = async (): Promise<unknown> => await askPage(page, 'settings.update', {});
    await expect.poll(kept, { timeout: 10_000 }).toMatchObject({ simultaneousDownloads: 3 });
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
  });

  it('an app whose models are not wanted is switched off, and stays so', async () => {
    const { page } = app;
    await open('Models and disk');
    const shown = page.getByRole('switch', { name: 'Show models of LM Studio' });
    await page.getByText(/^1 model, /).waitFor();
    expect(await inspectScreen(page, 'settings-models')).toEqual([]);
    await shown.click();
    await page.getByText('Not shown').waitFor();
    await page.reload();
    await page.getByText('Not shown').waitFor();
    expect(await shown.getAttribute('aria-checked')).toBe('false');
    await shown.click();
    await page.getByText(/^1 model, /).waitFor();
  });

  it('an endpoint is checked, kept with its key, and forgotten, and the key is nowhere to be seen', async () => {
    const { page } = app;
    const server = await startChatServer();
    const key = 'sk-never-shown-123';
    await open('Endpoints');
    await page.getByRole('button', { name: 'Add endpoint' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address').fill('not an address');
    await dialog.getByRole('button', { name: 'Save endpoint' }).click();
    await dialog.getByText('An address begins with http:// or https://.').waitFor();
    await dialog.getByLabel('Address').fill(server.url);
    await dialog.getByLabel('Name').fill('Lab');
    await dialog.getByLabel('Key', { exact: true }).fill(key);
    await dialog.getByRole('button', { name: 'Check the server' }).click();
    await dialog.getByText('It answers, with 2 models.').waitFor();
    await dialog.getByText('large', { exact: true }).click();
    expect(await inspectScreen(page, 'settings-endpoint-dialog')).toEqual([]);
    await dialog.getByRole('button', { name: 'Save endpoint' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Check Lab' }).click();
    await page.getByText('It answers, with 2 models.').waitFor();
    expect(server.others.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${key}`, `Bearer ${key}`]);
    expect(await inspectScreen(page, 'settings-endpoints')).toEqual([]);

    await page.reload();
    await page.getByRole('button', { name: 'Change Lab' }).click();
    expect(await dialog.getByLabel('Models', { exact: true }).inputValue()).toBe('large');
    const seen = await page.evaluate(() => document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage }));
    expect(seen).not.toContain(key);
    expect(readFileSync(join(app.home, 'rightsize.db')).includes(key)).toBe(false);
    expect(readFileSync(join(app.home, 'secrets', 'endpoint-key-lab'), 'utf8')).toContain(key);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Remove Lab' }).click();
    await page.getByRole('button', { name: 'Forget endpoint' }).click();
    await page.getByText('No endpoint yet').waitFor();
    expect(existsSync(join(app.home, 'secrets', 'endpoint-key-lab'))).toBe(false);
  });

  it('breaks nothing on the way', () => {
    expect(app.problems).toEqual([]);
  });
});
