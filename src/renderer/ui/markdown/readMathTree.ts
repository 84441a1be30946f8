/** An element of MathML, of those that browsers draw. */
export interface MathElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** As React names properties. */
  readonly style: Readonly<Record<string, string>>;
  readonly classes: readonly string[];
  readonly children: readonly MathNode[];
}

export type MathNode = MathElement | string;

const mostElements = 4_000;
const deepest = 100;
const longestEm = 10;
/** All that moves against the direction of writing, together: more would lie over other text. */
const mostBackEm = 20;

/**
 * Reads what the TeX library built, which is made of a model's words: known elements, attributes, styles and classes in known forms.
 * @returns what is in the formula; null where there is anything else, because a formula in part is a wrong one
 */
export function readMathTree(tree: unknown): readonly MathNode[] | null {
  const { type, children } = asNode(tree);
  if (type !== 'math' || !Array.isArray(children)) return null;
  try {
    return createReader().all(children, 0);
  } catch (thrown) {
    if (thrown instanceof NotDrawn) return null;
    throw thrown;
  }
}

class NotDrawn extends Error {}

interface LibraryNode {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly href?: unknown;
  readonly attributes?: unknown;
  readonly style?: unknown;
  readonly classes?: unknown;
  readonly children?: unknown;
}

function createReader() {
  let elements = 0;
  let backEm = 0;

  function all(nodes: readonly unknown[], depth: number): readonly MathNode[] {
    return nodes.flatMap((node) => one(asNode(node), depth));
  }

  function one(node: LibraryNode, depth: number): readonly MathNode[] {
    if (++elements > mostElements || depth > deepest) throw new NotDrawn();
    const children = Array.isArray(node.children) ? node.children : null;
    if (typeof node.type !== 'string') {
      if (typeof node.text === 'string') return [node.text];
      // Fragments, and the places of numbers of equations, which mean nothing in an answer.
      if (children !== null && node.href === undefined) return all(children, depth);
      throw new NotDrawn();
    }
    if (!tags.has(node.type)) throw new NotDrawn();
    const attributes: Record<string, string> = {};
    const style: Record<string, string> = {};
    for (const [name, value] of entriesOf(node.attributes)) {
      if (name === 'mathcolor') style['color'] = colourOf(value);
      else if (name === 'mathbackground') style['background'] = node.type === 'mspace' ? 'currentColor' : backgroundOf(value);
      else if (lengthAttributes.has(name)) attributes[name] = lengthOf(value, name === 'voffset');
      else if (!ignoredAttributes.has(name)) attributes[name] = known(value, attributeForms[name]);
    }
    for (const [name, value] of entriesOf(node.style)) {
      if (typeof value !== 'string' || value === '' || ignoredStyles.has(name)) continue;
      const property = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      if (property === 'color') style[property] = colourOf(value);
      else if (lengthStyles.has(property)) style[property] = lengthsOf(value);
      else style[property] = known(value.trim(), styleForms[property]);
    }
    const classes = (Array.isArray(node.classes) ? node.classes : []).map(String).filter((name) => !ignoredClasses.test(name));
    if (!classes.every((name) => knownClasses.has(name))) throw new NotDrawn();
    return [{ tag: node.type, attributes, style, classes, children: all(children ?? [node.children], depth + 1) }];
  }

  function lengthsOf(value: string): string {
    return value
      .split(' ')
      .map((length) => lengthOf(length, false))
      .join(' ');
  }

  function lengthOf(value: unknown, isShift: boolean): string {
    const match = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(em|ex|pt|px|mm|cm|in|%|)$/.exec(String(value));
    const em = Number(match?.[1]) * (emPerUnit[match?.[2] ?? ''] ?? Number.NaN);
    if (!(Math.abs(em) <= longestEm)) throw new NotDrawn();
    if (em < 0 || isShift) backEm += Math.abs(em);
    if (backEm > mostBackEm) throw new NotDrawn();
    return String(value);
  }

  return { all };
}

function asNode(node: unknown): LibraryNode {
  return typeof node === 'object' && node !== null ? node : {};
}

function entriesOf(values: unknown): readonly (readonly [string, unknown])[] {
  return typeof values === 'object' && values !== null ? Object.entries(values) : [];
}

function known(value: unknown, form: RegExp | undefined): string {
  if (!(form instanceof RegExp && form.test(String(value)))) throw new NotDrawn();
  return String(value);
}

/** Drawn towards the theme's ink, so that a colour of the model's choice is read in both themes. */
function colourOf(value: unknown): string {
  return `color-mix(in oklab, ${known(value, colour)} 50%, var(--ink))`;
}

function backgroundOf(value: unknown): string {
  return `color-mix(in oklab, ${known(value, colour)} 15%, transparent)`;
}

const colour = /^(?:#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]{1,30})$/i;

const tags: ReadonlySet<string> = new Set([
  ...['mrow', 'mi', 'mn', 'mo', 'mtext', 'ms', 'mspace', 'mfrac', 'msqrt', 'mroot', 'mstyle', 'mpadded', 'mphantom', 'menclose'],
  ...['msub', 'msup', 'msubsup', 'munder', 'mover', 'munderover', 'mmultiscripts', 'mprescripts', 'none', 'mtable', 'mtr', 'mtd'],
]);

const emPerUnit: Readonly<Record<string, number>> = { '': 1, em: 1, ex: 0.5, pt: 0.1, px: 0.0625, mm: 0.24, cm: 2.4, in: 6, '%': 0.01 };

const lengthAttributes: ReadonlySet<string> = new Set([
  ...['width', 'height', 'depth', 'lspace', 'rspace', 'voffset', 'linethickness', 'minsize', 'maxsize', 'mathsize'],
]);

const yesOrNo = /^(?:true|false)$/;
const attributeForms: Readonly<Record<string, RegExp>> = {
  ...{ accent: yesOrNo, displaystyle: yesOrNo, fence: yesOrNo, largeop: yesOrNo, movablelimits: yesOrNo, separator: yesOrNo },
  ...{ stretchy: yesOrNo, symmetric: yesOrNo },
  form: /^(?:prefix|infix|postfix)$/,
  mathvariant: /^[a-z-]{1,30}$/,
  scriptlevel: /^[+-]?\d$/,
};

/** Names of places in a page, and words for other browsers. */
const ignoredAttributes: ReadonlySet<string> = new Set(['id', 'style', 'notation', 'columnalign', 'rowspacing', 'linebreak']);

const lengthStyles: ReadonlySet<string> = new Set([
  ...['padding', 'paddingTop', 'paddingBottom', 'paddingLeft', 'paddingRight', 'marginLeft', 'width'],
]);

const line = /^[\d.]{1,8}(?:em|px|pt) (?:solid|dashed|double)(?: #[0-9a-f]{3,6})?$/i;
const styleForms: Readonly<Record<string, RegExp>> = {
  ...{ border: line, borderTop: line, borderBottom: line, borderLeft: line, borderRight: line },
  fontStyle: /^(?:normal|italic)$/,
  fontWeight: /^(?:normal|bold)$/,
  mathDepth: /^\d$/,
  textAlign: /^(?:left|right|center)$/,
};

const ignoredStyles: ReadonlySet<string> = new Set(['font', 'fontFamily', 'font-family', 'fontShape', 'display']);

/** Those of styles/formula.css. */
const knownClasses: ReadonlySet<string> = new Set([
  ...['tml-left', 'tml-right', 'tml-jot', 'tml-small', 'tml-prime', 'tml-overline', 'tml-underline', 'tml-fbox'],
  ...['tml-cancel', 'upstrike', 'downstrike', 'sout', 'tml-xcancel', 'chr-sml', 'chr-med', 'chr-lrg'],
  ...['tml-sml-pad', 'tml-med-pad', 'tml-lrg-pad'],
  ...['tml-tilde-2', 'tml-tilde-3', 'tml-tilde-4', 'tml-hat-1', 'tml-hat-2', 'tml-hat-3', 'tml-hat-4'],
]);

/** For other browsers, for numbers and names of equations, and for fonts that are not here. */
const ignoredClasses = /^$|^(?:wbk|ff)-|^tml-(?:vec|tag|tageqn|label|eqn|display)$|^(?:mathcal|mathscr|special-fraction|menclose)$/;
