import { isDeepStrictEqual } from 'node:util';
import type { ArtifactRow } from '#main/storage/artifactTable.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { AppSources } from './appSources.ts';
import { decideRemoval } from './decideRemoval.ts';
import { type DeletionPlaces, deleteArtifact } from './deleteArtifact.ts';
import { fileProblem, problemError } from './fileProblem.ts';
import type { LibraryRows } from './libraryRows.ts';
import type { ModelFolders } from './modelFolders.ts';
import { createReclaim, type Reclaim } from './reclaim/createReclaim.ts';

export interface RemovalOptions {
  readonly rows: LibraryRows;
  readonly folders: ModelFolders;
  readonly apps: AppSources;
  readonly now: () => number;
  readonly ownModels: string;
  readonly hubCache: string;
  /** Where downloads go when that is a plain folder of the user's. */
  readonly downloadFolder: () => string | null;
  readonly partialPaths: () => readonly string[];
  readonly withStopped: <T>(id: string, work: () => Promise<T>) => Promise<T>;
  /** One after another with everything else that changes rows. */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  readonly whenHashed: (id: string) => Promise<string>;
  /** Looks at an artifact's files again. Never throws. */
  readonly refresh: (id: string) => Promise<void>;
  readonly scan: () => Promise<void>;
}

export interface Removals {
  /** @throws {RpcError} not-owned, model-in-use, file-changed */
  remove(row: ArtifactRow, options: { readonly deleteFile: boolean }): Promise<{ fileDeleted: boolean }>;
  readonly reclaim: Reclaim;
}

/** Everything that takes an entry out of the library or a file off the disk. */
export function createRemovals(options: RemovalOptions): Removals {
  const { rows, exclusive, withStopped } = options;
  const places: DeletionPlaces = {
    ownModels: options.ownModels,
    hubCache: options.hubCache,
    folderPath: (folderId) => options.folders.rows().find((folder) => folder.id === folderId)?.path,
    otherApps: () => options.apps.otherAppsFolders(),
  };

  /** A file that is open in a runner is not deleted. */
  async function deleteStopped(row: ArtifactRow): Promise<{ fileDeleted: boolean; freedBytes: number }> {
    try {
      return await alone(row, async (current) => {
        const deleted = await deleteArtifact(current, { ...places, rows });
        rows.remove(current.id);
        return deleted;
      });
    } catch (error) {
      // Read anew, so that the next try means the file as it is.
      if (error instanceof RpcError && error.code === modelErrors.fileChanged) await options.refresh(row.id);
      throw error;
    }
  }

  /** Works on a row as it is once its runner has stopped and what was at work on the rows is done. @throws {RpcError} file-changed */
  async function alone<T>(row: ArtifactRow, work: (current: ArtifactRow) => Promise<T>): Promise<T> {
    return await withStopped(row.id, () =>
      exclusive(async () => {
        const current = rows.get(row.id);
        // A scan may have come between: what was asked for was asked of the files, and of the owner, that were shown.
        if (current?.owner === row.owner && current.state === row.state && isDeepStrictEqual(current.files, row.files)) {
          return await work(current);
        }
        throw problemError(fileProblem(modelErrors.fileChanged, 'The file has changed since it was listed. Nothing was deleted.'));
      }),
    );
  }

  async function hide(row: ArtifactRow): Promise<void> {
    await withStopped(row.id, () =>
      exclusive(async () => {
        const current = rows.get(row.id);
        if (current !== undefined) rows.save({ ...current, isHidden: true });
      }),
    );
  }

  return {
    async remove(row, { deleteFile }) {
      const removal = await decideRemoval(row, { deleteFile, ownModels: options.ownModels });
      if (removal !== 'delete') {
        if (removal === 'hide') await hide(row);
        else await alone(row, async () => rows.remove(row.id));
        return { fileDeleted: false };
      }
      const { fileDeleted } = await deleteStopped(row);
      // Another snapshot of the shared cache may still show the same bytes.
      if (!fileDeleted) await options.scan();
      return { fileDeleted };
    },
    reclaim: createReclaim({
      rows,
      now: options.now,
      places: () => ({
        hubCache: options.hubCache,
        ownModels: options.ownModels,
        downloadFolder: options.downloadFolder(),
        reports: options.apps.reports(),
        appFolders: () => options.apps.folders(),
      }),
      partialPaths: options.partialPaths,
      whenHashed: options.whenHashed,
      deleteArtifact: deleteStopped,
    }),
  };
}
