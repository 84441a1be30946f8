import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import type { LabelledItem } from '#core/bench/labelledItem.ts';
import { type LineProblem, readItems } from '#core/bench/parseLabelledItems.ts';
import type { DatasetTable } from '#main/storage/datasetTable.ts';
import { benchmarkErrors, type Suite } from '#shared/contract/benchmarks.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { datasetRows } from './datasetRows.ts';
import { checkPattern, checkSchema, prepareGrading } from './gradingTools.ts';
import { hashItems, type LoadedSuite, readShippedSuites } from './shippedSuites.ts';

/** What `bench` asks when nothing is named: a few minutes, and every model size can show what it is worth. */
export const defaultSuiteIds: readonly string[] = ['speed', 'routing', 'sentiment', 'langid', 'summary'];
/** The suite of measurements; every other one is labelled. */
export const speedSuiteId = 'speed';
const maxDatasetBytes = 64_000_000;
const shownProblems = 20;
const datasetHint =
  'JSONL: one JSON object a line with "input" and "expected". CSV: a first line that names the columns input and expected. YAML: a promptfoo configuration.';

export interface AddedDataset {
  readonly suite: Suite;
  /** Lines that were left out because the user said so. */
  readonly skipped: readonly LineProblem[];
}

export interface SuiteCatalogue {
  /** Speed first, then what ships, then the user's own. */
  list(): Promise<readonly Suite[]>;
  /** @throws {RpcError} suite-not-found */
  get(id: string): Promise<Suite>;
  /**
   * Items of a suite as a run remembers it, also after its file has changed. What their graders need has been made ready.
   * @throws {RpcError} suite-not-found
   */
  itemsOf(suite: Suite): Promise<readonly LabelledItem[]>;
  /** Remembers the items by their hash, so that a run can be resumed and read at any time. */
  keep(suite: Suite): Promise<void>;
  /** @throws {RpcError} dataset-unreadable, dataset-invalid (with every bad line in `data.problems`) */
  addDataset(path: string, options: { readonly skipBad: boolean }): Promise<AddedDataset>;
}

const speedSuite: Suite = {
  id: speedSuiteId,
  name: 'Speed',
  description: 'Reading 512 and writing 128 random tokens, as llama-bench measures them; load time and peak memory',
  kind: 'speed',
  itemCount: 2,
  source: 'shipped',
  sha256: createHash('sha256').update('pp512 tg128 r5 warm-up').digest('hex'),
};

/**
 * Every suite that can be run: the built-in speed suite, the labelled sets that ship, and the user's own.
 * @param options.folder where the shipped sets and their `suites.json` lie; `grammars` lies beside it.
 */
export function createSuiteCatalogue(options: {
  readonly folder: string;
  readonly datasets: DatasetTable;
  readonly now: () => number;
}): SuiteCatalogue {
  const { folder, datasets, now } = options;
  let shipped: Promise<readonly LoadedSuite[]> | undefined;
  const loadShipped = (): Promise<readonly LoadedSuite[]> => {
    shipped ??= readShippedSuites(folder).catch((error: unknown) => {
      shipped = undefined;
      throw error;
    });
    return shipped;
  };

  async function list(): Promise<readonly Suite[]> {
    const own = datasets.list().map((row): Suite => {
      const { id, name, description, itemCount, sha256 } = row;
      return { id, name, description, kind: 'labelled', itemCount, source: 'yours', sha256 };
    });
    return [speedSuite, ...(await loadShipped()).map((entry) => entry.suite), ...own];
  }

  async function itemsOf(suite: Suite): Promise<readonly LabelledItem[]> {
    if (suite.kind === 'speed') return [];
    const items = (await loadShipped()).find((entry) => entry.suite.sha256 === suite.sha256)?.items ?? datasets.content(suite.sha256);
    if (items === undefined) {
      throw new RpcError(benchmarkErrors.suiteNotFound, `The items of the suite ${suite.id} are no longer known.`, {
        hint: 'Start a new run with the suite as it is now.',
      });
    }
    await prepareGrading(items, join(folder, '..', 'grammars'));
    return items;
  }

  return {
    list,
    itemsOf,
    get: async (id) => {
      const suites = await list();
      const found = suites.find((suite) => suite.id === id);
      if (found !== undefined) return found;
      throw new RpcError(benchmarkErrors.suiteNotFound, `There is no suite named ${id}.`, {
        hint: `Known suites: ${suites.map((suite) => suite.id).join(', ')}.`,
      });
    },
    keep: async (suite) => {
      if (suite.kind === 'labelled') datasets.saveContent(suite.sha256, await itemsOf(suite));
    },
    addDataset: async (path, { skipBad }) => {
      const sourcePath = resolve(path);
      const reading = datasetRows({ path: sourcePath, text: await readDataset(sourcePath) });
      if (!reading.ok)
        throw new RpcError(benchmarkErrors.datasetInvalid, `${basename(sourcePath)}: ${reading.message}`, { hint: datasetHint });
      const { items, problems } = readItems(reading.rows, { checkPattern, checkSchema });
      if (problems.length > 0 && !skipBad) throw invalidLines(sourcePath, problems, items.length);
      if (items.length === 0) {
        throw new RpcError(benchmarkErrors.datasetInvalid, `${basename(sourcePath)} holds no usable item.`, {
          hint: datasetHint,
          data: { problems },
        });
      }
      const sha256 = hashItems(items);
      // A set that was made here belongs to no file: one with the same items, as it was exported, is that set.
      const madeHere = new Set(datasets.list().flatMap((row) => (row.sourcePath === '' ? [row.id] : [])));
      const same = (await list()).find((suite) => suite.sha256 === sha256 && (suite.source === 'shipped' || madeHere.has(suite.id)));
      if (same !== undefined) return { suite: same, skipped: problems };
      const id = datasetId(sourcePath, sha256, { taken: (await loadShipped()).map((entry) => entry.suite.id), datasets });
      const name = basename(sourcePath, extname(sourcePath));
      datasets.saveContent(sha256, items);
      datasets.save({
        id,
        name,
        description: `Your data set ${basename(sourcePath)}`,
        sourcePath,
        sha256,
        itemCount: items.length,
        addedAt: now(),
      });
      const suites = await list();
      const suite = suites.find((candidate) => candidate.id === id);
      if (suite === undefined) throw new Error(`data set ${id} was saved and is not listed`);
      return { suite, skipped: problems };
    },
  };
}

async function readDataset(path: string): Promise<string> {
  const unreadable = (message: string, cause?: unknown): RpcError =>
    new RpcError(benchmarkErrors.datasetUnreadable, message, { hint: datasetHint, cause });
  let bytes: Buffer;
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw unreadable(`${path} is not a file.`);
    if (facts.size > maxDatasetBytes) throw unreadable(`${path} is larger than ${maxDatasetBytes / 1e6} MB.`);
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof RpcError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw unreadable(code === 'ENOENT' ? `There is no file ${path}.` : `${path} can't be read (${code}).`, error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable(`${path} is not UTF-8 text.`, error);
  }
}

function invalidLines(path: string, problems: readonly LineProblem[], good: number): RpcError {
  const shown = problems.slice(0, shownProblems).map((problem) => `line ${problem.line}: ${problem.message.replace(/[.]$/, '')}`);
  if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more`);
  const count = problems.length === 1 ? 'One line' : `${problems.length} lines`;
  return new RpcError(benchmarkErrors.datasetInvalid, `${count} of ${basename(path)} can't be used: ${shown.join('; ')}.`, {
    hint: good > 0 ? `Mend them, or skip them: ${good === 1 ? 'one item is' : `${good} items are`} fine (--skip-bad-lines).` : datasetHint,
    data: { problems, usable: good },
  });
}

/** The file's own name, so that people find it again; a number behind it where that name is taken by something else. */
function datasetId(path: string, sha256: string, known: { readonly taken: readonly string[]; readonly datasets: DatasetTable }): string {
  const slug = suiteSlug(basename(path, extname(path)));
  const rows = known.datasets.list();
  for (let number = 1; ; number++) {
    const id = number === 1 ? slug : `${slug}-${number}`;
    if (id === speedSuiteId || known.taken.includes(id)) continue;
    const row = rows.find((candidate) => candidate.id === id);
    if (row === undefined || row.sourcePath === path || row.sha256 === sha256) return id;
  }
}

/** What a set is called in plans and on the command line, made of its name. */
export const suiteSlug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'dataset';
