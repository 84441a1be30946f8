import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DesktopApp, startDesktop } from '../startDesktop.ts';

const keys = 'CommandOrControl+Shift+Space';
const taken = 'CommandOrControl+Alt+K';
let app: DesktopApp;

beforeAll(async () => {
  app = await startDesktop({ env: { RIGHTSIZE_DOUBLE_TAKEN_KEYS: taken } });
  await app.page.getByRole('button', { name: 'Skip' }).click();
});
afterAll(() => app.stop());

function trayRows(): readonly Record<string, unknown>[] {
  const report = app.desktop.reports.findLast((one) => one.kind === 'tray');
  return report?.kind === 'tray' ? report.rows : [];
}

const change = (input: object, id: number): Promise<unknown> => ask('settings.update', input, id);
const ask = (route: string, input: object, id: number): Promise<unknown> =>
  app.desktop.ask({
    command: 'forge',
    frame: { kind: 'req', id, route, input },
    url: 'app://rightsize/index.html',
    isTopFrame: true,
  });

/** The page that opens next. */
function nextPage(): Promise<Page> {
  return new Promise((done) => app.page.context().once('page', done));
}

describe('the tray and the quick prompt', () => {
  it('answers a question in a small window opened by a key, and shows it as a conversation in the main one', async () => {
    const opening = nextPage();
    expect(await app.desktop.ask({ command: 'press', accelerator: keys })).toBe(true);
    const quick = await opening;
    await quick.getByRole('textbox', { name: 'Quick prompt' }).fill('Say hello.');
    await quick.keyboard.press('Enter');
    await quick.getByRole('status').filter({ hasText: 'tokens' }).waitFor();
    const closed = quick.waitForEvent('close');
    await quick.getByRole('button', { name: 'Open in Chat' }).click();
    await closed;
    await app.page.getByRole('article').last().waitFor();
    expect(app.page.url()).toContain('#/chat/');
    expect(await app.page.getByText('Say hello.').first().isVisible()).toBe(true);
  });

  it('closes the small window with Esc', async () => {
    const opening = nextPage();
    await app.desktop.ask({ command: 'press', accelerator: keys });
    const quick = await opening;
    await quick.getByRole('textbox', { name: 'Quick prompt' }).waitFor();
    const closed = quick.waitForEvent('close');
    await quick.keyboard.press('Escape');
    await closed;
  });

  it('says in the settings that another program holds the keys', async () => {
    await app.page.goto(`${app.page.url().split('#')[0]}#/settings/general`);
    await change({ quickPromptShortcut: taken }, 920_001);
    await app.page.getByText('Another program holds these keys').waitFor();
    await change({ quickPromptShortcut: keys }, 920_002);
    await app.page.getByText('Another program holds these keys').waitFor({ state: 'detached' });
    expect(await app.desktop.ask({ command: 'press', accelerator: taken })).toBe(false);
  });

  it('starts and stops the local API in the tray', async () => {
    const isChecked = (): unknown => trayRows().find((row) => row['label'] === 'Local API')?.['checked'];
    await ask('server.configure', { port: 0 }, 920_010);
    expect(isChecked()).toBe(false);
    await app.desktop.ask({ command: 'tray', label: 'Local API' });
    await expect.poll(isChecked).toBe(true);
    await app.desktop.ask({ command: 'tray', label: 'Local API' });
    await expect.poll(isChecked).toBe(false);
  });

  it('lists loaded models in the tray, unloads one there, and opens the window again that was closed to it', async () => {
    const unload = trayRows().find((row) => String(row['label']).startsWith('Unload '))?.['label'];
    expect(unload).toBeDefined();
    await app.desktop.ask({ command: 'tray', label: String(unload) });
    await expect.poll(() => trayRows().some((row) => row['label'] === 'No model in memory'), { timeout: 10_000 }).toBe(true);

    await change({ closeToTray: true }, 920_003);
    const closed = app.page.waitForEvent('close');
    await app.desktop.ask({ command: 'close-window' });
    await closed;
    const opening = new Promise<Page>((done) => app.page.context().once('page', done));
    expect(await app.desktop.ask({ command: 'tray', label: 'Open Rightsize' })).toBe(true);
    await (await opening).getByRole('navigation', { name: 'Main' }).waitFor();
    expect(app.desktop.child.exitCode).toBeNull();
  });
});
