import { isJsonObject } from '../bench/jsonValue.ts';
import type { JsonValue } from '../bench/labelledItem.ts';
import { type CallsRead, parseJson, readNamedCall } from './readCallJson.ts';
import type { ToolCall, ToolSpec } from './tool.ts';

interface Marks {
  readonly open: string;
  /** Ends a key. */
  readonly middle: string;
  readonly close: string;
}

/** Qwen3-Coder, Qwen3.5, Seed: `<parameter=key>` value `</parameter>`. */
const parameterMarks: Marks = { open: '<parameter=', middle: '>', close: '</parameter>' };
/** GLM: `<arg_key>key</arg_key><arg_value>value</arg_value>`. */
const argumentMarks: Marks = { open: '<arg_key>', middle: '</arg_key>', close: '</arg_value>' };

/** Reads `name>` parameters (Qwen3-Coder) or JSON (Llama's own prompt) behind `<function=`. */
export function readFunctionBody(body: string, offered: readonly ToolSpec[]): CallsRead {
  const nameEnd = body.indexOf('>');
  if (nameEnd < 0) return { ok: false, problem: 'its name is not finished' };
  const name = body.slice(0, nameEnd).trim();
  const rest = body.slice(nameEnd + 1);
  if (rest.trim().startsWith('{')) return readNamedCall(name, rest);
  return withPairs(name, readPairs(rest, parameterMarks), offered);
}

/** Reads a name with `<arg_key>` and `<arg_value>` behind it. */
export function readKeyedCall(body: string, offered: readonly ToolSpec[]): CallsRead {
  const at = body.indexOf(argumentMarks.open);
  const name = (at < 0 ? body : body.slice(0, at)).trim();
  if (!/^[\w.-]+$/.test(name)) return { ok: false, problem: 'it names no tool' };
  return withPairs(name, at < 0 ? [] : readPairs(body.slice(at), argumentMarks), offered);
}

type Pairs = readonly (readonly [string, string])[];

/** @returns null when a mark is missing */
function readPairs(text: string, marks: Marks): Pairs | null {
  const pairs: [string, string][] = [];
  let at = text.indexOf(marks.open);
  while (at >= 0) {
    const keyEnd = text.indexOf(marks.middle, at);
    const end = keyEnd < 0 ? -1 : text.indexOf(marks.close, keyEnd);
    if (end < 0) return null;
    const key = text.slice(at + marks.open.length, keyEnd).trim();
    const value = text.slice(keyEnd + marks.middle.length, end).replace(/^\s*<arg_value>/, '');
    if (key !== '__proto__') pairs.push([key, value]);
    at = text.indexOf(marks.open, end);
  }
  return pairs;
}

function withPairs(name: string, pairs: Pairs | null, offered: readonly ToolSpec[]): CallsRead {
  if (pairs === null) return { ok: false, problem: 'its arguments are not finished' };
  if (name === '') return { ok: false, problem: 'it names no tool' };
  const properties = offered.find((tool) => tool.name === name)?.parameters.properties;
  const call: ToolCall = {
    name,
    arguments: Object.fromEntries(pairs.map(([key, value]) => [key, typed(value, isJsonObject(properties) ? properties[key] : undefined)])),
  };
  return { ok: true, calls: [call] };
}

/** These families write every value as text: the tool's schema says which of them are text. */
function typed(value: string, schema: JsonValue | undefined): JsonValue {
  const text = value.replace(/^\n/, '').replace(/\n$/, '');
  const type = isJsonObject(schema) ? schema.type : undefined;
  if (type === 'string') return text;
  return parseJson(text) ?? (/^(True|False)$/.test(text.trim()) ? text.trim() === 'True' : text);
}
