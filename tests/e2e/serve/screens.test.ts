import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppUnderTest } from '../appUnderTest.ts';
import { ask, goTo, readVerdict, setUpBenchmark, startBenchmark } from '../clickThrough.ts';
import { inspectScreen } from '../inspectScreen.ts';
import { startServe } from '../startServe.ts';

const clean: readonly string[] = [];

/** One walk through every screen; each is looked at in both colour schemes. */
describe('every screen meets WCAG AA, light and dark', () => {
  let app: AppUnderTest;

  beforeAll(async () => {
    app = await startServe();
  });
  afterAll(() => app.stop());

  it('first run', async () => {
    const { page } = app;
    await page.getByText('Machine read').waitFor();
    await page.getByText('7 starter models are already here').waitFor();
    const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    expect(loaded.filter((name) => /\/\w+Screen-/.test(name))).toEqual([expect.stringMatching(/FirstRunScreen-.*\.js$/)]);
    expect(await inspectScreen(page, 'first-run')).toEqual(clean);
  });

  it('benchmark setup', async () => {
    const { page } = app;
    await page.getByRole('button', { name: /^Benchmark my models/ }).click();
    await page.getByRole('heading', { name: /^Models 7 of 7/ }).waitFor();
    expect(await inspectScreen(page, 'benchmark-setup')).toEqual(clean);
  });

  it('a running benchmark, paused', async () => {
    const { page } = app;
    await startBenchmark(page);
    await page.getByRole('button', { name: /^Pause/ }).click();
    await page.getByRole('button', { name: /^Resume/ }).waitFor();
    expect(await inspectScreen(page, 'benchmark-running')).toEqual(clean);
    await page.getByRole('button', { name: /^Cancel run/ }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel run' }).click();
    await page.getByRole('button', { name: 'Run again' }).waitFor();
  });

  it('results', async () => {
    const { page } = app;
    await goTo(page, 'Benchmark');
    await setUpBenchmark(page, {
      models: ['Starter 1M Instruct Q4_K_M', 'Starter 3M Instruct Q4_K_M', 'Starter 7M Instruct Q8_0'],
      suite: /^Support routing/,
      items: 60,
    });
    await startBenchmark(page);
    await readVerdict(page);
    expect(await inspectScreen(page, 'benchmark-results')).toEqual(clean);
  });

  it('scenarios of a run, with one transcript', async () => {
    const { page } = app;
    await page.getByRole('tab', { name: 'Scenarios' }).click();
    await page.getByRole('region', { name: /^Scenario / }).waitFor();
    expect(await inspectScreen(page, 'benchmark-scenarios')).toEqual(clean);
  });

  it('library, and a model in its drawer', async () => {
    const { page } = app;
    await goTo(page, 'Library');
    await page.getByText('Starter 7M Instruct').first().waitFor();
    expect(await inspectScreen(page, 'library')).toEqual(clean);
    await page.getByText('Starter 7M Instruct').first().click();
    await page.getByRole('complementary', { name: 'Details of Starter 7M Instruct' }).waitFor();
    expect(await inspectScreen(page, 'library-details')).toEqual(clean);
    await page.keyboard.press('Escape');
  });

  it('chat, empty and with answers', async () => {
    const { page } = app;
    await goTo(page, 'Chat');
    await page.getByRole('textbox', { name: /^Message/ }).waitFor();
    expect(await inspectScreen(page, 'chat-empty')).toEqual(clean);
    await ask(page, 'What is quantization?');
    await ask(page, 'What is a GGUF file?');
    expect(await inspectScreen(page, 'chat')).toEqual(clean);
  });

  it('hardware', async () => {
    const { page } = app;
    await goTo(page, 'Hardware');
    await page.getByRole('table', { name: /^What fits at / }).waitFor();
    expect(await inspectScreen(page, 'hardware')).toEqual(clean);
  });

  it('settings', async () => {
    const { page } = app;
    await goTo(page, 'Settings');
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    expect(await inspectScreen(page, 'settings')).toEqual(clean);
  });

  it('command palette and shortcut sheet', async () => {
    const { page } = app;
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
    expect(await inspectScreen(page, 'palette')).toEqual(clean);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await inspectScreen(page, 'shortcuts')).toEqual(clean);
    await page.keyboard.press('Escape');
  });

  it('breaks nothing on the way', () => {
    expect(app.problems).toEqual([]);
  });
});
