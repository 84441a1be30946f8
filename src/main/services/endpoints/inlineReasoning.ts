interface Tag {
  readonly open: string;
  readonly close: string;
}

/** How model families, and the prompts of people who want to see it, mark reasoning in text. */
const tags: readonly Tag[] = [
  ...['think', 'thinking', 'reasoning', 'thought', 'seed:think'].map((name) => ({ open: `<${name}>`, close: `</${name}>` })),
  { open: '[THINK]', close: '[/THINK]' },
  { open: '◁think▷', close: '◁/think▷' },
];

/** New text of an answer, told apart. */
export interface SplitText {
  readonly text: string;
  readonly reasoning: string;
}

/** Splits text as it arrives; `flush` gives what was held back for a mark that did not come. */
export interface InlineReasoning {
  push(piece: string): SplitText;
  flush(): SplitText;
}

/**
 * For servers that leave the model's reasoning in the text: `<think>…</think>` or the like at its beginning. White space around the marks belongs to
 * neither side.
 */
export function createInlineReasoning(): InlineReasoning {
  let state: 'start' | 'reasoning' | 'gap' | 'answer' = 'start';
  let held = '';
  let close = '';

  function step(): SplitText {
    const before = state;
    const taken = take();
    if (state === before) return taken;
    const more = step();
    return { text: taken.text + more.text, reasoning: taken.reasoning + more.reasoning };
  }

  /** What may be given now; the rest stays held. */
  function take(): SplitText {
    switch (state) {
      case 'start': {
        const begun = held.trimStart();
        const tag = tags.find(({ open }) => begun.startsWith(open));
        if (tag !== undefined) {
          close = tag.close;
          held = begun.slice(tag.open.length).trimStart();
          state = 'reasoning';
        } else if (!tags.some(({ open }) => open.startsWith(begun))) {
          state = 'answer';
        }
        return { text: '', reasoning: '' };
      }
      case 'reasoning': {
        const end = held.indexOf(close);
        const kept = end < 0 ? openTail(held, close) : held.length - end;
        const reasoning = held.slice(0, held.length - kept);
        held = end < 0 ? held.slice(reasoning.length) : held.slice(end + close.length);
        if (end >= 0) state = 'gap';
        return { text: '', reasoning };
      }
      case 'gap': {
        held = held.trimStart();
        if (held !== '') state = 'answer';
        return { text: '', reasoning: '' };
      }
      case 'answer': {
        const text = held;
        held = '';
        return { text, reasoning: '' };
      }
    }
  }

  return {
    push(piece) {
      held += piece;
      return step();
    },
    flush() {
      const rest = held;
      held = '';
      return state === 'reasoning' ? { text: '', reasoning: rest } : { text: state === 'gap' ? '' : rest, reasoning: '' };
    },
  };
}

/**
 * For templates that open the reasoning themselves, so that only its end is in the text: all before `</think>` was thought. It is known once the whole
 * answer is there.
 * @returns null where nothing is closed that was not opened
 */
export function splitUnopened(answer: string): SplitText | null {
  for (const { open, close } of tags) {
    const end = answer.indexOf(close);
    // A mark that is quoted or explained stands in a line with other words.
    if (end < 0 || answer.slice(0, end).includes(open) || !/^\s*(?:\n|$)/.test(answer.slice(end + close.length))) continue;
    return { reasoning: answer.slice(0, end).trim(), text: answer.slice(end + close.length).trimStart() };
  }
  return null;
}

/** How much of the end may be the beginning of the closing mark. */
function openTail(text: string, close: string): number {
  for (let length = Math.min(close.length - 1, text.length); length > 0; length--) {
    if (close.startsWith(text.slice(-length))) return length;
  }
  return 0;
}
