const opening = '<think>';
const closing = '</think>';

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
 * For servers that leave the model's reasoning in the text: `<think>…</think>` at its beginning, as Qwen, DeepSeek and others write it. White space
 * around the marks belongs to neither side.
 */
export function createInlineReasoning(): InlineReasoning {
  let state: 'start' | 'reasoning' | 'gap' | 'answer' = 'start';
  let held = '';

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
        if (begun.startsWith(opening)) {
          held = begun.slice(opening.length).trimStart();
          state = 'reasoning';
        } else if (!opening.startsWith(begun)) {
          state = 'answer';
        }
        return { text: '', reasoning: '' };
      }
      case 'reasoning': {
        const end = held.indexOf(closing);
        const kept = end < 0 ? openTail(held) : held.length - end;
        const reasoning = held.slice(0, held.length - kept);
        held = end < 0 ? held.slice(reasoning.length) : held.slice(end + closing.length);
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

/** How much of the end may be the beginning of the closing mark. */
function openTail(text: string): number {
  for (let length = Math.min(closing.length - 1, text.length); length > 0; length--) {
    if (closing.startsWith(text.slice(-length))) return length;
  }
  return 0;
}
