import type { JsonValue } from './labelledItem.ts';

const limit = 120;

/**
 * A text in quotes for a sentence, cut where it is long.
 * @param text an answer or expectation
 */
export function quoted(text: string): string {
  return `“${cut(text)}”`;
}

/**
 * A JSON value as it is written, for a sentence, cut where it is long.
 * @param value any JSON value
 */
export function written(value: JsonValue): string {
  return cut(JSON.stringify(value));
}

function cut(text: string): string {
  const characters = [...text.slice(0, limit * 2)];
  return `${characters.slice(0, limit).join('')}${characters.length > limit ? '…' : ''}`;
}

/**
 * Ends a clause that came from elsewhere with a full stop, unless it has one.
 * @param clause words of a validator or an engine
 */
export function closed(clause: string): string {
  return /[.!?]$/.test(clause) ? clause : `${clause}.`;
}
