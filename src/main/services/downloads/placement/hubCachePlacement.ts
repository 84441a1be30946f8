import { constants, copyFile, lstat, readFile, readlink, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { safeRepoPath } from '#core/catalog/safeRepoPath.ts';
import { downloadErrors } from '#shared/contract/downloads.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { exists, isWithin, makeFolderWithin, requireSafeParts, syncFolder } from './folderGuard.ts';
import { partialNames } from './partialNames.ts';
import type { PlacedFile, Placement, PlacementOptions } from './placement.ts';

/**
 * The cache that the hub's own tools share: `models--publisher--name/{blobs/<hash>, snapshots/<commit>/<path> -> ../../blobs/<hash>,
 * refs/<revision>}` (huggingface_hub file_download.py and llama.cpp common/hf-cache.cpp, checked 2026-11-21). Others read and write it at
 * the same time: every step is a rename, and only a blob whose bytes are not what its name says is ever replaced.
 */
export function hubCachePlacement(options: PlacementOptions): Placement {
  const { folder: root, jobId, commit, revision } = options;
  const makeLink = options.makeLink ?? ((target, path) => symlink(target, path));
  const repoFolder = `models--${requireSafeParts(options.repo).join('--')}`;
  const blobs = join(root, repoFolder, 'blobs');

  const snapshotParts = (file: PlacedFile): readonly string[] => [repoFolder, 'snapshots', commit, ...requireSafeParts(file.file)];
  const snapshotPath = (file: PlacedFile): string => join(root, ...snapshotParts(file));
  const blobName = (file: PlacedFile): string => {
    const name = file.sha256 ?? file.gitSha1;
    if (name === null || !/^(?:[0-9a-f]{64}|[0-9a-f]{40})$/.test(name)) throw new Error('A file without a hash has no place in the cache.');
    return name;
  };

  const newLinkPath = (file: PlacedFile): string => join(dirname(snapshotPath(file)), `.${jobId}.incomplete`);
  // Beside the blobs: everything in refs would be taken for a ref.
  const newRefPath = join(blobs, `${jobId}.ref.incomplete`);

  /** Where the snapshot's name leads, when it is a link into this repo's blobs. */
  async function linkedBlob(path: string): Promise<string | null> {
    const target = await readlink(path).catch(() => null);
    if (target === null) return null;
    const blob = resolve(dirname(path), target);
    return isWithin(blobs, blob) ? blob : null;
  }

  async function showInSnapshot(file: PlacedFile, blob: string, isOurs: boolean): Promise<void> {
    const path = snapshotPath(file);
    if ((await linkedBlob(path)) === blob) return;
    const temporary = newLinkPath(file);
    await rm(temporary, { force: true });
    try {
      await makeLink(relative(dirname(path), blob), temporary);
    } catch (error) {
      if (!isRefusedLink(error)) throw error;
      // As the hub's own tools do where links are not allowed (Windows without developer mode, FAT): the file itself lies in the snapshot.
      if (isOurs) await rename(blob, temporary);
      else await copyFile(blob, temporary, constants.COPYFILE_FICLONE);
    }
    await requireFree(file);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  }

  async function requireFree(file: PlacedFile): Promise<void> {
    const path = snapshotPath(file);
    const linked = await linkedBlob(path);
    // A file of a commit never changes: a link to other bytes that are there is that of a name this disk takes for the same (a.gguf, A.gguf).
    const isFree = linked === null ? !(await exists(path)) : linked === join(blobs, blobName(file)) || !(await exists(linked));
    if (isFree) return;
    throw new RpcError(downloadErrors.fileInTheWay, `Another file has the name of this download in the hub cache: ${file.file}`, {
      hint: 'It was left as it is. Move or delete it, then resume.',
    });
  }

  return {
    root,
    place(file) {
      const names = partialNames(blobName(file), jobId);
      const [partialPath, statePath] = [join(blobs, names.partial), join(blobs, names.state)];
      const finalPath = snapshotPath(file);
      const contentPath = join(blobs, blobName(file));
      const notes = [names.nextState, names.keptState].map((name) => join(blobs, name));
      const ownPaths = [partialPath, statePath, ...notes, newLinkPath(file), newRefPath];
      return { partialPath, statePath, finalPath, contentPath, ownPaths };
    },
    async makeFolders(file) {
      const forBlobs = await makeFolderWithin(root, [repoFolder, 'blobs']);
      return [...forBlobs, ...(await makeFolderWithin(root, snapshotParts(file).slice(0, -1)))];
    },
    async candidates(file) {
      const blob = join(blobs, blobName(file));
      const shown = await realFile(root, snapshotPath(file));
      const isUsable = shown === snapshotPath(file) || (shown !== null && isWithin(blobs, shown));
      return [...new Set([isUsable ? shown : null, (await realFile(root, blob)) === blob ? blob : null].filter((path) => path !== null))];
    },
    requireFree,
    async settle(file, from) {
      const blob = join(blobs, blobName(file));
      if (from === (await realFile(root, snapshotPath(file)))) return;
      const isOurs = from !== blob;
      if (isOurs) {
        await rename(from, blob);
        await syncFolder(blobs);
      }
      await showInSnapshot(file, blob, isOurs);
    },
    async seal() {
      const parts = safeRepoPath(revision);
      if (parts === null || (/^[0-9a-f]{7,40}$/.test(revision) && commit.startsWith(revision))) return;
      await makeFolderWithin(root, [repoFolder, 'refs', ...parts.slice(0, -1)]);
      const path = join(root, repoFolder, 'refs', ...parts);
      if ((await readFile(path, 'utf8').catch(() => null)) === commit) return;
      await writeFile(newRefPath, commit, { flush: true });
      await rename(newRefPath, path);
      await syncFolder(dirname(path));
    },
  };
}

/** The file a name leads to with links followed, as a path below `root`; null when there is none or when it lies outside. */
async function realFile(root: string, path: string): Promise<string | null> {
  try {
    const real = await realpath(path);
    const realRoot = await realpath(root);
    if (!isWithin(realRoot, real) || !(await lstat(real)).isFile()) return null;
    return join(root, relative(realRoot, real));
  } catch {
    return null;
  }
}

const isRefusedLink = (error: unknown): boolean =>
  ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EACCES'].includes(String((error as NodeJS.ErrnoException).code));
