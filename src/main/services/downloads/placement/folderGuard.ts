import { lstat, mkdir, open, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { safeRepoPath } from '#core/catalog/safeRepoPath.ts';
import { hubErrors } from '#shared/contract/catalog.ts';
import { downloadErrors } from '#shared/contract/downloads.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/**
 * Makes a folder below another one, a part at a time: a link on the way that leads out is noticed before anything is made behind it.
 * @param root absolute; made too, with everything above it
 * @returns folders that were not there before, outermost first
 * @throws {RpcError} folder-unwritable
 */
export async function makeFolderWithin(root: string, parts: readonly string[]): Promise<readonly string[]> {
  const made = new Set<string>();
  for (let attempt = 1; ; attempt++) {
    try {
      await makeEach(root, parts, made);
      return [...made].sort((one, other) => one.length - other.length);
    } catch (error) {
      // Another job that is cancelled takes its empty folders away: perhaps one that was just found.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === 3) throw error;
    }
  }
}

async function makeEach(root: string, parts: readonly string[], made: Set<string>): Promise<void> {
  const first = await mkdir(root, { recursive: true });
  if (first !== undefined) for (const folder of between(first, root)) made.add(folder);
  const realRoot = await realpath(root);
  let current = root;
  for (const part of parts) {
    current = join(current, part);
    if (await makeOne(current)) made.add(current);
    if (!isWithin(realRoot, await realpath(current)))
      throw new RpcError(downloadErrors.folderUnwritable, 'A folder on the way is a link that leads out of the download folder.', {
        hint: `Nothing was written. Remove the link ${relative(root, current)}, or choose another download folder.`,
      });
  }
}

/** @returns whether a path is a folder or lies below it; both with links followed. */
export function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Parts of a path within a repo. @throws {RpcError} unsafe-file-name */
export function requireSafeParts(path: string): readonly string[] {
  const parts = safeRepoPath(path);
  if (parts !== null) return parts;
  throw new RpcError(hubErrors.unsafeName, 'The hub names a file that would leave its folder, or that no disk takes as it is written.', {
    hint: 'Nothing was written. This is how an attack looks: do not trust the repo.',
  });
}

/** @returns whether anything, a broken link too, has this name. */
export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );
}

/** Has the system write down what a folder lists. Windows can't, and does not need it. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Network file systems refuse to sync folders: there is nothing more that could be done.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    await handle.close();
  }
}

async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Every folder from the first one made to the last. */
function between(first: string, last: string): string[] {
  const folders = [first];
  let current = first;
  for (const part of relative(first, last).split(sep)) {
    if (part === '') continue;
    current = join(current, part);
    folders.push(current);
  }
  return folders;
}
