import type { JsonValue } from '../bench/labelledItem.ts';
import { type Cursor, LiteralProblem, skipSpace, takeLiteral, takeName, takeSign } from './looseLiterals.ts';
import { type CallsRead, maxCalls } from './readCallJson.ts';
import type { ToolCall, ToolSpec } from './tool.ts';

/**
 * Reads calls written as Python: `[f(a=1), g("x")]`, or one a line, also inside `print()`. A value without a name goes to the parameter at its place.
 * @param offered the tools, whose parameters give places their names
 */
export function readPythonCalls(body: string, offered: readonly ToolSpec[]): CallsRead {
  return attempt(() => {
    const cursor: Cursor = { text: body, at: 0 };
    const isList = takeSign(cursor, '[');
    const calls: ToolCall[] = [];
    skipSpace(cursor);
    while (cursor.at < body.length && !(isList && takeSign(cursor, ']'))) {
      calls.push(...takeCall(cursor, offered));
      if (calls.length > maxCalls) throw new LiteralProblem(`there are more than ${maxCalls} in one turn`);
      while (takeSign(cursor, ',') || takeSign(cursor, ';'));
      skipSpace(cursor);
    }
    skipSpace(cursor);
    if (cursor.at < body.length) throw new LiteralProblem('something follows it');
    return calls;
  });
}

/** Reads a call as Gemma writes it: `call:name{key:<|"|>text<|"|>,other:1}`. */
export function readGemmaCall(body: string): CallsRead {
  return attempt(() => {
    const cursor: Cursor = { text: body, at: 0 };
    if (!takeSign(cursor, 'call:')) throw new LiteralProblem('it does not begin with call:');
    const name = takeName(cursor);
    if (name === null) throw new LiteralProblem('it names no tool');
    skipSpace(cursor);
    const given = cursor.at < body.length ? takeLiteral(cursor) : {};
    if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new LiteralProblem('its arguments are no object');
    return [{ name, arguments: given as ToolCall['arguments'] }];
  });
}

function takeCall(cursor: Cursor, offered: readonly ToolSpec[], isPrinted = false): readonly ToolCall[] {
  const written = takeName(cursor);
  if (written === null || !takeSign(cursor, '(')) throw new LiteralProblem('it is no call');
  if (written === 'print' && !isPrinted && !offered.some((tool) => tool.name === 'print')) {
    const inner = takeCall(cursor, offered, true);
    if (!takeSign(cursor, ')')) throw new LiteralProblem('it is not finished');
    return inner;
  }
  const name = toolNamed(written, offered);
  const places = placesOf(name, offered);
  const given: [string, JsonValue][] = [];
  while (!takeSign(cursor, ')')) {
    given.push(takeArgument(cursor, places[given.length]));
    if (takeSign(cursor, ',')) continue;
    if (takeSign(cursor, ')')) break;
    throw new LiteralProblem('it is not finished');
  }
  return [{ name, arguments: Object.fromEntries(given.filter(([key]) => key !== '__proto__')) }];
}

function takeArgument(cursor: Cursor, place: string | undefined): [string, JsonValue] {
  const start = cursor.at;
  const key = takeName(cursor);
  if (key !== null && takeSign(cursor, '=')) return [key, takeLiteral(cursor)];
  cursor.at = start;
  if (place === undefined) throw new LiteralProblem('a value in it has no name');
  return [place, takeLiteral(cursor)];
}

/** `default_api.f` and, of Llama's built-in tools, `f.call` mean the tool `f`. */
function toolNamed(written: string, offered: readonly ToolSpec[]): string {
  if (offered.some((tool) => tool.name === written)) return written;
  const parts = written.split('.');
  const known = parts.findLast((part) => offered.some((tool) => tool.name === part));
  return known ?? (parts.at(-1) === 'call' && parts.length > 1 ? parts.slice(0, -1).join('.') : written);
}

function placesOf(name: string, offered: readonly ToolSpec[]): readonly string[] {
  const properties = offered.find((tool) => tool.name === name)?.parameters.properties;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function attempt(read: () => readonly ToolCall[]): CallsRead {
  try {
    const calls = read();
    return calls.length === 0 ? { ok: false, problem: 'there is nothing in it' } : { ok: true, calls };
  } catch (error) {
    if (error instanceof LiteralProblem) return { ok: false, problem: error.message };
    throw error;
  }
}
