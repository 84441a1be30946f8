import { isJsonList, isJsonObject } from './jsonValue.ts';
import type { Grader, JsonValue, LabelledItem } from './labelledItem.ts';
import { lastNumberIn } from './numberInText.ts';
import { closed } from './quoted.ts';

type CheckPattern = ((pattern: string) => string | null) | undefined;

/**
 * Whether a grader compares with what is expected; where it does not, an item may leave that out.
 * @param grader of an item, null = the default rule
 */
export function needsExpected(grader: Grader | null): boolean {
  switch (grader?.type) {
    case 'json-schema':
    case 'constraints':
    case 'key-facts':
    case 'tool-calls':
    case 'calculation':
    case 'tool-output':
    case 'python':
    case 'go':
    case 'rubric':
      return false;
    case 'regex':
      return grader.pattern === undefined;
    case 'all':
      return grader.of.some(needsExpected);
    case undefined:
    case 'exact':
    case 'one-of':
    case 'contains':
    case 'numeric':
    case 'same-set':
    case 'json-equal':
    case 'json-fields':
    case 'last-json':
      return true;
  }
}

/**
 * Whether the parts of an item belong together; a set that can never be passed is a broken set.
 * @param item read field by field
 * @param checkPattern says why a pattern cannot be used, or null
 * @returns what is wrong, in a sentence; null where nothing is
 */
export function itemMismatch(item: LabelledItem, checkPattern: CheckPattern): string | null {
  return graderMismatch(item.grader, item, checkPattern) ?? labelMismatch(item);
}

function graderMismatch(grader: Grader | null, item: LabelledItem, checkPattern: CheckPattern): string | null {
  const { expected } = item;
  switch (grader?.type) {
    case undefined:
      return item.schema !== null || isJsonObject(expected) || isText(expected)
        ? null
        : '"expected" is neither text nor a list of accepted texts.';
    case 'exact':
    case 'one-of':
    case 'contains':
      return isText(expected) ? null : `"expected" is neither text nor a list of texts, as the grader ${grader.type} needs.`;
    case 'same-set':
      return listed(expected).every((entry) => typeof entry === 'string')
        ? null
        : '"expected" is neither text nor a list of texts, as the grader same-set needs.';
    case 'regex': {
      const pattern = grader.pattern ?? (typeof expected === 'string' ? expected : null);
      if (pattern === null) return 'The grader regex has no pattern, neither of its own nor as "expected".';
      const problem = checkPattern?.(pattern) ?? null;
      return problem === null ? null : `The pattern cannot be used: ${closed(problem)}`;
    }
    case 'numeric':
      return typeof expected === 'number' || (typeof expected === 'string' && lastNumberIn(expected) !== null)
        ? null
        : '"expected" holds no number, as the grader numeric needs.';
    case 'json-schema':
      return item.schema === null ? 'The grader json-schema needs a "schema".' : null;
    case 'json-fields':
    case 'last-json':
      return isJsonObject(expected) ? null : `"expected" is no JSON object, as the grader ${grader.type} needs.`;
    case 'tool-calls': {
      if (item.tools === undefined) return 'The grader tool-calls needs "tools".';
      return notOffered(item, ...grader.calls.map(({ name }) => name));
    }
    case 'tool-output':
      return notOffered(item, grader.tool);
    case 'calculation':
      return notOffered(item, 'calculator');
    case 'python':
      return grader.from === 'call' ? notOffered(item, 'execute_python') : null;
    case 'all':
      return grader.of.reduce<string | null>((problem, part) => problem ?? graderMismatch(part, item, checkPattern), null);
    case 'rubric':
      return item.judge?.kind === 'checklist' ? null : 'The grader rubric needs a "judge" with criteria.';
    case 'json-equal':
    case 'constraints':
    case 'key-facts':
    case 'go':
      return null;
  }
}

function notOffered(item: LabelledItem, ...names: readonly string[]): string | null {
  const offered = item.tools?.map((tool) => (typeof tool === 'string' ? tool : tool.name)) ?? [];
  const missing = names.find((name) => !offered.includes(name));
  return missing === undefined
    ? null
    : `The grader asks for the tool ${JSON.stringify(missing.slice(0, 64))}, which "tools" does not offer.`;
}

/** An answer outside the labels is wrong by its form, so one that is expected and outside them is a mistake of the set. */
function labelMismatch({ labels, grader, expected }: LabelledItem): string | null {
  const type = grader?.type ?? 'exact';
  if (labels === null || (type !== 'exact' && type !== 'one-of' && type !== 'same-set')) return null;
  const members =
    type === 'same-set' && typeof expected === 'string' && !expected.trim().startsWith('[') ? expected.split(',') : listed(expected);
  if (!members.every((member) => typeof member === 'string' && !member.trim().startsWith('['))) return null;
  const known = new Set(labels.map((label) => label.trim().toLowerCase()));
  const stranger = members.map((member) => String(member).trim()).find((member) => member !== '' && !known.has(member.toLowerCase()));
  return stranger === undefined ? null : `"expected" is ${JSON.stringify(stranger.slice(0, 60))}, which is not among the labels.`;
}

const listed = (expected: JsonValue): readonly JsonValue[] => (isJsonList(expected) ? expected : [expected]);

function isText(expected: JsonValue): boolean {
  const accepted = listed(expected);
  return (
    accepted.length > 0 && accepted.every((entry) => typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean')
  );
}
