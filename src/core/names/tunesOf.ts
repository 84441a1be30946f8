import type { FamilyChoice } from './chooseFamily.ts';
import type { NameRole } from './nameReading.ts';
import type { Piece } from './piece.ts';

/** What the words say, and what the family is for by its name alone; a word that means something else in its place is left out. */
export function tunesOf(
  pieces: readonly Piece[],
  { family, role, isPublished }: { readonly family: FamilyChoice | null; readonly role: NameRole; readonly isPublished: boolean },
): readonly string[] {
  const tunes = new Set(family?.family?.tunes ?? []);
  pieces.forEach((piece, at) => {
    const isFamilysVersion = piece.kind === 'version' && at === family?.versionAt;
    if ((isFamilysVersion || piece.kind === 'family') && piece.version?.endsWith('v')) tunes.add('vl');
    if (piece.kind === 'family' && piece.word?.tune !== undefined) tunes.add(piece.word.tune);
    if (piece.kind !== 'word' || piece.word.tune === undefined || isOtherwiseMeant(pieces, at, family)) return;
    tunes.add(piece.word.tune);
  });
  if (family?.id === 'deepseek' && family.version?.startsWith('R')) tunes.add('thinking');
  if (family?.id === 'gemma' && pieces.some(({ text }) => text.toLowerCase() === 'pt')) tunes.add('base');
  if (role === 'draft') tunes.add('draft');
  if (tunes.size === 0 && role === 'model' && isPublished && isLabsBase(pieces, family)) tunes.add('base');
  // A reranker of an embedding family is no embedder.
  if (tunes.has('reranker')) tunes.delete('embedding');
  return [...tunes];
}

/** `bge-base` is a size; `Reasoning-Distilled` says what was learnt from another model. */
export function isOtherwiseMeant(pieces: readonly Piece[], at: number, family: FamilyChoice | null): boolean {
  const piece = pieces[at];
  if (piece?.kind !== 'word') return false;
  if (piece.word.tune === 'base' && family?.family?.hasSizeWords) return true;
  // `it_IT` of a voice is a language.
  if (family?.family?.isLanguageModel === false) return piece.word.tune === 'instruct' || piece.word.tune === 'base';
  const next = pieces[at + 1];
  return piece.word.tune === 'thinking' && next?.kind === 'word' && next.word.method === 'distilled';
}

/** Mistral's `7B-v0.1` and Meta's plain `Llama-3.1-8B` are the untuned ones: what is tuned says so in their names. */
function isLabsBase(pieces: readonly Piece[], family: FamilyChoice | null): boolean {
  if (family?.family?.isBase !== true) return false;
  const isTheirs =
    (family?.id === 'llama' && family.version !== null) ||
    ((family?.id === 'mistral' || family?.id === 'mixtral') && family.version?.startsWith('0.'));
  const isPlain = pieces.every(
    ({ kind }, at) => ['family', 'version', 'size', 'quant', 'shard', 'publisher', 'date'].includes(kind) || isMarkOnly(pieces[at]),
  );
  return (
    isTheirs === true &&
    isPlain &&
    pieces.some(({ kind }) => kind === 'size') &&
    pieces.filter(({ kind }) => kind === 'family').length === 1
  );
}

function isMarkOnly(piece: Piece | undefined): boolean {
  return piece?.kind === 'word' && ['maker', 'format', 'quant-mark'].includes(piece.word.kind);
}
