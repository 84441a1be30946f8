import { callMarks } from './markedCalls.ts';

/** Marks of calls that are read by other rules than a mark before and after. */
const otherMarks = ['<|channel|>commentary', 'to=functions.'];
/** A fence alone is code like any other. */
const marks: readonly string[] = [...callMarks.filter((mark) => mark !== '```'), ...otherMarks];

/** Holds back from a stream what may be a call of a tool and no word of the answer. */
export interface CallScreen {
  /** @returns what of the text so far can be shown now */
  push(piece: string): string;
  /** What was shown of it. */
  readonly shown: string;
}

/**
 * A call is read out of an answer once it is whole; until then nothing of it may be shown. From the first mark of a call on all is held back, and all of an
 * answer that begins like a call without marks.
 */
export function createCallScreen(): CallScreen {
  let text = '';
  let shown = '';
  let isShut = false;
  return {
    push(piece) {
      if (isShut) return '';
      text += piece;
      if (shown === '') {
        const begun = text.trimStart();
        if (mayBecomeBare(begun)) return '';
        isShut = bareCall.test(begun);
        if (isShut) return '';
      }
      const from = Math.max(0, shown.length - longestMark);
      const found = marks.map((mark) => text.indexOf(mark, from)).filter((at) => at >= 0);
      isShut = found.length > 0;
      const end = isShut ? Math.min(...found) : text.length - openTail(text);
      const fresh = text.slice(shown.length, Math.max(end, shown.length));
      shown += fresh;
      return fresh;
    },
    get shown() {
      return shown;
    },
  };
}

/** An answer that may be nothing but calls, as JSON or Python, with or without a fence around. */
const bareCall = /^(?:```(?:json|python|tool_call)?\s*)?[{[]/;

function mayBecomeBare(begun: string): boolean {
  if (begun === '' || begun === '`' || begun === '``') return true;
  if (!begun.startsWith('```')) return false;
  const language = begun.slice(3);
  return ['json', 'python', 'tool_call'].some(
    (name) => name.startsWith(language) || (language.startsWith(name) && language.slice(name.length).trim() === ''),
  );
}

const longestMark = Math.max(...marks.map((mark) => mark.length));

/** How much of the end may be the beginning of a mark. */
function openTail(text: string): number {
  for (let length = Math.min(longestMark - 1, text.length); length > 0; length--) {
    const tail = text.slice(-length);
    if (marks.some((mark) => mark.startsWith(tail))) return length;
  }
  return 0;
}
