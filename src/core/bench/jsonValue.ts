import type { JsonValue } from './labelledItem.ts';

/** Deeper than any answer or data set needs; keeps every later walk over a value off the stack's limit. */
const depthLimit = 64;

export type JsonReading = { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly message: string };

/**
 * Parses JSON that may be hostile.
 * @param text JSON text
 * @returns the value, or why there is none
 */
export function readJson(text: string): JsonReading {
  if (nestsDeeperThan(text, depthLimit)) return { ok: false, message: `it nests more than ${depthLimit} levels deep` };
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Counts brackets outside strings; exact for valid JSON, which is all that matters. */
function nestsDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const sign = text.charCodeAt(index);
    if (inString) {
      if (sign === backslash) index += 1;
      else if (sign === quote) inString = false;
    } else if (sign === quote) {
      inString = true;
    } else if (sign === openBracket || sign === openBrace) {
      depth += 1;
      if (depth > limit) return true;
    } else if (sign === closeBracket || sign === closeBrace) {
      depth -= 1;
    }
  }
  return false;
}

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d] as const;

/**
 * Compares two JSON values; the order of keys does not matter, that of list entries does.
 * @param a value
 * @param b value
 */
export function jsonEqual(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (isJsonList(a) || isJsonList(b)) {
    return isJsonList(a) && isJsonList(b) && a.length === b.length && a.every((entry, index) => jsonEqual(entry, b[index] ?? null));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && jsonEqual(a[key] ?? null, b[key] ?? null));
}

/**
 * Tells a JSON object from lists and plain values.
 * @param value any value
 */
export function isJsonObject(value: unknown): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Tells a JSON list from objects and plain values.
 * @param value any value
 */
export function isJsonList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}
