import type { LabelledItem } from '#core/bench/labelledItem.ts';
import type { Database } from './database.ts';

export interface DatasetRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly sourcePath: string;
  readonly sha256: string;
  readonly itemCount: number;
  readonly addedAt: number;
}

export interface DatasetTable {
  list(): readonly DatasetRow[];
  /** Replaces the row of the same id. */
  save(dataset: DatasetRow): void;
  /** Items are kept by what they are, so that an old run can be resumed and read after its file has changed. */
  saveContent(sha256: string, items: readonly LabelledItem[]): void;
  content(sha256: string): readonly LabelledItem[] | undefined;
}

interface StoredDataset {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly source_path: string;
  readonly sha256: string;
  readonly item_count: number;
  readonly added_at: number;
}

/** The user's labelled sets, and the items of every suite that was ever run. */
export function createDatasetTable(database: Database): DatasetTable {
  return {
    list: () =>
      database.all<StoredDataset>('SELECT * FROM datasets ORDER BY added_at, id').map((stored) => ({
        id: stored.id,
        name: stored.name,
        description: stored.description,
        sourcePath: stored.source_path,
        sha256: stored.sha256,
        itemCount: stored.item_count,
        addedAt: stored.added_at,
      })),
    save: (dataset) => {
      database.run(
        `INSERT INTO datasets (id, name, description, source_path, sha256, item_count, added_at) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, source_path = excluded.source_path,
           sha256 = excluded.sha256, item_count = excluded.item_count, added_at = excluded.added_at`,
        dataset.id,
        dataset.name,
        dataset.description,
        dataset.sourcePath,
        dataset.sha256,
        dataset.itemCount,
        dataset.addedAt,
      );
    },
    saveContent: (sha256, items) => {
      if (database.get('SELECT 1 FROM suite_contents WHERE sha256 = ?', sha256) !== undefined) return;
      database.run('INSERT INTO suite_contents (sha256, items) VALUES (?, ?)', sha256, JSON.stringify(items));
    },
    content: (sha256) => {
      const stored = database.get<{ items: string }>('SELECT items FROM suite_contents WHERE sha256 = ?', sha256);
      return stored === undefined ? undefined : (JSON.parse(stored.items) as LabelledItem[]);
    },
  };
}
