import { link, lstat, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { downloadErrors } from '#shared/contract/downloads.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { exists, makeFolderWithin, requireSafeParts, syncFolder } from './folderGuard.ts';
import { partialNames } from './partialNames.ts';
import type { PlacedFile, Placement, PlacementOptions } from './placement.ts';

/** `<folder>/publisher/repo/path`, with the partial beside it. Nothing that lies there is ever overwritten. */
export function plainFolderPlacement(options: PlacementOptions): Placement {
  const { folder: root, jobId } = options;
  const repoParts = requireSafeParts(options.repo);
  const partsOf = (file: PlacedFile): readonly string[] => [...repoParts, ...requireSafeParts(file.file)];
  const finalPathOf = (file: PlacedFile): string => join(root, ...partsOf(file));

  return {
    root,
    place(file) {
      const parts = partsOf(file);
      const folder = join(root, ...parts.slice(0, -1));
      const names = partialNames(parts.at(-1) ?? '', jobId);
      const [partialPath, statePath] = [join(folder, names.partial), join(folder, names.state)];
      const finalPath = join(root, ...parts);
      return {
        partialPath,
        statePath,
        finalPath,
        contentPath: finalPath,
        ownPaths: [partialPath, statePath, join(folder, names.nextState), join(folder, names.keptState)],
      };
    },
    makeFolders: (file) => makeFolderWithin(root, partsOf(file).slice(0, -1)),
    async candidates(file) {
      const path = finalPathOf(file);
      return (await isFile(path)) ? [path] : [];
    },
    async requireFree(file) {
      if (await exists(finalPathOf(file))) throw inTheWay(file);
    },
    async settle(file, from) {
      const path = finalPathOf(file);
      if (from === path) return;
      if (!(await moveWithoutOverwriting(from, path))) throw inTheWay(file);
      await syncFolder(dirname(path));
    },
    seal: () => Promise.resolve(),
  };
}

/** @returns false when the name is taken; then nothing has changed */
async function moveWithoutOverwriting(from: string, to: string): Promise<boolean> {
  try {
    // A second name fails where the first is taken, in one step; renaming would replace it.
    await link(from, to);
  } catch {
    if (await isSameFile(from, to)) return rm(from).then(() => true);
    if (await exists(to)) return false;
    // FAT and some network disks have no second names.
    await rename(from, to);
    return true;
  }
  await rm(from);
  return true;
}

/** A process that was killed between giving the new name and taking the old one has left both. */
async function isSameFile(left: string, right: string): Promise<boolean> {
  const [one, other] = await Promise.all([lstat(left).catch(() => null), lstat(right).catch(() => null)]);
  return one !== null && other !== null && one.isFile() && one.ino === other.ino && one.dev === other.dev;
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );

const inTheWay = ({ file }: PlacedFile): RpcError =>
  new RpcError(downloadErrors.fileInTheWay, `Another file has the name of this download: ${file}`, {
    hint: 'It was left as it is. Move or rename it, then resume.',
  });
