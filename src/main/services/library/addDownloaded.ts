import { dirname } from 'node:path';
import { modelErrors } from '#shared/contract/models.ts';
import { combinedHash } from './combinedHash.ts';
import { fileProblem, problemError } from './fileProblem.ts';
import { findGroup } from './findGroup.ts';
import type { DownloadedFiles } from './libraryService.ts';
import { type LibraryRoot, type ScanOptions, takeGroup } from './scanLibrary.ts';

/**
 * Takes in verified files at their final place: headers are read, hashes are taken as the download computed them.
 * @returns the id of its row; of an older version at the same place, its row
 * @throws {RpcError} file-missing
 */
export async function addDownloaded(download: DownloadedFiles, options: ScanOptions): Promise<string> {
  const [first] = download.files;
  const group = first === undefined ? undefined : await findGroup(first.path);
  if (first === undefined || group === undefined) {
    throw problemError(fileProblem(modelErrors.fileMissing, 'The downloaded file is not at its place any more.'));
  }
  const known = options.rows.byKey(group.key);
  const root: LibraryRoot =
    download.wasHere && known !== undefined
      ? { path: dirname(first.path), owner: known.owner, folderId: known.folderId }
      : { path: dirname(first.path), owner: download.wasHere ? 'imported' : 'downloaded', folderId: null };
  const id = await takeGroup(group, root, options);
  const row = options.rows.get(id);
  if (row === undefined) throw new Error('a downloaded artifact was lost');
  const sha256 = combinedHash(download.files.map((file) => file.sha256));
  options.rows.save({
    ...row,
    publisher: download.repo.split('/')[0] ?? null,
    repo: download.repo,
    nameInApp: null,
    provenance: {
      repo: download.repo,
      revision: download.revision,
      commit: download.commit,
      file: first.file,
      verifiedAt: download.verifiedAt,
    },
    sha256,
    claimedSha256: sha256,
    projectorPath: await takeProjector(download.projectorPath, options),
    update: null,
    isHidden: false,
  });
  return id;
}

/** The projector is an entry of its own, never listed, so that it is known whose it is. */
async function takeProjector(path: string | null, options: ScanOptions): Promise<string | null> {
  const group = path === null ? undefined : await findGroup(path);
  if (path === null || group === undefined) return null;
  const known = options.rows.byKey(group.key);
  // One that was there before stays whose it was.
  const origin = known === undefined ? { owner: 'downloaded' as const, folderId: null } : { owner: known.owner, folderId: known.folderId };
  await takeGroup(group, { path: dirname(path), ...origin }, options);
  return path;
}
