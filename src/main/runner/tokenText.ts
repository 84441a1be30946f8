import type { LlamaModel, Token } from 'node-llama-cpp';
import { markTokens } from './reasoningSplit.ts';

/** A character of UTF-8 has at most four bytes, so more tokens than this never complete one. */
const maxHeldTokens = 8;
const recentTokens = 4;

/** Turns tokens into text one by one, holding back bytes of a character that is not complete yet. */
export interface TokenText {
  push(token: Token): string;
  flush(): string;
}

export function createTokenText(model: LlamaModel): TokenText {
  const marks = findMarkTokens(model);
  let held: Token[] = [];
  let recent: Token[] = [];

  function release(text: string): string {
    recent = [...recent, ...held].slice(-recentTokens);
    held = [];
    return text;
  }
  function flush(): string {
    return held.length === 0 ? '' : release(model.detokenize(held, false, recent));
  }

  return {
    push(token) {
      const mark = marks.get(token);
      if (mark !== undefined) return flush() + mark;
      held.push(token);
      const text = model.detokenize(held, false, recent);
      return text.endsWith('\uFFFD') && held.length < maxHeldTokens ? '' : release(text);
    },
    flush,
  };
}

const marksOfModel = new WeakMap<LlamaModel, ReadonlyMap<Token, string>>();

/** Reasoning marks that this vocabulary holds as control tokens: decoding alone would make them vanish. */
function findMarkTokens(model: LlamaModel): ReadonlyMap<Token, string> {
  const known = marksOfModel.get(model);
  if (known !== undefined) return known;
  const marks = new Map<Token, string>();
  for (const mark of markTokens) {
    const [token, ...more] = model.tokenize(mark, true);
    if (token !== undefined && more.length === 0 && model.detokenize([token], false) === '') marks.set(token, mark);
  }
  marksOfModel.set(model, marks);
  return marks;
}
