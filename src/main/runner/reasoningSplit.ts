import { longestOpenTail } from './stopSequences.ts';

interface ReasoningMarks {
  readonly open: string;
  readonly close: string;
}

/** The marks that model families put around their reasoning. Some are control tokens: see `markTokens`. */
const families: readonly ReasoningMarks[] = [
  { open: '<think>', close: '</think>' },
  { open: '[THINK]', close: '[/THINK]' },
  { open: '<|START_THINKING|>', close: '<|END_THINKING|>' },
  { open: '<|channel|>analysis<|message|>', close: '<|end|><|start|>assistant<|channel|>final<|message|>' },
];

/** Pieces of marks that a vocabulary may hold as control tokens, which are invisible in decoded text. */
export const markTokens: readonly string[] = [
  '<think>',
  '</think>',
  '[THINK]',
  '[/THINK]',
  '<|START_THINKING|>',
  '<|END_THINKING|>',
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
 */
export function createReasoningSplit(promptTail: string): ReasoningSplit {
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
      if (opened !== undefined) {
        marks = opened;
        state = 'reasoning';
        seen = true;
        skipSpace = true;
        held = begun.slice(opened.open.length);
      } else if (final || !families.some((family) => family.open.startsWith(begun))) {
        state = 'answer';
      } else {
        return { text, reasoning };
      }
    }
    if (state === 'reasoning' && marks !== null) {
      if (skipSpace) held = held.trimStart();
      const at = held.indexOf(marks.close);
      if (at >= 0) {
        reasoning = held.slice(0, at).trimEnd();
        held = held.slice(at + marks.close.length);
        state = 'answer';
        skipSpace = true;
      } else {
        // White space before a possible closing mark is held back too, so that it can be dropped.
        const keep = final
          ? 0
          : Math.max(longestOpenTail(held, [marks.close]), held.length - held.trimEnd().length, spaceAndOpenTail(held, marks.close));
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

/** Length of a tail made of white space and then the beginning of the closing mark. */
function spaceAndOpenTail(text: string, close: string): number {
  const open = longestOpenTail(text, [close]);
  if (open === 0) return 0;
  const before = text.slice(0, text.length - open);
  return open + before.length - before.trimEnd().length;
}
