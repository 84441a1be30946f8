import type { ChatCall } from '#shared/contract/chat.ts';

export type AnswerPart =
  | { readonly kind: 'text'; readonly text: string; readonly start: number }
  | { readonly kind: 'call'; readonly call: ChatCall };

/** An answer's words and the calls between them, in the order they came. A call that claims a place beyond the text stands at its end. */
export function answerParts(text: string, calls: readonly ChatCall[]): readonly AnswerPart[] {
  const parts: AnswerPart[] = [];
  let start = 0;
  for (const call of calls.toSorted((a, b) => a.at - b.at)) {
    const end = Math.min(text.length, Math.max(start, call.at));
    if (text.slice(start, end).trim() !== '') parts.push({ kind: 'text', text: text.slice(start, end), start });
    parts.push({ kind: 'call', call });
    start = end;
  }
  const rest = text.slice(start);
  if (rest !== '' && (calls.length === 0 || rest.trim() !== '')) parts.push({ kind: 'text', text: rest, start });
  return parts;
}
