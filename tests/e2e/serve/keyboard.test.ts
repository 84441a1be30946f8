import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppUnderTest } from '../appUnderTest.ts';
import { startServe } from '../startServe.ts';

/** No mouse: the main job by keys alone. */
describe('the keyboard', () => {
  let app: AppUnderTest;

  beforeAll(async () => {
    app = await startServe();
  });
  afterAll(() => app.stop());

  const press = (...keys: string[]): Promise<void> =>
    keys.reduce((before, key) => before.then(() => app.page.keyboard.press(key)), Promise.resolve());
  const heading = (name: string | RegExp): Promise<void> => app.page.getByRole('heading', { name, level: 1 }).waitFor();

  it('leaves the first run by Enter, to the setup of a benchmark', async () => {
    await app.page.getByText('Machine read').waitFor();
    await press('Enter');
    await heading('New benchmark');
  });

  it('reaches every screen by Ctrl and its number', async () => {
    for (const [index, name] of ['Discover', 'Library', 'Chat', 'New benchmark', 'Server', 'Hardware', 'Settings'].entries()) {
      await press(`Control+${index + 1}`);
      await heading(name);
    }
  });

  it('goes anywhere by the command palette', async () => {
    await press('Control+k');
    await app.page.getByRole('combobox', { name: 'Go to a model, chat or command' }).waitFor();
    await app.page.keyboard.type('hardware');
    await press('Enter');
    await heading('Hardware');
    await app.page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('chats: new chat, type, Enter, and the answer is there', async () => {
    await press('Control+3');
    await heading('Chat');
    await press('Control+n');
    await app.page.locator('textarea:focus, [role="textbox"]:focus').waitFor();
    await app.page.keyboard.type('hello');
    await press('Enter');
    await app.page.getByTitle('Generation speed of this answer').waitFor({ timeout: 60_000 });
  });

  it('starts a benchmark by Ctrl and Enter and pauses it by Space', async () => {
    await press('Control+4');
    await heading('New benchmark');
    await app.page.getByRole('heading', { name: /^Models 7 of 7/ }).waitFor();
    await press('Control+Enter');
    await app.page.getByRole('button', { name: /^Pause/ }).waitFor();
    await press('Space');
    await app.page.getByRole('button', { name: /^Resume/ }).waitFor();
  });

  it('sees where it is: every stop of the Tab key has a visible focus and a name', async () => {
    await press('Control+7');
    await heading('Settings');
    const stops: { name: string; isVisible: boolean }[] = [];
    for (let stop = 0; stop < 25; stop++) {
      await press('Tab');
      stops.push(await app.page.evaluate<{ name: string; isVisible: boolean }>(describeFocus));
    }
    expect(stops.filter((stop) => stop.name !== 'BODY').length).toBeGreaterThan(10);
    expect(stops.filter((stop) => !stop.isVisible)).toEqual([]);
  });
});

/** What has the focus, and whether its outline, its border or its label shows it. */
const describeFocus = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return { name: 'BODY', isVisible: true };
  const seen = [element, element.parentElement, element.nextElementSibling, element.closest('label, .field, .input')].filter(Boolean);
  const hasRing = (part) => { const style = getComputedStyle(part); return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'; };
  return { name: element.getAttribute('aria-label') ?? element.textContent?.trim() ?? element.id, isVisible: seen.some(hasRing) };
})()`;
