import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

export interface FileHashes {
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly sha256: string;
  /** As git names it: sha1 of `blob <size>\0` and the content. Null unless asked for. */
  readonly gitSha1: string | null;
}

/** A megabyte is hashed in about a millisecond: short enough for the event loop of the main process. */
const chunkBytes = 1_048_576;

/** Reads a file once from end to end. @throws what the file system says; the signal's reason when aborted */
export async function hashFile(
  path: string,
  options: { readonly signal: AbortSignal; readonly withGitSha1: boolean },
): Promise<FileHashes> {
  const handle = await open(path, 'r');
  try {
    const { size, mtimeMs } = await handle.stat();
    const sha256 = createHash('sha256');
    const gitSha1 = options.withGitSha1 ? createHash('sha1').update(`blob ${size}\0`) : null;
    const buffer = new Uint8Array(chunkBytes);
    for (;;) {
      options.signal.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) break;
      sha256.update(buffer.subarray(0, bytesRead));
      gitSha1?.update(buffer.subarray(0, bytesRead));
    }
    return { sizeBytes: size, modifiedAtMs: mtimeMs, sha256: sha256.digest('hex'), gitSha1: gitSha1?.digest('hex') ?? null };
  } finally {
    await handle.close();
  }
}
