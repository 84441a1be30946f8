import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { lockDataFolder } from '#main/storage/dataFolderLock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

test('creates the folder and refuses a second holder, naming the first', () => {
  const folder = join(temporaryFolder(), 'deep', 'data');
  using lock = lockDataFolder(folder, 'serve');
  expect(existsSync(folder)).toBe(true);
  expect(() => lockDataFolder(folder, 'cli')).toThrow(
    expect.objectContaining({ code: 'data-folder-in-use', message: expect.stringContaining('rightsize serve'), hint: expect.any(String) }),
  );
  lock.release();
  lockDataFolder(folder, 'cli').release();
});

test('a path that cannot be a folder ends in data-folder-unwritable', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(() => lockDataFolder(join(file, 'data'), 'cli')).toThrow(expect.objectContaining({ code: 'data-folder-unwritable' }));
});

test('another process is refused while the holder lives, and gets the folder once the holder was killed', async () => {
  const folder = temporaryFolder();
  const holder = holdInChild(folder);
  await once(holder.stdout, 'data');
  expect(() => lockDataFolder(folder, 'cli')).toThrow(
    expect.objectContaining({ code: 'data-folder-in-use', message: expect.stringContaining(`process ${holder.pid}`) }),
  );
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  lockDataFolder(folder, 'cli').release();
});

function holdInChild(folder: string) {
  const lock = pathToFileURL(join(import.meta.dirname, '../../../src/main/storage/dataFolderLock.ts')).href;
  const script = `
    const { lockDataFolder } = await import(${JSON.stringify(lock)});
    // Kept: a lock that nobody refers to is let go with its database when memory is tidied.
    globalThis.lock = lockDataFolder(${JSON.stringify(folder)}, 'serve');
    process.stdout.write('held');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}
