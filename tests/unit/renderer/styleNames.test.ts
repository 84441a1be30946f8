import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../../src/renderer');

// Screens load their styles when they are first opened, and all of them stay: a name in two files means what was opened last.
it('gives no class of its own name in the styles of two screens', () => {
  const owners = new Map<string, Set<string>>();
  for (const file of globSync('{features,shell}/**/*.css', { cwd: folder })) {
    for (const [, name = ''] of readFileSync(join(folder, file), 'utf8').matchAll(/^\.([a-z][\w-]*) \{/gm))
      owners.set(name, (owners.get(name) ?? new Set()).add(file));
  }
  const shared = [...owners].filter(([, files]) => files.size > 1).map(([name, files]) => `${name}: ${[...files].join(', ')}`);
  expect(shared).toEqual([]);
});
