import type { GradedItem } from './gradedItem.ts';
import { isJsonList, isJsonObject, jsonEqual, readJson } from './jsonValue.ts';
import type { Grade, Grader, JsonValue } from './labelledItem.ts';
import { quoted, written } from './quoted.ts';

type JsonObject = { readonly [key: string]: JsonValue };

const tailCharacters = 20_000;
const attempts = 400;

/** The last JSON object of an answer, field by field; prose may stand before it, since an explanation may have been asked for as well. Strict: it ends the answer. */
export function gradeLastJson(item: GradedItem, text: string, grader: Extract<Grader, { readonly type: 'last-json' }>): Grade {
  const wanted = isJsonObject(item.expected) ? item.expected : {};
  const names = grader.fields ?? Object.keys(wanted);
  const found = lastObjectIn(text);
  const fields = names.map((name) => ({
    name,
    passed: found !== null && Object.hasOwn(found, name) && isAccepted(found[name] ?? null, wanted[name] ?? null),
  }));
  const wrong = fields.filter((field) => !field.passed).map(({ name }) => name);
  const passed = wrong.length === 0;
  let reason = names.length === 1 ? 'The one field is right.' : `All ${names.length} fields are right.`;
  if (text === '') reason = 'The answer is empty.';
  else if (found === null) reason = `There is no JSON object in the answer: ${quoted(text)}.`;
  else if (!passed)
    reason = `${names.length - wrong.length} of ${names.length} fields are right; ${wrong.slice(0, 5).map(told).join('; ')}.`;
  return {
    passed,
    grader: 'last-json',
    reason,
    format: { strict: found !== null && /\}\s*(?:```)?$/.test(text), loose: found !== null },
    fields,
  };

  function told(name: string): string {
    const said = found !== null && Object.hasOwn(found, name) ? written(found[name] ?? null) : 'nothing';
    return `"${name}" should be ${written(wanted[name] ?? null)} and is ${said}`;
  }
}

/** The last braces that hold a JSON object. Looked for near the end and not for ever: an answer may be made of nothing but braces. */
function lastObjectIn(text: string): JsonObject | null {
  const tail = text.slice(-tailCharacters);
  let tried = 0;
  for (let end = tail.lastIndexOf('}'); end >= 0; end = end === 0 ? -1 : tail.lastIndexOf('}', end - 1)) {
    for (let start = tail.lastIndexOf('{', end); start >= 0; start = start === 0 ? -1 : tail.lastIndexOf('{', start - 1)) {
      tried += 1;
      if (tried > attempts) return null;
      const reading = readJson(tail.slice(start, end + 1));
      if (reading.ok && isJsonObject(reading.value)) return reading.value;
    }
  }
  return null;
}

/** Equal values, or one of several; of text neither case nor spaces matter, so that `O(N log N)` is `O(n log n)`. */
function isAccepted(found: JsonValue, wanted: JsonValue): boolean {
  if (isJsonList(wanted) && !isJsonList(found)) return wanted.some((entry) => isAccepted(found, entry));
  if (typeof found === 'string' && typeof wanted === 'string') return bare(found) === bare(wanted);
  return jsonEqual(found, wanted);
}

const bare = (text: string): string => text.replace(/\s+/g, '').toLowerCase();
