import { type FileHandle, open } from 'node:fs/promises';
import { downloadErrors } from '#shared/contract/downloads.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/** The file that bytes are written to while they arrive in any order. */
export interface PartialFile {
  /** Writes all of the buffers, one after another, from `position` on. @throws {RpcError} disk-full, folder-unwritable */
  write(buffers: readonly Buffer[], position: number): Promise<void>;
  /** Resolves when what was written before the call is on the disk. @throws {RpcError} disk-full, folder-unwritable */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export type OpenFile = (path: string, flags: string) => Promise<Pick<FileHandle, 'writev' | 'datasync' | 'close'>>;

/**
 * Opens a partial file.
 * @param options.keep false empties it
 * @throws {RpcError} disk-full, folder-unwritable
 */
export async function openPartialFile(options: {
  readonly path: string;
  readonly keep: boolean;
  readonly open?: OpenFile | undefined;
}): Promise<PartialFile> {
  const openFile: OpenFile = options.open ?? open;
  const handle = await openFile(options.path, options.keep ? 'r+' : 'w+').catch(fail);

  return {
    async write(buffers, position) {
      let left = buffers;
      let at = position;
      while (left.length > 0) {
        const { bytesWritten } = await handle.writev([...left], at).catch(fail);
        at += bytesWritten;
        left = without(left, bytesWritten);
      }
    },
    sync: () => handle.datasync().catch(fail),
    close: () => handle.close(),
  };
}

/** Says a file system's error in words of the contract. */
export function toFileError(error: unknown): RpcError {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'unknown error';
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new RpcError(downloadErrors.diskFull, 'The disk is full. What was downloaded is kept.', {
      hint: 'Free some space or choose another folder, then go on.',
      cause: error,
    });
  }
  return new RpcError(downloadErrors.folderUnwritable, `The download folder cannot be written (${code}). What was downloaded is kept.`, {
    hint: 'Check that the drive is connected and that you may write there, then go on.',
    cause: error,
  });
}

function fail(error: unknown): never {
  throw toFileError(error);
}

function without(buffers: readonly Buffer[], bytes: number): readonly Buffer[] {
  let skip = bytes;
  for (const [index, buffer] of buffers.entries()) {
    if (skip < buffer.length) return [buffer.subarray(skip), ...buffers.slice(index + 1)];
    skip -= buffer.length;
  }
  return [];
}
