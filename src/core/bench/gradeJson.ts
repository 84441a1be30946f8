import type { GradedItem, GradingTools } from './gradedItem.ts';
import { isJsonObject, jsonEqual, readJson } from './jsonValue.ts';
import type { Grade, Grader, JsonValue } from './labelledItem.ts';
import { looseForms } from './looseForms.ts';
import { closed, quoted, written } from './quoted.ts';

type JsonFieldsGrader = Extract<Grader, { readonly type: 'json-fields' }>;

/** The answer is JSON that validates. */
export function gradeJsonSchema(item: GradedItem, text: string, tools: GradingTools): Grade {
  if (!tools.validateSchema) throw new Error('The grader json-schema needs a schema validator.');
  const answer = readAnswer(item, text, tools);
  const passed = answer.format.strict;
  const reason = passed ? 'The answer is JSON that follows the schema.' : (answer.problem ?? 'The answer does not follow the schema.');
  return { passed, grader: 'json-schema', reason, format: answer.format, fields: null };
}

/** The answer equals the expectation as a JSON value. */
export function gradeJsonEqual(item: GradedItem, text: string, tools: GradingTools): Grade {
  const answer = readAnswer(item, text, tools);
  const expected = expectedValue(item.expected);
  const passed = answer.strict !== undefined && jsonEqual(answer.strict, expected);
  const wrapped = answer.strict === undefined && answer.loose.some((value) => jsonEqual(value, expected));
  const grade = { passed, grader: 'json-equal', format: answer.format, fields: null } as const;
  if (passed) return { ...grade, reason: 'The answer equals the expected JSON.' };
  if (wrapped) return { ...grade, reason: 'The right JSON, but with other text around it.' };
  if (answer.strict === undefined) return { ...grade, reason: answer.problem ?? 'The answer is not JSON.' };
  return { ...grade, reason: differenceOf(answer.strict, expected) };
}

/** Each field of the expectation by itself; other fields of the answer do not matter. */
export function gradeJsonFields(
  item: GradedItem,
  text: string,
  options: { readonly grader: JsonFieldsGrader; readonly tools: GradingTools },
): Grade {
  const answer = readAnswer(item, text, options.tools);
  const expected = expectedValue(item.expected);
  const wanted = isJsonObject(expected) ? expected : {};
  const names = options.grader.fields ?? Object.keys(wanted);
  const found = answer.strict ?? answer.loose[0];
  const fields = names.map((name) => ({ name, passed: hasSameField(found, wanted, name) }));
  const wrong = fields.filter((field) => !field.passed).map((field) => field.name);
  const passed = answer.strict !== undefined && wrong.length === 0;
  let reason = names.length === 1 ? 'The one field is right.' : `All ${names.length} fields are right.`;
  if (found === undefined) reason = answer.problem ?? 'The answer is not JSON.';
  else if (wrong.length > 0) reason = `${names.length - wrong.length} of ${names.length} fields are right; wrong: ${wrong.join(', ')}.`;
  else if (!passed) reason = 'The right fields, but with other text around the JSON.';
  return { passed, grader: 'json-fields', reason, format: answer.format, fields };
}

interface JsonAnswer {
  /** The trimmed answer as JSON; undefined where it is none. */
  readonly strict: JsonValue | undefined;
  /** Every JSON value found after stripping. */
  readonly loose: readonly JsonValue[];
  readonly format: { readonly strict: boolean; readonly loose: boolean };
  /** Why the answer as it is does not parse or validate. */
  readonly problem: string | null;
}

function readAnswer(item: GradedItem, text: string, tools: GradingTools): JsonAnswer {
  const problemOf = (value: JsonValue): string | null =>
    item.schema && tools.validateSchema ? tools.validateSchema(item.schema, value) : null;
  const reading = readJson(text);
  const values = looseForms(text)
    .map(readJson)
    .flatMap((form) => (form.ok ? [form.value] : []));
  const strictProblem = reading.ok ? problemOf(reading.value) : null;
  let problem: string | null = null;
  if (text === '') problem = 'The answer is empty.';
  else if (!reading.ok) problem = `The answer is not JSON: ${quoted(text)}.`;
  else if (strictProblem !== null) problem = `The answer does not follow the schema: ${closed(strictProblem)}`;
  return {
    strict: reading.ok ? reading.value : undefined,
    loose: values,
    format: { strict: reading.ok && strictProblem === null, loose: values.some((value) => problemOf(value) === null) },
    problem,
  };
}

/** A set may write its expected JSON as text. */
function expectedValue(expected: JsonValue): JsonValue {
  const reading = typeof expected === 'string' ? readJson(expected) : null;
  return reading?.ok ? reading.value : expected;
}

function hasSameField(found: JsonValue | undefined, wanted: { readonly [key: string]: JsonValue }, name: string): boolean {
  if (!isJsonObject(found) || !Object.hasOwn(found, name) || !Object.hasOwn(wanted, name)) return false;
  return jsonEqual(found[name] ?? null, wanted[name] ?? null);
}

function differenceOf(found: JsonValue, expected: JsonValue): string {
  if (!isJsonObject(found) || !isJsonObject(expected)) return `Expected ${written(expected)}, got ${written(found)}.`;
  const wrong = Object.keys(expected).filter((name) => !hasSameField(found, expected, name));
  const extra = Object.keys(found).filter((name) => !Object.hasOwn(expected, name));
  const parts = wrong.map((name) => {
    const got = Object.hasOwn(found, name) ? written(found[name] ?? null) : 'nothing';
    return `"${name}" should be ${written(expected[name] ?? null)} and is ${got}`;
  });
  if (extra.length > 0) parts.push(`${extra.map((name) => `"${name}"`).join(', ')} was not asked for`);
  return `Not the expected JSON: ${parts.slice(0, 5).join('; ')}.`;
}
