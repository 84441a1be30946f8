import type { Comparison } from '#shared/contract/comparisons.ts';
import { attachmentTable } from './attachmentTable.ts';
import type { Database } from './database.ts';

/** A comparison with all names, and what is known of its vote. */
export interface StoredComparison extends Comparison {
  /** Whether names were told: from the beginning where it is not blind. */
  readonly isRevealed: boolean;
  /** The vote that came before the names; null where there is none, or it was taken back. */
  readonly blindVote: Comparison['vote'];
}

/** All of it but the answers and what was attached. */
export interface StoredEntry extends Omit<StoredComparison, 'answers' | 'attachments'> {
  readonly models: readonly {
    readonly modelId: string | null;
    readonly modelName: string | null;
    readonly state: Comparison['answers'][number]['state'];
    /** Whether there was something to read. */
    readonly hasAnswered: boolean;
  }[];
}

export interface ComparisonTable {
  /** Newest first, without answers. */
  list(): StoredEntry[];
  get(id: string): StoredComparison | undefined;
  /** What is attached is stored by itself. */
  save(comparison: StoredComparison): void;
  remove(id: string): void;
}

/** Comparisons. Their answers lie apart: a list reads none of them. */
export function comparisonTable(database: Database): ComparisonTable {
  const attachments = attachmentTable(database, 'comparison');
  return {
    list: () =>
      database
        .all<{ entry: string }>('SELECT entry FROM comparisons ORDER BY created_at DESC, rowid DESC')
        .map(({ entry }) => JSON.parse(entry) as StoredEntry),
    get(id) {
      const row = database.get<{ entry: string; answers: string }>('SELECT entry, answers FROM comparisons WHERE id = ?', id);
      if (row === undefined) return undefined;
      const { models: _models, ...entry } = JSON.parse(row.entry) as StoredEntry;
      return { ...entry, attachments: attachments.describe(id), answers: JSON.parse(row.answers) as Comparison['answers'] };
    },
    save({ answers, attachments: _attachments, ...rest }) {
      const entry: StoredEntry = {
        ...rest,
        models: answers.map(({ modelId, modelName, state, text }) => ({ modelId, modelName, state, hasAnswered: text !== '' })),
      };
      database.run(
        `INSERT INTO comparisons (id, entry, answers, created_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET entry = excluded.entry, answers = excluded.answers`,
        rest.id,
        JSON.stringify(entry),
        JSON.stringify(answers),
        rest.createdAt,
      );
    },
    remove(id) {
      database.run('DELETE FROM comparisons WHERE id = ?', id);
    },
  };
}
