import { type CallsRead, jsonEnd, maxCalls, readJsonCalls, readNamedCall } from './readCallJson.ts';
import { readHarmony } from './readHarmony.ts';
import { readGemmaCall, readPythonCalls } from './readPythonCalls.ts';
import type { CallsInText } from './readToolCalls.ts';
import { readFunctionBody, readKeyedCall } from './readXmlCalls.ts';
import type { ToolCall, ToolSpec } from './tool.ts';

/** How a family marks calls. */
interface Family {
  readonly open: string;
  /** Empty where a call goes on to the next mark or the end. */
  readonly close: string;
  /** Around all calls of a turn, and of no meaning by themselves. */
  readonly around?: readonly string[];
  read(body: string, offered: readonly ToolSpec[]): CallsRead;
}

const families: readonly Family[] = [
  // Phi-4-mini, Granite 3
  { open: '<|tool_call|>', close: '<|/tool_call|>', read: readJsonCalls },
  { open: '<|tool_call_start|>', close: '<|tool_call_end|>', read: readListOrPython },
  {
    open: '<｜tool▁call▁begin｜>',
    close: '<｜tool▁call▁end｜>',
    around: ['<｜tool▁calls▁begin｜>', '<｜tool▁calls▁end｜>'],
    read: readDeepSeek,
  },
  {
    open: '<|tool_call_begin|>',
    close: '<|tool_call_end|>',
    around: ['<|tool_calls_section_begin|>', '<|tool_calls_section_end|>'],
    read: readKimi,
  },
  {
    open: '<|START_ACTION|>',
    close: '<|END_ACTION|>',
    around: ['<|START_RESPONSE|>', '<|END_RESPONSE|>'],
    read: readJsonCalls,
  },
  { open: '<|tool_call>', close: '<tool_call|>', read: readGemmaCall },
  { open: '<start_function_call>', close: '<end_function_call>', read: readGemmaCall },
  { open: '[TOOL_CALLS]', close: '', read: readMistral },
  { open: '<|python_tag|>', close: '', around: ['<|eom_id|>'], read: readLlama },
  // Hermes, Qwen; with other insides Qwen3-Coder and GLM
  { open: '<tool_call>', close: '</tool_call>', read: readTagged },
  { open: '<tool_calls>', close: '</tool_calls>', read: readJsonCalls },
  { open: '<TOOLCALL>', close: '</TOOLCALL>', read: readJsonCalls },
  { open: '<seed:tool_call>', close: '</seed:tool_call>', read: readTagged },
  // Qwen3-Coder leaves the outer tag out at times; Llama 3.1 writes JSON inside
  { open: '<function=', close: '</function>', read: readFunctionBody },
  { open: '```tool_code', close: '```', read: readPythonCalls },
];

/** Marks that a vocabulary may hold as control tokens, which are invisible in decoded text. */
export const callMarks: readonly string[] = [
  ...families.flatMap(({ open, close, around }) => [open, close, ...(around ?? [])]).filter((mark) => mark !== ''),
  '<｜tool▁sep｜>',
  '<|tool_call_argument_begin|>',
  '[ARGS]',
  '[CALL_ID]',
  '<|"|>',
  '<escape>',
  '<arg_key>',
  '</arg_key>',
  '<arg_value>',
  '</arg_value>',
  '<|constrain|>',
  '<|call|>',
];

/** @returns null where no family's mark is in the text */
export function findMarkedCalls(text: string, offered: readonly ToolSpec[]): CallsInText | null {
  const harmony = readHarmony(text);
  if (harmony !== null) return harmony;
  let first: { readonly family: Family; readonly at: number } | null = null;
  for (const family of families) {
    const at = text.indexOf(family.open);
    if (at >= 0 && (first === null || at < first.at)) first = { family, at };
  }
  return first === null ? null : readBlocks(text, first.family, offered);
}

function readBlocks(text: string, family: Family, offered: readonly ToolSpec[]): CallsInText {
  const { open, close } = family;
  const calls: ToolCall[] = [];
  let left = '';
  let from = 0;
  for (let blocks = 0; ; blocks++) {
    const at = text.indexOf(open, from);
    if (at < 0) break;
    if (blocks === maxCalls) return unread(text, `there are more than ${maxCalls} in one turn`);
    left += text.slice(from, at);
    const start = at + open.length;
    const closedAt = text.indexOf(close === '' ? open : close, start);
    const end = closedAt < 0 ? text.length : closedAt;
    const read = family.read(text.slice(start, end), offered);
    if (!read.ok) return unread(text, read.problem);
    calls.push(...read.calls);
    from = closedAt < 0 || close === '' ? end : end + close.length;
  }
  left += text.slice(from);
  for (const mark of family.around ?? []) left = left.replaceAll(mark, '');
  return { text: left.trim(), calls, problem: null };
}

const unread = (text: string, problem: string): CallsInText => ({ text, calls: [], problem: `A call cannot be read: ${problem}.` });

function readTagged(body: string, offered: readonly ToolSpec[]): CallsRead {
  const inner = body.trim();
  if (inner.startsWith('{') || inner.startsWith('[')) return readJsonCalls(inner);
  if (!inner.startsWith('<function=')) return readKeyedCall(inner, offered);
  const calls: ToolCall[] = [];
  for (const part of inner.split('<function=').slice(1, maxCalls + 2)) {
    const end = part.lastIndexOf('</function>');
    const read = readFunctionBody(end < 0 ? part : part.slice(0, end), offered);
    if (!read.ok) return read;
    calls.push(...read.calls);
  }
  return { ok: true, calls };
}

function readListOrPython(body: string, offered: readonly ToolSpec[]): CallsRead {
  return /^\[?\s*\{/.test(body.trimStart()) ? readJsonCalls(body) : readPythonCalls(body, offered);
}

/** V3.1: `name<sep>{json}`. R1 and V3: `function<sep>name`, then JSON in a fence. */
function readDeepSeek(body: string): CallsRead {
  const [head = '', ...rest] = body.split('<｜tool▁sep｜>');
  if (rest.length !== 1) return { ok: false, problem: 'its name and its arguments are not apart' };
  const fenced = /^([^\n]*)\n```(?:json)?\n([\s\S]*?)\n?```\s*$/.exec(rest[0] ?? '');
  return fenced === null ? readNamedCall(head.trim(), rest[0] ?? '') : readNamedCall((fenced[1] ?? '').trim(), fenced[2] ?? '');
}

/** `functions.name:0`, then the arguments. */
function readKimi(body: string): CallsRead {
  const [head = '', ...rest] = body.split('<|tool_call_argument_begin|>');
  return readNamedCall(
    head
      .trim()
      .replace(/^functions\./, '')
      .replace(/:\d+$/, ''),
    rest.join(''),
  );
}

/** A list, or since 2025 `name[ARGS]{json}` with `[CALL_ID]` between. */
function readMistral(body: string): CallsRead {
  const inner = body.trim();
  if (inner.startsWith('[{') || inner.startsWith('[ {') || inner.startsWith('{'))
    return readJsonCalls(inner.slice(0, jsonEnd(inner, 0) ?? undefined));
  const at = inner.indexOf('{');
  const head = (at < 0 ? inner : inner.slice(0, at)).replace(/\[ARGS\]\s*$/, '').replace(/\[CALL_ID\].*$/s, '');
  return readNamedCall(head.trim(), at < 0 ? '' : inner.slice(at, jsonEnd(inner, at) ?? undefined));
}

/** JSON, a built-in tool as `name.call(query="...")`, or the bare code of a tool that runs code. */
function readLlama(body: string, offered: readonly ToolSpec[]): CallsRead {
  const inner = body.replaceAll('<|eom_id|>', '').trim();
  if (inner.startsWith('{') || inner.startsWith('[{')) return readJsonCalls(inner);
  if (/^[\w.]+\.call\(/.test(inner)) return readPythonCalls(inner, offered);
  const interpreter = offered.find(
    ({ parameters: { properties } }) => typeof properties === 'object' && properties !== null && 'code' in properties,
  );
  if (interpreter === undefined) return readPythonCalls(inner, offered);
  return { ok: true, calls: [{ name: interpreter.name, arguments: { code: inner } }] };
}
