import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HubSim, startHubSim } from '../../fixtures/hub/hubsim.mjs';
import { makeHome, removeHome } from '../dataFolder.ts';
import { type DesktopApp, startDesktop } from '../startDesktop.ts';

const token = 'hf_granted';

/** The desktop app keeps the token with the system's keychain, and says so where there is none. */
describe('the token in the desktop app', () => {
  let hubFolder: string;
  let hub: HubSim;
  let home: string;

  beforeAll(async () => {
    hubFolder = mkdtempSync(join(tmpdir(), 'rightsize-hub-'));
    hub = await startHubSim({ root: hubFolder });
    home = makeHome();
  });
  afterAll(async () => {
    await hub.close();
    removeHome(home);
    rmSync(hubFolder, { recursive: true, force: true });
  });

  const file = (name: string): string => join(home, 'secrets', name);

  async function withSettings(keyring: string, look: (page: DesktopApp['page']) => Promise<void>): Promise<void> {
    const app = await startDesktop({ home, env: { HF_ENDPOINT: hub.url, RIGHTSIZE_DOUBLE_KEYRING: keyring } });
    try {
      const rail = app.page.getByRole('navigation', { name: 'Main' });
      if (!existsSync(join(home, 'secrets'))) await app.page.getByRole('button', { name: /^Benchmark my models/ }).click();
      await rail.getByRole('link', { name: 'Settings' }).click();
      await app.page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: 'Hugging Face' }).click();
      await look(app.page);
      expect(app.problems).toEqual([]);
    } finally {
      await app.stop();
    }
  }

  it('is sealed by the keychain: its file does not show it, and the page says how it is kept', async () => {
    await withSettings('gnome_libsecret', async (page) => {
      await page.getByLabel('Access token').fill(token);
      await page.getByLabel('Access token').press('Enter');
      await page.getByText('Kept encrypted, with a key in your system’s keychain.').waitFor();
      // The account is asked with what was sealed: it opens again.
      await page.getByText('granted-user').waitFor();
      expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain(token);
    });
    expect(existsSync(file('hub-token'))).toBe(false);
    expect(readFileSync(file('hub-token.sealed')).includes(token)).toBe(false);
  });

  it('is asked for again where the keychain is another one, and then kept in a file, which is said', async () => {
    await withSettings('none', async (page) => {
      await page.getByText('this system offers no keychain').waitFor();
      await page.getByLabel('Access token').fill(token);
      await page.getByLabel('Access token').press('Enter');
      await page.getByRole('button', { name: 'Forget' }).waitFor();
      await page.getByText('this system offers no keychain').waitFor();
    });
    expect(readFileSync(file('hub-token'), 'utf8')).toContain(token);
    expect(existsSync(file('hub-token.sealed'))).toBe(false);
  });
});
