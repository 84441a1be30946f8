import { type DownloadProblem, downloadErrors } from '#shared/contract/downloads.ts';
import { RpcError, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { diskFull } from './freeSpace.ts';

/**
 * Says what went wrong with a download in words of its own: what the file system says, as an error with a code and a hint.
 * @returns the same error where it has a code already, or where it is a bug
 */
export function readableError(thrown: unknown, where: { readonly folder: string; readonly neededBytes: number }): unknown {
  const isTooLarge = thrown instanceof RpcError && (thrown.cause as NodeJS.ErrnoException | undefined)?.code === 'EFBIG';
  if (!(thrown instanceof Error) || (thrown instanceof RpcError && !isTooLarge)) return thrown;
  const code = isTooLarge ? 'EFBIG' : (thrown as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull({ ...where, freeBytes: null, reserveBytes: 0 });
    case 'EFBIG':
      return unwritable('The disk takes no file of this size.', 'FAT32 disks end at 4 GB: choose a folder on another disk.', thrown);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EBUSY':
      return unwritable(
        'The download folder cannot be written.',
        'Check its permissions and that no other program holds the file, or choose another folder.',
        thrown,
      );
    case 'EEXIST':
    case 'ENOTDIR':
      return unwritable('The download folder cannot be made: a file has its name.', 'Move that file, or choose another folder.', thrown);
    case 'ENOENT':
    case 'ENODEV':
    case 'EIO':
    case 'ENXIO':
    case 'ENOTCONN':
    case 'ESTALE':
    case 'EHOSTDOWN':
      return unwritable('The download folder is not there any more.', 'Connect its disk again, then resume.', thrown);
    case 'ENAMETOOLONG':
      return unwritable('The name of the file is too long for this disk.', 'Choose a folder with a shorter path.', thrown);
    default:
      return thrown;
  }
}

const unwritable = (message: string, hint: string, cause: Error): RpcError =>
  new RpcError(downloadErrors.folderUnwritable, message, { hint: `${hint} What was fetched is kept.`, cause });

/** What a job shows of an error. */
export function problemOf(thrown: unknown): DownloadProblem {
  const { code, message, hint } = toRpcErrorData(thrown);
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}
