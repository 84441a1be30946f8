import { expect, test, vi } from 'vitest';

// The page's address and history, which Node has none of.
vi.stubGlobal('window', { location: { hash: '' }, addEventListener: () => undefined });
vi.stubGlobal('history', { state: null, replaceState: () => undefined, pushState: () => undefined });
vi.stubGlobal('document', { documentElement: { dataset: {} } });
vi.stubGlobal('navigator', { platform: 'Linux', userAgent: '', maxTouchPoints: 0 });
const { findCommands, paletteCommands } = await import('../../../src/renderer/shell/paletteCommands.ts');
const { screens } = await import('../../../src/renderer/shell/screens.ts');
const { settingsSections } = await import('../../../src/renderer/shell/settingsSections.ts');

const nothing = (): void => undefined;
const actions = { showShortcuts: nothing, quickPrompt: nothing, importModel: nothing, addFolder: nothing };
const commands = paletteCommands({ artifacts: [], loaded: [], conversations: [], runs: [], isServing: false, actions, query: 'server' });

test('every screen and every section of the settings can be gone to, and no two commands are the same', () => {
  const ids = commands.map((command) => command.id);
  for (const screen of screens) expect(ids).toContain(`go-to-${screen.name}`);
  for (const section of settingsSections) expect(ids).toContain(`settings-${section.id}`);
  expect(new Set(ids).size).toBe(ids.length);
});

test('what is here comes before the hub is asked, and words may stand in any order', () => {
  const found = findCommands(commands, 'server');
  expect(found[0]?.id).toBe('go-to-Server');
  expect(found.at(-1)?.id).toBe('search-hub');
  expect(findCommands(commands, 'models compare').map((command) => command.id)).toEqual(['compare']);
});

test('a few of each group are shown while nothing is typed', () => {
  const groups = findCommands(commands, '').map((command) => command.group);
  for (const group of new Set(groups)) expect(groups.filter((one) => one === group).length).toBeLessThanOrEqual(5);
});
