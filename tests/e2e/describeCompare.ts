import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppUnderTest, StartApp } from './appUnderTest.ts';
import { chatFromFirstRun } from './clickThrough.ts';

const small = { name: 'Starter 1M Instruct', quant: 'Q4_K_M' };
const large = { name: 'Starter 7M Instruct', quant: 'Q8_0' };

/**
 * Two models side by side, the same for every host: answers with their numbers, a preference, what differs, a test item, a blind vote.
 * @param inspect looks at the screen as it is and tells what is wrong with it
 */
export function describeCompare(
  hostName: string,
  start: StartApp,
  inspect: (page: Page, name: string) => Promise<readonly string[]> = () => Promise.resolve([]),
): void {
  describe(`two models side by side in ${hostName}`, () => {
    let app: AppUnderTest;
    let page: Page;

    beforeAll(async () => {
      app = await start();
      page = app.page;
    });
    afterAll(() => app.stop());

    it('answer one prompt, each with its own numbers', async () => {
      await chatFromFirstRun(page);
      await page.keyboard.press('Control+Shift+M');
      await choose(page, 'Model A', small);
      await choose(page, 'Model B', large);
      await page.getByText(/^Both fit together: /).waitFor();
      await compare(page, 'What is a token?');
      await page.getByRole('button', { name: 'Prefer A' }).and(page.locator(':enabled')).waitFor({ timeout: 60_000 });
      for (const [label, model] of [
        ['A', small],
        ['B', large],
      ] as const) {
        const column = page.getByRole('region', { name: `${label}: ${model.name} ${model.quant}` });
        expect(await column.getByRole('group', { name: /^Answer of/ }).innerText()).not.toBe('');
        expect(await column.locator('dl').innerText()).toMatch(/TTFT[\s\S]*\d (ms|s)[\s\S]*Total[\s\S]*\d (ms|s)/);
        await column.getByText(/loaded in/).waitFor();
      }
    });

    it('are told apart word by word, and the better answer becomes a test item', async () => {
      await page.getByRole('button', { name: 'Prefer B' }).click();
      await page.getByRole('button', { name: 'B is preferred', pressed: true }).waitFor();
      expect(await inspect(page, 'compare')).toEqual([]);
      const preferred = await page.getByRole('region', { name: /^B: / }).getByRole('group').innerText();
      await page.getByRole('button', { name: 'Differences' }).click();
      const difference = page.getByRole('dialog', { name: 'Differences' });
      await difference.getByText(/only in B|word for word/).waitFor();
      expect(await inspect(page, 'compare-difference')).toEqual([]);
      await page.keyboard.press('Escape');
      await difference.waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Save as test item' }).click();
      const item = page.getByRole('dialog', { name: 'Save as test item' });
      expect(await item.getByRole('textbox', { name: 'Input' }).inputValue()).toBe('What is a token?');
      expect(preferred).toContain((await item.getByRole('textbox', { name: /^Expected/ }).inputValue()).slice(0, 12));
      await item.getByRole('button', { name: /^Save/ }).click();
      await item.waitFor({ state: 'hidden' });
    });

    it('hide their names and speeds until a blind vote, which then counts in the standings', async () => {
      await page.getByRole('switch', { name: /^Blind/ }).click();
      await compare(page, 'Is this positive or negative: I love this phone');
      await page.getByRole('button', { name: 'Show names without a vote' }).waitFor({ timeout: 60_000 });
      const columns = page.getByRole('region', { name: /^Model [AB]$/ });
      expect(await columns.count()).toBe(2);
      for (const column of await columns.all()) expect(await column.innerText()).not.toMatch(/Starter|Q4_K_M|Q8_0|tok\/s|TTFT/);
      await page.getByRole('button', { name: 'Prefer A' }).click();
      const winner = page.getByRole('region', { name: /^A: Starter/ });
      await winner.getByText('TTFT').waitFor();
      const name = ((await winner.getAttribute('aria-label')) ?? '').slice('A: '.length);
      await page.getByRole('button', { name: 'Earlier comparisons and standings' }).click();
      const dialog = page.getByRole('dialog', { name: 'Comparisons' });
      await dialog.getByRole('button', { name: /^Is this positive.*Preferred: / }).waitFor();
      await dialog.getByRole('tab', { name: 'Standings' }).click();
      await dialog.getByRole('row', { name: new RegExp(`^${name} 1 1 0 0 100%`) }).waitFor();
      await dialog.getByRole('tab', { name: 'Earlier' }).click();
      await dialog.getByRole('button', { name: /^What is a token\?.*Preferred: Starter 7M/ }).click();
      await page.getByRole('button', { name: 'B is preferred', pressed: true }).waitFor();
    });

    it('was never in the way of the policy and broke nothing', () => {
      expect(app.problems).toEqual([]);
    });
  });
}

async function choose(page: Page, label: string, model: { readonly name: string; readonly quant: string }): Promise<void> {
  const picker = page.getByRole('combobox', { name: label, exact: true });
  await picker.click();
  const option = page.getByRole('option', { name: `${model.name} ${model.quant}` });
  await option.click();
  await option.waitFor({ state: 'hidden' });
}

async function compare(page: Page, prompt: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Prompt for all models' });
  await field.fill(prompt);
  await field.press('Enter');
}
