import { existsSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { put, putHubFile, putOllama, snapshotTree } from '../../services/library/appTrees.ts';
import { copyModel } from '../../services/library/libraryHarness.ts';
import type { AppUnderTest } from '../appUnderTest.ts';
import { askPage } from '../askPage.ts';
import { goTo } from '../clickThrough.ts';
import { makeHome, removeHome } from '../dataFolder.ts';
import { inspectScreen } from '../inspectScreen.ts';
import { startServe } from '../startServe.ts';

const models = join(import.meta.dirname, '../../../resources/models');
const dayMs = 24 * 3_600_000;

/** The library of somebody who has other apps: found, used, taken off the list, and space given back. */
describe('a library with models of other apps', () => {
  let home: string;
  let person: string;
  let ollama: string;
  let partial: string;
  let app: AppUnderTest;

  beforeAll(async () => {
    home = makeHome();
    person = join(home, 'person');
    ollama = join(person, '.ollama/models');
    putOllama(ollama, { name: 'tiny:1b', from: join(models, 'Starter-1M-Instruct-Q8_0.gguf') });
    const cache = join(person, '.cache/huggingface/hub');
    putHubFile(cache, { repo: 'ada/Cached-GGUF', file: 'Cached-3M-Q8_0.gguf', from: join(models, 'Starter-3M-Instruct-Q8_0.gguf') });
    partial = put(join(cache, 'models--ada--Cached-GGUF/blobs', `${'1'.repeat(64)}.other.incomplete`), Buffer.alloc(2_000_000, 1));
    const longAgo = new Date(Date.now() - 3 * dayMs);
    utimesSync(partial, longAgo, longAgo);
    app = await startServe({ home });
    await askPage(app.page, 'settings.update', { firstRunDone: true });
    await app.page.reload();
    await goTo(app.page, 'Library');
  });
  afterAll(async () => {
    await app.stop();
    removeHome(home);
  });

  const row = (name: RegExp): Locator => app.page.getByRole('row', { name });

  it('says what was found, and shows only that', async () => {
    const { page } = app;
    await page.getByText('2 models found in other apps').waitFor();
    await page.getByText('Hugging Face cache 1, Ollama 1. Used in place').waitFor();
    expect(await inspectScreen(page, 'library-found')).toEqual([]);
    await page.getByRole('button', { name: 'Show 2' }).click();
    await row(/tiny/i).waitFor();
    await row(/Starter 7M Instruct/).waitFor({ state: 'detached' });
    expect(await page.getByText('found in other apps').count()).toBe(0);
  });

  it('tells in its details where a model came from', async () => {
    const { page } = app;
    await row(/HF cache/).click();
    const details = page.getByRole('complementary', { name: /^Details of/ });
    expect(await details.getByRole('link', { name: 'ada/Cached-GGUF' }).getAttribute('href')).toBe(
      'https://huggingface.co/ada/Cached-GGUF',
    );
    await details.getByText('aaaaaaaa (main)').waitFor();
    expect(await inspectScreen(page, 'library-origin')).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('takes a model of another app off the list and leaves its files as they are', async () => {
    const { page } = app;
    const before = snapshotTree(ollama);
    await row(/tiny/i).click();
    await page.getByRole('grid', { name: 'Models' }).focus();
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText('ollama rm tiny:1b').waitFor();
    expect(await inspectScreen(page, 'library-remove')).toEqual([]);
    await dialog.getByRole('button', { name: 'Remove from the library' }).click();
    await row(/tiny/i).waitFor({ state: 'detached' });
    expect(snapshotTree(ollama)).toEqual(before);
  });

  it('gives space back from one list', async () => {
    const { page } = app;
    const copy = copyModel(join(home, 'folder/Copy-3M-Q8_0.gguf'), join(models, 'Starter-3M-Instruct-Q8_0.gguf'));
    await askPage(page, 'library.import', { path: copy });
    await page.getByRole('button', { name: 'Reclaim space' }).click();
    const dialog = page.getByRole('dialog', { name: 'Reclaim space' });
    await dialog.getByText('A download that was not finished').waitFor();
    expect(await inspectScreen(page, 'library-reclaim')).toEqual([]);
    const freed = statSync(partial).size;
    await dialog.getByRole('checkbox', { name: /^Unfinished downloads/ }).click();
    await dialog.getByRole('button', { name: `Remove 1 item, ${(freed / 1e6).toFixed(1)} MB` }).click();
    await page.getByText('1 item removed.').waitFor();
    expect(existsSync(partial)).toBe(false);
    expect(existsSync(copy)).toBe(true);
  });

  it('broke nothing', () => {
    expect(app.problems).toEqual([]);
  });
});
