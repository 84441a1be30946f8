import { lstat, readdir, readFile, realpath, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { isBelow } from './ownFiles.ts';

/** A file of a snapshot: `<cache>/models--org--repo/snapshots/<commit>/<path>`. */
export interface SnapshotPlace {
  readonly repoFolder: string;
  readonly snapshot: string;
  readonly commit: string;
}

/** @returns undefined for a path that is no snapshot's */
export function snapshotPlace(path: string, cache: string): SnapshotPlace | undefined {
  const [repo = '', kind, commit = '', ...rest] = relative(cache, path).split(sep);
  if (kind !== 'snapshots' || rest.length === 0 || !repo.startsWith('models--')) return undefined;
  const repoFolder = join(cache, repo);
  return { repoFolder, snapshot: join(repoFolder, kind, commit), commit };
}

/** As `snapshotPlace`, in a cache of the hub that lies anywhere, as on a drive of its own. */
export function snapshotPlaceAnywhere(path: string): SnapshotPlace | undefined {
  const parts = path.split(sep);
  const at = parts.findIndex((part, index) => part.startsWith('models--') && parts[index + 1] === 'snapshots');
  return at < 1 ? undefined : snapshotPlace(path, parts.slice(0, at).join(sep) || sep);
}

/**
 * Deletes one file of a snapshot as the hub's own tools do: the link, the blob when no other snapshot links to it, refs to a commit of which
 * nothing is left, and folders that are empty then.
 * @returns whether bytes were deleted, and not just a link
 */
export async function deleteFromHubCache(path: string, place: SnapshotPlace): Promise<boolean> {
  const facts = await lstat(path);
  const blob = facts.isSymbolicLink() ? await realpath(path).catch(() => null) : null;
  await rm(path);
  let hasDeleted = !facts.isSymbolicLink();
  const blobs = await realpath(join(place.repoFolder, 'blobs')).catch(() => null);
  if (blob !== null && blobs !== null && isBelow(blob, blobs) && !(await linkedBlobs(place.repoFolder)).has(blob)) {
    await rm(blob, { force: true });
    hasDeleted = true;
  }
  await removeEmptyFolders(dirname(path), join(place.repoFolder, 'snapshots'));
  if (!(await isThere(place.snapshot))) await removeRefs(join(place.repoFolder, 'refs'), place.commit);
  for (const name of ['snapshots', 'blobs', 'refs', '']) await rmdir(join(place.repoFolder, name)).catch(() => undefined);
  return hasDeleted;
}

/** Real paths of all blobs that any snapshot of a repo links to. @throws when a folder of snapshots cannot be read: then nothing is known */
export async function linkedBlobs(repoFolder: string): Promise<Set<string>> {
  const linked = new Set<string>();
  const waiting = [join(repoFolder, 'snapshots')];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isSymbolicLink()) linked.add(await realpath(path).catch(() => path));
    }
  }
  return linked;
}

/** Removes a folder and those above it while they are empty, up to and without `top`. */
export async function removeEmptyFolders(folder: string, top: string): Promise<void> {
  for (let current = folder; current !== top && isBelow(current, top); current = dirname(current)) {
    try {
      await rmdir(current);
    } catch {
      return;
    }
  }
}

async function removeRefs(folder: string, commit: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      await removeRefs(path, commit);
      await rmdir(path).catch(() => undefined);
    } else if (entry.isFile() && (await readFile(path, 'utf8').catch(() => '')).trim() === commit) await rm(path, { force: true });
  }
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
