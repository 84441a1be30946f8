import { createHash } from 'node:crypto';
import type { DatasetRow, DatasetTable } from '#main/storage/datasetTable.ts';
import { benchmarkErrors, type Suite } from '#shared/contract/benchmarks.ts';
import { type DatasetItem, type DatasetProblem, datasetErrors, editableItems } from '#shared/contract/datasets.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { hashItems } from '../benchmarks/shippedSuites.ts';
import { type SuiteCatalogue, suiteSlug } from '../benchmarks/suiteCatalogue.ts';
import type { DatasetDraft, DatasetService, SavedDataset } from './datasetService.ts';
import { readDatasetRows } from './readDatasetRows.ts';

const shownProblems = 20;

/**
 * Makes the service over the catalogue's suites and the table of the user's own.
 * @param options.now clock, milliseconds since 1970
 */
export function createDatasetService(options: {
  readonly catalogue: SuiteCatalogue;
  readonly datasets: DatasetTable;
  readonly now: () => number;
}): DatasetService {
  const { catalogue, datasets, now } = options;
  /** Items that a save has replaced. They go one save later: a run that is just starting may have read them and not written itself down yet. */
  const replaced = new Set<string>();

  /** @throws {RpcError} suite-not-found, dataset-not-yours */
  async function ownRow(suiteId: string): Promise<DatasetRow> {
    const row = datasets.list().find((candidate) => candidate.id === suiteId);
    if (row !== undefined) return row;
    const suite = await catalogue.get(suiteId);
    throw new RpcError(datasetErrors.notYours, `${suite.name} ships with Rightsize and can't be changed.`, {
      hint: 'Make a copy of it, and change that.',
    });
  }

  function rowsOf(row: DatasetRow): readonly DatasetItem[] {
    return datasets.draft(row.id) ?? ((datasets.content(row.sha256) ?? []) as readonly DatasetItem[]);
  }

  /** Nothing is awaited in here: what was checked is still so when it is written. */
  function write(draft: DatasetDraft, known: { readonly row: DatasetRow | null; readonly taken: readonly string[] }): SavedDataset {
    const { row } = known;
    if (row !== null && draft.revision !== undefined && revisionOf(rowsOf(row)) !== draft.revision) throw changedMeanwhile(row.name);
    const { items, problems } = readDatasetRows(draft.items);
    if (!draft.keepUnfinished && (problems.length > 0 || items.length === 0)) throw unusable(problems);
    const sha256 = hashItems(items);
    for (const old of replaced) datasets.dropUnusedContent(old);
    replaced.clear();
    datasets.saveContent(sha256, items);
    const saved: DatasetRow = {
      id: row?.id ?? freeId(draft.name, known.taken),
      name: draft.name,
      description: row?.description ?? 'Made in Rightsize',
      // What was edited here is no longer what the file says: taking the file in again makes a set of its own.
      sourcePath: row !== null && row.sha256 === sha256 && problems.length === 0 ? row.sourcePath : '',
      sha256,
      itemCount: items.length,
      addedAt: row?.addedAt ?? now(),
    };
    datasets.save({ ...saved, draft: problems.length === 0 ? null : draft.items });
    if (row !== null && row.sha256 !== sha256) replaced.add(row.sha256);
    return { suite: suiteOf(saved), problems, revision: revisionOf(rowsOf(saved)) };
  }

  async function save(draft: DatasetDraft): Promise<SavedDataset> {
    const taken = (await catalogue.list()).map((suite) => suite.id);
    return write(draft, { row: draft.suiteId === null ? null : await ownRow(draft.suiteId), taken });
  }

  return {
    save,
    items: async (suiteId) => {
      const suite = await catalogue.get(suiteId);
      if (suite.itemCount > editableItems) throw tooLarge(suite.name);
      const row = datasets.list().find((candidate) => candidate.id === suiteId);
      const items = row === undefined ? ((await catalogue.itemsOf(suite)) as readonly DatasetItem[]) : rowsOf(row);
      return { suite, items, problems: readDatasetRows(items).problems, revision: revisionOf(items) };
    },
    add: async ({ suiteId, name, item }) => {
      const { problems } = readDatasetRows([item.id === '' ? { ...item, id: 'item' } : item]);
      if (problems.length > 0) throw unusable(problems);
      const taken = (await catalogue.list()).map((suite) => suite.id);
      const row = suiteId === null ? null : await ownRow(suiteId);
      const before = row === null ? [] : rowsOf(row);
      if (before.length >= editableItems) throw tooLarge(row?.name ?? '');
      const items = [...before, { ...item, id: freeItemId(item.id, before) }];
      return write({ suiteId, name: row?.name ?? name ?? 'My items', items, keepUnfinished: true }, { row, taken }).suite;
    },
    importFile: (path, { skipBad }) => catalogue.addDataset(path, { skipBad }),
    remove: async (suiteId) => {
      const row = await ownRow(suiteId);
      datasets.remove(row.id);
      replaced.add(row.sha256);
    },
  };
}

const revisionOf = (rows: readonly DatasetItem[]): string => createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 16);

function suiteOf({ id, name, description, itemCount, sha256 }: DatasetRow): Suite {
  return { id, name, description, kind: 'labelled', itemCount, source: 'yours', sha256 };
}

function freeId(name: string, taken: readonly string[]): string {
  const slug = suiteSlug(name);
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? slug : `${slug}-${number}`;
    if (!taken.includes(id)) return id;
  }
}

function freeItemId(wanted: string, rows: readonly DatasetItem[]): string {
  const taken = new Set(rows.map((row) => row.id));
  if (wanted !== '' && !taken.has(wanted)) return wanted;
  for (let number = rows.length + 1; ; number += 1) {
    const id = `item-${number}`;
    if (!taken.has(id)) return id;
  }
}

function unusable(problems: readonly DatasetProblem[]): RpcError {
  if (problems.length === 0) {
    return new RpcError(benchmarkErrors.datasetInvalid, 'The set holds no item that can be asked.', {
      hint: 'An item needs an input and an expected answer.',
      data: { problems },
    });
  }
  const shown = problems.slice(0, shownProblems).map((problem) => `row ${problem.line}: ${problem.message.replace(/[.]$/, '')}`);
  if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more`);
  const count = problems.length === 1 ? 'One item' : `${problems.length} items`;
  return new RpcError(benchmarkErrors.datasetInvalid, `${count} can't be used: ${shown.join('; ')}.`, {
    hint: 'Nothing was saved. Mend them, or leave them out.',
    data: { problems },
  });
}

function changedMeanwhile(name: string): RpcError {
  return new RpcError(datasetErrors.changed, `${name} was changed elsewhere since it was opened here.`, {
    hint: 'Your rows are still on screen: save them as a set of their own, or open the set again.',
  });
}

function tooLarge(name: string): RpcError {
  return new RpcError(
    datasetErrors.tooLarge,
    `${name} has more than ${editableItems.toLocaleString('en-US')} items, too many to edit here.`,
    {
      hint: 'Change its file, and import that again.',
    },
  );
}
