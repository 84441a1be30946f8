import { stat } from 'node:fs/promises';
import type { DownloadTable } from '#main/storage/downloadTable.ts';
import { hashFile } from './hashFile.ts';
import type { PlacedFile, Placement } from './placement/placement.ts';

export interface ExpectedFile {
  readonly sizeBytes: number;
  readonly sha256: string | null;
  readonly gitSha1: string | null;
}

/** Which files on this disk are known to hold what: each is read once, and believed while its size and time of change stay. */
export interface VerifiedFiles {
  /** Without reading it. @returns its sha256, or null when it is another file or was never read */
  known(path: string, expected: ExpectedFile): Promise<string | null>;
  /** Reads it where it is not known. @returns its sha256, or null when it is another file */
  check(path: string, expected: ExpectedFile, options: { readonly signal: AbortSignal }): Promise<string | null>;
  /** Notes a file that was hashed on its way to the disk. */
  note(path: string, sha256: string): Promise<void>;
}

/** Makes the memory over the table of downloads. */
export function createVerifiedFiles(table: DownloadTable): VerifiedFiles {
  async function known(path: string, expected: ExpectedFile): Promise<string | null> {
    const facts = await stat(path).catch(() => null);
    const noted = table.verified(path);
    if (facts === null || noted === undefined || expected.sha256 === null) return null;
    const isUnchanged = facts.size === noted.sizeBytes && facts.mtimeMs === noted.modifiedAtMs;
    return isUnchanged && facts.size === expected.sizeBytes && noted.sha256 === expected.sha256 ? noted.sha256 : null;
  }

  return {
    known,
    async check(path, expected, options) {
      const noted = await known(path, expected);
      if (noted !== null) return noted;
      const facts = await stat(path).catch(() => null);
      if (facts === null || facts.size !== expected.sizeBytes) return null;
      const hashes = await hashFile(path, { ...options, withGitSha1: expected.sha256 === null });
      const isSame = expected.sha256 === null ? hashes.gitSha1 === expected.gitSha1 : hashes.sha256 === expected.sha256;
      if (!isSame) return null;
      table.setVerified({ path, sizeBytes: hashes.sizeBytes, modifiedAtMs: hashes.modifiedAtMs, sha256: hashes.sha256 });
      return hashes.sha256;
    },
    async note(path, sha256) {
      const { size, mtimeMs } = await stat(path);
      table.setVerified({ path, sizeBytes: size, modifiedAtMs: mtimeMs, sha256 });
    },
  };
}

/** Files up to this size together are hashed while the user waits: a fifth of a second. */
const quickBytes = 256e6;

/**
 * Whether all files of a job are on this disk already: known from before, or so small that they are read now. Larger ones are read by the
 * job itself, which can be watched and stopped.
 */
export async function isHere(
  verified: VerifiedFiles,
  job: { readonly files: readonly (ExpectedFile & PlacedFile)[]; readonly placement: Placement; readonly signal: AbortSignal },
): Promise<boolean> {
  const unknown: { readonly file: ExpectedFile; readonly paths: readonly string[] }[] = [];
  for (const file of job.files) {
    const paths = await job.placement.candidates(file);
    if (paths.length === 0) return false;
    const hashes = await Promise.all(paths.map((path) => verified.known(path, file)));
    if (hashes.every((hash) => hash === null)) unknown.push({ file, paths });
  }
  if (unknown.reduce((sum, { file }) => sum + file.sizeBytes, 0) > quickBytes) return false;
  for (const { file, paths } of unknown) {
    let isFound = false;
    for (const path of paths) isFound ||= (await verified.check(path, file, { signal: job.signal })) !== null;
    if (!isFound) return false;
  }
  return true;
}

/** @returns whether one of the paths has the size of a file: what is in it, only reading tells */
export async function mayHold(paths: readonly string[], expected: Pick<ExpectedFile, 'sizeBytes'>): Promise<boolean> {
  const facts = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
  return facts.some((fact) => fact?.size === expected.sizeBytes);
}
