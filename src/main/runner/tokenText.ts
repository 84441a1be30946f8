import type { LlamaModel, Token } from 'node-llama-cpp';
import { callMarks } from '#core/tools/markedCalls.ts';
import { markTokens } from './reasoningSplit.ts';

/** A character of UTF-8 has at most four bytes, so more tokens than this never complete one. */
const maxHeldTokens = 8;
const recentTokens = 4;

/** Turns tokens into text one by one, holding back bytes of a character that is not complete yet. */
export interface TokenText<Piece> {
  push(token: Piece): string;
  flush(): string;
}

/** @param options.showCalls also shows the control tokens that mark calls of tools. */
export function createTokenText(model: LlamaModel, options: { readonly showCalls: boolean }): TokenText<Token> {
  const marks = findMarkTokens(model, options.showCalls ? 'calls' : 'reasoning');
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

type MarkSet = 'reasoning' | 'calls';
const markTexts: Readonly<Record<MarkSet, readonly string[]>> = {
  reasoning: markTokens,
  calls: [...new Set([...markTokens, ...callMarks])],
};
const marksOfModel = new WeakMap<LlamaModel, Map<MarkSet, ReadonlyMap<Token, string>>>();

/** Marks that this vocabulary holds as control tokens: decoding alone would make them vanish. */
function findMarkTokens(model: LlamaModel, set: MarkSet): ReadonlyMap<Token, string> {
  const ofModel = marksOfModel.get(model) ?? new Map<MarkSet, ReadonlyMap<Token, string>>();
  marksOfModel.set(model, ofModel);
  const known = ofModel.get(set);
  if (known !== undefined) return known;
  const marks = new Map<Token, string>();
  for (const mark of markTexts[set]) {
    const [token, ...more] = model.tokenize(mark, true);
    if (token !== undefined && more.length === 0 && model.detokenize([token], false) === '') marks.set(token, mark);
  }
  ofModel.set(set, marks);
  return marks;
}
