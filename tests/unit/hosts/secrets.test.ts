import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createKeychainSecrets } from '#main/hosts/electron/keychainSecrets.ts';
import { createFileSecrets } from '#main/hosts/fileSecrets.ts';
import { temporaryFolder } from '../../services/temporaryFolder.ts';

const token = 'hf_abcDEF0123456789';
const name = 'hub-token';
let folder: string;
let logged: string[];
const note = (event: string, fields?: unknown): void => void logged.push(`${event} ${JSON.stringify(fields)}`);
const log = { debug: note, info: note, warn: note, error: note };

beforeEach(() => {
  folder = join(temporaryFolder(), 'secrets');
  logged = [];
});

describe('a secret in a file', () => {
  it('comes back, in a file of 0600 in a folder of 0700, with nothing beside it', async () => {
    const secrets = createFileSecrets(folder);
    expect(await secrets.get(name)).toBeNull();
    await secrets.set(name, 'hf_older');
    await secrets.set(name, token);
    expect(await secrets.get(name)).toBe(token);
    expect(await secrets.isProtected()).toBe(false);
    expect(readdirSync(folder)).toEqual([name]);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('takes a folder that others could read back to its user', async () => {
    mkdirSync(folder, { mode: 0o755, recursive: true });
    await createFileSecrets(folder).set(name, token);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('is gone when it is forgotten, also when there was none', async () => {
    const secrets = createFileSecrets(folder);
    await secrets.set(name, null);
    await secrets.set(name, token);
    await secrets.set(name, null);
    expect(await secrets.get(name)).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['empty', ''],
    ['of zeros after a crash', '\0\0\0\0'],
    ['of two lines', 'hf_a\nhf_b\n'],
    ['binary', '\u0001\u00ff'],
  ])('is none where the file is %s', async (_what, content) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), content, 'latin1');
    expect(await createFileSecrets(folder).get(name)).toBeNull();
  });

  it('leaves nothing of a write that was cut off', async () => {
    const secrets = createFileSecrets(folder);
    const cutOff = [`${name}.0a1b2c3d`, `${name}.sealed.0a1b2c3d`];
    for (const change of [() => secrets.set(name, token), () => secrets.set(name, null)]) {
      mkdirSync(folder, { recursive: true });
      for (const file of cutOff) writeFileSync(join(folder, file), 'hf_older');
      writeFileSync(join(folder, 'other.0a1b2c3d'), 'kept');
      await change();
      expect(readdirSync(folder).filter((file) => file !== name)).toEqual(['other.0a1b2c3d']);
    }
  });

  it('has a file name that every system takes, whatever its own name', async () => {
    await createFileSecrets(folder).set('endpoint-key:lab', token);
    expect(readdirSync(folder)).toEqual(['endpoint-key-lab']);
    await sealing().set('endpoint-key:lab', token);
    expect(readdirSync(folder)).toEqual(['endpoint-key-lab.sealed']);
    expect(await sealing().get('endpoint-key:lab')).toBe(token);
  });

  it('says that it was not kept, without saying it, where the folder cannot be made', async () => {
    writeFileSync(folder, 'a file in the way');
    const kept = createFileSecrets(folder).set(name, token);
    await expect(kept).rejects.toMatchObject({ code: 'data-folder-unwritable' });
    await expect(kept).rejects.not.toThrow(token);
  });
});

/** Seals by turning the text around; another `key` cannot open it. */
function keychain(
  options: { key?: string; available?: boolean; backend?: 'basic_text' | 'gnome_libsecret'; mark?: string; rotates?: boolean } = {},
) {
  const { key = 'a', available = true, backend = 'gnome_libsecret', mark = 'v11', rotates = false } = options;
  return {
    isAsyncEncryptionAvailable: () => Promise.resolve(available),
    getSelectedStorageBackend: () => backend,
    encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(`${mark}${key}${[...text].reverse().join('')}`)),
    decryptStringAsync: (sealed: Buffer) => {
      const text = sealed.toString();
      if (!text.startsWith(`${mark}${key}`)) return Promise.reject(new Error(`cannot decrypt ${text}`));
      return Promise.resolve({ result: [...text.slice(mark.length + key.length)].reverse().join(''), shouldReEncrypt: rotates });
    },
  };
}
const sealing = (options: Parameters<typeof keychain>[0] = {}, platform: NodeJS.Platform = 'linux') =>
  createKeychainSecrets({ folder, safeStorage: keychain(options), platform, log });

describe('a secret sealed by the keychain', () => {
  it('comes back, and its file does not show it', async () => {
    await sealing().set(name, token);
    expect(await sealing().get(name)).toBe(token);
    expect(await sealing().isProtected()).toBe(true);
    expect(readdirSync(folder)).toEqual([`${name}.sealed`]);
    expect(readFileSync(join(folder, `${name}.sealed`), 'latin1')).not.toContain(token);
    expect(statSync(join(folder, `${name}.sealed`)).mode & 0o777).toBe(0o600);
  });

  it('replaces the open file of another host, and is replaced by one', async () => {
    await createFileSecrets(folder).set(name, 'hf_open');
    expect(await sealing().get(name)).toBe('hf_open');
    await sealing().set(name, token);
    expect(await createFileSecrets(folder).get(name)).toBeNull();
    await createFileSecrets(folder).set(name, 'hf_newer');
    expect(await sealing().get(name)).toBe('hf_newer');
  });

  it('is forgotten in both forms', async () => {
    await sealing().set(name, token);
    await createFileSecrets(folder).set(name, null);
    expect(await sealing().get(name)).toBeNull();
  });

  it('is none where it cannot be opened any more, and the log says so without it', async () => {
    await sealing({ key: 'a' }).set(name, token);
    expect(await sealing({ key: 'b' }).get(name)).toBeNull();
    expect(logged.join()).toContain('secrets.unreadable');
    expect(logged.join()).not.toContain([...token].reverse().join(''));
  });

  it('is sealed anew where the keychain has a new key', async () => {
    await sealing().set(name, token);
    const before = statSync(join(folder, `${name}.sealed`)).ino;
    expect(await sealing({ rotates: true }).get(name)).toBe(token);
    expect(statSync(join(folder, `${name}.sealed`)).ino).not.toBe(before);
  });

  it.each([
    ['names only a password of its source code', { backend: 'basic_text', mark: 'v10' }],
    ['falls back to that password although it names a keyring', { mark: 'v10' }],
    ['has none', { available: false }],
  ] as const)('is an open file of 0600, and said to be, where Linux %s', async (_what, options) => {
    const secrets = sealing(options);
    expect(await secrets.isProtected()).toBe(false);
    await secrets.set(name, token);
    expect(await createFileSecrets(folder).get(name)).toBe(token);
    expect(await secrets.get(name)).toBe(token);
  });

  it('is protected by the keychains of macOS and Windows, which have no such mark', async () => {
    expect(await sealing({ backend: 'basic_text', mark: 'v10' }, 'darwin').isProtected()).toBe(true);
    expect(await sealing({ backend: 'basic_text', mark: 'v10' }, 'win32').isProtected()).toBe(true);
  });
});
