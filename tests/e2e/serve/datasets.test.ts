import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppUnderTest } from '../appUnderTest.ts';
import { askPage } from '../askPage.ts';
import { goTo } from '../clickThrough.ts';
import { makeHome, removeHome } from '../dataFolder.ts';
import { inspectScreen } from '../inspectScreen.ts';
import { startServe } from '../startServe.ts';

/** Somebody brings questions of their own: written, pasted, labelled by key, imported, and asked of a model. */
describe('labelled sets of ones own', () => {
  let home: string;
  let app: AppUnderTest;

  beforeAll(async () => {
    home = makeHome();
    app = await startServe({ home });
    await askPage(app.page, 'settings.update', { firstRunDone: true });
    await app.page.reload();
    await goTo(app.page, 'Benchmark');
  });
  afterAll(async () => {
    await app.stop();
    removeHome(home);
  });

  const cell = (id: string) => app.page.locator(`#cell-${id}`);
  const suites = () => app.page.getByRole('region', { name: 'Suites' });
  const addOwn = async (how: RegExp): Promise<void> => {
    await app.page.getByRole('button', { name: 'Add your own' }).click();
    await app.page.getByRole('menuitem', { name: how }).click();
  };

  it('are written in a grid by keyboard alone, labelled by number, and saved by themselves', async () => {
    const { page } = app;
    await addOwn(/Write and label items/);
    await page.getByRole('grid', { name: 'Items' }).waitFor();
    await page.keyboard.type('My card was charged twice');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('billing; bug; other');
    await page.keyboard.press('Tab');
    await paste('The app closes\nWhere is my invoice?\nThank you');
    await cell('3-input').getByText('Thank you').waitFor();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowRight');
    for (const key of ['1', '2', '1']) await page.keyboard.press(key);
    await page.getByText('4 items, 1 not finished and not asked').waitFor();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(await cell('2-expected').innerText()).toBe('billing');
    expect(await inspectScreen(page, 'benchmark-data')).toEqual([]);
    await page.keyboard.press('3');
    await page.getByText('4 items', { exact: true }).waitFor();
    await page.getByRole('textbox', { name: 'Name of the set' }).fill('Inbox');
    await page.keyboard.press('Enter');
    await page.getByText('Saved', { exact: true }).waitFor();
  });

  it('are there again after the page was loaded anew, and leave as a file', async () => {
    const { page } = app;
    await page.reload();
    expect(await page.getByRole('textbox', { name: 'Name of the set' }).inputValue()).toBe('Inbox');
    expect(await cell('3-expected').innerText()).toBe('other');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export as JSONL' }).click()]);
    const lines = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { expected: string }).expected)).toEqual(['billing', 'bug', 'billing', 'other']);
    await page.getByRole('button', { name: 'Benchmark this set' }).click();
    await suites().getByRole('checkbox', { name: /Inbox/, checked: true }).waitFor();
    expect(await suites().getByRole('checkbox', { checked: true }).count()).toBe(1);
  });

  it('come from a file, bad rows named first and left out when that is wanted', async () => {
    const { page } = app;
    const path = join(home, 'faq.csv');
    writeFileSync(path, 'question,answer\n"Say yes, please",yes\n,no\nSay no,no\n');
    await addOwn(/Import a file/);
    await page.getByRole('textbox', { name: 'Path of a file' }).fill(path);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: "One row can't be used" }).getByText('"input" is missing.').waitFor();
    await page.getByRole('button', { name: 'Import the 2 good ones' }).click();
    await suites()
      .getByRole('checkbox', { name: /^faq Your data set/, checked: true })
      .waitFor();
  });

  it('are removed when that is wanted', async () => {
    const { page } = app;
    await suites().getByRole('button', { name: 'More about Inbox' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Remove set' }).click();
    await suites().getByRole('checkbox', { name: /Inbox/ }).waitFor({ state: 'detached' });
    expect(app.problems).toEqual([]);
  });

  /** What the clipboard hands over; a browser of the tests has none. */
  async function paste(text: string): Promise<void> {
    await app.page.keyboard.press('Control+Home');
    await app.page.keyboard.press('ArrowDown');
    await app.page.getByRole('grid').evaluate((grid, copied) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', copied);
      grid.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }
});
