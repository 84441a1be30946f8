import type { Download, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppUnderTest, StartApp } from './appUnderTest.ts';
import { ask, chatFromFirstRun } from './clickThrough.ts';

/** What the grammar makes long whatever the model wants: time enough to stop it. */
const longSchema = JSON.stringify({ type: 'array', items: { type: 'integer' }, minItems: 1000 });
const labelSchema = JSON.stringify({
  type: 'object',
  properties: { label: { type: 'string', enum: ['hot', 'cold'] } },
  required: ['label'],
});

/**
 * What a person does in a chat beside asking, the same for every host.
 * @param inspect looks at the screen as it is and tells what is wrong with it
 */
export function describeChat(
  hostName: string,
  start: StartApp,
  inspect: (page: Page, name: string) => Promise<readonly string[]> = () => Promise.resolve([]),
): void {
  describe(`somebody who chats in ${hostName}`, () => {
    let app: AppUnderTest;
    let page: Page;
    const answers = (): Locator => page.getByRole('article', { name: /^Answer by/ });
    const questions = (): Locator => page.getByRole('article', { name: 'You' });
    const version = (of: 'answer' | 'question', words: string): Promise<void> =>
      page.getByRole('status', { name: `${of} ${words}` }).waitFor({ timeout: 30_000 });

    /** Without the spaces, which are the model's to choose. */
    async function wordsOfLast(): Promise<string> {
      return (await answers().last().locator('.md').innerText()).replaceAll(/\s/g, '');
    }

    async function holdTo(schema: string): Promise<void> {
      await page.getByRole('button', { name: 'JSON', exact: true }).click();
      await page.getByRole('textbox', { name: 'JSON Schema' }).fill(schema);
      await page.getByRole('button', { name: 'Use this schema' }).click();
    }

    beforeAll(async () => {
      app = await start();
      page = app.page;
      await chatFromFirstRun(page);
      await ask(page, 'What is quantization?');
    });
    afterAll(() => app.stop());

    it('asks a question in other words and goes between the two by the arrow keys', async () => {
      const first = await answers().last().innerText();
      await page.getByRole('textbox', { name: 'Message', exact: true }).press('ArrowUp');
      const editor = page.getByRole('textbox', { name: 'Edit your message' });
      await editor.fill('What is a token?');
      await editor.press('Control+Enter');
      await version('question', '2 of 2');
      await page.getByTitle('Generation speed of this answer').waitFor();
      await page.getByRole('button', { name: 'Later question' }).press('ArrowLeft');
      await version('question', '1 of 2');
      expect(await answers().last().innerText()).toBe(first);
      expect(await questions().innerText()).toContain('What is quantization?');
    });

    it('has it answered again and keeps the first answer beside', async () => {
      await page.getByRole('button', { name: 'Answer again' }).click();
      await version('answer', '2 of 2');
      await page.getByRole('button', { name: 'Earlier answer' }).click();
      await version('answer', '1 of 2');
      expect(await inspect(page, 'chat-branches')).toEqual([]);
    });

    it('stops an answer and lets the model go on with it', async () => {
      await holdTo(longSchema);
      const composer = page.getByRole('textbox', { name: 'Message', exact: true });
      await composer.fill('Count.');
      await page.evaluate(stopAtFirstNumber);
      await composer.press('Enter');
      await page.getByText('Stopped by you').waitFor({ timeout: 60_000 });
      const stopped = await wordsOfLast();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText('Stopped by you').waitFor({ state: 'detached' });
      await page.getByRole('article', { name: /is answering$/ }).waitFor({ state: 'detached', timeout: 60_000 });
      const whole = await wordsOfLast();
      expect(whole.startsWith(stopped)).toBe(true);
      expect(whole.length).toBeGreaterThan(stopped.length);
    });

    it('holds an answer to a schema', async () => {
      await holdTo(labelSchema);
      await ask(page, 'Is ice hot or cold?');
      expect(await wordsOfLast()).toMatch(/^\{"label":"(hot|cold)"\}$/);
    });

    it('keeps the way it answers as a preset and answers by another', async () => {
      await page.getByRole('button', { name: 'Save as preset' }).click();
      const dialog = page.getByRole('dialog', { name: 'Save as preset' });
      await dialog.getByRole('textbox', { name: 'Name' }).fill('Labels');
      await dialog.getByRole('button', { name: 'Save preset' }).click();
      await page.getByRole('button', { name: 'Preset: Labels' }).click();
      await page.getByRole('menuitem').first().click();
      await expect.poll(() => page.getByRole('button', { name: 'Preset: Labels' }).count()).toBe(0);
    });

    it('finds a word in another wording and is led to it', async () => {
      await page.getByRole('searchbox', { name: 'Search chats' }).fill('token');
      const found = page.getByRole('list', { name: 'Found' }).getByRole('button', { name: /What is a token/ });
      await found.first().click();
      await questions().filter({ hasText: 'What is a token?' }).waitFor();
      await page.getByRole('searchbox', { name: 'Search chats' }).fill('');
    });

    it('hands chats out as files, and takes one back', async () => {
      const more = page.getByRole('button', { name: /^Actions for / });
      await more.focus();
      await more.press('Enter');
      const downloading = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: 'Export as Markdown' }).click();
      expect(await textOf(await downloading)).toContain('What is a token?');
      const files = page.getByRole('button', { name: 'Import and export' });
      await files.click();
      const all = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: 'Export all as JSON' }).click();
      const buffer = Buffer.from(await textOf(await all));
      await page.getByLabel('File with chats').setInputFiles({ name: 'chats.json', mimeType: 'application/json', buffer });
      await page.getByText('1 chat imported').waitFor();
    });

    it('reads a formula in an answer', async () => {
      await answers().last().hover();
      await page.getByRole('button', { name: 'More about this answer' }).last().click();
      await page.getByRole('menuitem', { name: 'Edit answer' }).click();
      const editor = page.getByRole('textbox', { name: 'Edit the answer' });
      await editor.fill('Half is \\(\\frac{1}{2}\\), and\n\n\\[ \\color{yellow} \\left( \\cancel{x} \\right) \\]');
      await editor.press('Control+Enter');
      await page.getByRole('region', { name: 'Formula' }).locator('menclose').waitFor();
      await answers().last().locator('mfrac').waitFor();
      expect(await inspect(page, 'chat-formula')).toEqual([]);
    });

    it('removes a message with what follows it, asked once', async () => {
      await questions().first().hover();
      await page.getByRole('button', { name: 'More about this message' }).click();
      await page.getByRole('menuitem', { name: 'Remove from here on' }).click();
      await page.getByRole('button', { name: 'Remove messages' }).click();
      await questions().filter({ hasText: 'What is a token?' }).waitFor({ state: 'detached' });
      await questions().filter({ hasText: 'What is quantization?' }).waitFor();
    });

    it('was never in the way of the policy and broke nothing', () => {
      expect(app.problems).toEqual([]);
    });
  });
}

async function textOf(download: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Presses Escape in the very frame in which the answer shows its first number: a small model may be at its end a moment later. */
const stopAtFirstNumber = `{
  const observer = new MutationObserver(() => {
    const answer = document.querySelector('article[aria-busy] .md');
    if (!/\\d,/.test(answer?.textContent ?? '')) return;
    observer.disconnect();
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
  });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
}`;
