import type { GradedItem, GradingTools } from './gradedItem.ts';
import { isJsonList, readJson } from './jsonValue.ts';
import type { Grade, Grader, JsonValue } from './labelledItem.ts';
import { looseForms } from './looseForms.ts';
import { lastNumberIn } from './numberInText.ts';
import { quoted } from './quoted.ts';

type GraderOf<T extends Grader['type']> = Extract<Grader, { readonly type: T }>;

const defaultTolerance = 1e-6;

/** Equal text: the expected one or one of several. */
export function gradeEqualText(item: GradedItem, text: string, grader: GraderOf<'exact'> | GraderOf<'one-of'>): Grade {
  const accepted = acceptedTexts(item.expected);
  const fold = folder(grader.ignoreCase);
  const passed = accepted.some((expected) => fold(expected) === fold(text));
  const answerOf = (form: string): string =>
    passed ? `The answer is ${quoted(form)}, as expected.` : `Expected ${listed(accepted)}, got ${said(form)}.`;
  return { passed, grader: grader.type, reason: answerOf(text), format: labelFormat(item, text), fields: null };
}

/** The expected text (or one of several) occurs in the answer. */
export function gradeContains(item: GradedItem, text: string, grader: GraderOf<'contains'>): Grade {
  const accepted = acceptedTexts(item.expected);
  const fold = folder(grader.ignoreCase);
  const found = accepted.find((expected) => fold(text).includes(fold(expected)));
  const reason =
    found === undefined
      ? `Expected the answer to contain ${listed(accepted)}, got ${said(text)}.`
      : `The answer contains ${quoted(found)}.`;
  return { passed: found !== undefined, grader: 'contains', reason, format: null, fields: null };
}

/** A pattern is found in the answer. */
export function gradeRegex(
  item: GradedItem,
  text: string,
  options: { readonly grader: GraderOf<'regex'>; readonly tools: GradingTools },
): Grade {
  const { matchesPattern } = options.tools;
  if (!matchesPattern) throw new Error('The grader regex needs a pattern engine.');
  const pattern = options.grader.pattern ?? String(item.expected);
  const passed = matchesPattern(pattern, text, { ignoreCase: options.grader.ignoreCase ?? false });
  const reason = passed ? `The answer matches ${pattern}.` : `Expected a match of ${pattern}, got ${said(text)}.`;
  return { passed, grader: 'regex', reason, format: null, fields: null };
}

/** The last number of the answer is the expected one. */
export function gradeNumeric(item: GradedItem, text: string, grader: GraderOf<'numeric'>): Grade {
  const expected = typeof item.expected === 'number' ? item.expected : lastNumberIn(String(item.expected));
  const found = lastNumberIn(text);
  const tolerance = grader.tolerance ?? defaultTolerance;
  const passed =
    expected !== null && found !== null && Math.abs(found - expected) <= tolerance * Math.max(Math.abs(expected), Number.MIN_VALUE);
  let reason = `The answer ends in ${found}, as expected.`;
  if (found === null) reason = `Expected the number ${expected}, got no number: ${said(text)}.`;
  else if (!passed) reason = `Expected the number ${expected}, got ${found}.`;
  return { passed, grader: 'numeric', reason, format: null, fields: null };
}

/** A comma list or a JSON list with the same members, in any order. */
export function gradeSameSet(item: GradedItem, text: string): Grade {
  const expected = isJsonList(item.expected)
    ? new Set(item.expected.map((entry) => String(entry).trim()))
    : membersOf(String(item.expected));
  const found = membersOf(text);
  const lacking = [...expected].filter((member) => !found.has(member));
  const extra = [...found].filter((member) => !expected.has(member));
  const passed = lacking.length === 0 && extra.length === 0;
  const complaints = [
    ...(lacking.length > 0 ? [`${listed(lacking, 'and')} is missing`] : []),
    ...(extra.length > 0 ? [`${listed(extra, 'and')} is too much`] : []),
  ];
  const allowed = item.labels === null ? null : new Set(item.labels);
  const fits = (form: string): boolean => allowed !== null && [...membersOf(form)].every((member) => allowed.has(member));
  return {
    passed,
    grader: 'same-set',
    reason: passed ? `The answer names ${listed([...expected], 'and')}, as expected.` : `Not the expected set: ${complaints.join(', ')}.`,
    format: allowed === null ? null : { strict: fits(text), loose: looseForms(text).some(fits) },
    fields: null,
  };
}

function membersOf(text: string): ReadonlySet<string> {
  const reading = readJson(text);
  const entries = reading.ok && isJsonList(reading.value) ? reading.value.map(String) : text.split(',');
  return new Set(entries.map((entry) => entry.trim()).filter((entry) => entry !== ''));
}

function acceptedTexts(expected: JsonValue): readonly string[] {
  return (isJsonList(expected) ? expected : [expected]).map((entry) => String(entry).trim());
}

function folder(ignoreCase: boolean | undefined): (text: string) => string {
  return ignoreCase ? (text) => text.toLowerCase() : (text) => text;
}

/** Strict: the answer is one of the labels. Loose: it is, after stripping fences, prose, quotes, case and a final stop. */
function labelFormat(item: GradedItem, text: string): Grade['format'] {
  if (item.labels === null) return null;
  const labels = new Set(item.labels.map((label) => label.trim()));
  const folded = new Set([...labels].map((label) => label.toLowerCase()));
  const loosened = (form: string): string =>
    form
      .replace(/^["'“”‘’*`\s]+/, '')
      .replace(/(?<!["'“”‘’*`.!\s])["'“”‘’*`.!\s]+$/, '')
      .toLowerCase();
  return { strict: labels.has(text), loose: labels.has(text) || looseForms(text).some((form) => folded.has(loosened(form))) };
}

function said(text: string): string {
  return text === '' ? 'an empty answer' : quoted(text);
}

function listed(texts: readonly string[], joint = 'or'): string {
  if (texts.length === 0) return 'nothing';
  const shown = texts.slice(0, 5).map(quoted);
  if (texts.length > shown.length) return `${shown.join(', ')} ${joint} ${texts.length - shown.length} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} ${joint} ${shown.at(-1)}` : shown.join('');
}
