import { findMarkedCalls } from './markedCalls.ts';
import { isPlainCall, jsonEnd, maxCalls, maxNameCharacters, parseJson, readJsonCalls } from './readCallJson.ts';
import { readPythonCalls } from './readPythonCalls.ts';
import type { ToolCall, ToolSpec } from './tool.ts';

/** No answer with a call in it is as long as this; reading stays quick whatever a model writes. */
const maxCharacters = 2_000_000;
const fence = '```';

/** What an answer with tools holds. */
export interface CallsInText {
  /** What is not part of a call. */
  readonly text: string;
  /** In their order. Calls of tools that were not offered are among them. */
  readonly calls: readonly ToolCall[];
  /** Why what looks like a call is none; null where all was well. Then `text` still holds it. */
  readonly problem: string | null;
}

/**
 * Reads the calls out of a model's answer, in whichever form its family writes them. Nothing is repaired: a tool's caller elsewhere would not either.
 * @param text the answer, control tokens that mark calls made visible, without reasoning
 * @param offered the tools the model was told of: they tell texts from numbers where a family marks neither
 */
export function readToolCalls(text: string, offered: readonly ToolSpec[]): CallsInText {
  if (text.length > maxCharacters) return { text, calls: [], problem: 'The answer is too long to look for calls in it.' };
  const found = findMarkedCalls(text, offered) ?? findBareCalls(text, offered);
  if (found === null) return { text, calls: [], problem: null };
  const problem = excessOf(found.calls);
  return problem === null ? found : { text, calls: [], problem: `A call cannot be read: ${problem}.` };
}

/** What nobody who runs calls would take. */
function excessOf(calls: readonly ToolCall[]): string | null {
  if (calls.length > maxCalls) return `there are more than ${maxCalls} in one turn`;
  const isTooLong = calls.some(({ name }) => name.length > maxNameCharacters);
  return isTooLong ? `the name of its tool is longer than ${maxNameCharacters} characters` : null;
}

/** An answer that is nothing but calls, without a mark: Llama 3 and Mistral as JSON, Llama 4 and Gemma as Python. */
function findBareCalls(text: string, offered: readonly ToolSpec[]): CallsInText | null {
  const body = withoutFence(text.trim());
  const begun = /^\[?\s*\{\s*(?:"type"\s*:\s*"function"\s*,\s*)?"(?:name|function)"\s*:\s*"([^"]{1,200})"/.exec(body);
  if (begun !== null) {
    const read = isAllCalls(body) ? readJsonCalls(body) : null;
    if (read?.ok === true) return { text: '', calls: read.calls, problem: null };
    const isOffered = offered.some((tool) => tool.name === begun[1]);
    return isOffered && jsonEnd(body, 0) === null ? { text, calls: [], problem: 'A call was begun, and its JSON is not finished.' } : null;
  }
  if (!/^\[\s*[A-Za-z_][\w.]*\(/.test(body)) return null;
  const read = readPythonCalls(body, offered);
  const isMeant = read.ok && read.calls.some((call) => offered.some((tool) => tool.name === call.name));
  return isMeant ? { text: '', calls: read.calls, problem: null } : null;
}

/** Whether there is nothing but calls in it, one after the other or in a list; too many of them are none. */
function isAllCalls(body: string): boolean {
  let at = 0;
  for (let count = 0; at < body.length; count++) {
    if (count === maxCalls) return false;
    const end = jsonEnd(body, at);
    const value = end === null ? undefined : parseJson(body.slice(at, end));
    if (end === null || value === undefined) return false;
    if (!(Array.isArray(value) ? value.every(isPlainCall) : isPlainCall(value))) return false;
    at = end + (/^[\s,;]*/.exec(body.slice(end, end + 100))?.[0].length ?? 0);
  }
  return true;
}

function withoutFence(text: string): string {
  const headEnd = text.indexOf('\n');
  const isFenced = headEnd >= 0 && text.length > headEnd + fence.length && text.endsWith(fence);
  const isOurs = isFenced && /^```(?:json|python|tool_call)?$/.test(text.slice(0, headEnd).trimEnd());
  return isOurs ? text.slice(headEnd + 1, -fence.length).trim() : text;
}
