import { longestOpenTail } from './stopSequences.ts';

interface ReasoningMarks {
  readonly open: string;
  readonly close: string;
  /** Where reasoning ends in a call of a tool: `keep` is the part that belongs to the call. */
  readonly calls?: readonly { readonly close: string; readonly keep: string }[];
}

/** The marks that model families put around their reasoning. Some are control tokens: see `markTokens`. */
const families: readonly ReasoningMarks[] = [
  { open: '<think>', close: '</think>' },
  { open: '[THINK]', close: '[/THINK]' },
  { open: '<|START_THINKING|>', close: '<|END_THINKING|>' },
  { open: '<|channel>thought', close: '<channel|>' },
  {
    open: '<|channel|>analysis<|message|>',
    close: '<|end|><|start|>assistant<|channel|>final<|message|>',
    calls: [
      { close: '<|end|><|start|>assistant<|channel|>commentary', keep: '<|channel|>commentary' },
      { close: '<|end|><|start|>assistant to=', keep: 'to=' },
    ],
  },
];

/** What some families put before an answer that they did not think about. */
const answerMarks: readonly string[] = ['<|channel|>final<|message|>'];

/** Pieces of marks that a vocabulary may hold as control tokens, which are invisible in decoded text. */
export const markTokens: readonly string[] = [
  '<think>',
  '</think>',
  '[THINK]',
  '[/THINK]',
  '<|START_THINKING|>',
  '<|END_THINKING|>',
  '<|channel>',
  '<channel|>',
  '<|channel|>',
  '<|message|>',
  '<|start|>',
  '<|end|>',
];

/** Splits streamed text into reasoning and answer. */
export interface ReasoningSplit {
  push(piece: string): { readonly text: string; readonly reasoning: string };
  flush(): { readonly text: string; readonly reasoning: string };
  /** Whether any reasoning mark was seen, or the prompt itself opened one. */
  readonly seen: boolean;
}

/**
 * @param promptTail the end of the prompt: some templates (DeepSeek R1) open the reasoning themselves.
 * White space around the marks belongs to neither side.
 * @param options.callsEndIt whether a call of a tool ends the reasoning too.
 */
export function createReasoningSplit(promptTail: string, options: { readonly callsEndIt: boolean }): ReasoningSplit {
  const trimmedTail = promptTail.trimEnd();
  let marks = families.find((family) => trimmedTail.endsWith(family.open)) ?? null;
  let state: 'start' | 'reasoning' | 'answer' = marks === null ? 'start' : 'reasoning';
  let seen = marks !== null;
  let skipSpace = marks !== null;
  let held = '';

  function advance(final: boolean): { text: string; reasoning: string } {
    let text = '';
    let reasoning = '';
    if (state === 'start') {
      const begun = held.trimStart();
      const opened = families.find((family) => begun.startsWith(family.open));
      const answerMark = answerMarks.find((mark) => begun.startsWith(mark));
      if (opened !== undefined) {
        marks = opened;
        state = 'reasoning';
        seen = true;
        skipSpace = true;
        held = begun.slice(opened.open.length);
      } else if (answerMark !== undefined) {
        state = 'answer';
        skipSpace = true;
        held = begun.slice(answerMark.length);
      } else if (final || ![...families.map((family) => family.open), ...answerMarks].some((mark) => mark.startsWith(begun))) {
        state = 'answer';
      } else {
        return { text, reasoning };
      }
    }
    if (state === 'reasoning' && marks !== null) {
      if (skipSpace) held = held.trimStart();
      const closings = [{ close: marks.close, keep: '' }, ...(options.callsEndIt ? (marks.calls ?? []) : [])];
      const closing = earliestClosing(held, closings);
      if (closing !== null) {
        reasoning = held.slice(0, closing.at).trimEnd();
        held = closing.keep + held.slice(closing.at + closing.close.length);
        state = 'answer';
        skipSpace = true;
      } else {
        // White space before a possible closing mark is held back too, so that it can be dropped.
        const marksToCome = closings.map(({ close }) => close);
        const keep = final
          ? 0
          : Math.max(longestOpenTail(held, marksToCome), held.length - held.trimEnd().length, spaceAndOpenTail(held, marksToCome));
        reasoning = held.slice(0, held.length - keep);
        held = held.slice(held.length - keep);
        if (reasoning.length > 0) skipSpace = false;
        if (final) reasoning = reasoning.trimEnd();
        return { text, reasoning };
      }
    }
    if (skipSpace) held = held.trimStart();
    text = held;
    if (text.length > 0) skipSpace = false;
    held = '';
    return { text, reasoning };
  }

  return {
    push(piece) {
      held += piece;
      return advance(false);
    },
    flush: () => advance(true),
    get seen() {
      return seen;
    },
  };
}

type Closing = { readonly close: string; readonly keep: string };

function earliestClosing(held: string, closings: readonly Closing[]): (Closing & { readonly at: number }) | null {
  let earliest: (Closing & { readonly at: number }) | null = null;
  for (const closing of closings) {
    const at = held.indexOf(closing.close);
    if (at >= 0 && (earliest === null || at < earliest.at)) earliest = { ...closing, at };
  }
  return earliest;
}

/** Length of a tail made of white space and then the beginning of a closing mark. */
function spaceAndOpenTail(text: string, closings: readonly string[]): number {
  const open = longestOpenTail(text, closings);
  if (open === 0) return 0;
  const before = text.slice(0, text.length - open);
  return open + before.length - before.trimEnd().length;
}
