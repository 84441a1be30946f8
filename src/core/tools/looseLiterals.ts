import type { JsonValue } from '../bench/labelledItem.ts';

const maxDepth = 32;
/** Longest first: three quotes begin with one. */
const quotes = ['"""', "'''", '"', "'", '<|"|>', '<escape>'] as const;
const words: Readonly<Record<string, JsonValue>> = { True: true, true: true, False: false, false: false, None: null, null: null };
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
  '0': '\0',
  b: '\b',
  f: '\f',
};

/** Text with a place in it. */
export interface Cursor {
  readonly text: string;
  at: number;
}

/** Where reading ended for good: what was read is no literal. */
export class LiteralProblem extends Error {}

export function skipSpace(cursor: Cursor): void {
  while (/\s/.test(cursor.text[cursor.at] ?? '')) cursor.at += 1;
}

/** Goes past a sign where it stands next. */
export function takeSign(cursor: Cursor, sign: string): boolean {
  skipSpace(cursor);
  if (!cursor.text.startsWith(sign, cursor.at)) return false;
  cursor.at += sign.length;
  return true;
}

/** A name, with dots in it; null where there is none. */
export function takeName(cursor: Cursor): string | null {
  skipSpace(cursor);
  const match = /[A-Za-z_][\w.-]*/y;
  match.lastIndex = cursor.at;
  const name = match.exec(cursor.text)?.[0] ?? null;
  cursor.at += name?.length ?? 0;
  return name;
}

/**
 * A value as Python writes it, or as Gemma writes it in its calls: texts in any quotes, numbers, True and true, lists, tuples, dictionaries whose keys may
 * go without quotes. Nothing is evaluated.
 * @throws {LiteralProblem} for anything else
 */
export function takeLiteral(cursor: Cursor, depth = 0): JsonValue {
  if (depth > maxDepth) throw new LiteralProblem('it is nested too deeply');
  skipSpace(cursor);
  const quote = quotes.find((mark) => cursor.text.startsWith(mark, cursor.at));
  if (quote !== undefined) return takeText(cursor, quote);
  if (takeSign(cursor, '[')) return takeList(cursor, { close: ']', depth });
  if (takeSign(cursor, '(')) return takeList(cursor, { close: ')', depth });
  if (takeSign(cursor, '{')) return takeDictionary(cursor, depth);
  return takeWord(cursor);
}

function takeText(cursor: Cursor, quote: (typeof quotes)[number]): string {
  const start = cursor.at + quote.length;
  if (quote.startsWith('<')) {
    const end = cursor.text.indexOf(quote, start);
    if (end < 0) throw new LiteralProblem('a text in it is not finished');
    cursor.at = end + quote.length;
    return cursor.text.slice(start, end);
  }
  let text = '';
  for (let at = start; at < cursor.text.length; at++) {
    const character = cursor.text[at] ?? '';
    if (character === '\\') {
      at += 1;
      const escaped = cursor.text[at] ?? '';
      const code = escaped === 'u' ? /^[0-9a-fA-F]{4}/.exec(cursor.text.slice(at + 1, at + 5))?.[0] : undefined;
      text += code === undefined ? (escapes[escaped] ?? `\\${escaped}`) : String.fromCharCode(Number.parseInt(code, 16));
      at += code?.length ?? 0;
    } else if (cursor.text.startsWith(quote, at)) {
      cursor.at = at + quote.length;
      return text;
    } else {
      text += character;
    }
  }
  throw new LiteralProblem('a text in it is not finished');
}

function takeList(cursor: Cursor, { close, depth }: { readonly close: string; readonly depth: number }): JsonValue {
  const values: JsonValue[] = [];
  while (!takeSign(cursor, close)) {
    values.push(takeLiteral(cursor, depth + 1));
    if (takeSign(cursor, ',')) continue;
    if (takeSign(cursor, close)) return values;
    throw new LiteralProblem('a list in it is not finished');
  }
  return values;
}

function takeDictionary(cursor: Cursor, depth: number): JsonValue {
  const entries: [string, JsonValue][] = [];
  while (!takeSign(cursor, '}')) {
    const name = takeName(cursor);
    const key = name ?? takeLiteral(cursor, depth + 1);
    if (!takeSign(cursor, ':')) throw new LiteralProblem('a key in it has no value');
    const value = takeLiteral(cursor, depth + 1);
    if (key !== '__proto__') entries.push([String(key), value]);
    if (takeSign(cursor, ',')) continue;
    if (takeSign(cursor, '}')) break;
    throw new LiteralProblem('an object in it is not finished');
  }
  return Object.fromEntries(entries);
}

function takeWord(cursor: Cursor): JsonValue {
  const match = /[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z]+/y;
  match.lastIndex = cursor.at;
  const word = match.exec(cursor.text)?.[0];
  if (word === undefined) throw new LiteralProblem('a value in it is missing');
  cursor.at += word.length;
  if (Object.hasOwn(words, word)) return words[word] ?? null;
  const number = Number(word.replaceAll('_', ''));
  if (!Number.isFinite(number)) throw new LiteralProblem(`${word.slice(0, 40)} is no value`);
  return number;
}
