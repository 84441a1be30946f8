import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hungryContextTokens, writeHungryModel } from '../fixtures/gguf/hungryModel.ts';
import { type HubSim, startHubSim } from '../fixtures/hub/hubsim.mjs';
import type { AppUnderTest, StartApp } from './appUnderTest.ts';
import { ask, chatFromFirstRun, goTo } from './clickThrough.ts';
import { inspectScreen } from './inspectScreen.ts';

const name = 'Hungry 17M Instruct';
const repo = 'ada/Hungry-17M-Instruct-GGUF';
const allOfIt = `${hungryContextTokens.toLocaleString('en-US')} tokens`;

/**
 * The same test for every host: what a model takes, before its first byte is here and after it was loaded.
 * @param options.looks whether each screen is held against WCAG too: the page is the same in every host
 */
export function describeFit(hostName: string, start: StartApp, options: { readonly looks: boolean }): void {
  describe(`fit in ${hostName}`, () => {
    let folder: string;
    let hub: HubSim;
    let app: AppUnderTest;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'rightsize-e2e-fit-'));
      const files = join(folder, 'repos', repo);
      mkdirSync(files, { recursive: true });
      writeHungryModel(join(files, 'Hungry-17M-Instruct-F16.gguf'), name);
      writeFileSync(join(files, 'README.md'), '# Hungry\n');
      hub = await startHubSim({ root: join(folder, 'repos'), port: 0, quiet: true });
      app = await start({ env: { HF_ENDPOINT: hub.url, HF_HUB_CACHE: join(folder, 'cache') } });
      await chatFromFirstRun(app.page);
    });
    afterAll(async () => {
      await app.stop();
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const objections = async (screen: string): Promise<readonly string[]> =>
      options.looks ? await inspectScreen(app.page, `fit-${screen}`) : [];
    const sliderIn = (place: Locator): Locator => place.getByRole('slider', { name: 'Context length' });
    const said = (place: Locator): Promise<string | null> => sliderIn(place).getAttribute('aria-valuetext');
    const press = async (place: Locator, key: string): Promise<void> => {
      await sliderIn(place).focus();
      await app.page.keyboard.press(key);
    };
    /** What the bars say, one for each memory of the machine. */
    const barsIn = (place: Locator): Promise<readonly string[]> =>
      place.getByRole('img', { name: / of / }).evaluateAll((bars) => bars.map((bar) => bar.getAttribute('aria-label') ?? ''));

    describe('after the load', () => {
      const models = (): Locator => app.page.getByRole('region', { name: 'Loaded models' });

      it('shows what was expected beside what it took', async () => {
        await ask(app.page, 'What is a token?');
        await goTo(app.page, 'Hardware');
        await models()
          .getByText(/^estimated [\d.]+( [KMG]iB)?, measured [\d.]+ [KMG]iB$/)
          .waitFor();
        await models()
          .getByRole('img', { name: /^Starter .* uses / })
          .waitFor();
        const load = app.page.getByRole('region', { name: 'Recent loads' }).getByRole('row', { name: /Starter/ });
        expect(await load.innerText()).toMatch(/[\d.]+ [KMG]iB\s+[\d.]+ [KMG]iB\s+[−+]?[\d.]+\s?%/);
        await goTo(app.page, 'Library');
        const loaded = app.page.getByRole('row', { name: /Starter .*loaded/ });
        await loaded.click();
        const details = app.page.getByRole('complementary', { name: /^Details of Starter/ });
        await details.getByText(/estimated [\d.]+( [KMG]iB)?, measured [\d.]+ [KMG]iB/).waitFor();
      });
    });

    describe('before the download', () => {
      const pane = (): Locator => app.page.getByRole('region', { name: `Repository ${repo}` });
      const memory = (): Locator => pane().getByRole('region', { name: 'Memory' });
      const badge = (): Promise<string | null> => pane().getByRole('row', { name: /F16/ }).locator('.fit').getAttribute('title');

      it('moves the memory bar with the slider, and the badge as soon as it no longer fits', async () => {
        await goTo(app.page, 'Discover');
        await app.page.getByRole('searchbox', { name: /^Search Hugging Face/ }).click();
        await app.page.keyboard.type(repo);
        await pane().getByRole('radio', { name: /^F16/ }).waitFor();
        await memory().getByRole('img', { name: / of / }).first().waitFor();
        await press(memory(), 'Home');
        await expect.poll(() => said(memory())).toMatch(/^2,048 tokens/);
        await expect.poll(badge).toMatch(/GPU|RAM/);
        const [little, fits] = [await barsIn(memory()), await badge()];
        await press(memory(), 'ArrowRight');
        await expect.poll(() => barsIn(memory())).not.toEqual(little);
        expect(await badge()).toBe(fits);
        await press(memory(), 'End');
        await expect.poll(() => said(memory())).toBe(`${allOfIt}, Won't fit`);
        await expect.poll(badge).toBe("Won't fit");
        expect((await barsIn(memory())).join()).toMatch(/ GiB short/);
        await pane().getByRole('columnheader', { name: 'Fit at 4,194,304' }).waitFor();
        await memory()
          .getByText(/^Fits up to /)
          .waitFor();
      });

      if (options.looks)
        it('says what is missing to everybody', async () => {
          expect(await objections('discover-none')).toEqual([]);
        });

      it('offers what makes it fit, in one press', async () => {
        const advice = pane().getByRole('group', { name: 'What would make it fit' });
        await advice.getByText(/^It needs [\d,.]+ GiB.* and [\d.]+ GiB is free\./).waitFor();
        const change = advice.getByRole('button', { name: /^Use / }).first();
        await change.focus();
        await app.page.keyboard.press('Enter');
        await expect.poll(badge).not.toBe("Won't fit");
        expect(await said(memory())).not.toMatch(/Won't fit/);
      });

      it('takes less with a smaller cache', async () => {
        await press(memory(), 'Home');
        await expect.poll(() => said(memory())).toMatch(/^2,048 tokens/);
        const kind = memory().getByRole('combobox', { name: 'Type of the KV cache' });
        const choose = async (type: string): Promise<void> => {
          await kind.click();
          await app.page.getByRole('option', { name: new RegExp(`KV ${type}`) }).click();
          await expect.poll(() => kind.innerText()).toContain(type);
        };
        await choose('f16');
        const before = await barsIn(memory());
        await choose('q8_0');
        await expect.poll(() => barsIn(memory())).not.toEqual(before);
        await choose('f16');
      });
    });

    const row = (): Locator => app.page.getByRole('row', { name: new RegExp(name) });

    describe('in the library', () => {
      const glyph = (): Promise<string | null> => row().locator('.fit').getAttribute('title');
      const memory = (): Locator =>
        app.page.getByRole('complementary', { name: `Details of ${name}` }).getByRole('region', { name: 'Memory' });

      it('says how each model fits, and follows the slider of one of them', async () => {
        await app.page.keyboard.press('Control+d');
        await app.page.getByText('In your library, ready to use.').waitFor({ timeout: 60_000 });
        await goTo(app.page, 'Library');
        await expect.poll(glyph).toMatch(/GPU|RAM/);
        await app.page.getByRole('grid', { name: 'Models' }).focus();
        await row().click();
        const before = await barsIn(memory());
        await press(memory(), 'End');
        await expect.poll(() => said(memory())).toBe(`${allOfIt}, Won't fit`);
        expect(await barsIn(memory())).not.toEqual(before);
        await expect.poll(glyph).toBe("Won't fit");
        expect(await objections('library')).toEqual([]);
        await memory().getByRole('button', { name: /^Use / }).first().click();
        await expect.poll(glyph).not.toBe("Won't fit");
      });

      it('sorts by how well they fit', async () => {
        const { page } = app;
        const names = (): Promise<readonly string[]> => page.getByRole('row').locator('td.nm').allInnerTexts();
        await press(memory(), 'End');
        await expect.poll(glyph).toBe("Won't fit");
        await page.getByRole('button', { name: 'Close details' }).click();
        const head = page.getByRole('columnheader', { name: 'Fit' });
        await head.getByRole('button').click();
        await expect.poll(() => head.getAttribute('aria-sort')).toBe('descending');
        await expect.poll(async () => (await names()).at(-1)).toContain(name);
        await head.getByRole('button').click();
        await expect.poll(async () => (await names())[0]).toContain(name);
      });
    });

    describe('where memory runs out', () => {
      const offer = (words: RegExp): Locator => app.page.getByRole('alert').getByRole('button', { name: words });
      const setContext = async (tokens: number): Promise<void> => {
        const field = app.page.getByRole('textbox', { name: 'Context in tokens' });
        await field.fill(String(tokens));
        await field.press('Enter');
        await app.page.getByRole('button', { name: /^Load (now|again)$/ }).click();
      };

      it('tells so, and offers what needs less', async () => {
        const { page } = app;
        await row().click();
        await page
          .getByRole('complementary', { name: `Details of ${name}` })
          .getByRole('button', { name: 'Chat' })
          .click();
        await setContext(hungryContextTokens);
        await page.getByRole('alert').getByText(`${name} won't load`).waitFor({ timeout: 60_000 });
        expect(await objections('memory')).toEqual([]);
        await offer(/^Load with /).waitFor();
      });

      it('says how it is loaded as soon as it fits', async () => {
        await setContext(512);
        const note = app.page.getByRole('region', { name: 'How it is loaded' });
        await note.getByText(/^As it is loaded: estimated [\d.]+( [KMG]iB)?, measured [\d.]+ [KMG]iB\.$/).waitFor({ timeout: 60_000 });
        await offer(/^Load with/).waitFor({ state: 'detached' });
      });
    });

    describe('the machine', () => {
      const grid = (): Locator => app.page.getByRole('table', { name: /^What fits at / });
      const cell = (words: RegExp): Locator => grid().getByRole('button', { name: words });

      it('says of sizes and quants what fits, for another context too', async () => {
        await goTo(app.page, 'Hardware');
        const bytes = async (quant: string): Promise<number> =>
          Number(/([\d.]+) GiB/.exec((await cell(new RegExp(`^8B, ${quant}: `)).getAttribute('aria-label')) ?? '')?.[1]);
        expect(await bytes('Q8_0')).toBeGreaterThan(await bytes('Q4_K_M'));
        await app.page.getByRole('combobox', { name: 'Context' }).click();
        await app.page.getByRole('option', { name: '2,048 context' }).click();
        await app.page.getByRole('table', { name: 'What fits at 2,048 tokens of context' }).waitFor();
        const before = await bytes('Q4_K_M');
        await app.page.getByRole('combobox', { name: 'Context' }).click();
        await app.page.getByRole('option', { name: '32,768 context' }).click();
        await app.page.getByRole('table', { name: 'What fits at 32,768 tokens of context' }).waitFor();
        expect(await bytes('Q4_K_M')).toBeGreaterThan(before);
      });

      it('moves its charts while they are looked at', async () => {
        const chart = app.page.getByRole('region', { name: 'Load now' }).locator('canvas').first();
        const drawn = (): Promise<string> => chart.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
        const before = await drawn();
        await expect.poll(drawn, { timeout: 30_000 }).not.toBe(before);
      });

      it('leads by keys from a size to models of that size', async () => {
        await cell(/^8B, Q4_K_M: /).focus();
        await app.page.keyboard.press('ArrowUp');
        const focused = (): Promise<string | null> => app.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
        expect(await focused()).toMatch(/^[\d.]+B, Q4_K_M: /);
        await app.page.keyboard.press('Enter');
        await app.page.getByRole('heading', { name: 'Discover', level: 1 }).waitFor();
      });
    });

    it('was never in the way of the policy and broke nothing', () => {
      expect(app.problems).toEqual([]);
    });
  });
}
