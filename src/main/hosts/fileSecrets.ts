import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Secrets } from '#main/services/hostPorts.ts';

/**
 * Secrets of hosts without a keychain: one file a secret in the data folder, readable by this user only (0600).
 * @param folder is made when the first secret is stored
 */
export function createFileSecrets(folder: string): Secrets {
  const pathOf = (name: string): string => join(folder, name);
  return {
    isProtected: () => Promise.resolve(false),
    async get(name) {
      const text = await readFile(pathOf(name), 'utf8').catch(() => '');
      return text.trim() === '' ? null : text.trim();
    },
    async set(name, value) {
      if (value === null) return await rm(pathOf(name), { force: true });
      await mkdir(dirname(pathOf(name)), { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      const temporary = `${pathOf(name)}.${randomBytes(4).toString('hex')}`;
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(`${value}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, pathOf(name));
    },
  };
}
