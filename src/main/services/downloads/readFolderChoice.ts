import { isAbsolute, join, resolve } from 'node:path';
import { downloadErrors } from '#shared/contract/downloads.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { canWriteOrMake } from '../system/canWriteOrMake.ts';

/**
 * The folder for downloads, from what a person chose or typed. It need not exist: the first download makes it.
 * @param home what `~` stands for
 * @returns an absolute path
 * @throws {RpcError} folder-unwritable
 */
export async function readFolderChoice(typed: string, home: string): Promise<string> {
  const text = typed.trim();
  const path = text === '~' || /^~[\\/]/.test(text) ? join(home, text.slice(1)) : text;
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new RpcError(downloadErrors.folderUnwritable, 'This is not the whole path of a folder.', {
      hint: 'Begin at the root of a disk, or with ~ for your home folder.',
    });
  }
  const folder = resolve(path);
  if (await canWriteOrMake(folder)) return folder;
  throw new RpcError(downloadErrors.folderUnwritable, 'Files cannot be put into this folder.', {
    hint: 'Check how it is spelled, and that this account may write there.',
  });
}
