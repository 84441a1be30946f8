import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppUnderTest, StartApp } from './appUnderTest.ts';
import { ask, chatFromFirstRun, goTo, readVerdict, setUpBenchmark, startBenchmark } from './clickThrough.ts';

const question = 'What is a token?';
const models = ['Starter 1M Instruct Q4_K_M', 'Starter 7M Instruct Q8_0'];
/** As copied out of a spreadsheet: input and expected. */
const rows = [
  ['I love this lamp, it is wonderful.', 'positive'],
  ['The lamp broke after a day, awful.', 'negative'],
  ['The lamp has two buttons.', 'neutral'],
  ['A wonderful film, we loved it.', 'positive'],
];

/**
 * The whole lab, the same for every host: own items, a run, a person's word, a comparison, costs.
 * @param inspect looks at the screen as it is and tells what is wrong with it
 */
export function describeLab(
  hostName: string,
  start: StartApp,
  inspect: (page: Page, name: string) => Promise<readonly string[]> = () => Promise.resolve([]),
): void {
  describe(`somebody with a task of their own in ${hostName}`, () => {
    let app: AppUnderTest;
    let page: Page;

    beforeAll(async () => {
      app = await start();
      page = app.page;
    });
    afterAll(() => app.stop());

    it('keeps an answer of a chat as a test item, corrected', async () => {
      await chatFromFirstRun(page);
      await ask(page, question);
      await page.getByRole('button', { name: 'Save as test item' }).click();
      const dialog = page.getByRole('dialog', { name: 'Save as test item' });
      await dialog.getByRole('textbox', { name: /^Expected/ }).fill('positive');
      await dialog.getByRole('textbox', { name: 'Name of the set' }).fill('Lamps');
      await dialog.getByRole('button', { name: /^Save/ }).click();
      await dialog.waitFor({ state: 'hidden' });
    });

    it('finds it in the grid, pastes more from a spreadsheet, and has them kept', async () => {
      await goTo(page, 'Benchmark');
      await page.getByRole('button', { name: 'More about Lamps' }).click();
      await page.getByRole('menuitem', { name: 'Edit items' }).click();
      const grid = page.getByRole('grid', { name: 'Items' });
      await grid.getByRole('gridcell', { name: question }).waitFor();
      await page.getByRole('button', { name: 'Add item' }).click();
      await paste(page, rows.map((row) => row.join('\t')).join('\n'));
      await grid.getByRole('gridcell', { name: rows[3]?.[0] ?? '' }).waitFor();
      // A click beside a cell that is being written takes the cell, and the focus with it.
      await grid.press('Enter');
      const told = page.getByRole('textbox', { name: 'System prompt' });
      await told.click();
      await page.keyboard.type('Name the tone.');
      expect(await told.inputValue()).toBe('Name the tone.');
      await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
      await page.getByRole('button', { name: 'Back to the benchmark' }).click();
    });

    it('runs it on two models and reads that so few items prove nothing', async () => {
      await setUpBenchmark(page, { models, suite: /^Lamps/, items: 5 });
      await startBenchmark(page);
      expect(await readVerdict(page)).toMatch(/No model here reaches 80%[\s\S]*\d of 5/);
    });

    it('overrules the grader on one answer, sees the score follow, and takes it back', async () => {
      const graded = await scores(page);
      await page.getByRole('tab', { name: 'Scenarios' }).click();
      const scenario = page.getByRole('region', { name: /^Scenario / });
      await scenario.getByRole('button', { name: 'Grader is wrong' }).click();
      const dialog = page.getByRole('dialog', { name: 'The grader is wrong' });
      await dialog.getByRole('button', { name: /^Count it as a / }).click();
      await scenario.getByRole('button', { name: 'Take it back' }).waitFor();
      expect(await inspect(page, 'benchmark-overruled')).toEqual([]);
      await page.getByRole('tab', { name: 'Overview' }).click();
      expect(await scores(page)).not.toEqual(graded);
      await page.getByRole('tab', { name: 'Scenarios' }).click();
      await scenario.getByRole('button', { name: 'Take it back' }).click();
      await scenario.getByRole('button', { name: 'Grader is wrong' }).waitFor();
      await page.getByRole('tab', { name: 'Overview' }).click();
      expect(await scores(page)).toEqual(graded);
    });

    it('runs it again and holds it against the first run, one quant against the other, and beside prices', async () => {
      await page.getByRole('button', { name: 'Run again' }).click();
      await page.getByRole('checkbox', { name: /^Lamps/ }).focus();
      await page.keyboard.press('Control+Enter');
      await readVerdict(page);
      await page.getByRole('tab', { name: 'Baseline and cost' }).click();
      const baseline = page.getByRole('region', { name: 'Against baseline' });
      await baseline.getByText('No real change').first().waitFor();
      await page
        .getByRole('region', { name: 'Cost per 1,000 calls' })
        .getByText(/in, .* out/)
        .first()
        .waitFor();
      expect(await inspect(page, 'benchmark-baseline')).toEqual([]);
    });

    it('was never in the way of the policy and broke nothing', () => {
      expect(app.problems).toEqual([]);
    });
  });
}

/** What each cell of the heat map says aloud. */
async function scores(page: Page): Promise<readonly (string | null)[]> {
  const cells = page.getByRole('table', { name: /^Score by model and suite/ }).getByRole('button');
  await cells.first().waitFor();
  return Promise.all((await cells.all()).map((cell) => cell.getAttribute('aria-label')));
}

/** What a browser sends when a person pastes; headless ones have no clipboard of the system. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate(
    `{
      const data = new DataTransfer();
      data.setData('text/plain', ${JSON.stringify(text)});
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }`,
  );
}
