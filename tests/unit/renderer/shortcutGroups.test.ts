import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { shortcutGroups } from '../../../src/renderer/shell/shortcutGroups.ts';

const page = resolve(import.meta.dirname, '../../../src/renderer');
const written: Readonly<Record<string, string>> = { ' ': 'space', escape: 'esc', arrowleft: '←', arrowright: '→' };

/** What the page listens for, as the sheet writes it: `ctrl shift m`. */
function listenedFor(): readonly string[] {
  const source = globSync('**/*.{ts,tsx}', { cwd: page })
    .map((file) => readFileSync(resolve(page, file), 'utf8'))
    .join('');
  return [...source.matchAll(/useShortcut\('([^']+)'/g)].map(([, combination = '']) =>
    combination
      .toLowerCase()
      .split('+')
      .map((key) => written[key] ?? key)
      .join(' '),
  );
}

/** `1…4` stands for four keys, and what follows the last of Ctrl, Alt and Shift are keys of their own. */
function named(): ReadonlySet<string> {
  return new Set(
    shortcutGroups.flatMap(({ shortcuts }) =>
      shortcuts.flatMap(({ keys }) => {
        const held = keys.filter((key) => /^(?:Ctrl|Alt|Shift)$/.test(key));
        return keys.slice(held.length).flatMap((key) => {
          const [, first, last] = /^(\d)…(\d)$/.exec(key) ?? [];
          const each = first === undefined ? [key] : Array.from({ length: Number(last) }, (_, index) => String(index + 1));
          return each.map((one) => [...held, one].join(' ').toLowerCase());
        });
      }),
    ),
  );
}

it('is a sheet of every key that the page listens for', () => {
  const combinations = listenedFor();
  expect(combinations.length).toBeGreaterThan(25);
  const names = named();
  expect(combinations.filter((combination) => !names.has(combination))).toEqual([]);
});
