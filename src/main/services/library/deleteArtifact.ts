import { lstat, realpath, rm } from 'node:fs/promises';
import { dirname, join, posix, relative, sep } from 'node:path';
import type { ArtifactRow } from '#main/storage/artifactTable.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { fileProblem, problemError } from './fileProblem.ts';
import { deleteFromHubCache, removeEmptyFolders, snapshotPlaceAnywhere } from './hubCacheFiles.ts';
import type { LibraryRows } from './libraryRows.ts';
import { freedBytes, isBelow, liesBelow } from './ownFiles.ts';
import { hasSameFiles } from './scanLibrary.ts';

/** Folders that decide what may be deleted. */
export interface DeletionPlaces {
  readonly ownModels: string;
  readonly hubCache: string;
  /** Of a folder that the user added. */
  readonly folderPath: (folderId: string) => string | undefined;
  /** Folders of other apps: nothing of theirs below them is ever deleted. */
  readonly otherApps: () => Promise<readonly string[]>;
}

/**
 * Deletes the files of an artifact, and its projector when nothing else uses that and this app downloaded it. Everything is checked again
 * first: files that changed, that lie behind a link out of their folder, or in another app's folder are left.
 * @returns whether bytes were deleted and not just links to them, and how many bytes that freed
 * @throws {RpcError} not-owned, file-changed; then nothing was deleted
 */
export async function deleteArtifact(
  row: ArtifactRow,
  options: DeletionPlaces & { readonly rows: LibraryRows },
): Promise<{ readonly fileDeleted: boolean; readonly freedBytes: number }> {
  if (!(await hasSameFiles(row))) {
    throw problemError(fileProblem(modelErrors.fileChanged, 'The file has changed since it was listed. Nothing was deleted.'));
  }
  for (const file of row.files) await requireOwn(file.path, row, options);
  const projector = await ownProjector(row, options);
  let fileDeleted = false;
  let freed = 0;
  for (const { path } of [...row.files, ...(projector?.files ?? [])]) {
    const bytes = await freedBytes(path);
    const isGone = await deleteFile(path, row);
    fileDeleted ||= isGone;
    if (isGone) freed += bytes;
  }
  if (projector !== undefined) options.rows.remove(projector.id);
  return { fileDeleted, freedBytes: freed };
}

/** @throws {RpcError} not-owned */
async function requireOwn(path: string, row: ArtifactRow, places: DeletionPlaces): Promise<void> {
  const isLink = (await lstat(path)).isSymbolicLink();
  const place = join(await realpath(dirname(path)), 'file');
  // Deleting a link to another app's file takes nothing from that app, unless the link itself is that app's.
  const real = isLink && snapshotPlaceAnywhere(path) === undefined ? place : await realpath(path);
  for (const folder of await places.otherApps()) {
    const other = await realpath(folder).catch(() => folder);
    if (
      (isBelow(real, other) || isBelow(place, other)) &&
      !(row.owner === 'downloaded' && !isLink && isOpenlyBelow(path, folder, { real, realFolder: other }))
    ) {
      throw new RpcError(modelErrors.notOwned, 'This file lies in another app’s folder. Nothing was deleted.', {
        hint: 'Remove it with that app.',
      });
    }
  }
  const root = rootOf(row, places);
  const isInside = root === undefined || ((await liesBelow(path, root)) && isBelow(real, await realpath(root)));
  if (isInside) return;
  throw new RpcError(modelErrors.notOwned, 'This file lies behind a link that leads out of its folder. Nothing was deleted.', {
    hint: 'Delete it where it lies.',
  });
}

/** Whether a file was put into a folder under that folder's own name, with no link on the way: whoever downloads there means that folder. */
function isOpenlyBelow(path: string, folder: string, place: { readonly real: string; readonly realFolder: string }): boolean {
  return isBelow(path, folder) && relative(place.realFolder, place.real) === relative(folder, path);
}

/** Undefined where the file's own place is all there is: a download to a chosen folder, an imported file. */
function rootOf(row: ArtifactRow, places: DeletionPlaces): string | undefined {
  if (row.owner === 'hub-cache') return places.hubCache;
  return row.folderId === null ? undefined : (places.folderPath(row.folderId) ?? places.ownModels);
}

/** @returns whether bytes were deleted; a link is deleted as a link, what it points to stays. */
async function deleteFile(path: string, row: ArtifactRow): Promise<boolean> {
  const snapshot = snapshotPlaceAnywhere(path);
  if (snapshot !== undefined) return await deleteFromHubCache(path, snapshot);
  const isLink = (await lstat(path)).isSymbolicLink();
  await rm(path);
  // `publisher/repo` folders that a download made go with the last file in them.
  if (row.owner === 'downloaded') await removeEmptyFolders(dirname(path), topOf(path, row));
  return !isLink;
}

/** The folder that a download went to: above `publisher/repo/path`. The file's own folder where it does not lie like that. */
function topOf(path: string, row: ArtifactRow): string {
  const folder = dirname(path);
  const below = posix.dirname(`${row.provenance?.repo ?? ''}/${row.provenance?.file ?? ''}`);
  if (!folder.split(sep).join('/').endsWith(`/${below}`)) return folder;
  return folder.slice(0, -below.length - 1);
}

async function ownProjector(row: ArtifactRow, options: DeletionPlaces & { readonly rows: LibraryRows }): Promise<ArtifactRow | undefined> {
  const { rows } = options;
  if (row.owner !== 'downloaded' || row.projectorPath === null) return undefined;
  const isUsed = rows.all().some((other) => other.id !== row.id && other.role === 'model' && other.projectorPath === row.projectorPath);
  const projector = rows.all().find((other) => other.role === 'other' && other.files[0]?.path === row.projectorPath);
  if (isUsed || projector?.owner !== 'downloaded' || !(await hasSameFiles(projector))) return undefined;
  const mayGo = await requireOwn(row.projectorPath, projector, options).then(
    () => true,
    () => false,
  );
  return mayGo ? projector : undefined;
}
