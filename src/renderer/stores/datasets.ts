import { create } from 'zustand';
import type { Suite } from '#shared/contract/benchmarks.ts';
import { type DatasetItem, type DatasetProblem, datasetErrors } from '#shared/contract/datasets.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { loadSuites } from './benchmarks.ts';
import { historyOf, isBlank, nextRow, type RowHistory, redone, toJsonLines, undone, withRows } from './datasetRows.ts';
import { rpc } from './rpc.ts';
import { saveTextFile } from './saveTextFile.ts';

/** Whether what is on screen is kept. */
export type SaveState =
  | { readonly state: 'saved' | 'waiting' | 'saving' }
  /** `changed` elsewhere: saving again would overwrite that. */
  | { readonly state: 'failed'; readonly problem: RpcErrorData };

export interface OpenSet extends RowHistory {
  /** Null until it is saved for the first time. */
  readonly suiteId: string | null;
  readonly name: string;
  /** Of the service that last saw a row, by the row itself: a row that was changed since is a new one. */
  readonly problems: ReadonlyMap<DatasetItem, DatasetProblem>;
  /** Items that a run would ask. */
  readonly usable: number;
  readonly revision: string | null;
  readonly isShipped: boolean;
  readonly save: SaveState;
}

interface DatasetsState {
  /** The set that is being edited. It outlives its screen: leaving loses nothing. */
  readonly open: OpenSet | null;
  readonly loading: { readonly suiteId: string } | null;
  readonly problem: RpcErrorData | null;
}

export const useDatasets = create<DatasetsState>(() => ({ open: null, loading: null, problem: null }));
const { getState: get, setState: set } = useDatasets;

/** A pause in typing after which rows are saved. */
const restMs = 700;
let timer: ReturnType<typeof setTimeout> | undefined;
let saving: Promise<void> | null = null;
/** Counts openings: what an earlier one still waits for must not close or fill a later one. */
let opened = 0;

/**
 * Opens a set, or begins one. What another set still has to save is saved first.
 * @returns false where that failed: then the other set stays open, because its rows are nowhere else.
 */
export async function openSet(suiteId: string | null): Promise<boolean> {
  opened += 1;
  if (get().open?.suiteId === suiteId && get().open !== null) return true;
  const own = opened;
  await saveNow();
  if (get().open?.save.state === 'failed') return false;
  if (own !== opened) return true;
  if (suiteId === null) {
    const rows = [nextRow([])];
    set({ open: newSet(rows, 'My items'), loading: null, problem: null });
    return true;
  }
  set({ open: null, loading: { suiteId }, problem: null });
  try {
    const { suite, items, problems, revision } = await rpc.call('datasets.items', { suiteId });
    if (own !== opened) return true;
    const rows = items.length === 0 ? [nextRow([])] : items;
    set({
      loading: null,
      open: {
        ...historyOf(rows),
        suiteId,
        name: suite.name,
        problems: problemsByRow(rows, problems),
        usable: suite.itemCount,
        revision,
        isShipped: suite.source === 'shipped',
        save: { state: 'saved' },
      },
    });
  } catch (thrown) {
    if (own === opened) set({ loading: null, problem: toRpcErrorData(thrown) });
  }
  return true;
}

/** Gives up what could not be saved and reads the set anew. */
export async function discardChanges(): Promise<void> {
  const { open } = get();
  set({ open: null });
  await openSet(open?.suiteId ?? null);
}

function newSet(rows: readonly DatasetItem[], name: string): OpenSet {
  return {
    ...historyOf(rows),
    suiteId: null,
    name,
    problems: new Map(),
    usable: 0,
    revision: null,
    isShipped: false,
    save: { state: 'saved' },
  };
}

/** Saves and forgets the open set. Rows that cannot be saved stay. */
export async function closeSet(): Promise<void> {
  const own = opened;
  await saveNow();
  if (own === opened && get().open?.save.state === 'saved') set({ open: null });
}

/** Changes rows; saved when typing rests. */
export function editRows(change: (rows: readonly DatasetItem[]) => readonly DatasetItem[]): void {
  revise((open) => withRows(open, change(open.rows)));
}
export function undoEdit(): void {
  revise(undone);
}
export function redoEdit(): void {
  revise(redone);
}
export function renameSet(name: string): void {
  const { open } = get();
  if (open === null || open.isShipped || name.trim() === '' || name === open.name) return;
  set({ open: { ...open, name: name.trim() } });
  waitToSave();
}

function revise(change: (open: OpenSet) => RowHistory): void {
  const { open } = get();
  if (open === null || open.isShipped) return;
  const { rows, past, future } = change(open);
  if (rows === open.rows) return;
  set({ open: { ...open, rows, past, future } });
  waitToSave();
}

function waitToSave(): void {
  const { open } = get();
  if (open === null) return;
  // What was changed elsewhere is not overwritten by going on to type: the person decides first.
  if (open.save.state === 'failed' && open.save.problem.code === datasetErrors.changed) return;
  set({ open: { ...open, save: { state: 'waiting' } } });
  clearTimeout(timer);
  timer = setTimeout(() => void saveNow(), restMs);
}

/** Saves what is not saved yet. Resolves when it is, or when it cannot be; the state says which. */
export async function saveNow(): Promise<void> {
  clearTimeout(timer);
  // Who waited first may have begun the next.
  while (saving !== null) await saving;
  const { open } = get();
  if (open === null || open.save.state !== 'waiting') return;
  saving = write(open);
  await saving;
  saving = null;
  // Typing went on meanwhile.
  if (get().open?.save.state === 'waiting') await saveNow();
}

async function write(open: OpenSet): Promise<void> {
  const kept = open.rows.filter((row) => !isBlank(row));
  if (kept.length === 0 && open.suiteId === null) return set({ open: { ...open, save: { state: 'saved' } } });
  set({ open: { ...open, save: { state: 'saving' } } });
  const isStill = (now: OpenSet | null): now is OpenSet => now !== null && now.suiteId === open.suiteId;
  try {
    const { suite, problems, revision } = await rpc.call('datasets.save', {
      suiteId: open.suiteId,
      name: open.name,
      items: kept,
      keepUnfinished: true,
      ...(open.revision === null ? {} : { revision: open.revision }),
    });
    const now = get().open;
    if (isStill(now)) {
      const isWhole = now.rows === open.rows && now.name === open.name;
      const marks = problemsByRow(kept, problems);
      const save = isWhole ? { state: 'saved' as const } : { state: 'waiting' as const };
      set({ open: { ...now, suiteId: suite.id, problems: marks, usable: suite.itemCount, revision, save } });
    }
    void loadSuites();
  } catch (thrown) {
    const now = get().open;
    if (isStill(now)) set({ open: { ...now, save: { state: 'failed', problem: toRpcErrorData(thrown) } } });
  }
}

function problemsByRow(rows: readonly DatasetItem[], problems: readonly DatasetProblem[]): ReadonlyMap<DatasetItem, DatasetProblem> {
  return new Map(
    problems.flatMap((problem) => {
      const row = rows[problem.line - 1];
      return row === undefined ? [] : [[row, problem] as const];
    }),
  );
}

/** Tries again what could not be saved. */
export function retrySave(): Promise<void> {
  const { open } = get();
  if (open?.save.state === 'failed') set({ open: { ...open, save: { state: 'waiting' } } });
  return saveNow();
}

/** Goes on with the rows on screen as a set of its own: of a suite that ships, or where the set was changed elsewhere. */
export function saveAsCopy(): Promise<void> {
  const { open } = get();
  if (open === null) return Promise.resolve();
  const name = open.isShipped ? open.name : `${open.name} (copy)`;
  set({ open: { ...open, suiteId: null, revision: null, name: name.slice(0, 100), isShipped: false, save: { state: 'waiting' } } });
  return saveNow();
}

export interface Import {
  readonly suite: Suite | null;
  readonly skipped: readonly DatasetProblem[];
}

/** A file as a set. @throws {RpcError} dataset-invalid with its problems, dataset-unreadable */
export async function importSet(options: { readonly path?: string; readonly skipBad: boolean }): Promise<Import> {
  const imported = await rpc.call('datasets.import', options);
  await loadSuites();
  return imported;
}

/** One item for a set, or the first of a new one. @throws {RpcError} dataset-invalid, dataset-too-large */
export async function addItem(addition: {
  readonly suiteId: string | null;
  readonly name?: string;
  readonly item: DatasetItem;
}): Promise<Suite> {
  await saveNow();
  const { suite } = await rpc.call('datasets.add', addition);
  // The open set has not seen it: read anew when it is shown again.
  if (get().open?.suiteId === suite.id) set({ open: null });
  await loadSuites();
  return suite;
}

/** @throws {RpcError} dataset-not-yours */
export async function removeSet(suiteId: string): Promise<void> {
  if (get().open?.suiteId === suiteId) {
    clearTimeout(timer);
    await saving;
    set({ open: null });
  }
  await rpc.call('datasets.remove', { suiteId });
  await loadSuites();
}

/** Hands the usable items of a set to the browser as JSONL. @returns how many rows are not in it because they are unfinished. */
export async function exportSet(suiteId: string): Promise<number> {
  await saveNow();
  const { items, problems } = await rpc.call('datasets.items', { suiteId });
  const bad = new Set(problems.map((problem) => problem.line));
  const text = toJsonLines(items.filter((_item, index) => !bad.has(index + 1)));
  saveTextFile({ fileName: `${suiteId}.jsonl`, mediaType: 'application/jsonl', text });
  return bad.size;
}
