import { longestOpenTail } from './stopSequences.ts';

export interface ReasoningMarks {
  readonly open: string;
  readonly close: string;
  /** What stands before an answer that was not thought about; empty where nothing does. */
  readonly answer: string;
  /** Between the marks and what they enclose. */
  readonly gap: string;
  /** Where reasoning ends in a call of a tool: `keep` is the part that belongs to the call. */
  readonly calls?: readonly { readonly close: string; readonly keep: string }[];
}

/** The marks that model families put around their reasoning. Some are control tokens: see `markTokens`. */
const families: readonly ReasoningMarks[] = [
  { open: '<think>', close: '</think>', answer: '', gap: '\n' },
  { open: '[THINK]', close: '[/THINK]', answer: '', gap: '' },
  { open: '<|START_THINKING|>', close: '<|END_THINKING|>', answer: '', gap: '' },
  { open: '<|channel>thought', close: '<channel|>', answer: '', gap: '\n' },
  {
    open: '<|channel|>analysis<|message|>',
    close: '<|end|><|start|>assistant<|channel|>final<|message|>',
    answer: '<|channel|>final<|message|>',
    gap: '',
    calls: [
      { close: '<|end|><|start|>assistant<|channel|>commentary', keep: '<|channel|>commentary' },
      { close: '<|end|><|start|>assistant to=', keep: 'to=' },
    ],
  },
];

const answerMarks: readonly string[] = families.map(({ answer }) => answer).filter((mark) => mark !== '');

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

/** How a prompt leaves its model: with reasoning opened, with reasoning that is over, or free to begin as it likes. */
export interface AnswerStart {
  /** Null where neither the prompt nor the template shows any family's marks. */
  readonly marks: ReasoningMarks | null;
  readonly state: 'reasoning' | 'answer' | 'free';
}

/**
 * Tells the family from the end of a prompt, or else from its template.
 * @param template source of the chat template; null where there is none
 */
export function answerStart(prompt: string, template: string | null): AnswerStart {
  const tail = prompt.slice(-200).trimEnd();
  const opened = families.find(({ open }) => tail.endsWith(open));
  if (opened !== undefined) return { marks: opened, state: 'reasoning' };
  const closed = families.find(({ close }) => tail.endsWith(close));
  if (closed !== undefined) return { marks: closed, state: 'answer' };
  return { marks: families.find(({ open }) => template?.includes(open) === true) ?? null, state: 'free' };
}

/** Splits streamed text into reasoning and answer. */
export interface ReasoningSplit {
  /** @param tokens that the piece is of: 1 unless told */
  push(piece: string, tokens?: number): { readonly text: string; readonly reasoning: string };
  flush(): { readonly text: string; readonly reasoning: string };
  /** Whether any reasoning mark was seen, or the prompt itself opened one. */
  readonly seen: boolean;
  /** That went into reasoning, its marks among them. */
  readonly reasoningTokens: number;
  /** Where it is now; `start` until the answer has shown which of both it begins with. */
  readonly state: 'start' | 'reasoning' | 'answer';
}

/**
 * White space around the marks belongs to neither side.
 * @param start how the prompt leaves the model: some templates (DeepSeek R1) open the reasoning themselves
 * @param options.callsEndIt whether a call of a tool ends the reasoning too
 * @param options.isResumed the model was cut short right before: white space at the beginning belongs to what it goes on with
 */
export function createReasoningSplit(
  start: AnswerStart,
  options: { readonly callsEndIt: boolean; readonly isResumed?: boolean },
): ReasoningSplit {
  const isResumed = options.isResumed === true;
  let marks = start.state === 'reasoning' ? start.marks : null;
  let state: 'start' | 'reasoning' | 'answer' = marks !== null ? 'reasoning' : isResumed ? 'answer' : 'start';
  let seen = marks !== null;
  let skipSpace = marks !== null && !isResumed;
  let held = '';
  let reasoningTokens = 0;
  /** Of what may yet turn out to be a mark. */
  let undecidedTokens = 0;

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
    push(piece, tokens = 1) {
      const isThinking = state === 'reasoning';
      held += piece;
      const split = advance(false);
      undecidedTokens += tokens;
      if (state === 'start') return split;
      if (isThinking || state === 'reasoning') reasoningTokens += undecidedTokens;
      undecidedTokens = 0;
      return split;
    },
    flush: () => advance(true),
    get seen() {
      return seen;
    },
    get reasoningTokens() {
      return reasoningTokens;
    },
    get state() {
      return state;
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
