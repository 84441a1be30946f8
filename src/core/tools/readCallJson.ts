import { isJsonList, isJsonObject, readJson } from '../bench/jsonValue.ts';
import type { JsonValue } from '../bench/labelledItem.ts';
import type { ToolCall } from './tool.ts';

/** Deeper arguments than this are no arguments, and would only exhaust whoever walks through them. */
const maxDepth = 64;
export const maxNameCharacters = 200;
/** More calls than this are no turn of anybody. */
export const maxCalls = 100;

/** Calls that were read, or why there are none. */
export type CallsRead = { readonly ok: true; readonly calls: readonly ToolCall[] } | { readonly ok: false; readonly problem: string };

/** Reads calls written as JSON: one object or a list, or several of them after one another. */
export function readJsonCalls(body: string): CallsRead {
  const calls: ToolCall[] = [];
  let at = skipSeparators(body, 0);
  while (at < body.length) {
    const end = jsonEnd(body, at);
    if (end === null) return { ok: false, problem: 'its JSON is not finished, or nested too deeply' };
    const value = parseJson(body.slice(at, end));
    if (value === undefined) return { ok: false, problem: 'it is not JSON' };
    for (const one of isJsonList(value) ? value : [value]) {
      const call = toCall(one);
      if (typeof call === 'string') return { ok: false, problem: call };
      calls.push(call);
      if (calls.length > maxCalls) return { ok: false, problem: `there are more than ${maxCalls} in one turn` };
    }
    at = skipSeparators(body, end);
  }
  return calls.length === 0 ? { ok: false, problem: 'there is nothing in it' } : { ok: true, calls };
}

/** A call of a name with its arguments as JSON text; none at all means no arguments. */
export function readNamedCall(name: string, argumentsText: string): CallsRead {
  const text = argumentsText.trim();
  const value = text === '' ? {} : parseJson(text);
  if (value === undefined) return { ok: false, problem: 'its arguments are not JSON' };
  const call = toCall({ name, arguments: value });
  return typeof call === 'string' ? { ok: false, problem: call } : { ok: true, calls: [call] };
}

/**
 * Where the JSON object or list that begins at `start` ends, without reading what is in it.
 * @returns null when it does not begin there, is not finished, or is nested too deeply
 */
export function jsonEnd(text: string, start: number): number | null {
  let depth = 0;
  let isInText = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (isInText) {
      if (character === '\\') at += 1;
      else if (character === '"') isInText = false;
      continue;
    }
    if (character === '"') isInText = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth === 0) return at > start ? at + 1 : null;
    if (depth > maxDepth) return null;
  }
  return null;
}

/** @returns undefined for what is no JSON, nested too deeply or beyond every number; a member named `__proto__` is left out. */
export function parseJson(text: string): JsonValue | undefined {
  const reading = readJson(text);
  return reading.ok && isFiniteThroughout(reading.value) ? withoutProto(reading.value) : undefined;
}

/** Whether a value has the shape of a call and of nothing else: what is said without any mark is only then one. */
export function isPlainCall(value: JsonValue): boolean {
  if (!isJsonObject(value) || typeof value.name !== 'string') return false;
  const rest = Object.keys(value).filter((key) => key !== 'name' && key !== 'type' && key !== 'id');
  return rest.length === 1 && (rest[0] === 'arguments' || rest[0] === 'parameters') && isJsonObject(value[rest[0]]);
}

/** One call in any of the shapes that families write; a text says what is wrong with it. */
function toCall(value: JsonValue): ToolCall | string {
  if (!isJsonObject(value)) return 'it is no object';
  const inner = isJsonObject(value.function) ? value.function : value;
  const name = inner.name ?? inner.tool_name ?? inner.function;
  if (typeof name !== 'string' || name.trim() === '') return 'it names no tool';
  const given = inner.arguments ?? inner.parameters ?? {};
  const callArguments = typeof given === 'string' ? parseJson(given) : given;
  if (callArguments === undefined || !isJsonObject(callArguments)) return 'its arguments are no JSON object';
  return { name: name.trim(), arguments: callArguments };
}

/** JSON has no infinity, but `1e999` is read as one: it could not be written down again. */
function isFiniteThroughout(value: JsonValue): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (isJsonList(value)) return value.every(isFiniteThroughout);
  return !isJsonObject(value) || Object.values(value).every(isFiniteThroughout);
}

function withoutProto(value: JsonValue): JsonValue {
  if (isJsonList(value)) return value.map(withoutProto);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '__proto__')
      .map(([key, inner]) => [key, withoutProto(inner)]),
  );
}

function skipSeparators(text: string, start: number): number {
  let at = start;
  while (at < text.length && /[\s,;]/.test(text[at] ?? '')) at += 1;
  return at;
}
