import { foldText, hasWords } from './foldText.ts';
import { isJsonList, isJsonObject, readJson } from './jsonValue.ts';
import type { JsonValue } from './labelledItem.ts';
import { quoted } from './quoted.ts';

export type CountedPart = 'words' | 'sentences' | 'lines' | 'paragraphs' | 'bullets';

/** Something that can be checked of a text without knowing the right answer, as the instructions of IFEval are (Zhou et al. 2023, arXiv 2311.07911). */
export type TextCheck =
  | { readonly kind: CountedPart; readonly min?: number; readonly max?: number }
  /** All of them, or none of them, as whole words; case and accents aside. */
  | { readonly kind: 'includes' | 'excludes'; readonly texts: readonly string[] }
  /** First or last words; case, accents and marks aside. */
  | { readonly kind: 'starts' | 'ends'; readonly text: string }
  | { readonly kind: 'case'; readonly is: 'lower' | 'upper' }
  | { readonly kind: 'no-commas' }
  | { readonly kind: 'json' }
  /** Not a copy of this example. */
  | { readonly kind: 'differs'; readonly from: string };

export interface CheckResult {
  /** `words`, `includes`: for the drill-down. */
  readonly name: string;
  readonly passed: boolean;
  /** What was asked and what was found. */
  readonly reason: string;
}

const countedParts: readonly CountedPart[] = ['words', 'sentences', 'lines', 'paragraphs', 'bullets'];

/**
 * Checks one thing of a text, in time linear in it.
 * @param text the answer, trimmed
 */
export function checkText(text: string, check: TextCheck): CheckResult {
  switch (check.kind) {
    case 'words':
    case 'sentences':
    case 'lines':
    case 'paragraphs':
    case 'bullets':
      return checkCount(text, check);
    case 'includes':
    case 'excludes': {
      const isWanted = check.kind === 'includes';
      const folded = foldText(text);
      const wrong = check.texts.filter((words) => hasWords({ text: folded, words: foldText(words) }) !== isWanted);
      const list = wrong.map(quoted).join(', ');
      const fault = isWanted ? `${list} is missing` : `${list} was not to be used`;
      return { name: check.kind, passed: wrong.length === 0, reason: wrong.length === 0 ? 'the words are as asked' : fault };
    }
    case 'starts':
    case 'ends': {
      const [folded, words] = [foldText(text), foldText(check.text)];
      const passed = check.kind === 'starts' ? `${folded} `.startsWith(`${words} `) : ` ${folded}`.endsWith(` ${words}`);
      return {
        name: check.kind,
        passed,
        reason: `it ${passed ? check.kind : `does not ${check.kind.slice(0, -1)}`} with ${quoted(check.text)}`,
      };
    }
    case 'case': {
      const passed = text === (check.is === 'lower' ? text.toLowerCase() : text.toUpperCase()) && /\p{L}/u.test(text);
      const letters = check.is === 'lower' ? 'small' : 'capital';
      return { name: 'case', passed, reason: passed ? `all letters are ${letters}` : `not all letters are ${letters}` };
    }
    case 'no-commas': {
      const passed = !/[,،、，]/u.test(text);
      return { name: 'no-commas', passed, reason: passed ? 'there is no comma' : 'there is a comma' };
    }
    case 'json': {
      const passed = readJson(text).ok;
      return { name: 'json', passed, reason: passed ? 'it is JSON' : 'it is not JSON' };
    }
    case 'differs': {
      const passed = foldText(text) !== foldText(check.from) && !hasWords({ text: foldText(text), words: foldText(check.from) });
      return { name: 'differs', passed, reason: passed ? 'it is not the example' : 'it repeats the example' };
    }
  }
}

function checkCount(text: string, check: { readonly kind: CountedPart; readonly min?: number; readonly max?: number }): CheckResult {
  const { kind, min = 0, max = Number.POSITIVE_INFINITY } = check;
  const count = countParts(text, kind);
  const passed = count >= min && count <= max;
  const asked =
    min === max ? `${min}` : max === Number.POSITIVE_INFINITY ? `at least ${min}` : min === 0 ? `at most ${max}` : `${min} to ${max}`;
  const found = `${count} ${count === 1 ? kind.slice(0, -1) : kind}`;
  return { name: kind, passed, reason: passed ? `it has ${found}` : `it has ${found}, asked for ${asked}` };
}

function countParts(text: string, kind: CountedPart): number {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  switch (kind) {
    case 'words':
      return text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu)?.length ?? 0;
    case 'sentences':
      return text.split(/(?<![.!?…])[.!?…]+(?=\s|["'”’)\]]|$)/u).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
    case 'lines':
      return lines.filter((line) => line !== '').length;
    case 'paragraphs':
      return text.split(/(?:\r\n|\n|\r)[^\S\r\n]*(?:\r\n|\n|\r)/).filter((part) => part.trim() !== '').length;
    case 'bullets':
      return lines.filter((line) => /^(?:[-*•]|\d{1,3}[.)])\s/u.test(line)).length;
  }
}

export type ChecksReading = { readonly ok: true } | { readonly ok: false; readonly message: string };

/**
 * Says whether a JSON value is a list of checks, as a data set writes them.
 * @returns ok, or what is wrong with which of them
 */
export function readChecks(value: JsonValue | undefined): ChecksReading {
  if (!isJsonList(value) || value.length === 0)
    return { ok: false, message: '"checks" of the grader constraints is not a list of checks.' };
  for (const [index, check] of value.entries()) {
    const problem = checkProblem(check);
    if (problem !== null) return { ok: false, message: `Check ${index + 1} of the grader constraints: ${problem}` };
  }
  return { ok: true };
}

function checkProblem(check: JsonValue): string | null {
  if (!isJsonObject(check)) return 'it is no object.';
  const { kind } = check;
  if (countedParts.some((part) => part === kind)) {
    const limits = [check.min, check.max].filter((limit) => limit !== undefined);
    const isWhole = limits.every((limit) => typeof limit === 'number' && Number.isInteger(limit) && limit >= 0);
    if (limits.length === 0) return 'it needs "min" or "max".';
    if (!isWhole) return '"min" and "max" are whole numbers from 0 up.';
    const [min = 0, max = Number.POSITIVE_INFINITY] = [check.min, check.max] as readonly (number | undefined)[];
    return min <= max ? null : '"min" is more than "max".';
  }
  const isText = (value: JsonValue | undefined): boolean => typeof value === 'string' && foldText(value) !== '';
  switch (kind) {
    case 'includes':
    case 'excludes':
      return isJsonList(check.texts) && check.texts.length > 0 && check.texts.every(isText) ? null : '"texts" is not a list of words.';
    case 'starts':
    case 'ends':
      return isText(check.text) ? null : '"text" holds no word.';
    case 'case':
      return check.is === 'lower' || check.is === 'upper' ? null : '"is" is neither "lower" nor "upper".';
    case 'differs':
      return isText(check.from) ? null : '"from" holds no word.';
    case 'no-commas':
    case 'json':
      return null;
    default: {
      const known = [...countedParts, 'includes', 'excludes', 'starts', 'ends', 'case', 'no-commas', 'json', 'differs'];
      return `the kind ${JSON.stringify(kind ?? null)} is unknown; there are ${known.join(', ')}.`;
    }
  }
}
