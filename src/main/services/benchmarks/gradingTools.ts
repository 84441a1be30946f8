import type { Ajv2020 } from 'ajv/dist/2020.js';
import type { RE2JS } from 're2js';
import type { GradingTools } from '#core/bench/gradedItem.ts';
import type { Grader, LabelledItem } from '#core/bench/labelledItem.ts';
import { packages } from '../packages.ts';
import { outlineGo, prepareGo } from './outlineGo.ts';

/**
 * RE2's engine under the interface ajv asks for: time linear in the text, so neither a pattern of a data set nor
 * a model's answer can hang the app.
 */
const linearRegExp = Object.assign((pattern: string) => compilePattern(pattern, false), { code: 'linearRegExp' });
const maxPatternLength = 5000;
const cacheLimit = 2000;

const patterns = new Map<string, RE2JS>();
function compilePattern(pattern: string, ignoreCase: boolean): RE2JS {
  const key = `${ignoreCase ? 'i' : ''}/${pattern}`;
  const known = patterns.get(key);
  if (known !== undefined) return known;
  if (pattern.length > maxPatternLength) throw new Error(`the pattern is longer than ${maxPatternLength} characters`);
  const { RE2JS } = packages.re2;
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern), ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  if (patterns.size >= cacheLimit) patterns.clear();
  patterns.set(key, compiled);
  return compiled;
}

const newAjv = (): Ajv2020 =>
  // Formats are annotations in JSON Schema 2020-12; unknown keywords of other tools must not make a data set unusable.
  new packages.ajv.Ajv2020({
    strict: false,
    validateFormats: false,
    validateSchema: false,
    addUsedSchema: false,
    logger: false,
    code: { regExp: linearRegExp },
  });

let ajv: Ajv2020 | undefined;
/** Null when the value is valid, otherwise what is wrong with it. */
type Validator = (value: unknown) => string | null;
const validators = new Map<string, Validator>();

function compileSchema(schema: object): Validator {
  const key = JSON.stringify(schema);
  const known = validators.get(key);
  if (known !== undefined) return known;
  if (validators.size >= cacheLimit) {
    validators.clear();
    ajv = undefined;
  }
  ajv ??= newAjv();
  const own = ajv;
  const validate = own.compile(schema);
  // Kept by its text above: ajv's own cache is by identity and would only grow.
  own.removeSchema(schema);
  const validator: Validator = (value) => {
    if (validate(value) === true) return null;
    const first = validate.errors?.[0];
    const where = first?.instancePath ? `${first.instancePath.slice(1).replaceAll('/', '.')} ` : '';
    return `${where}${first?.message ?? 'does not match the schema'}`;
  };
  validators.set(key, validator);
  return validator;
}

/** The engines that core's graders ask for: JSON Schema 2020-12 (ajv), regular expressions (RE2) and Go (tree-sitter), all safe for hostile input. */
export const gradingTools = {
  validateSchema: (schema, value) => compileSchema(schema)(value),
  matchesPattern: (pattern, text, { ignoreCase }) => compilePattern(pattern, ignoreCase).test(text),
  outlineGo,
} as const satisfies GradingTools;

/**
 * Makes ready what the graders of these items need and what takes time to load. Grading itself never waits.
 * @param grammarFolder where the grammars that ship lie
 */
export async function prepareGrading(items: readonly Pick<LabelledItem, 'grader'>[], grammarFolder: string): Promise<void> {
  if (items.some((item) => asksForGo(item.grader))) await prepareGo(grammarFolder);
}

function asksForGo(grader: Grader | null): boolean {
  return grader?.type === 'all' ? grader.of.some(asksForGo) : grader?.type === 'go';
}

/** @returns why a schema can't be used, or null when it can. */
export function checkSchema(schema: object): string | null {
  try {
    compileSchema(schema);
    return null;
  } catch (error) {
    return describe(error);
  }
}

/** @returns why RE2 can't compile a pattern (it knows no look-arounds and no back-references), or null when it can. */
export function checkPattern(pattern: string): string | null {
  try {
    compilePattern(pattern, false);
    return null;
  } catch (error) {
    return describe(error);
  }
}

const describe = (error: unknown): string => (error instanceof Error ? error.message.slice(0, 200) : String(error));
