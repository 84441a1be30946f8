/** Formulas in Markdown: `\( \)` and `$ $` within a line, `\[ \]` and `$$ $$` on lines of their own. What is in them is TeX, and no Markdown. */

type State = (code: number | null) => State | undefined;

interface Effects {
  enter(type: string): unknown;
  exit(type: string): unknown;
  consume(code: number | null): void;
}

interface Token {
  readonly type: string;
}

interface Tree {
  enter(node: object, token: Token): void;
  exit(token: Token): void;
  sliceSerialize(token: Token): string;
  readonly stack: readonly object[];
}

interface ParserData {
  micromarkExtensions?: object[];
  fromMarkdownExtensions?: object[];
}

const dollar = 36;
const backslash = 92;
const closers = new Map([
  [40, 41],
  [91, 93],
]);

/** A plugin of remark. A formula becomes `code` of the language `math`, or `math-display` where it stands alone. */
export function remarkMath(this: { data(): object }): void {
  const data = this.data() as ParserData;
  const construct = { name: 'tex', tokenize };
  data.micromarkExtensions = [...(data.micromarkExtensions ?? []), { text: { [dollar]: construct, [backslash]: construct } }];
  data.fromMarkdownExtensions = [...(data.fromMarkdownExtensions ?? []), { enter: { tex: enterTex }, exit: { tex: exitTex } }];
}

function tokenize(effects: Effects, ok: State, nok: State): State {
  let isDouble = false;
  /** Null where dollars close it. */
  let closer: number | null = null;
  let before: number | null = null;
  let hasData = false;

  const take = (code: number | null): void => {
    if (!hasData) effects.enter('texData');
    hasData = true;
    before = code;
    effects.consume(code);
  };
  const close = (): void => {
    if (hasData) effects.exit('texData');
    hasData = false;
  };
  const begin: State = (code) => {
    effects.enter('tex');
    take(code);
    return code === dollar ? afterDollar : afterBackslash;
  };
  const afterDollar: State = (code) => {
    if (code === dollar) {
      isDouble = true;
      take(code);
      return within;
    }
    return isSpace(code) ? nok(code) : within(code);
  };
  const afterBackslash: State = (code) => {
    closer = code === null ? null : (closers.get(code) ?? null);
    if (closer === null) return nok(code);
    take(code);
    return within;
  };
  const within: State = (code) => {
    if (code === null) return nok(code);
    if (code < -2) {
      close();
      effects.enter('lineEnding');
      effects.consume(code);
      effects.exit('lineEnding');
      before = code;
      return within;
    }
    const wasSpace = isSpace(before);
    take(code);
    if (code === backslash) return escaped;
    if (code !== dollar || closer !== null) return within;
    if (isDouble) return secondDollar;
    return wasSpace ? nok : afterLast;
  };
  const escaped: State = (code) => {
    if (code === null || code < -2) return within(code);
    take(code);
    return code === closer ? end : within;
  };
  const secondDollar: State = (code) => {
    if (code !== dollar) return within(code);
    take(code);
    return end;
  };
  // Two prices in a line are no formula.
  const afterLast: State = (code) => (code !== null && code >= 48 && code <= 57 ? nok(code) : end(code));
  const end: State = (code) => {
    close();
    effects.exit('tex');
    return ok(code);
  };
  return begin;
}

/** Line endings and tabs have codes below zero. */
function isSpace(code: number | null): boolean {
  return code === null || code < 0 || code === 32;
}

function enterTex(this: Tree, token: Token): void {
  this.enter({ type: 'tex' }, token);
}

function exitTex(this: Tree, token: Token): void {
  const source = this.sliceSerialize(token);
  const isDisplay = source.startsWith('$$') || source.startsWith('\\[');
  const fence = source.startsWith('$') && !isDisplay ? 1 : 2;
  const value = source.slice(fence, -fence).trim();
  const node = this.stack.at(-1);
  if (node !== undefined) {
    const className = [isDisplay ? 'language-math-display' : 'language-math'];
    Object.assign(node, { data: { hName: 'code', hProperties: { className }, hChildren: [{ type: 'text', value }] } });
  }
  this.exit(token);
}
