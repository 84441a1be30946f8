import { BadRow } from './badRow.ts';
import { itemMismatch, needsExpected } from './itemMismatch.ts';
import { type ItemRow, jsonLineRows } from './itemRows.ts';
import { isJsonList, isJsonObject, readJson } from './jsonValue.ts';
import type { Grader, JsonValue, LabelledItem } from './labelledItem.ts';
import { closed } from './quoted.ts';
import { readGrader } from './readGrader.ts';
import { readToolFields } from './readToolFields.ts';

export interface LineProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export interface ParseOptions {
  /** For items that name none. */
  readonly grader?: Grader | null;
  /** For items that name no task. */
  readonly task?: string;
  readonly itemLimit?: number;
  readonly lineLimitCharacters?: number;
  /** Says why a pattern or a schema cannot be used, or null; the engines are passed in so that core stays pure. */
  readonly checkPattern?: (pattern: string) => string | null;
  readonly checkSchema?: (schema: { readonly [key: string]: JsonValue }) => string | null;
}

export interface ParsedItems {
  readonly items: readonly LabelledItem[];
  readonly problems: readonly LineProblem[];
}

const defaultItemLimit = 100_000;

/**
 * Reads a labelled set in JSONL. Bad lines are reported, all of them, and left out; whether to go on without them is the caller's choice.
 * A byte order mark, CRLF and blank lines are fine.
 * @param text the whole file
 * @param options defaults for items, limits, and checks of patterns and schemas
 * @returns items in file order and problems by line number
 */
export function parseLabelledItems(text: string, options: ParseOptions = {}): ParsedItems {
  return readItems(jsonLineRows(text, options), options);
}

/**
 * Reads labelled items out of the rows of any format.
 * @param rows in file order; lazily, so that a set beyond the limit is not read whole
 * @returns as `parseLabelledItems`
 */
export function readItems(rows: Iterable<ItemRow>, options: ParseOptions = {}): ParsedItems {
  const itemLimit = options.itemLimit ?? defaultItemLimit;
  const items: LabelledItem[] = [];
  const problems: LineProblem[] = [];
  const lineOfId = new Map<string, number>();
  for (const { line, content } of rows) {
    if (items.length >= itemLimit) {
      problems.push({
        line,
        message: `The set has more than ${itemLimit.toLocaleString('en-US')} items; this line and all after it are left out.`,
      });
      break;
    }
    try {
      if (!content.ok) throw new BadRow(content.message);
      const item = readItem(content.value, options);
      const earlier = lineOfId.get(item.id);
      if (earlier !== undefined) throw new BadRow(`The id ${JSON.stringify(item.id)} was already used on line ${earlier}.`);
      lineOfId.set(item.id, line);
      items.push(item);
    } catch (error) {
      if (!(error instanceof BadRow)) throw error;
      problems.push({ line, message: error.message });
    }
  }
  return { items, problems };
}

function readItem(record: JsonValue, options: ParseOptions): LabelledItem {
  if (!isJsonObject(record)) throw new BadRow('The line is not a JSON object.');
  const schema = readSchema(record['schema'], options);
  const grader = readItemGrader(record['grader'], options);
  const item: LabelledItem = {
    id: readId(record['id']),
    task: readText(record['task'] ?? options.task ?? 'task', 'task'),
    system: record['system'] === undefined || record['system'] === null ? null : readText(record['system'], 'system', { mayBeEmpty: true }),
    input: readText(record['input'], 'input'),
    expected: readExpected(record['expected'], { grader, schema }),
    grader,
    labels: readTexts(record['labels'], 'labels'),
    schema,
    tags: readTexts(record['tags'], 'tags') ?? [],
    ...readToolFields(record, options.checkSchema),
  };
  const problem = itemMismatch(item, options.checkPattern);
  if (problem) throw new BadRow(problem);
  return item;
}

function readId(value: JsonValue | undefined): string {
  return typeof value === 'number' ? String(value) : readText(value, 'id');
}

function readText(value: JsonValue | undefined, field: string, options: { readonly mayBeEmpty?: boolean } = {}): string {
  if (value === undefined || value === null) throw new BadRow(`"${field}" is missing.`);
  if (typeof value !== 'string') throw new BadRow(`"${field}" is not text.`);
  if (value.trim() === '' && !options.mayBeEmpty) throw new BadRow(`"${field}" is empty.`);
  return value;
}

function readTexts(value: JsonValue | undefined, field: string): readonly string[] | null {
  if (value === undefined || value === null) return null;
  if (!isJsonList(value) || !value.every((entry) => typeof entry === 'string')) throw new BadRow(`"${field}" is not a list of texts.`);
  return value;
}

function readSchema(value: JsonValue | undefined, options: ParseOptions): LabelledItem['schema'] {
  if (value === undefined || value === null) return null;
  if (!isJsonObject(value)) throw new BadRow('"schema" is not a JSON Schema object.');
  const problem = options.checkSchema?.(value) ?? null;
  if (problem !== null) throw new BadRow(`"schema" cannot be used: ${closed(problem)}`);
  return value;
}

function readItemGrader(value: JsonValue | undefined, options: ParseOptions): Grader | null {
  if (value === undefined || value === null) return options.grader ?? null;
  const reading = readGrader(value);
  if (!reading.ok) throw new BadRow(reading.message);
  return reading.grader;
}

/** With a schema, `expected` may be the JSON itself or text that holds it. */
function readExpected(
  value: JsonValue | undefined,
  item: { readonly grader: Grader | null; readonly schema: LabelledItem['schema'] },
): JsonValue {
  const wantsJson = item.grader === null ? item.schema !== null : comparesJson(item.grader);
  if (value === undefined || value === null) {
    if (!needsExpected(item.grader) || (value === null && wantsJson)) return null;
    throw new BadRow('"expected" is missing.');
  }
  if (typeof value !== 'string' || !(wantsJson || item.schema !== null)) return value;
  const reading = readJson(value);
  return reading.ok ? reading.value : value;
}

function comparesJson(grader: Grader): boolean {
  if (grader.type === 'all') return grader.of.some(comparesJson);
  return grader.type === 'json-equal' || grader.type === 'json-fields' || grader.type === 'last-json';
}
