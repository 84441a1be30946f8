import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppUnderTest } from '../appUnderTest.ts';
import { goTo } from '../clickThrough.ts';
import { describeDiscover } from '../describeDiscover.ts';
import { downloadSelected, hubRepo, repoPane, type StarterHub, startStarterHub } from '../discover.ts';
import { startServe } from '../startServe.ts';

describeDiscover('serve', startServe);

describe('the way to Discover', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rightsize-e2e-hub-'));
  let hub: StarterHub;
  let app: AppUnderTest;

  beforeAll(async () => {
    hub = await startStarterHub(folder);
    app = await startServe({ env: { HF_ENDPOINT: hub.url } });
  });
  afterAll(async () => {
    await app.stop();
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const heading = (name: string): Promise<void> => app.page.getByRole('heading', { name, level: 1 }).waitFor();

  it('is one click from the first run, and from a library of starter models alone', async () => {
    const { page } = app;
    await page.getByRole('button', { name: 'Find a model' }).click();
    await heading('Discover');
    await goTo(page, 'Library');
    await page.getByText('Only the starter models are here').waitFor();
    await page.getByRole('button', { name: 'Find a model' }).click();
    await heading('Discover');
  });

  it('leads by keys into a repo that covers the list, and back to its row', async () => {
    const { page } = app;
    await page.setViewportSize({ width: 960, height: 640 });
    await page.getByRole('button', { name: 'Trusted publishers' }).click();
    const list = page.getByRole('listbox', { name: 'Repositories' });
    await page.getByRole('option', { name: /Starter 3M Instruct/ }).waitFor();
    await list.focus();
    await page.getByRole('option', { name: /Starter 3M Instruct/, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await repoPane(page).waitFor();
    await expect.poll(focused).toBe('Back to the results');
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: /Starter 3M Instruct/, selected: true }).waitFor();
    await expect.poll(focused).toBe('Repositories');
  });

  it('reads a repo again whose commit is gone when its download is asked for', async () => {
    const { page } = app;
    await page.keyboard.press('Enter');
    await repoPane(page)
      .getByRole('button', { name: /^Download/ })
      .waitFor();
    writeFileSync(join(folder, hubRepo, 'README.md'), '# Another card\n');
    await fetch(`${hub.url}/__rescan`, { method: 'POST' });
    await page.keyboard.press('Control+d');
    await page.getByText('The repository has changed').waitFor();
    await repoPane(page)
      .getByRole('button', { name: /^Download/ })
      .waitFor();
    await downloadSelected(page);
  });

  const focused = (): Promise<string | null | undefined> => app.page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
});
