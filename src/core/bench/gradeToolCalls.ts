import type { RecordedCall } from '../tools/tool.ts';
import type { Answered } from './gradedItem.ts';
import { isJsonList, jsonEqual } from './jsonValue.ts';
import type { ExpectedCall, Grade, Grader, JsonValue } from './labelledItem.ts';
import { written } from './quoted.ts';

type ToolCallsGrader = Extract<Grader, { readonly type: 'tool-calls' }>;

/**
 * The calls that worked are the ones that were asked for. A call that ended in an error was told to the model and is forgiven if it recovered; where no
 * call was wanted, any is a mistake.
 */
export function gradeToolCalls({ calls }: Answered, grader: ToolCallsGrader): Grade {
  const expected = grader.calls;
  if (expected.length === 0) return gradeIrrelevance(calls);
  const made = calls.filter((call) => call.error === null);
  const found = grader.order === 'given' ? matchInOrder(expected, made) : matchAnyOrder(expected, made);
  const missing = expected.filter((_, index) => found[index] === undefined);
  const used = new Set(found);
  const extra = made.filter((_, index) => !used.has(index));
  const isForbidden = (grader.extra ?? 'forbid') === 'forbid' && extra.length > 0;
  const passed = missing.length === 0 && !isForbidden;
  const names = new Set(expected.map(({ name }) => name));
  const called = new Set(made.map(({ name }) => name));
  return {
    passed,
    grader: 'tool-calls',
    reason: reasonOf(),
    format: null,
    fields: expected.map((call, index) => ({ name: shown(call), passed: found[index] !== undefined })),
    tools: {
      rightTool: [...names].every((name) => called.has(name)) && [...called].every((name) => names.has(name)),
      rightArguments: missing.length === 0,
      extraCalls: Math.max(0, made.length - expected.length),
      answeredWithout: calls.length === 0,
    },
  };

  function reasonOf(): string {
    const failed = calls.length - made.length;
    const recovered = failed > 0 ? ` ${failed === 1 ? 'One call' : `${failed} calls`} before ended in an error.` : '';
    if (passed && expected.length === 1) return `The one call is right.${recovered}`;
    if (passed) return `All ${expected.length} calls are right.${recovered}`;
    if (calls.length === 0) return `No tool was called; asked for ${expected.map(shown).slice(0, 3).join(', ')}.`;
    const complaints = missing.slice(0, 3).map((call) => complaintOf(call, extra, made));
    if (isForbidden && missing.length === 0) complaints.push(`${extra.slice(0, 3).map(shown).join(', ')} was not asked for`);
    return `Not the calls that were asked for: ${complaints.join('; ')}.${recovered}`;
  }
}

function gradeIrrelevance(calls: readonly RecordedCall[]): Grade {
  const passed = calls.length === 0;
  const reason = passed
    ? 'No tool was needed, and none was called.'
    : `No tool was needed; ${calls.slice(0, 3).map(shown).join(', ')} was called.`;
  const tools = { rightTool: passed, rightArguments: passed, extraCalls: calls.length, answeredWithout: false };
  return { passed, grader: 'tool-calls', reason, format: null, fields: [{ name: 'no call', passed }], tools };
}

/** By expected call the place of the one that does it, the expected ones in their order. */
function matchInOrder(expected: readonly ExpectedCall[], made: readonly RecordedCall[]): readonly (number | undefined)[] {
  let from = 0;
  return expected.map((call) => {
    const place = made.findIndex((candidate, index) => index >= from && faultOf(candidate, call) === null);
    if (place < 0) return undefined;
    from = place + 1;
    return place;
  });
}

/** As many as can be had at once: accepted values may overlap, so one may have to make room for another (Kuhn's matching). */
function matchAnyOrder(expected: readonly ExpectedCall[], made: readonly RecordedCall[]): readonly (number | undefined)[] {
  const takenBy = new Map<number, number>();
  const place = (index: number, tried: Set<number>): boolean => {
    const call = expected[index];
    return made.some((candidate, at) => {
      if (call === undefined || tried.has(at) || faultOf(candidate, call) !== null) return false;
      tried.add(at);
      const owner = takenBy.get(at);
      if (owner !== undefined && !place(owner, tried)) return false;
      takenBy.set(at, index);
      return true;
    });
  };
  for (const index of expected.keys()) place(index, new Set());
  const found: (number | undefined)[] = expected.map(() => undefined);
  for (const [at, index] of takenBy) found[index] = at;
  return found;
}

/** What keeps a call from being the expected one; null where nothing does. */
function faultOf(call: RecordedCall, expected: ExpectedCall): string | null {
  if (call.name !== expected.name) return `${call.name} was called instead of ${expected.name}`;
  const given = call.arguments;
  for (const [name, accepted] of Object.entries(expected.arguments)) {
    if (!Object.hasOwn(given, name)) {
      if (expected.optional?.includes(name)) continue;
      return `"${name}" of ${call.name} is missing`;
    }
    if (!isAccepted(given[name] ?? null, accepted))
      return `"${name}" of ${call.name} is ${written(given[name] ?? null)}, asked for ${written(accepted)}`;
  }
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(expected.arguments, name));
  return unknown === undefined ? null : `${call.name} knows no "${unknown.slice(0, 60)}"`;
}

/** Type and value; of text neither case nor the space around it matters. */
function isAccepted(given: JsonValue, accepted: JsonValue): boolean {
  const isSame = (wanted: JsonValue): boolean =>
    typeof given === 'string' && typeof wanted === 'string'
      ? given.trim().toLowerCase() === wanted.trim().toLowerCase()
      : jsonEqual(given, wanted);
  return isJsonList(accepted) ? accepted.some(isSame) : isSame(accepted);
}

function complaintOf(call: ExpectedCall, extra: readonly RecordedCall[], made: readonly RecordedCall[]): string {
  const near = extra.find(({ name }) => name === call.name);
  if (near !== undefined) return faultOf(near, call) ?? `${shown(call)} came out of order`;
  const other = made.find(({ name }) => name !== call.name);
  return other === undefined ? `${shown(call)} is missing` : `${shown(call)} is missing, ${other.name} was called`;
}

function shown(call: Pick<ExpectedCall, 'name' | 'arguments'>): string {
  return `${call.name.slice(0, 60)}(${written(call.arguments)})`;
}
