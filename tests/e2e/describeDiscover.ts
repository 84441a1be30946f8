import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubFault } from '../fixtures/hub/hubsim.mjs';
import type { AppUnderTest, StartApp } from './appUnderTest.ts';
import { ask, chatFromFirstRun, goTo } from './clickThrough.ts';
import { downloadSelected, hubRepo, repoPane, type StarterHub, startStarterHub, typeName } from './discover.ts';
import { inspectScreen } from './inspectScreen.ts';

/** Every body of bytes is cut short, five times, wherever it happens to be. */
const drops: readonly HubFault[] = [
  { name: 'cut', kind: 'data', minBytes: 65_536, drop: { min: 40_000, max: 1_500_000 }, times: 5, seed: 7 },
];

/** The same test for every host: type a name, read it, pick the recommended quant, fetch it over a bad line, chat with it. */
export function describeDiscover(hostName: string, start: StartApp): void {
  describe(`finding a model on the hub in ${hostName}`, () => {
    let folder: string;
    let cache: string;
    let hub: StarterHub;
    let app: AppUnderTest;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'rightsize-e2e-hub-'));
      cache = join(folder, 'cache');
      hub = await startStarterHub(join(folder, 'repos'));
      app = await start({ env: { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache } });
      await chatFromFirstRun(app.page);
      await goTo(app.page, 'Discover');
    });
    afterAll(async () => {
      await app.stop();
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it('reads a typed name aloud and opens its repo', async () => {
      const read = await typeName(app.page, `${hubRepo}:Q8_0`);
      expect(read).toContain('3 million parameters');
      expect(read).toContain('Q8_0');
      const pane = repoPane(app.page);
      await pane.getByRole('radio', { name: /^Q8_0/ }).waitFor();
      expect(await pane.getByRole('radio', { name: /^Q8_0/ }).isChecked()).toBe(true);
      expect(await pane.getByRole('heading', { level: 2 }).first().innerText()).toMatch(
        /3M[\s\S]*3M parameters[\s\S]*follows instructions/,
      );
    });

    it('tells of each quant what it takes here, and which one to take', async () => {
      const pane = repoPane(app.page);
      await pane.getByText(/is recommended\./).waitFor();
      await pane.getByRole('img', { name: /^RAM: / }).waitFor();
      const rows = await pane.getByRole('row').allInnerTexts();
      expect(rows.filter((row) => /Q[48]_/.test(row))).toHaveLength(2);
      for (const row of rows.slice(1)) expect(row).toMatch(/[\d.]+ (?:MiB|GiB)/);
      expect(await inspectScreen(app.page, `discover-${hostName}`)).toEqual([]);
    });

    it('follows the context: more of it takes more memory', async () => {
      const pane = repoPane(app.page);
      const context = pane.getByRole('textbox', { name: 'Context in tokens' });
      const label = (): Promise<string> => pane.getByText(/^KV cache/).innerText();
      await context.fill('256');
      await context.press('Enter');
      await pane.getByRole('columnheader', { name: 'Fit at 256' }).waitFor();
      const little = await label();
      await context.fill('1024');
      await context.press('Enter');
      await pane.getByRole('columnheader', { name: 'Fit at 1,024' }).waitFor();
      expect(await label()).not.toBe(little);
    });

    it('shows the model card without asking for its pictures', async () => {
      const pane = repoPane(app.page);
      await pane.getByRole('tab', { name: 'Model card' }).click();
      await pane.getByText('It answers briefly.').waitFor();
      expect(await pane.locator('img').count()).toBe(0);
      await pane.getByRole('tab', { name: '2 quants' }).click();
    });

    it('downloads the recommended quant over a line that breaks, checked and whole', async () => {
      const pane = repoPane(app.page);
      const recommended = pane.getByRole('row').filter({ hasText: 'Recommended' }).getByRole('radio');
      await recommended.check();
      const quant = (await recommended.getAttribute('aria-label'))?.split(',')[0] ?? '';
      hub.setFaults(drops);
      await downloadSelected(app.page);
      expect(hub.stats().faultsApplied['cut']).toBeGreaterThan(1);
      await pane
        .getByRole('row', { name: new RegExp(quant) })
        .getByText('in library')
        .waitFor();
      const found = filesIn(cache).map((file) => createHash('sha256').update(readFileSync(file)).digest('hex'));
      expect(found).toContain(hub.sha256[quant]);
      expect(filesIn(cache).filter((file) => /incomplete|part/i.test(file))).toEqual([]);
    });

    it('shows it as verified among the downloads', async () => {
      await app.page.keyboard.press('Control+j');
      await app.page.getByText('Verified').first().waitFor();
      await app.page.keyboard.press('Escape');
    });

    it('chats with what it downloaded', async () => {
      await repoPane(app.page).getByRole('button', { name: 'Chat', exact: true }).click();
      await app.page.getByRole('textbox', { name: /^Message/ }).waitFor();
      const { answer } = await ask(app.page, 'What is quantization?');
      expect(answer).toMatch(/quant|bits/i);
      await app.page.getByRole('article', { name: /^Answer by Starter 3M/ }).waitFor();
    });

    it('finds the repo installed when it comes back', async () => {
      await goTo(app.page, 'Discover');
      await repoPane(app.page).getByText('In your library, ready to use.').waitFor();
    });

    it('goes through list and quants by keys alone, and opens the setup of a benchmark when the download it was asked for is ready', async () => {
      const { page } = app;
      await page.keyboard.press('/');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Home');
      await page.getByRole('option', { name: /Starter 3M Instruct/, selected: true }).waitFor();
      const pane = repoPane(page);
      await pane.getByRole('radio', { checked: true }).focus();
      await page.keyboard.press('ArrowDown');
      const wish = pane.getByRole('button', { name: 'Benchmark after download' });
      await wish.focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Control+d');
      await page.getByRole('heading', { name: 'New benchmark', level: 1 }).waitFor();
      await page.getByRole('heading', { name: /^Models 1 of 9/ }).waitFor();
    });

    it('broke nothing on the way', () => {
      expect(app.problems).toEqual([]);
    });
  });
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile());
}
