import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFolderChoice } from '#main/services/downloads/readFolderChoice.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

test('takes a folder that is there, and one that is yet to be made, without making it', async () => {
  const folder = temporaryFolder();
  const later = join(folder, 'a', 'b');
  expect(await readFolderChoice(`  ${folder} `, folder)).toBe(folder);
  expect(await readFolderChoice(join(later, '..', 'b'), folder)).toBe(later);
  expect(existsSync(join(folder, 'a'))).toBe(false);
});

test('reads ~ as the home folder', async () => {
  const home = temporaryFolder();
  mkdirSync(join(home, 'models'));
  expect(await readFolderChoice('~/models', home)).toBe(join(home, 'models'));
  expect(await readFolderChoice('~', home)).toBe(home);
});

test.each(['models', './models', '', '   ', '~ada/models'])('refuses %j, which is no whole path', async (typed) => {
  await expect(readFolderChoice(typed, '/home/ada')).rejects.toMatchObject({ code: 'folder-unwritable', hint: expect.any(String) });
});

test('refuses a path that leads through a file, is one, or holds a zero byte', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'file');
  writeFileSync(file, '', { mode: 0o755 });
  for (const path of [file, join(file, 'models'), `${folder}/a\0b`])
    await expect(readFolderChoice(path, folder)).rejects.toMatchObject({ code: 'folder-unwritable' });
});
