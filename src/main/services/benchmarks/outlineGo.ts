import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Node, Parser, TreeCursor } from 'web-tree-sitter';
import type { GoOutline } from '#core/bench/gradedItem.ts';

const sourceLimitCharacters = 100_000;
const nodeLimit = 200_000;
const parseLimitMs = 2000;

/** What a Go file may hold beside functions. The grammar takes loose statements too, which no compiler does. */
const declarations: ReadonlySet<string> = new Set([
  'package_clause',
  'import_declaration',
  'function_declaration',
  'method_declaration',
  'type_declaration',
  'var_declaration',
  'const_declaration',
  'comment',
]);

const notGo: GoOutline = { isValid: false, functions: [] };

let parser: Parser | null = null;
let loading: Promise<void> | null = null;

/**
 * Makes `outlineGo` ready. Done once, and only where something asks for Go: the parser takes 40 ms and a few megabytes.
 * @param grammarFolder holds tree-sitter-go.wasm
 * @throws {Error} where a file is missing
 */
export function prepareGo(grammarFolder: string): Promise<void> {
  loading ??= load(grammarFolder).catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(grammarFolder: string): Promise<void> {
  const { Language, Parser } = await import('web-tree-sitter');
  // Read here and not by the library: in a packaged app it lies inside the archive, which only our own `fs` sees into.
  const runtime = createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm');
  await Parser.init({ wasmBinary: await readFile(runtime) });
  const language = await Language.load(new Uint8Array(await readFile(join(grammarFolder, 'tree-sitter-go.wasm'))));
  parser = new Parser().setLanguage(language);
}

/**
 * Outline of Go source, with its package line or without. Bounded in size and time: a model's answer may be anything.
 * @throws {Error} when `prepareGo` was not awaited
 */
export function outlineGo(source: string): GoOutline {
  if (parser === null) throw new Error('The Go parser was not made ready.');
  if (source.length > sourceLimitCharacters) return notGo;
  const deadline = performance.now() + parseLimitMs;
  const tree = parser.parse(source, null, { progressCallback: () => performance.now() > deadline });
  if (tree === null) {
    parser.reset();
    return notGo;
  }
  try {
    const declared = tree.rootNode.namedChildren;
    return {
      isValid: !tree.rootNode.hasError && declared.every((node) => declarations.has(node.type)),
      functions: declared.filter((node) => node.type === 'function_declaration').map(describe),
    };
  } finally {
    tree.delete();
  }
}

function describe(node: Node): GoOutline['functions'][number] {
  const name = node.childForFieldName('name')?.text ?? '';
  const body = node.childForFieldName('body');
  return { name, parameters: countParameters(node.childForFieldName('parameters')), callsItself: body !== null && calls(body, name) };
}

/** `a, b int` are two, `int` alone is one. */
function countParameters(list: Node | null): number {
  const declared = list?.namedChildren.filter((node) => node.type.endsWith('parameter_declaration')) ?? [];
  return declared.reduce((count, node) => count + Math.max(1, node.childrenForFieldName('name').length), 0);
}

/** A walk without recursion: nesting is the model's to choose. */
function calls(body: Node, name: string): boolean {
  const cursor = body.walk();
  try {
    for (let visited = 0; visited < nodeLimit; visited += 1) {
      if (isCallOf(cursor, name)) return true;
      if (cursor.gotoFirstChild()) continue;
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return false;
      }
    }
    return false;
  } finally {
    cursor.delete();
  }
}

/** A call with type arguments looks like a conversion to the grammar. */
function isCallOf(cursor: TreeCursor, name: string): boolean {
  switch (cursor.nodeType) {
    case 'call_expression':
      return cursor.currentNode.childForFieldName('function')?.text === name;
    case 'type_conversion_expression':
      return cursor.currentNode.childForFieldName('type')?.childForFieldName('type')?.text === name;
    default:
      return false;
  }
}
