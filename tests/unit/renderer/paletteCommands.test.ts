import { expect, test, vi } from 'vitest';

// The page's address and history, which Node has none of.
vi.stubGlobal('window', { location: { hash: '' }, addEventListener: () => undefined });
vi.stubGlobal('history', { state: null, replaceState: () => undefined, pushState: () => undefined });
vi.stubGlobal('document', { documentElement: { dataset: {} } });
vi.stubGlobal('navigator', { platform: 'Linux', userAgent: '', maxTouchPoints: 0 });
const { findCommands, paletteCommands } = await import('../../../src/renderer/shell/paletteCommands.ts');
const { choiceName, modelChoices } = await import('../../../src/renderer/stores/modelChoices.ts');
const { screens } = await import('../../../src/renderer/shell/screens.ts');
const { settingsSections } = await import('../../../src/renderer/shell/settingsSections.ts');

const nothing = (): void => undefined;
const actions = { showShortcuts: nothing, quickPrompt: nothing, importModel: nothing, addFolder: nothing };
const nothingHere = { models: [], loaded: [], conversations: [], runs: [], isServing: false, actions, onScreen: [] } as const;
const commands = paletteCommands({ ...nothingHere, query: 'server' });

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

test('what the screen offers is found by its name, and not listed before something is typed', () => {
  const run = vi.fn();
  const onScreen = [{ label: 'New key', run }];
  const found = findCommands(paletteCommands({ ...nothingHere, onScreen, query: 'key' }), 'key');
  expect(found.map(({ group, label }) => `${group}: ${label}`)).toContain('On this screen: New key');
  found.find(({ label }) => label === 'New key')?.run();
  expect(run).toHaveBeenCalledOnce();
  expect(paletteCommands({ ...nothingHere, onScreen, query: ' ' }).map(({ group }) => group)).not.toContain('On this screen');
});

test('models behind endpoints can be chatted with', () => {
  const endpoint = { id: 'e1', name: 'Workshop', baseUrl: 'http://127.0.0.1:1/v1', models: ['qwen3-8b'] };
  const models = modelChoices([], [{ ...endpoint, hasKey: false, concurrency: 4, requestsPerMinute: null, stallSeconds: 120 }]);
  const labels = paletteCommands({ ...nothingHere, models, query: '' }).map(({ label }) => label);
  expect(labels).toContain(`Chat with ${models.map(choiceName).join()}`);
});
