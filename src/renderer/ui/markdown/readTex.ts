import temml from 'temml';
import { type MathNode, readMathTree } from './readMathTree.ts';

/** What is asked of the library. Its own types stand elsewhere in a program than in a page. */
interface TexLibrary {
  __renderToMathMLTree(source: string, options: object): unknown;
}

const library = temml as unknown as TexLibrary;
const longestSource = 4_000;
/** Commands that define commands, or build what is in them twice at each level: a short formula could become an endless one. */
const costly = /\\(?:[egx]?def|let|futurelet|(?:new|renew|provide)command|global|long|definecolor|equilibrium(?:Left|Right))(?![A-Za-z])/;

/** @returns what a formula is drawn with; null where it is not TeX, or asks for what is not drawn here: then it is better read as it was written */
export function readTex(source: string, { isDisplay }: { readonly isDisplay: boolean }): readonly MathNode[] | null {
  if (source.trim() === '' || source.length > longestSource || costly.test(source)) return null;
  const tree = buildTree(source, isDisplay);
  return tree === null ? null : readMathTree(tree);
}

function buildTree(source: string, isDisplay: boolean): unknown {
  try {
    // The tree and not the markup: nothing is ever read as HTML.
    return library.__renderToMathMLTree(source, {
      displayMode: isDisplay,
      throwOnError: true,
      trust: false,
      wrap: 'tex',
      maxExpand: 1_000,
      macros: { ...plainer },
    });
  } catch {
    // Broken TeX makes the library throw more than its own errors.
    return null;
  }
}

/** What lies over other text is set beside it; the library would also build it more than once, at each level that it is nested. */
const plainer: Readonly<Record<string, string>> = {
  '\\llap': '\\text{#1}',
  '\\rlap': '\\text{#1}',
  '\\clap': '\\text{#1}',
  '\\mathllap': '{#1}',
  '\\mathrlap': '{#1}',
  '\\mathclap': '{#1}',
  '\\cancelto': '{\\cancel{#2}}^{#1}',
  '\\pmb': '\\boldsymbol{#1}',
};
