import {
  accents,
  environments,
  functionNames,
  ignored,
  integrals,
  largeOperators,
  limitNames,
  operators,
  spaces,
  symbols,
  underAccents,
} from './texSymbols.ts';

/** An element of MathML, of those that every browser draws. */
export interface MathNode {
  readonly tag: string;
  readonly text?: string;
  readonly children?: readonly MathNode[];
  readonly attributes?: Readonly<Record<string, string>>;
}

const longestSource = 4_000;
const deepest = 40;

/** @returns a formula as MathML; null where it is not TeX that is known here, which is better read as it was written */
export function readTex(source: string): MathNode | null {
  if (source.trim() === '' || source.length > longestSource) return null;
  const reader = createReader(source);
  try {
    const row = reader.row([]);
    return reader.isAtEnd() ? row : null;
  } catch (thrown) {
    if (thrown instanceof UnknownTex) return null;
    throw thrown;
  }
}

class UnknownTex extends Error {}

function createReader(source: string) {
  const tokens = source.match(/\\operatorname\*|\\[A-Za-z]+|\\[\s\S]|\d+(?:[.,]\d+)*|\s+|[\s\S]/gu) ?? [];
  let at = 0;
  let depth = 0;

  const skipSpace = (): void => {
    while (/^\s/.test(tokens[at] ?? '')) at += 1;
  };
  const peek = (): string | undefined => {
    skipSpace();
    return tokens[at];
  };
  const next = (): string => {
    const token = peek();
    if (token === undefined) throw new UnknownTex();
    at += 1;
    return token;
  };
  const expect = (token: string): void => {
    if (next() !== token) throw new UnknownTex();
  };

  /** Up to one of the ends, which stays. */
  function row(ends: readonly string[]): MathNode {
    const children: MathNode[] = [];
    for (let token = peek(); token !== undefined && !ends.includes(token); token = peek()) {
      if (token === '}' || token === '&' || token === '\\\\' || token === '\\right' || token === '\\end') throw new UnknownTex();
      const node = scripted();
      if (node !== null) children.push(node);
    }
    return children.length === 1 && children[0] !== undefined ? children[0] : { tag: 'mrow', children };
  }

  /** What stands in braces, or the one sign that stands there instead. */
  function argument(): MathNode {
    if (++depth > deepest) throw new UnknownTex();
    const content = peek() === '{' ? group() : (atom() ?? { tag: 'mrow', children: [] });
    depth -= 1;
    return content;
  }

  function group(): MathNode {
    expect('{');
    const content = row(['}']);
    expect('}');
    return content;
  }

  /** Words in braces as they are, spaces too. */
  function words(): string {
    expect('{');
    let text = '';
    for (let level = 1; ; at += 1) {
      const token = tokens[at];
      if (token === undefined) throw new UnknownTex();
      if (token === '{') level += 1;
      if (token === '}') level -= 1;
      if (level === 0) break;
      if (token !== '{' && token !== '}') text += /^\\[^A-Za-z]$/.test(token) ? token.slice(1) : token;
    }
    at += 1;
    return text;
  }

  function scripted(): MathNode | null {
    const token = peek();
    const base = token === '^' || token === '_' ? { tag: 'mrow', children: [] } : atom();
    if (base === null) return null;
    let under: MathNode | null = null;
    let over: MathNode | null = null;
    let primes = '';
    for (let mark = peek(); mark === '^' || mark === '_' || mark === "'" || mark === '\\limits'; mark = peek()) {
      at += 1;
      if (mark === '_') under = argument();
      else if (mark === '^') over = argument();
      else if (mark === "'") primes += '′';
    }
    if (primes !== '') {
      const prime: MathNode = { tag: 'mo', text: primes };
      over = over === null ? prime : { tag: 'mrow', children: [prime, over] };
    }
    const name = token?.slice(1) ?? '';
    return withScripts(base, { under, over, isLimits: name in largeOperators || limitNames.has(name) || /brace$/.test(name) });
  }

  function atom(): MathNode | null {
    const token = next();
    if (token === '{') {
      at -= 1;
      return argument();
    }
    if (token.startsWith('\\')) return command(token.slice(1));
    if (/^\d/.test(token)) return { tag: 'mn', text: token };
    if (/^\p{L}/u.test(token)) return { tag: 'mi', text: token };
    if (token === '~') return { tag: 'mspace', attributes: { width: '0.25em' } };
    if (token === '^' || token === '_' || token === '}' || token === '&' || token === '#' || token === '%') throw new UnknownTex();
    return { tag: 'mo', text: token === '-' ? '−' : token, ...(/[()[\]|]/.test(token) ? { attributes: { stretchy: 'false' } } : {}) };
  }

  function command(name: string): MathNode | null {
    if (Object.hasOwn(symbols, name)) return { tag: 'mi', text: symbols[name] ?? '' };
    if (Object.hasOwn(operators, name)) return { tag: 'mo', text: operators[name] ?? '', attributes: { stretchy: 'false' } };
    if (Object.hasOwn(largeOperators, name)) return { tag: 'mo', text: largeOperators[name] ?? '', attributes: { movablelimits: 'true' } };
    if (Object.hasOwn(integrals, name)) return { tag: 'mo', text: integrals[name] ?? '' };
    if (functionNames.has(name)) return { tag: 'mi', text: name };
    if (limitNames.has(name)) return { tag: 'mo', text: name, attributes: { movablelimits: 'true' } };
    if (Object.hasOwn(spaces, name)) return { tag: 'mspace', attributes: { width: `${spaces[name]}em` } };
    if (ignored.has(name)) return null;
    if (Object.hasOwn(accents, name)) return { tag: 'mover', attributes: { accent: 'true' }, children: [argument(), mark(accents[name])] };
    if (Object.hasOwn(underAccents, name)) return { tag: 'munder', children: [argument(), mark(underAccents[name])] };
    switch (name) {
      case 'frac':
      case 'dfrac':
      case 'tfrac':
        return { tag: 'mfrac', children: [argument(), argument()] };
      case 'binom': {
        const pair: MathNode = { tag: 'mfrac', attributes: { linethickness: '0' }, children: [argument(), argument()] };
        return { tag: 'mrow', children: [{ tag: 'mo', text: '(' }, pair, { tag: 'mo', text: ')' }] };
      }
      case 'sqrt': {
        if (peek() !== '[') return { tag: 'msqrt', children: [argument()] };
        at += 1;
        const degree = row([']']);
        expect(']');
        return { tag: 'mroot', children: [argument(), degree] };
      }
      case 'text':
      case 'textrm':
      case 'textbf':
      case 'textit':
      case 'mbox':
        return { tag: 'mtext', text: words().replaceAll(' ', '\u00a0') };
      case 'mathrm':
      case 'mathsf':
      case 'mathtt':
      case 'operatorname':
      case 'operatorname*':
        return { tag: 'mi', text: words(), attributes: { mathvariant: 'normal' } };
      case 'mathbf':
      case 'boldsymbol':
      case 'bm':
        return { tag: 'mrow', attributes: { class: 'bold' }, children: [argument()] };
      case 'mathbb':
        return { tag: 'mi', text: doubleStruck(words()) };
      case 'mathcal':
      case 'mathscr':
      case 'mathit':
        return argument();
      case 'boxed':
        return { tag: 'mrow', attributes: { class: 'boxed' }, children: [argument()] };
      case 'left': {
        if (++depth > deepest) throw new UnknownTex();
        const opening = delimiter();
        const content = row(['\\right']);
        expect('\\right');
        depth -= 1;
        return { tag: 'mrow', children: [...opening, content, ...delimiter()] };
      }
      case 'begin':
        return environment(words());
      default:
        throw new UnknownTex();
    }
  }

  function delimiter(): readonly MathNode[] {
    const token = next();
    const text = token.startsWith('\\') ? operators[token.slice(1)] : token;
    if (text === undefined) throw new UnknownTex();
    return text === '.' ? [] : [fence(text)];
  }

  function environment(name: string): MathNode {
    const around = Object.hasOwn(environments, name) ? environments[name] : undefined;
    if (around === undefined) throw new UnknownTex();
    if (name === 'array') words();
    if (++depth > deepest) throw new UnknownTex();
    const rows: MathNode[] = [];
    for (let isOpen = true; isOpen; ) {
      const cells: MathNode[] = [];
      for (let isRow = true; isRow; ) {
        cells.push({ tag: 'mtd', children: [row(['&', '\\\\', '\\end'])] });
        const end = next();
        isRow = end === '&';
        isOpen = end !== '\\end';
      }
      rows.push({ tag: 'mtr', children: cells });
    }
    if (words() !== name) throw new UnknownTex();
    depth -= 1;
    const isAligned = name.startsWith('align') || name === 'split';
    const table: MathNode = {
      tag: 'mtable',
      children: rows,
      attributes: { class: isAligned ? 'aligned' : name === 'cases' ? 'cases' : '' },
    };
    return { tag: 'mrow', children: [...around.slice(0, 1), ...[table], ...around.slice(1)].flatMap(fenceOrNode) };
  }

  return { row, isAtEnd: () => peek() === undefined };
}

function withScripts(
  base: MathNode,
  { under, over, isLimits }: { readonly under: MathNode | null; readonly over: MathNode | null; readonly isLimits: boolean },
): MathNode {
  if (under !== null && over !== null) return { tag: isLimits ? 'munderover' : 'msubsup', children: [base, under, over] };
  if (under !== null) return { tag: isLimits ? 'munder' : 'msub', children: [base, under] };
  return over === null ? base : { tag: isLimits ? 'mover' : 'msup', children: [base, over] };
}

function fence(text: string): MathNode {
  return { tag: 'mo', text, attributes: { stretchy: 'true', fence: 'true' } };
}

function fenceOrNode(part: string | MathNode): readonly MathNode[] {
  if (typeof part !== 'string') return [part];
  return part === '' ? [] : [fence(part)];
}

function mark(text: string | undefined): MathNode {
  return { tag: 'mo', text: text ?? '' };
}

/** Of capitals, as sets of numbers are written. */
function doubleStruck(text: string): string {
  const special: Readonly<Record<string, string>> = { C: 'ℂ', H: 'ℍ', N: 'ℕ', P: 'ℙ', Q: 'ℚ', R: 'ℝ', Z: 'ℤ' };
  return text.replaceAll(/[A-Z]/g, (letter) => special[letter] ?? String.fromCodePoint(0x1d538 + letter.charCodeAt(0) - 65));
}
