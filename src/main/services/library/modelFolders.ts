import { randomUUID } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import type { Database } from '#main/storage/database.ts';
import { type FolderRow, folderTable } from '#main/storage/folderTable.ts';
import { type ModelFolder, modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { LibraryRows } from './libraryRows.ts';

export interface ModelFolders {
  /** In the order they were added. */
  rows(): FolderRow[];
  /** With what was found in each. */
  list(artifacts: LibraryRows): ModelFolder[];
  /** @returns false when it was already there, by whatever way it is named. @throws {RpcError} folder-missing */
  add(path: string): Promise<boolean>;
  /** @throws {RpcError} folder-missing */
  remove(id: string): void;
  /** The folder at a path, links followed. */
  find(path: string): Promise<FolderRow | undefined>;
  setAvailable(id: string, isAvailable: boolean): void;
}

/** The folders that the user added, and whether they are there. */
export function createModelFolders(options: { readonly database: Database; readonly now: () => number }): ModelFolders {
  const table = folderTable(options.database);
  const unavailable = new Set<string>();

  async function find(path: string): Promise<FolderRow | undefined> {
    const wanted = await followed(path);
    for (const folder of table.list()) {
      if ((await followed(folder.path)) === wanted) return folder;
    }
    return undefined;
  }

  return {
    rows: () => table.list(),
    list(artifacts) {
      const models = artifacts.models();
      return table.list().map((folder) => {
        const inside = models.filter((row) => row.folderId === folder.id);
        return {
          id: folder.id,
          path: folder.path,
          available: !unavailable.has(folder.id),
          artifactCount: inside.length,
          sizeBytes: inside.reduce((total, row) => total + row.sizeBytes, 0),
        };
      });
    },
    async add(path) {
      if (path === '/') {
        throw new RpcError(modelErrors.folderMissing, 'This is the whole disk, system and all.', {
          hint: 'Choose the folder that holds your models.',
        });
      }
      const facts = await stat(path).catch(() => undefined);
      if (!facts?.isDirectory()) {
        throw new RpcError(modelErrors.folderMissing, `There is no folder ${path}.`, {
          hint: 'Check the path, and that its drive is plugged in.',
        });
      }
      if ((await find(path)) !== undefined) return false;
      table.insert({ id: randomUUID(), path, addedAt: options.now() });
      return true;
    },
    remove(id) {
      if (!table.list().some((folder) => folder.id === id)) {
        throw new RpcError(modelErrors.folderMissing, 'This folder is not in the library.', { hint: 'It may have been removed already.' });
      }
      table.remove(id);
      unavailable.delete(id);
    },
    find,
    setAvailable(id, isAvailable) {
      if (isAvailable) unavailable.delete(id);
      else unavailable.add(id);
    },
  };
}

const followed = (path: string): Promise<string> => realpath(path).catch(() => path);
