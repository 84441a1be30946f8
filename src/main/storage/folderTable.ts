import type { Database } from './database.ts';

export interface FolderRow {
  readonly id: string;
  readonly path: string;
  readonly addedAt: number;
}

export interface FolderTable {
  /** In the order they were added. */
  list(): FolderRow[];
  insert(folder: FolderRow): void;
  remove(id: string): void;
}

/** Model folders that the user added. */
export function folderTable(database: Database): FolderTable {
  return {
    list: () => database.all<FolderRow>('SELECT id, path, added_at AS addedAt FROM folders ORDER BY added_at, rowid'),
    insert(folder) {
      database.run('INSERT INTO folders (id, path, added_at) VALUES (?, ?, ?)', folder.id, folder.path, folder.addedAt);
    },
    remove(id) {
      database.run('DELETE FROM folders WHERE id = ?', id);
    },
  };
}
