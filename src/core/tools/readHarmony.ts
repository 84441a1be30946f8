import { readNamedCall } from './readCallJson.ts';
import type { CallsInText } from './readToolCalls.ts';
import type { ToolCall } from './tool.ts';

const messageMark = '<|message|>';
const endMark = /<\|(?:end|call|return|start|channel)\|>/g;
const maxMessages = 200;

/**
 * Reads gpt-oss's messages: a head with a channel and whom it is for (`to=functions.name`), then its content. What is for the user is text, what is for a
 * tool is a call, what is analysis is neither.
 * @returns null where there is no such message
 */
export function readHarmony(text: string): CallsInText | null {
  if (!text.includes(messageMark)) return null;
  const calls: ToolCall[] = [];
  const said: string[] = [];
  let from = 0;
  for (let count = 0; count < maxMessages; count++) {
    const at = text.indexOf(messageMark, from);
    if (at < 0) break;
    const head = text.slice(from, at);
    const start = at + messageMark.length;
    const end = earliestEnd(text, start);
    const content = text.slice(start, end);
    const name = /\bto=(?:functions\.)?([\w.-]+)/.exec(head)?.[1];
    if (name !== undefined && name !== 'user' && name !== 'assistant') {
      const read = readNamedCall(name, content);
      if (!read.ok) return { text, calls: [], problem: `A call cannot be read: ${read.problem}.` };
      calls.push(...read.calls);
    } else if (!head.includes('analysis')) {
      said.push(content.trim());
    }
    from = end;
  }
  return { text: said.join('\n').trim(), calls, problem: null };
}

function earliestEnd(text: string, start: number): number {
  endMark.lastIndex = start;
  return endMark.exec(text)?.index ?? text.length;
}
