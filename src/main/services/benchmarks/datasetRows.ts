import { extname } from 'node:path';
import { type ItemRow, jsonLineRows } from '#core/bench/itemRows.ts';
import { isJsonList, isJsonObject, readJson } from '#core/bench/jsonValue.ts';
import type { JsonValue } from '#core/bench/labelledItem.ts';
import { promptfooRows } from '#core/bench/promptfooRows.ts';
import { tableRows } from '#core/bench/tableRows.ts';
import { formatCount } from '#core/units.ts';
import { packages } from '../packages.ts';

export type DatasetReading = { readonly ok: true; readonly rows: Iterable<ItemRow> } | { readonly ok: false; readonly message: string };

const cellLimitCharacters = 1_000_000;

/**
 * Rows of a data set in any form we read: JSONL (ours, OpenAI evals, Inspect), CSV or TSV with a head line, a promptfoo configuration (YAML or JSON).
 * Told apart by the file's ending.
 * @param file.path only its ending counts
 * @returns rows, each good or with its reason, or why the file as a whole is no data set
 */
export function datasetRows(file: { readonly path: string; readonly text: string }): DatasetReading {
  const { text } = file;
  switch (extname(file.path).toLowerCase()) {
    case '.csv':
      return readTable(text, null);
    case '.tsv':
    case '.tab':
      return readTable(text, '\t');
    case '.yaml':
    case '.yml':
      return readYaml(text);
    case '.json':
      return readWholeJson(text);
    default:
      return { ok: true, rows: jsonLineRows(text) };
  }
}

/** What is wrong with a table, by the parser's code. */
const tableFaults: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote that was opened is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'something stands right after a closing quote; a quote within a cell is written twice',
  INVALID_OPENING_QUOTE: 'a quote stands in the middle of a cell that has none around it',
  CSV_MAX_RECORD_SIZE: `a row is longer than ${formatCount(cellLimitCharacters)} characters`,
};

function readTable(text: string, delimiter: string | null): DatasetReading {
  try {
    const parsed = packages.csv.parse(text, {
      bom: true,
      delimiter: delimiter ?? delimiterOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: cellLimitCharacters,
    }) as unknown as readonly { readonly record: readonly string[]; readonly info: { readonly lines: number } }[];
    // The parser counts a record by its last line, and people by its first.
    const records = parsed.map(({ record, info }) => ({
      line: info.lines - record.reduce((breaks, cell) => breaks + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0),
      cells: record,
    }));
    return tableRows(records);
  } catch (error) {
    if (!(error instanceof packages.csv.CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? ` near line ${error['lines']}` : '';
    return { ok: false, message: `The table cannot be read${line}: ${tableFaults[error.code] ?? error.message.slice(0, 200)}.` };
  }
}

/** Of comma, semicolon and tab the one that stands most often in the head line, outside quotes. */
function delimiterOf(text: string): string {
  const head = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const count = (mark: string): number => head.split(mark).length - 1;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

function readYaml(text: string): DatasetReading {
  // An alias may stand for another ten, ten deep: more than a few hundred is an attack, not a data set.
  const document = packages.yaml.parseDocument(text, { prettyErrors: true, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) return { ok: false, message: `The YAML cannot be read: ${error.message.split('\n')[0] ?? ''}` };
  try {
    return promptfooRows(document.toJS({ maxAliasCount: 200 }) as JsonValue);
  } catch (thrown) {
    if (!(thrown instanceof ReferenceError)) throw thrown;
    return { ok: false, message: 'The YAML repeats itself by too many aliases.' };
  }
}

/** A list of items, or a promptfoo configuration. */
function readWholeJson(text: string): DatasetReading {
  const reading = readJson(text.replace(/^\uFEFF/, ''));
  if (reading.ok && isJsonList(reading.value)) {
    const lines = reading.value.map((entry) => JSON.stringify(entry));
    return { ok: true, rows: jsonLineRows(lines.join('\n')) };
  }
  if (reading.ok && isJsonObject(reading.value) && (reading.value['tests'] !== undefined || reading.value['prompts'] !== undefined)) {
    return promptfooRows(reading.value);
  }
  // One item a line under the wrong ending is still one item a line.
  return { ok: true, rows: jsonLineRows(text) };
}
