import { link, rename, rm, stat } from 'node:fs/promises';
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
        ownPaths: [partialPath, statePath, join(folder, names.nextState)],
      };
    },
    makeFolders: (file) => makeFolderWithin(root, partsOf(file).slice(0, -1)),
    async candidates(file) {
      const path = finalPathOf(file);
      return (await isFile(path)) ? [path] : [];
    },
    async requireFree(file) {
      if (await exists(finalPathOf(file))) throw inTheWay(finalPathOf(file));
    },
    async settle(file, from) {
      const path = finalPathOf(file);
      if (from === path) return;
      await moveWithoutOverwriting(from, path);
      await syncFolder(dirname(path));
    },
    seal: () => Promise.resolve(),
  };
}

/** @throws {RpcError} file-in-the-way */
async function moveWithoutOverwriting(from: string, to: string): Promise<void> {
  try {
    // A second name fails where the first is taken, in one step; renaming would replace it.
    await link(from, to);
    await rm(from);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw inTheWay(to);
    if (!(await exists(from))) throw error;
    // FAT and some network disks have no second names.
    if (await exists(to)) throw inTheWay(to);
    await rename(from, to);
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );

const inTheWay = (path: string): RpcError =>
  new RpcError(downloadErrors.fileInTheWay, `Another file has the name of this download: ${path}`, {
    hint: 'It was left as it is. Move or rename it, then resume.',
  });
