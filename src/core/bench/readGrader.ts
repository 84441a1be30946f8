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
  rubric: [],
  'json-equal': [],
  'json-fields': ['fields'],
  'same-set': [],
  constraints: ['checks'],
  'key-facts': ['facts', 'atLeast', 'never'],
  'last-json': ['fields'],
  all: ['of'],
  'tool-calls': ['calls', 'order', 'extra'],
  calculation: ['results', 'leastCalls'],
  'tool-output': ['tool', 'contains'],
  python: ['tests', 'cases', 'function', 'from'],
  go: ['function', 'parameters', 'recursive'],
};

/** What a grader cannot do without. */
const neededBy: Readonly<Partial<Record<GraderType, readonly string[]>>> = {
  'key-facts': ['facts'],
  all: ['of'],
  'tool-calls': ['calls'],
  calculation: ['results', 'leastCalls'],
  'tool-output': ['tool', 'contains'],
  go: ['function', 'parameters'],
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
  of: [(value) => isJsonList(value) && value.length > 0 && value.length <= 20, 'a list of up to 20 graders'],
  calls: [
    (value) => isJsonList(value) && value.length <= 50 && value.every(isExpectedCall),
    'a list of up to 50 calls, each {name, arguments}',
  ],
  order: [(value) => value === 'given' || value === 'any', '"given" or "any"'],
  extra: [(value) => value === 'allow' || value === 'forbid', '"allow" or "forbid"'],
  results: [(value) => isJsonList(value) && value.length > 0 && value.every((entry) => typeof entry === 'number'), 'a list of numbers'],
  leastCalls: [isCount, 'a whole number from 0 up'],
  tool: [isName, 'the name of a tool'],
  contains: [isSpellings, 'a list of words'],
  tests: [isName, 'Python statements'],
  cases: [(value) => isJsonList(value) && value.length > 0 && value.every(isCase), 'a list of cases, each {call, gives}'],
  function: [(value) => typeof value === 'string' && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(value), 'the name of a function'],
  from: [(value) => value === 'answer' || value === 'call', '"answer" or "call"'],
  parameters: [isCount, 'a whole number from 0 up'],
  recursive: [(value) => typeof value === 'boolean', 'true or false'],
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
  const lacking = neededBy[type]?.find((name) => settings[name] === undefined);
  if (lacking !== undefined) return { ok: false, message: `The grader ${type} needs "${lacking}".` };
  const problem = settingsProblem(type, settings);
  if (problem !== null) return { ok: false, message: problem };
  return type === 'all' ? readParts(settings['of'] ?? null) : { ok: true, grader: { type, ...settings } as Grader };
}

/** What no setting shows by itself. */
function settingsProblem(type: GraderType, settings: Readonly<Record<string, JsonValue>>): string | null {
  if (type === 'constraints') {
    const reading = readChecks(settings['checks']);
    return reading.ok ? null : reading.message;
  }
  if (type === 'python' && settings['tests'] === undefined && settings['cases'] === undefined) {
    return 'The grader python needs "tests" or "cases".';
  }
  const { facts, atLeast } = settings;
  const isTooMany = isJsonList(facts) && typeof atLeast === 'number' && atLeast > facts.length;
  return isTooMany ? `"atLeast" of the grader key-facts is ${atLeast}, and there are ${facts.length} facts.` : null;
}

/** Of the parts one may run code: an answer is tried once. */
function readParts(parts: JsonValue): GraderReading {
  const graders: Grader[] = [];
  for (const [index, part] of (isJsonList(parts) ? parts : []).entries()) {
    const type = isJsonObject(part) ? part['type'] : part;
    // Before it is read: parts of parts of parts could go as deep as a file is long.
    const standsAlone = type === 'all' || type === 'rubric';
    const reading = standsAlone ? { ok: false as const, message: `it is "${type}" itself, which stands alone.` } : readGrader(part);
    if (!reading.ok) return { ok: false, message: `Part ${index + 1} of the grader all: ${reading.message}` };
    graders.push(reading.grader);
  }
  if (graders.filter(({ type }) => type === 'python').length > 1)
    return { ok: false, message: 'The grader all holds more than one python.' };
  return { ok: true, grader: { type: 'all', of: graders } };
}

function isSpellings(value: JsonValue | undefined): boolean {
  return isJsonList(value) && value.length > 0 && value.every((entry) => typeof entry === 'string' && foldText(entry) !== '');
}

function isExpectedCall(value: JsonValue): boolean {
  if (!isJsonObject(value) || !isName(value['name']) || !isJsonObject(value['arguments'])) return false;
  const { optional } = value;
  return optional === undefined || (isJsonList(optional) && optional.every((name) => typeof name === 'string'));
}

function isCase(value: JsonValue): boolean {
  return isJsonObject(value) && isName(value['call']) && value['gives'] !== undefined;
}

function isName(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function isCount(value: JsonValue | undefined): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
