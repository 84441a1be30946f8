import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { app } from './app.ts';

type Backend = 'basic_text' | 'gnome_libsecret';

/**
 * A keychain: what is sealed here opens for the same home folder only. Chromium on Linux marks what it sealed with a key of a keyring by `v11`
 * and with the password of its source code by `v10`; RIGHTSIZE_DOUBLE_KEYRING chooses, `none` for a system without any.
 */
const keyring = process.env['RIGHTSIZE_DOUBLE_KEYRING'] ?? 'gnome_libsecret';
const key = createHash('sha256').update(keyring).update(homedir()).digest();
const mark = Buffer.from(keyring === 'basic_text' ? 'v10' : 'v11', 'latin1');

async function ready(): Promise<void> {
  await app.whenReady();
  if (keyring === 'none') throw new Error('Encryption is not available.');
}

export const safeStorage = {
  isAsyncEncryptionAvailable: (): Promise<boolean> => Promise.resolve(keyring !== 'none'),
  getSelectedStorageBackend: (): Backend => (keyring === 'gnome_libsecret' ? 'gnome_libsecret' : 'basic_text'),
  async encryptStringAsync(plainText: string): Promise<Buffer> {
    await ready();
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const sealed = Buffer.concat([cipher.update(plainText, 'utf8'), cipher.final()]);
    return Buffer.concat([mark, iv, cipher.getAuthTag(), sealed]);
  },
  async decryptStringAsync(encrypted: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    await ready();
    if (!encrypted.subarray(0, 3).equals(mark)) throw new Error('Error while decrypting the ciphertext provided to safeStorage.');
    const opener = createDecipheriv('aes-256-gcm', key, encrypted.subarray(3, 15));
    opener.setAuthTag(encrypted.subarray(15, 31));
    const result = Buffer.concat([opener.update(encrypted.subarray(31)), opener.final()]).toString('utf8');
    return { result, shouldReEncrypt: false };
  },
};
