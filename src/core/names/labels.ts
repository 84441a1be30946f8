import type { FamilyChoice } from './chooseFamily.ts';
import type { Piece } from './piece.ts';
import { isDigit } from './segments.ts';

const titleWordLimit = 8;
/** Makers who write a space before the version, whatever the file is called: Llama 3.2, not Llama3.2. */
const spacedFamilies: ReadonlySet<string> = new Set(['llama', 'gemma', 'phi', 'glm', 'granite', 'mistral', 'ernie', 'jamba']);
/** Words of a name that no list needs. */
const silentKinds: ReadonlySet<string> = new Set(['format', 'quant-mark', 'role', 'generic']);

/**
 * Names a model for a sentence: family, version, variant and a tuner's own words.
 * @returns such as `GLM 4.7 Flash`, `Qwen3.5 Thinkmaker`; empty where there is no family
 */
export function titleOf(pieces: readonly Piece[], family: FamilyChoice | null): string {
  if (family === null) return '';
  const firstSize = pieces.findIndex(({ kind }) => kind === 'size' || kind === 'quant');
  const words = pieces.flatMap((piece, at) => {
    const isIt = family.nameAt.includes(at);
    if (piece.kind === 'family' || piece.kind === 'short-family') return isIt || family.family === null ? [familyLabel(piece)] : [];
    if (isIt)
      return [family.family === null && family.nameAt.length === 1 ? capitalised(piece.text) : (family.family?.title ?? piece.text)];
    if (piece.kind === 'version') return family.versionAt === at ? [versionLabel(piece.text)] : [];
    if (piece.kind === 'word') return piece.word.kind === 'variant' && (firstSize < 0 || at < firstSize) ? [capitalised(piece.text)] : [];
    return piece.kind === 'name' ? [piece.text] : [];
  });
  return words.slice(0, titleWordLimit).join(' ');
}

/**
 * Names a model for a list: everything but publisher, format, quant, shard and marks.
 * @returns such as `Qwen3 30B A3B Instruct`
 */
export function displayNameOf(pieces: readonly Piece[]): string {
  return pieces.flatMap((piece) => displayWord(piece) ?? []).join(' ');
}

/**
 * Words to search the hub for. Names join a family and its version in many ways, so they are asked for apart: `llama 3.2 3b`.
 * @returns empty where the name has no words of its own
 */
export function searchWordsOf(pieces: readonly Piece[]): string {
  const words = pieces.flatMap((piece) => {
    if (displayWord(piece) === null) return [];
    return piece.kind === 'family' && piece.version !== null ? [splitVersion(piece.text)] : [piece.text];
  });
  return words.join(' ');
}

/**
 * What a user typed, without the quant: the hub knows repos only.
 * @param typed null for a form that is no plain text
 */
export function typedWordsOf(typed: string | null, pieces: readonly Piece[]): string {
  const isMark = (piece: Piece): boolean => piece.kind === 'quant' || (piece.kind === 'word' && piece.word.kind === 'quant-mark');
  if (!pieces.some(({ kind }) => kind === 'quant')) return typed ?? '';
  return pieces.flatMap((piece) => (isMark(piece) ? [] : [piece.text])).join(' ');
}

function displayWord(piece: Piece): string | null {
  switch (piece.kind) {
    case 'publisher':
    case 'quant':
    case 'shard':
      return null;
    case 'amount':
      return piece.meaning === null ? piece.text : null;
    case 'family':
      return familyLabel(piece);
    case 'size':
      return piece.text.toUpperCase().replace('X', 'x');
    case 'word':
      if (silentKinds.has(piece.word.kind) && piece.word.tune === undefined) return null;
      return piece.word.kind === 'tune' || piece.word.kind === 'variant' ? capitalised(piece.text) : piece.text;
    default:
      return piece.text;
  }
}

function familyLabel(piece: Extract<Piece, { kind: 'family' | 'short-family' }>): string {
  const { family, version } = piece;
  const letters = piece.text.slice(0, digitIn(piece.text));
  const isCompound = piece.kind === 'family' && letters.toLowerCase() !== family.id && letters.toLowerCase() !== family.title.toLowerCase();
  const name =
    isCompound && !spacedFamilies.has(letters.toLowerCase())
      ? piece.text.slice(0, version === null ? undefined : digitIn(piece.text))
      : family.title;
  if (version === null) return name;
  return `${name}${spacedFamilies.has(family.id) ? ' ' : ''}${versionLabel(version)}`;
}

function digitIn(text: string): number {
  let at = 0;
  while (at < text.length && !isDigit(text[at])) at += 1;
  return at;
}

function splitVersion(text: string): string {
  const at = digitIn(text);
  return `${text.slice(0, at)} ${text.slice(at).replaceAll('_', '.')}`;
}

/** `GLM-4.5V` is written with a capital. */
function versionLabel(version: string): string {
  return version.endsWith('v') ? version.toUpperCase() : version.replaceAll('_', '.');
}

function capitalised(word: string): string {
  return word.length > 2 ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}
