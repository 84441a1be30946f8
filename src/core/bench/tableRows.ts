import type { ItemRow } from './itemRows.ts';
import { readJson } from './jsonValue.ts';
import type { JsonValue } from './labelledItem.ts';

export interface TableRecord {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** What people call the columns; the first name is ours. */
const columnNames: Readonly<Record<string, readonly string[]>> = {
  id: ['id', 'key', 'nr', 'number'],
  task: ['task', 'category', 'kind'],
  system: ['system', 'system prompt', 'instructions', 'instruction'],
  input: ['input', 'prompt', 'question', 'text', 'message', 'query'],
  expected: ['expected', 'expected output', 'answer', 'ideal', 'target', 'label', 'output', 'completion'],
  grader: ['grader'],
  labels: ['labels', 'choices', 'allowed'],
  schema: ['schema', 'json schema'],
  tags: ['tags'],
};

export type TableReading = { readonly ok: true; readonly rows: readonly ItemRow[] } | { readonly ok: false; readonly message: string };

/**
 * Rows of a table (CSV, TSV) whose first record names the columns. Input and expected have to be there; the others may be. Lists stand in a cell
 * as JSON or with semicolons between; grader and schema as JSON, a grader also by its name alone.
 * @param records the file's, head first
 * @returns rows, or why the table is no data set
 */
export function tableRows(records: readonly TableRecord[]): TableReading {
  const [head, ...body] = records;
  if (head === undefined) return { ok: false, message: 'The table is empty.' };
  const names = head.cells.map((cell) =>
    cell
      .replace(/^\uFEFF/, '')
      .trim()
      .toLowerCase()
      .replaceAll('_', ' '),
  );
  const columns = new Map<string, number>();
  for (const [field, known] of Object.entries(columnNames)) {
    const at = known.map((name) => names.indexOf(name)).find((found) => found >= 0);
    if (at !== undefined) columns.set(field, at);
  }
  for (const field of ['input', 'expected']) {
    if (columns.has(field)) continue;
    const known = (columnNames[field] ?? []).map((name) => `"${name}"`).join(', ');
    return { ok: false, message: `The first line names no column for ${field}; it may be called ${known}.` };
  }
  return { ok: true, rows: body.filter(({ cells }) => cells.some((cell) => cell.trim() !== '')).map((record) => toRow(record, columns)) };
}

function toRow({ line, cells }: TableRecord, columns: ReadonlyMap<string, number>): ItemRow {
  const value: Record<string, JsonValue> = { id: `row-${line}` };
  for (const [field, at] of columns) {
    const cell = cells[at] ?? '';
    if (cell.trim() === '') continue;
    if (field === 'labels' || field === 'tags') value[field] = listIn(cell);
    else if (field === 'schema' || field === 'grader') value[field] = jsonIn(cell);
    else if (field === 'expected') value[field] = expectedIn(cell);
    else value[field] = field === 'id' ? cell.trim() : cell;
  }
  return { line, content: { ok: true, value } };
}

function listIn(cell: string): JsonValue {
  const reading = readJson(cell);
  if (reading.ok && Array.isArray(reading.value)) return reading.value;
  return cell
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function jsonIn(cell: string): JsonValue {
  const reading = readJson(cell);
  return reading.ok ? reading.value : cell.trim();
}

/** An object or a list is meant as one; everything else is the text that it is, numbers too. */
function expectedIn(cell: string): JsonValue {
  const reading = /^\s*[[{]/.test(cell) ? readJson(cell) : null;
  return reading?.ok ? reading.value : cell;
}
