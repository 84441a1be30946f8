import { isDigit } from './segments.ts';

/** A number at the start of a word and the letters behind it: `1.5b` is 1.5 and `b`. */
export interface LeadingNumber {
  readonly text: string;
  readonly value: number;
  readonly rest: string;
}

const digitLimit = 12;
/** Behind a number without a `v` these make a size of it. */
const unitLetters: ReadonlySet<string> = new Set(['b', 'm', 'k', 't', 'e', 'x']);

/**
 * Reads the number that a word begins with.
 * @param word lower case
 * @param start where to begin
 * @returns null where there is no digit or the number is absurd
 */
export function leadingNumber(word: string, start = 0): LeadingNumber | null {
  let end = start;
  let points = 0;
  while (end < word.length && (isDigit(word[end]) || (word[end] === '.' && isDigit(word[end + 1]) && end > start))) {
    if (word[end] === '.') points += 1;
    end += 1;
  }
  const text = word.slice(start, end);
  if (text === '' || text.length > digitLimit) return null;
  return { text, value: points > 1 ? Number.NaN : Number(text), rest: word.slice(end) };
}

/** Where the digits of a word begin; its length where it has none. */
export function firstDigit(word: string): number {
  let at = 0;
  while (at < word.length && !isDigit(word[at])) at += 1;
  return at;
}

/**
 * Reads a version: `3.5`, `v0.1`, `1a`, `3n`.
 * @param word lower case
 * @returns without the `v`; null for what is none
 */
export function readVersion(word: string): string | null {
  const hasMark = word[0] === 'v';
  const number = leadingNumber(word, hasMark ? 1 : 0);
  if (!number || number.rest.length > 1 || (number.rest !== '' && !isLetter(number.rest))) return null;
  if (!hasMark && unitLetters.has(number.rest)) return null;
  // A bare whole number of three digits or more is a count, a date or part of a name.
  if (!hasMark && !number.text.includes('.') && number.text.length > 2) return null;
  return number.text + number.rest;
}

function isLetter(character: string): boolean {
  return character >= 'a' && character <= 'z';
}
