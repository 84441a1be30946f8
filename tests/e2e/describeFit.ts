import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeHungryModel } from '../fixtures/gguf/hungryModel.ts';
import { type HubSim, startHubSim } from '../fixtures/hub/hubsim.mjs';
import type { AppUnderTest, StartApp } from './appUnderTest.ts';
import { chatFromFirstRun, goTo } from './clickThrough.ts';
import { inspectScreen } from './inspectScreen.ts';

const repo = 'ada/Hungry-17M-Instruct-GGUF';

/** The same test for every host: what a model takes, before its first byte is here and after it was loaded. */
export function describeFit(hostName: string, start: StartApp): void {
  describe(`fit in ${hostName}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'rightsize-e2e-fit-'));
    let hub: HubSim;
    let app: AppUnderTest;

    beforeAll(async () => {
      mkdirSync(join(folder, repo), { recursive: true });
      writeHungryModel(join(folder, repo, 'Hungry-17M-Instruct-F16.gguf'), 'Hungry 17M Instruct');
      writeFileSync(join(folder, repo, 'README.md'), '# Hungry\n');
      hub = await startHubSim({ root: folder, port: 0, quiet: true });
      app = await start({ env: { HF_ENDPOINT: hub.url } });
      await chatFromFirstRun(app.page);
    });
    afterAll(async () => {
      await app.stop();
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    });

    describe('before the download', () => {
      const pane = (): Locator => app.page.getByRole('region', { name: `Repository ${repo}` });
      const memory = (): Locator => pane().getByRole('region', { name: 'Memory' });
      const slider = (): Locator => memory().getByRole('slider', { name: 'Context length' });
      const badge = (): Promise<string | null> => pane().getByRole('row', { name: /F16/ }).locator('.fit').getAttribute('title');
      const bars = (): Promise<readonly string[]> =>
        memory()
          .getByRole('img', { name: / of / })
          .evaluateAll((all) => all.map((bar) => bar.getAttribute('aria-label') ?? ''));
      const press = async (key: string): Promise<void> => {
        await slider().focus();
        await app.page.keyboard.press(key);
      };

      it('moves the memory bar with the slider, and the badge as soon as it no longer fits', async () => {
        await goTo(app.page, 'Discover');
        await app.page.getByRole('searchbox', { name: /^Search Hugging Face/ }).click();
        await app.page.keyboard.type(repo);
        await pane().getByRole('radio', { name: /^F16/ }).waitFor();
        await memory().getByRole('img', { name: / of / }).first().waitFor();
        await press('Home');
        await expect.poll(() => slider().getAttribute('aria-valuetext')).toBe('2,048 tokens');
        await expect.poll(badge).toMatch(/GPU|RAM/);
        const [little, fits] = [await bars(), await badge()];
        await press('ArrowRight');
        await expect.poll(bars).not.toEqual(little);
        expect(await badge()).toBe(fits);
        await press('End');
        await expect.poll(() => slider().getAttribute('aria-valuetext')).toBe('4,194,304 tokens');
        await expect.poll(badge).toBe("Won't fit");
        expect((await bars()).join()).toMatch(/ GiB short/);
        await pane().getByRole('columnheader', { name: 'Fit at 4,194,304' }).waitFor();
        await memory()
          .getByText(/^Fits up to /)
          .waitFor();
      });

      it('says what is missing to everybody', async () => {
        expect(await inspectScreen(app.page, `fit-discover-none-${hostName}`)).toEqual([]);
      });

      it('takes less with a smaller cache', async () => {
        await press('Home');
        await expect.poll(badge).toMatch(/GPU|RAM/);
        const before = await bars();
        await memory().getByRole('combobox', { name: 'Type of the KV cache' }).click();
        await app.page.getByRole('option', { name: /q8_0/ }).click();
        await expect.poll(bars).not.toEqual(before);
      });
    });

    it('was never in the way of the policy and broke nothing', () => {
      expect(app.problems).toEqual([]);
    });
  });
}
