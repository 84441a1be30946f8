import { readFile } from 'node:fs/promises';
import type { SafeStorage } from 'electron';
import type { SecretName, Secrets } from '#main/services/hostPorts.ts';
import type { Log } from '#shared/log.ts';
import { createFileSecrets, readableSecret } from '../fileSecrets.ts';
import { forgetSecret, openPath, sealedPath, writeSecretFile } from '../secretFiles.ts';

export interface KeychainOptions {
  /** Where sealed secrets lie: the same folder as that of the other hosts. */
  readonly folder: string;
  /** Of Electron, after the app is ready. */
  readonly safeStorage: Pick<
    SafeStorage,
    'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
  >;
  readonly platform: NodeJS.Platform;
  readonly log: Log;
}

/**
 * Secrets sealed with a key of the system's keychain. Where there is none (Linux without a keyring) they are what they are for the other
 * hosts: a file that only this user may read, and `isProtected` says so.
 */
export function createKeychainSecrets({ folder, safeStorage, platform, log }: KeychainOptions): Secrets {
  const file = createFileSecrets(folder);
  let asked: Promise<boolean> | undefined;
  const isProtected = (): Promise<boolean> => {
    asked ??= hasKeychain({ safeStorage, platform, log });
    return asked;
  };

  async function unseal(name: SecretName): Promise<string | null> {
    const sealed = await readFile(sealedPath(folder, name)).catch(() => null);
    if (sealed === null) return null;
    try {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed);
      if (shouldReEncrypt) await seal(name, result).catch((error: unknown) => log.warn('secrets.not-resealed', { error: nameOf(error) }));
      return readableSecret(result);
    } catch (error) {
      // Another user's keychain, a new machine, a locked keyring, a damaged file: the user is asked for it again.
      log.warn('secrets.unreadable', { name, error: nameOf(error) });
      return null;
    }
  }

  async function seal(name: SecretName, value: string): Promise<void> {
    await writeSecretFile(sealedPath(folder, name), await safeStorage.encryptStringAsync(value));
  }

  return {
    isProtected,
    get: async (name) => (await unseal(name)) ?? (await file.get(name)),
    async set(name, value) {
      if (value === null) return await forgetSecret(folder, name);
      if (!(await isProtected())) return await file.set(name, value);
      await seal(name, value);
      // The open file of another host would outlive what the user thinks is gone.
      await forgetSecret(folder, name, [openPath(folder, name)]);
    },
  };
}

/** Chromium's mark on Linux for "encrypted with a password that is in the source code". */
const hardCodedKey = 'v10';

async function hasKeychain({ safeStorage, platform, log }: Omit<KeychainOptions, 'folder'>): Promise<boolean> {
  try {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
    if (platform !== 'linux') return true;
    const probe = await safeStorage.encryptStringAsync('probe');
    return safeStorage.getSelectedStorageBackend() !== 'basic_text' && probe.subarray(0, 3).toString('latin1') !== hardCodedKey;
  } catch (error) {
    log.warn('secrets.no-keychain', { error: nameOf(error) });
    return false;
  }
}

/** Never the message: nobody promises what a keychain writes into it. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
