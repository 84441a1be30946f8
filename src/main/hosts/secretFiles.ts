import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SecretName } from '#main/services/hostPorts.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/** Where the desktop app keeps a secret that only the system's keychain opens. */
export function sealedPath(folder: string, name: SecretName): string {
  return `${openPath(folder, name)}.sealed`;
}

/** Where a secret lies that no keychain protects. A colon would name a hidden stream of another file on Windows. */
export function openPath(folder: string, name: SecretName): string {
  return join(folder, name.replace(':', '-'));
}

/**
 * Writes a file of 0600 in a folder of 0700, whole or not at all.
 * @throws {RpcError} data-folder-unwritable
 */
export async function writeSecretFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await chmod(dirname(path), 0o700);
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await removeCutOff(path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable('was not kept', error);
  }
}

/** @throws {RpcError} data-folder-unwritable: then it is still there, and whoever asked must know */
export async function forgetSecret(
  folder: string,
  name: SecretName,
  paths: readonly string[] = [openPath(folder, name), sealedPath(folder, name)],
): Promise<void> {
  try {
    for (const path of paths) {
      await rm(path, { force: true });
      await removeCutOff(path);
    }
  } catch (error) {
    throw unwritable('was not deleted', error);
  }
}

/** A process that ended while it wrote has left a secret that nobody would think of. */
async function removeCutOff(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  const isCutOff = (name: string): boolean =>
    name.startsWith(`${basename(path)}.`) && /^\.[0-9a-f]{8}$/.test(name.slice(basename(path).length));
  for (const name of names.filter(isCutOff)) await rm(join(dirname(path), name), { force: true });
}

function unwritable(what: string, cause: unknown): RpcError {
  return new RpcError(systemErrors.dataFolderUnwritable, `The token or key ${what}: its folder in the data folder cannot be written.`, {
    hint: 'Check the permissions of the data folder and the space on its disk, then try again.',
    cause,
  });
}
