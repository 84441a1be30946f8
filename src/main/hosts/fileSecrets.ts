import { readFile } from 'node:fs/promises';
import type { Secrets } from '#main/services/hostPorts.ts';
import { forgetSecret, openPath, sealedPath, writeSecretFile } from './secretFiles.ts';

/**
 * Secrets of hosts without a keychain: one file a secret in the data folder, readable by this user only (0600; on Windows the rights of the
 * user's own profile hold). What the desktop app sealed with the keychain cannot be read here.
 * @param folder is made when the first secret is stored
 */
export function createFileSecrets(folder: string): Secrets {
  return {
    isProtected: () => Promise.resolve(false),
    async get(name) {
      const text = await readFile(openPath(folder, name), 'utf8').catch(() => '');
      return readableSecret(text);
    },
    async set(name, value) {
      if (value === null) return await forgetSecret(folder, name);
      await writeSecretFile(openPath(folder, name), `${value}\n`);
      // An older one would otherwise go on being used by the desktop app.
      await forgetSecret(folder, name, [sealedPath(folder, name)]);
    },
  };
}

/** @returns null for nothing, and for bytes that no header could carry: a damaged file is no secret. */
export function readableSecret(text: string): string | null {
  const secret = text.trim();
  return /^[\x21-\x7e]+$/.test(secret) ? secret : null;
}
