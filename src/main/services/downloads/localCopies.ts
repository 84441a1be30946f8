import { createHash } from 'node:crypto';
import { constants, copyFile, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredFile } from '#main/storage/downloadTable.ts';
import type { LibraryService } from '../library/libraryService.ts';
import { hashFile } from './hashFile.ts';

/** Where the bytes of a file may lie on this machine already. */
export type FindLocalCopies = (repo: string, file: StoredFile) => readonly string[];

/**
 * Looks where other programs keep what they have fetched: the blob of that hash in the hub's cache, and files of that hash in the library.
 * @param options.cacheFolder of the hub's own tools
 */
export function localCopiesIn(options: { readonly cacheFolder: string; readonly library: Pick<LibraryService, 'list'> }): FindLocalCopies {
  return (repo, { sha256 }) => {
    if (sha256 === null) return [];
    const blob = join(options.cacheFolder, `models--${repo.replaceAll('/', '--')}`, 'blobs', sha256);
    const known = options.library
      .list()
      .filter(({ state, files, sha256: hash }) => state === 'ready' && files.length === 1 && hash === sha256);
    return [blob, ...known.map((artifact) => artifact.path)];
  };
}

const chunkBytes = 1_048_576;

/**
 * Copies a file whose bytes must have a hash. The copy shares its space with the original where the file system can do that.
 * @param to its owner's partial file; overwritten, and gone again unless the copy is right
 * @returns whether the copy is there and has the hash
 * @throws the signal's reason; what the file system says of the target
 */
export async function copyVerified(
  from: string,
  to: string,
  options: { readonly sizeBytes: number; readonly sha256: string; readonly signal: AbortSignal },
): Promise<boolean> {
  const facts = await stat(from).catch(() => null);
  if (facts === null || !facts.isFile() || facts.size !== options.sizeBytes) return false;
  try {
    const isSame = (await copy(from, to, options.signal)) === options.sha256;
    if (!isSame) await rm(to, { force: true });
    return isSame;
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
}

async function copy(from: string, to: string, signal: AbortSignal): Promise<string> {
  const isShared = await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    () => false,
  );
  return isShared ? (await hashFile(to, { signal, withGitSha1: false })).sha256 : copyBytes(from, to, signal);
}

async function copyBytes(from: string, to: string, signal: AbortSignal): Promise<string> {
  await using source = await open(from, 'r');
  await using target = await open(to, 'w');
  const hash = createHash('sha256');
  const buffer = new Uint8Array(chunkBytes);
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await source.read(buffer, 0, chunkBytes, null);
    if (bytesRead === 0) break;
    hash.update(buffer.subarray(0, bytesRead));
    for (let written = 0; written < bytesRead; ) written += (await target.write(buffer, written, bytesRead - written, null)).bytesWritten;
  }
  await target.sync();
  return hash.digest('hex');
}
