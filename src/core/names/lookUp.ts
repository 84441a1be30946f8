import { type Family, familyOfEnding, familyOfShortMark, familyOfSpelling } from './families.ts';
import { firstDigit, leadingNumber, readVersion } from './readNumber.ts';
import { readSize, type SizeReading } from './readSize.ts';
import { type Word, wordOf } from './words.ts';

/** Fewer letters before a number make a mark of it, not a name: `A1`, `SG1`. */
const madeUpWordLength = 4;

/**
 * Looks a phrase up in the tables of families and words.
 * @param before the words before the last, lower case, each with its hyphen
 * @param last the last word, lower case, a fraction joined: `internvl3.5`
 * @returns null for what the tables do not know
 */
export function lookUp(before: string, last: string): Phrase | null {
  const spelling = before + last;
  const family = familyOfSpelling(spelling);
  if (family) return { kind: 'family', family, version: null, size: null, word: null };
  const word = wordOf(spelling);
  return word ? { kind: 'word', word } : numberedPhrase(spelling, before.length);
}

/** What a phrase is. */
export type Phrase =
  | {
      readonly kind: 'family';
      readonly family: Family;
      readonly version: string | null;
      readonly size: SizeReading | null;
      readonly word: Word | null;
    }
  | { readonly kind: 'word'; readonly word: Word };

/** `qwen2.5`, `internvl3.5`, `command-r7b`, `supergemma4`, `opus4.6`: letters of the last word, then a version or a size. */
function numberedPhrase(spelling: string, lastWordAt: number): Phrase | null {
  const digitAt = lastWordAt + firstDigit(spelling.slice(lastWordAt));
  const hasDigits = digitAt < spelling.length;
  if (digitAt === lastWordAt && hasDigits) return null;
  const stem = spelling.slice(0, digitAt);
  const rest = spelling.slice(digitAt);
  const version = hasDigits ? readVersion(rest) : null;
  const size = hasDigits && version === null ? readSize(rest) : null;
  if (hasDigits && version === null && size === null) return familyWithWord(stem, rest);
  const family = (hasDigits ? familyOfSpelling(stem) : null) ?? (lastWordAt === 0 ? familyOfEnding(stem) : null);
  if (family) return { kind: 'family', family, version, size, word: null };
  const word = hasDigits ? wordOf(stem) : null;
  return word && (word.kind === 'teacher' || word.kind === 'tune') && version !== null ? { kind: 'word', word } : null;
}

/** `Qwen3Guard`, `qwen3vl`: a base family, its version, and a word of the tables. */
function familyWithWord(stem: string, rest: string): Phrase | null {
  const family = familyOfSpelling(stem);
  const number = leadingNumber(rest);
  const word = number && family?.isBase ? wordOf(number.rest) : null;
  return family && number && word ? { kind: 'family', family, version: number.text, size: null, word } : null;
}

/** `Holo3`, `Ornstein3.6`, `PrimeV4`: a word of some length and a version behind it. */
export function splitMadeUpWord(lower: string): { readonly stem: string; readonly version: string | null } {
  const digitAt = firstDigit(lower);
  const version = digitAt >= madeUpWordLength ? readVersion(lower.slice(digitAt)) : null;
  if (version === null) return { stem: lower, version: null };
  const letters = lower.slice(0, digitAt);
  return { stem: letters.endsWith('v') && letters.length > madeUpWordLength ? letters.slice(0, -1) : letters, version };
}

/** A made-up word is a name first; that it also names a coder is kept with it. */
export const coderWord: Word = { kind: 'generic', meaning: 'writes code', tune: 'coder' };

/** `L3.1`, `MN`: a mark that stands for a family. */
export function shortFamily(lower: string): { readonly family: Family; readonly version: string | null } | null {
  const digitAt = firstDigit(lower);
  const version = digitAt < lower.length ? readVersion(lower.slice(digitAt)) : null;
  if (digitAt < lower.length && version === null) return null;
  const family = familyOfShortMark(lower.slice(0, digitAt), version !== null);
  return family && { family, version };
}

/** A word of digits and signs alone names nothing. */
export function hasLetter(word: string): boolean {
  return /\p{L}/u.test(word);
}

/** What a number with a unit says: `12 Hz` of `12hz`; null for what is none. */
export function amountMeaning(lower: string): string | null {
  const number = leadingNumber(lower);
  if (!number || number.text === lower) return null;
  switch (number.rest) {
    case 'hz':
      return `${number.text} Hz`;
    case 'khz':
      return `${number.text} kHz`;
    case 'bit':
    case 'bits':
    case 'bpw':
      return `${number.text} bits a weight`;
    case 'gb':
      return `${number.text} GB`;
    case 'p':
      return `${number.text} lines`;
    default:
      return null;
  }
}
