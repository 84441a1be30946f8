import { foldText } from './foldText.ts';
import { isJsonList, isJsonObject } from './jsonValue.ts';
import type { Grader, GraderType, JsonValue } from './labelledItem.ts';
import { readChecks } from './textChecks.ts';

/** Which settings each grader knows. */
const settingsOf: Readonly<Record<GraderType, readonly string[]>> = {
  exact: ['ignoreCase'],
  'one-of': ['ignoreCase'],
  contains: ['ignoreCase'],
  regex: ['pattern', 'ignoreCase'],
  numeric: ['tolerance'],
  'json-schema': [],
  'json-equal': [],
  'json-fields': ['fields'],
  'same-set': [],
  constraints: ['checks'],
  'key-facts': ['facts', 'atLeast', 'never'],
};

/** What a setting must be, and how to say so. */
const settingRules: Readonly<Record<string, readonly [(value: JsonValue | undefined) => boolean, string]>> = {
  ignoreCase: [(value) => typeof value === 'boolean', 'true or false'],
  pattern: [(value) => typeof value === 'string' && value !== '', 'text'],
  tolerance: [(value) => typeof value === 'number' && value >= 0, 'a number from 0 up'],
  fields: [(value) => isJsonList(value) && value.length > 0 && value.every((entry) => typeof entry === 'string'), 'a list of field names'],
  checks: [isJsonList, 'a list of checks'],
  facts: [(value) => isJsonList(value) && value.length > 0 && value.every(isSpellings), 'a list of facts, each a list of its spellings'],
  atLeast: [(value) => typeof value === 'number' && Number.isInteger(value) && value > 0, 'a whole number above 0'],
  never: [(value) => isSpellings(value), 'a list of words'],
};

export type GraderReading = { readonly ok: true; readonly grader: Grader } | { readonly ok: false; readonly message: string };

function isGraderType(value: unknown): value is GraderType {
  return typeof value === 'string' && Object.hasOwn(settingsOf, value);
}

/**
 * Reads a grader as a data set or `suites.json` writes it: its type alone, or an object with type and settings.
 * @param value JSON value
 * @returns the grader, or a sentence that says what is wrong with it
 */
export function readGrader(value: JsonValue): GraderReading {
  const record = typeof value === 'string' ? { type: value } : value;
  if (!isJsonObject(record)) return { ok: false, message: '"grader" is neither a type nor an object with one.' };
  const { type } = record;
  if (!isGraderType(type)) {
    return {
      ok: false,
      message: `The grader ${JSON.stringify(type ?? null)} is unknown; there are ${Object.keys(settingsOf).join(', ')}.`,
    };
  }
  const settings: Record<string, JsonValue> = {};
  for (const name of settingsOf[type]) {
    const setting = record[name];
    const [accepts, wanted] = settingRules[name] ?? [() => false, 'known'];
    if (setting === undefined || setting === null) continue;
    if (!accepts(setting)) return { ok: false, message: `"${name}" of the grader ${type} is not ${wanted}.` };
    settings[name] = setting;
  }
  const problem = settingsProblem(type, settings);
  return problem === null ? { ok: true, grader: { type, ...settings } as Grader } : { ok: false, message: problem };
}

/** What no setting shows by itself. */
function settingsProblem(type: GraderType, settings: Readonly<Record<string, JsonValue>>): string | null {
  if (type === 'constraints') {
    const reading = readChecks(settings.checks);
    return reading.ok ? null : reading.message;
  }
  if (type !== 'key-facts') return null;
  const { facts, atLeast } = settings;
  if (!isJsonList(facts)) return 'The grader key-facts needs "facts".';
  const isTooMany = typeof atLeast === 'number' && atLeast > facts.length;
  return isTooMany ? `"atLeast" of the grader key-facts is ${atLeast}, and there are ${facts.length} facts.` : null;
}

function isSpellings(value: JsonValue | undefined): boolean {
  return isJsonList(value) && value.length > 0 && value.every((entry) => typeof entry === 'string' && foldText(entry) !== '');
}
