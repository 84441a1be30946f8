import { isJsonList, readJson } from '#core/bench/jsonValue.ts';
import type { JsonValue } from '#core/bench/labelledItem.ts';
import type { DatasetItem } from '#shared/contract/datasets.ts';

/** What the grid edits as text. Grader and schema have controls of their own. */
export const textColumns = ['input', 'expected', 'system', 'labels', 'tags'] as const;
export type TextColumn = (typeof textColumns)[number];

/** The rows of a set that is being edited, and how to get back. */
export interface RowHistory {
  readonly rows: readonly DatasetItem[];
  /** Earlier states, the latest last. */
  readonly past: readonly (readonly DatasetItem[])[];
  readonly future: readonly (readonly DatasetItem[])[];
}

const stepsKept = 200;

export const historyOf = (rows: readonly DatasetItem[]): RowHistory => ({ rows, past: [], future: [] });

export function withRows(history: RowHistory, rows: readonly DatasetItem[]): RowHistory {
  if (rows === history.rows) return history;
  return { rows, past: [...history.past, history.rows].slice(-stepsKept), future: [] };
}

export function undone({ rows, past, future }: RowHistory): RowHistory {
  const before = past.at(-1);
  return before === undefined ? { rows, past, future } : { rows: before, past: past.slice(0, -1), future: [...future, rows] };
}

export function redone({ rows, past, future }: RowHistory): RowHistory {
  const next = future.at(-1);
  return next === undefined ? { rows, past, future } : { rows: next, past: [...past, rows], future: future.slice(0, -1) };
}

/** A cell as text. Lists stand with semicolons between, JSON as JSON: as a table of ours is read. */
export function cellText(row: DatasetItem, column: TextColumn): string {
  switch (column) {
    case 'input':
      return row.input;
    case 'system':
      return row.system ?? '';
    case 'expected':
      return expectedText(row.expected as JsonValue);
    case 'labels':
      return (row.labels ?? []).join('; ');
    case 'tags':
      return (row.tags ?? []).join('; ');
  }
}

function expectedText(expected: JsonValue): string {
  if (expected === null) return '';
  return typeof expected === 'object' ? JSON.stringify(expected) : String(expected);
}

/** The row with one cell changed; the same row where the text is what it was. */
export function withCell(row: DatasetItem, column: TextColumn, text: string): DatasetItem {
  if (cellText(row, column) === text) return row;
  switch (column) {
    case 'input':
      return { ...row, input: text };
    case 'system':
      return { ...row, system: text.trim() === '' ? null : text };
    case 'expected':
      return { ...row, expected: expectedIn(text) as DatasetItem['expected'] };
    case 'labels': {
      const labels = listIn(text);
      return { ...row, labels: labels.length === 0 ? null : labels };
    }
    case 'tags':
      return { ...row, tags: listIn(text) };
  }
}

/** An object or a list is meant as one; everything else is the text that it is. Nothing is an answer that is still to be given. */
function expectedIn(text: string): JsonValue {
  if (text.trim() === '') return null;
  const reading = /^\s*[[{]/.test(text) ? readJson(text) : null;
  return reading?.ok ? reading.value : text;
}

function listIn(text: string): string[] {
  const reading = /^\s*\[/.test(text) ? readJson(text) : null;
  const parts = reading?.ok && isJsonList(reading.value) ? reading.value.map(String) : text.split(/[;\n]/);
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))];
}

/** Whether nobody has written anything in it: such rows are not saved. */
export const isBlank = (row: DatasetItem): boolean => row.input.trim() === '' && row.expected === null;

/** A new row after those given: asked and checked as the last one is, so that labelling goes on without setting anything. */
export function nextRow(rows: readonly DatasetItem[], like: DatasetItem | undefined = rows.at(-1)): DatasetItem {
  return {
    ...(like === undefined ? {} : shared(like)),
    id: freeId(rows),
    task: like?.task ?? 'mine',
    system: like?.system ?? null,
    input: '',
    expected: null,
  };
}

function shared({ grader, labels, schema }: DatasetItem): Partial<DatasetItem> {
  return { ...(grader == null ? {} : { grader }), ...(labels == null ? {} : { labels }), ...(schema == null ? {} : { schema }) };
}

export function insertRows(rows: readonly DatasetItem[], at: number, added: readonly DatasetItem[]): readonly DatasetItem[] {
  const taken = new Set(rows.map((row) => row.id));
  const named = added.map((row) => {
    const id = taken.has(row.id) || row.id === '' ? freeId(rows, taken) : row.id;
    taken.add(id);
    return id === row.id ? row : { ...row, id };
  });
  return [...rows.slice(0, at), ...named, ...rows.slice(at)];
}

export function removeRows(rows: readonly DatasetItem[], from: number, to: number): readonly DatasetItem[] {
  return [...rows.slice(0, from), ...rows.slice(to + 1)];
}

export function changeRow(rows: readonly DatasetItem[], at: number, change: (row: DatasetItem) => DatasetItem): readonly DatasetItem[] {
  const before = rows[at];
  if (before === undefined) return rows;
  const after = change(before);
  return after === before ? rows : rows.with(at, after);
}

/** Gives every row what one of them has. */
export function shareWithAll(rows: readonly DatasetItem[], change: Partial<DatasetItem>): readonly DatasetItem[] {
  return rows.map((row) => ({ ...row, ...change }));
}

function freeId(rows: readonly DatasetItem[], taken: ReadonlySet<string> = new Set(rows.map((row) => row.id))): string {
  for (let number = rows.length + 1; ; number += 1) {
    if (!taken.has(`item-${number}`)) return `item-${number}`;
  }
}

/** One item a line, as files of ours are; what says nothing is left out. */
export function toJsonLines(rows: readonly DatasetItem[]): string {
  const line = ({ id, task, system, input, expected, grader, labels, schema, tags, ...more }: DatasetItem): string =>
    JSON.stringify({
      id,
      task,
      ...(system === null || system === '' ? {} : { system }),
      input,
      expected,
      ...(grader == null ? {} : { grader }),
      ...(labels == null ? {} : { labels }),
      ...(schema == null ? {} : { schema }),
      ...(tags === undefined || tags.length === 0 ? {} : { tags }),
      ...more,
    });
  return rows.map((row) => `${line(row)}\n`).join('');
}
