import { foreignItem } from './foreignItem.ts';
import { isJsonObject, readJson } from './jsonValue.ts';
import type { JsonValue } from './labelledItem.ts';
import { closed } from './quoted.ts';

/** One row of a data set, before it is known to be an item. */
export interface ItemRow {
  /** Line of the file where it begins, or its number where the format has no lines; from 1. */
  readonly line: number;
  readonly content: { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly message: string };
}

const defaultLineLimitCharacters = 1_000_000;

/**
 * Rows of a JSONL file: our own items, or those of OpenAI evals and of Inspect, line by line. Blank lines are passed over.
 * @param text the whole file
 */
export function* jsonLineRows(text: string, options: { readonly lineLimitCharacters?: number } = {}): Generator<ItemRow> {
  const limit = options.lineLimitCharacters ?? defaultLineLimitCharacters;
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== '') yield { line: index + 1, content: readLine(line, { limit, number: index + 1 }) };
  }
}

function readLine(line: string, of: { readonly limit: number; readonly number: number }): ItemRow['content'] {
  const { limit, number } = of;
  if (line.length > limit) {
    return {
      ok: false,
      message: `The line has ${line.length.toLocaleString('en-US')} characters; ${limit.toLocaleString('en-US')} is the most.`,
    };
  }
  const reading = readJson(line);
  if (!reading.ok) return { ok: false, message: `The line is not valid JSON: ${closed(reading.message)}` };
  return isJsonObject(reading.value) ? foreignItem(reading.value, `line-${number}`) : reading;
}
