import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHome, removeHome } from '../dataFolder.ts';
import { type DesktopProcess, spawnDesktop, startDesktop } from '../startDesktop.ts';
import { spawnServe } from '../startServe.ts';

let home: string;
const started: DesktopProcess[] = [];

function spawn(): DesktopProcess {
  const desktop = spawnDesktop(home);
  started.push(desktop);
  return desktop;
}

beforeEach(() => {
  home = makeHome();
});
afterEach(async () => {
  for (const desktop of started.splice(0)) await desktop.quit();
  removeHome(home);
});

describe('the desktop host', () => {
  it('shows the window of the first instance when it is started a second time', async () => {
    const first = spawn();
    await first.report('loaded');
    const second = spawn();
    expect(await second.exited).toBe(0);
    expect(second.reports.some((report) => report.kind === 'window')).toBe(false);
    await first.report('focused');
  });

  it('says in a dialog who holds the data folder, and ends', async () => {
    const serve = await spawnServe(home);
    const desktop = spawn();
    const { title, text } = await desktop.report('dialog');
    expect(title).toBe('Rightsize cannot start');
    expect(text).toMatch(/in use by rightsize serve[\s\S]*RIGHTSIZE_HOME/);
    expect(await desktop.exited).toBe(1);
    await serve.stop();
  });

  it('ends when its last window is closed, remembers the window and lets go of the data folder', async () => {
    const first = spawn();
    await first.report('loaded');
    await first.ask({ command: 'close-window' });
    expect(await first.exited).toBe(0);
    expect(JSON.parse(readFileSync(join(home, 'window.json'), 'utf8'))).toEqual({
      bounds: { x: 100, y: 60, width: 1280, height: 800 },
      isMaximized: false,
    });
    const second = spawn();
    expect((await second.report('window')).options).toMatchObject({ x: 100, y: 60, width: 1280, height: 800 });
    await second.report('loaded');
  });

  it('gives a reloaded page a pipe of its own', async () => {
    const app = await startDesktop({ home });
    started.push(app.desktop);
    await app.page.getByRole('heading').first().waitFor();
    await app.page.reload();
    await app.page.getByRole('heading').first().waitFor();
    expect(app.problems).toEqual([]);
    await app.stop();
  });

  it('colours its title bar by the theme that the page chose', async () => {
    const app = await startDesktop({ home });
    started.push(app.desktop);
    const update = { kind: 'req', id: 910_001, route: 'settings.update', input: { theme: 'dark' } };
    await app.desktop.ask({ command: 'forge', frame: update, url: 'app://rightsize/index.html', isTopFrame: true });
    expect(await app.desktop.report('overlay')).toMatchObject({ overlay: { color: '#0D0F12', symbolColor: '#ECEEF1' } });
    await app.stop();
  });
});
