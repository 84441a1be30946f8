import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppUnderTest, StartApp } from './appUnderTest.ts';
import { chatFromFirstRun, goTo } from './clickThrough.ts';

const model = 'starter-1m-instruct-q4_k_m';
const other = 'Starter 7M Instruct Q8_0';

/**
 * The Server page and a program that asks, the same for every host.
 * @param inspect looks at the screen as it is and tells what is wrong with it
 */
export function describeServer(
  hostName: string,
  start: StartApp,
  inspect: (page: Page, name: string) => Promise<readonly string[]> = () => Promise.resolve([]),
): void {
  describe(`somebody with a program that wants a model, in ${hostName}`, () => {
    let app: AppUnderTest;
    let page: Page;
    let address = '';
    let key = '';

    beforeAll(async () => {
      app = await start();
      page = app.page;
      await chatFromFirstRun(page);
      await goTo(page, 'Server');
      await page.getByRole('heading', { name: 'Server', exact: true }).waitFor();
    });
    afterAll(() => app.stop());

    /** As a program asks, with whichever key it has. */
    const ask = (text: string): Promise<Response> =>
      fetch(`${address}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ model, max_tokens: 8, messages: [{ role: 'user', content: text }] }),
      });
    const log = () => page.getByRole('grid', { name: 'Requests' });

    it('starts it on a free port and reads where it is and what lets in', async () => {
      const stop = page.getByRole('button', { name: 'Stop server' });
      const begin = page.getByRole('button', { name: 'Start server' });
      await stop.or(begin).waitFor();
      if (await stop.isVisible()) await stop.click();
      await begin.waitFor();
      const port = page.getByRole('textbox', { name: 'Port' });
      await port.fill('0');
      await port.press('Enter');
      await begin.click();
      await stop.waitFor();
      const connection = page.getByRole('region', { name: 'Connection' });
      address = (await connection.getByText(/^http:\/\/127\.0\.0\.1:\d+$/).textContent()) ?? '';
      await connection.getByRole('button', { name: 'Show key' }).click();
      key = (await connection.getByText(/^rs-[^•]+$/).textContent()) ?? '';
      expect(key.length).toBeGreaterThan(20);
      await page
        .getByRole('navigation', { name: 'Main' })
        .getByRole('link', { name: /^Server.*on$/ })
        .waitFor();
      await page.getByRole('region', { name: 'Code samples' }).getByText(key).waitFor();
      await connection.getByRole('button', { name: 'Hide key' }).click();
      expect(await page.getByText(key).count()).toBe(0);
    });

    it('sees a request come in and what was asked, once that is to be kept', async () => {
      await page.getByRole('button', { name: 'Server settings' }).click();
      const settings = page.getByRole('dialog', { name: 'Server settings' });
      await settings.getByRole('switch', { name: 'Keep questions and answers' }).click();
      await settings.getByRole('button', { name: 'Done' }).click();
      await settings.waitFor({ state: 'hidden' });
      expect((await ask('What is a token?')).status).toBe(200);
      const row = log().getByRole('row').filter({ hasText: '/v1/chat/completions' }).filter({ hasText: '200' });
      await row.click();
      const drawer = page.getByRole('complementary', { name: /^Details of POST/ });
      await drawer.getByRole('region', { name: 'Question' }).getByText('What is a token?').waitFor();
    });

    it('asks another model the same and sets both answers side by side', async () => {
      const replay = page.getByRole('region', { name: 'Replay' });
      await replay.getByRole('combobox', { name: 'Model to ask' }).click();
      await page.getByRole('option', { name: other }).click();
      await replay.getByRole('button', { name: 'Replay' }).click();
      const answers = page.getByRole('dialog', { name: 'The same question, two answers' });
      await answers.getByRole('region', { name: /^Now: Starter 7M/ }).waitFor({ timeout: 30_000 });
      await answers.getByRole('region', { name: /^Then: Starter 1M/ }).waitFor();
      await page.keyboard.press('Escape');
      await answers.waitFor({ state: 'hidden' });
    });

    it('keeps it as a test item', async () => {
      await page.getByRole('button', { name: 'Save as test item' }).click();
      const dialog = page.getByRole('dialog', { name: 'Save as test item' });
      expect(await dialog.getByRole('textbox', { name: 'Input' }).inputValue()).toContain('What is a token?');
      await dialog.getByRole('textbox', { name: /^Expected/ }).fill('word');
      await dialog.getByRole('button', { name: 'Save item' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await page.getByText('Saved in From the server').waitFor();
    });

    it('hands the model over in words for other programs', async () => {
      await page.getByRole('button', { name: 'Close details' }).click();
      await page.getByRole('button', { name: 'Run it elsewhere' }).click();
      const dialog = page.getByRole('dialog', { name: 'Run it elsewhere' });
      await dialog.getByText('llama-server \\').waitFor();
      await dialog.getByRole('tab', { name: 'Ollama' }).click();
      await dialog.getByText(/^FROM .*\.gguf$/m).waitFor();
      expect(await dialog.textContent()).not.toContain(key);
      await page.keyboard.press('Escape');
    });

    it('makes a new key, and a program with the old one is refused and listed', async () => {
      await page.getByRole('button', { name: 'New key' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Make a new key' }).click();
      await page.getByText('There is a new key').waitFor();
      expect((await ask('And now?')).status).toBe(401);
      await page.getByRole('button', { name: /^Errors/ }).click();
      await log().getByRole('row').filter({ hasText: '401' }).waitFor();
      // Its head and that one: what was answered is not among them.
      expect(await log().getAttribute('aria-rowcount')).toBe('2');
      expect(await inspect(page, 'server')).toEqual([]);
    });

    it('stops it, and nothing answers any more', async () => {
      await page.getByRole('button', { name: 'Stop server' }).click();
      await page.getByRole('button', { name: 'Start server' }).waitFor();
      await expect(ask('Anybody there?')).rejects.toThrow();
    });

    it('was never in the way of the policy and broke nothing', () => {
      expect(app.problems).toEqual([]);
    });
  });
}
