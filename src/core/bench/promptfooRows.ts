import { readMessages } from './foreignItem.ts';
import type { ItemRow } from './itemRows.ts';
import { isJsonList, isJsonObject, readJson } from './jsonValue.ts';
import type { JsonValue } from './labelledItem.ts';

type JsonObject = { readonly [key: string]: JsonValue };
type Filled =
  | { readonly ok: true; readonly system: string | null; readonly input: string }
  | { readonly ok: false; readonly message: string };
type GraderParts =
  | { readonly ok: true; readonly grader: JsonValue; readonly expected: JsonValue; readonly schema: JsonValue }
  | { readonly ok: false; readonly message: string };

/** A product of lists of variables beyond this is a mistake. */
const mostCombinations = 1000;

/**
 * Rows of a promptfoo configuration: each prompt with each test and each combination of its variables. Checks that can be made here become the
 * grader; what needs a judge, a program or another file is reported, row by row.
 * @param document the parsed YAML or JSON
 * @returns rows, or why it is no configuration
 */
export function promptfooRows(
  document: JsonValue,
): { readonly ok: true; readonly rows: readonly ItemRow[] } | { readonly ok: false; readonly message: string } {
  if (!isJsonObject(document)) return { ok: false, message: 'It is no promptfoo configuration: the top is not a mapping.' };
  const { prompts, tests } = document;
  const promptList = typeof prompts === 'string' ? [prompts] : isJsonList(prompts) ? prompts : null;
  if (promptList === null || promptList.length === 0)
    return { ok: false, message: 'It is no promptfoo configuration: "prompts" is missing.' };
  if (!isJsonList(tests) || tests.length === 0) return { ok: false, message: '"tests" is not a list; tests in other files are not read.' };
  const common = isJsonObject(document['defaultTest']) ? document['defaultTest'] : {};
  const rows: ItemRow[] = [];
  for (const [testIndex, test] of tests.entries()) {
    for (const [promptIndex, prompt] of promptList.entries())
      rows.push(...testRows({ test, prompt, common, testIndex, promptIndex, several: promptList.length > 1 }));
  }
  return { ok: true, rows };
}

function testRows(of: {
  readonly test: JsonValue;
  readonly prompt: JsonValue;
  readonly common: JsonObject;
  readonly testIndex: number;
  readonly promptIndex: number;
  readonly several: boolean;
}): readonly ItemRow[] {
  const { test, prompt, common, testIndex, promptIndex } = of;
  const line = testIndex + 1;
  const bad = (message: string): readonly ItemRow[] => [{ line, content: { ok: false, message } }];
  if (!isJsonObject(test)) return bad('The test is not a mapping.');
  const template = templateOf(prompt);
  if (template === null) return bad(`Prompt ${promptIndex + 1} is not text, or lies in another file.`);
  const vars = { ...(isJsonObject(common['vars']) ? common['vars'] : {}), ...(isJsonObject(test['vars']) ? test['vars'] : {}) };
  const asserts = [common['assert'], test['assert']].flatMap((list) => (isJsonList(list) ? list : []));
  const graded = readAsserts(asserts, vars);
  if (!graded.ok) return bad(graded.message);
  const combinations = combine(vars);
  if (combinations === null) return bad(`The variables of the test make more than ${mostCombinations} combinations.`);
  if (combinations.length === 0) return bad('A variable of the test is an empty list, so nothing would be asked.');
  const suffix = of.several ? `-prompt-${promptIndex + 1}` : '';
  const title = typeof test['description'] === 'string' ? test['description'] : 'promptfoo';
  return combinations.map((values, index) => {
    const filled = fill(template, values);
    if (!filled.ok) return { line, content: filled };
    const number = combinations.length > 1 ? `-${index + 1}` : '';
    const { system, input } = filled;
    const { grader, schema } = graded;
    const expected = fillExpected(graded.expected, values);
    if (expected === undefined)
      return { line, content: { ok: false, message: 'The assertion uses a variable that the test does not set.' } };
    return {
      line,
      content: { ok: true, value: { id: `test-${testIndex + 1}${suffix}${number}`, task: title, system, input, expected, grader, schema } },
    };
  });
}

function templateOf(prompt: JsonValue): string | null {
  const text = isJsonObject(prompt) ? (prompt['raw'] ?? prompt['content'] ?? null) : prompt;
  return typeof text === 'string' && !/^file:\/\//.test(text.trim()) ? text : null;
}

/** A prompt is plain text, or a conversation as JSON. */
function fill(template: string, values: Readonly<Record<string, string>>): Filled {
  const text = replaceVars(template, values);
  if (text === null)
    return { ok: false, message: 'The prompt uses a variable that the test does not set, or more of the template language than {{name}}.' };
  const reading = /^\s*\[/.test(template) ? readJson(replaceVars(template, values, jsonText) ?? '') : null;
  return reading?.ok && isJsonList(reading.value) ? readMessages(reading.value) : { ok: true, system: null, input: text };
}

/** An expectation in which a variable is left could never be met; undefined says so. */
function fillExpected(expected: JsonValue, values: Readonly<Record<string, string>>): JsonValue | undefined {
  const filled = isJsonList(expected) ? expected.map((entry) => filledText(entry, values)) : filledText(expected, values);
  return /\{\{\s*[A-Za-z_][\w.]{0,199}\s*\}\}/.test(JSON.stringify(filled)) ? undefined : filled;
}

function filledText(value: JsonValue, values: Readonly<Record<string, string>>): JsonValue {
  return typeof value === 'string' ? (replaceVars(value, values) ?? value) : value;
}

const jsonText = (value: string): string => JSON.stringify(value).slice(1, -1);

function replaceVars(
  template: string,
  values: Readonly<Record<string, string>>,
  written: (value: string) => string = (value) => value,
): string | null {
  if (/\{[%#]/.test(template)) return null;
  let isWhole = true;
  const text = template.replace(/\{\{([^{}]{0,200})\}\}/g, (_match, name: string) => {
    const key = name.trim();
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value === undefined) isWhole = false;
    return written(value ?? '');
  });
  return isWhole ? text : null;
}

/** promptfoo asks once for each member of a variable that is a list. */
function combine(vars: JsonObject): readonly Readonly<Record<string, string>>[] | null {
  let combinations: readonly Readonly<Record<string, string>>[] = [{}];
  for (const [name, value] of Object.entries(vars)) {
    const options = isJsonList(value) ? value : [value];
    if (combinations.length * options.length > mostCombinations) return null;
    combinations = combinations.flatMap((known) =>
      options.map((option) => ({ ...known, [name]: typeof option === 'string' ? option : JSON.stringify(option) })),
    );
  }
  return combinations;
}

/** What one assertion asks for, as a check of a text; null where it is none. */
function toCheck(type: string, value: JsonValue): JsonValue | null {
  const texts = isJsonList(value) ? value : [value];
  switch (type) {
    case 'icontains':
    case 'icontains-all':
      return { kind: 'includes', texts };
    case 'not-icontains':
      return { kind: 'excludes', texts };
    case 'starts-with':
      return { kind: 'starts', text: value };
    case 'is-json':
      // Its schema would be dropped.
      return value === null ? { kind: 'json' } : null;
    default:
      return null;
  }
}

function readAsserts(asserts: readonly JsonValue[], vars: JsonObject): GraderParts {
  const nothing = { ok: true, grader: null, expected: null, schema: null } as const;
  if (asserts.length === 0) return { ok: false, message: 'The test asserts nothing, so no answer can be graded.' };
  const read = asserts.map((entry) => ({
    type: isJsonObject(entry) && typeof entry['type'] === 'string' ? entry['type'] : '',
    value: isJsonObject(entry) ? (entry['value'] ?? null) : null,
  }));
  const [first] = read;
  if (first !== undefined && read.length === 1) {
    const { type, value } = first;
    const isFile = typeof value === 'string' && value.startsWith('file://');
    if (isFile) return { ok: false, message: `The assertion ${type} lies in another file.` };
    switch (type) {
      case 'equals':
        return isJsonObject(value)
          ? { ...nothing, grader: 'json-equal', expected: value }
          : { ...nothing, grader: 'exact', expected: value };
      case 'contains':
        return { ...nothing, grader: 'contains', expected: value };
      case 'contains-any':
        return { ...nothing, grader: 'contains', expected: value };
      case 'icontains':
      case 'icontains-any':
        return { ...nothing, grader: { type: 'contains', ignoreCase: true }, expected: value };
      case 'regex':
        return { ...nothing, grader: 'regex', expected: value };
      case 'is-json':
        return isJsonObject(value)
          ? { ...nothing, grader: 'json-schema', schema: value }
          : { ...nothing, grader: { type: 'constraints', checks: [{ kind: 'json' }] } };
      default:
        break;
    }
  }
  const checks: JsonValue[] = [];
  for (const { type, value } of read) {
    const check = toCheck(type, value);
    if (check === null)
      return {
        ok: false,
        message: `The assertion ${JSON.stringify(type.slice(0, 40))} cannot be graded here${read.length > 1 ? ' beside others' : ''}.`,
      };
    checks.push(check);
  }
  const needsVars = JSON.stringify(checks).includes('{{') && Object.keys(vars).length > 0;
  if (needsVars) return { ok: false, message: 'Assertions with variables can be graded one at a time only.' };
  return { ...nothing, grader: { type: 'constraints', checks } };
}
