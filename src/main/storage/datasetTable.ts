import type { LabelledItem } from '#core/bench/labelledItem.ts';
import type { DatasetItem } from '#shared/contract/datasets.ts';
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

/** A set with the rows that its person has not finished; null = none, its items are all there is. */
export interface EditedDataset extends DatasetRow {
  readonly draft: readonly DatasetItem[] | null;
}

export interface DatasetTable {
  list(): readonly DatasetRow[];
  /** Replaces the row of the same id, with its draft. */
  save(dataset: DatasetRow | EditedDataset): void;
  /** Rows as the person left them; null where they are just its items. */
  draft(id: string): readonly DatasetItem[] | null;
  remove(id: string): void;
  /** Items are kept by what they are, so that an old run can be resumed and read after its file has changed. */
  saveContent(sha256: string, items: readonly LabelledItem[]): void;
  content(sha256: string): readonly LabelledItem[] | undefined;
  /** Forgets items that no set and no run has. */
  dropUnusedContent(sha256: string): void;
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
      database
        .all<StoredDataset>('SELECT id, name, description, source_path, sha256, item_count, added_at FROM datasets ORDER BY added_at, id')
        .map((stored) => ({
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
        `INSERT INTO datasets (id, name, description, source_path, sha256, item_count, added_at, draft) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, source_path = excluded.source_path,
           sha256 = excluded.sha256, item_count = excluded.item_count, added_at = excluded.added_at, draft = excluded.draft`,
        dataset.id,
        dataset.name,
        dataset.description,
        dataset.sourcePath,
        dataset.sha256,
        dataset.itemCount,
        dataset.addedAt,
        'draft' in dataset && dataset.draft !== null ? JSON.stringify(dataset.draft) : null,
      );
    },
    draft: (id) => {
      const stored = database.get<{ draft: string | null }>('SELECT draft FROM datasets WHERE id = ?', id);
      return stored === undefined || stored.draft === null ? null : (JSON.parse(stored.draft) as DatasetItem[]);
    },
    remove: (id) => {
      database.run('DELETE FROM datasets WHERE id = ?', id);
    },
    saveContent: (sha256, items) => {
      if (database.get('SELECT 1 FROM suite_contents WHERE sha256 = ?', sha256) !== undefined) return;
      database.run('INSERT INTO suite_contents (sha256, items) VALUES (?, ?)', sha256, JSON.stringify(items));
    },
    content: (sha256) => {
      const stored = database.get<{ items: string }>('SELECT items FROM suite_contents WHERE sha256 = ?', sha256);
      return stored === undefined ? undefined : (JSON.parse(stored.items) as LabelledItem[]);
    },
    dropUnusedContent: (sha256) => {
      database.run(
        `DELETE FROM suite_contents WHERE sha256 = ?1 AND NOT EXISTS (SELECT 1 FROM datasets WHERE sha256 = ?1)
           AND NOT EXISTS (SELECT 1 FROM runs WHERE instr(suites, ?1) > 0)`,
        sha256,
      );
    },
  };
}
