import { lstat, realpath, rm } from 'node:fs/promises';
import { dirname, isAbsolute, relative, sep } from 'node:path';

/** Whether a file's place, links in its folders followed, lies below the app's own folder. */
export async function isOwnFile(path: string, ownFolder: string): Promise<boolean> {
  try {
    const way = relative(await realpath(ownFolder), await realpath(dirname(path)));
    return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
  } catch {
    return false;
  }
}

/**
 * Deletes files from the app's own folder, and from nowhere else. A link is deleted as a link: what it points to stays.
 * @returns whether a model file, and not just links to one, was deleted.
 */
export async function deleteFiles(paths: readonly string[], ownFolder: string): Promise<boolean> {
  let hasDeleted = false;
  for (const path of paths) {
    if (!(await isOwnFile(path, ownFolder))) continue;
    const isLink = await lstat(path).then(
      (facts) => facts.isSymbolicLink(),
      () => true,
    );
    await rm(path, { force: true });
    hasDeleted ||= !isLink;
  }
  return hasDeleted;
}
