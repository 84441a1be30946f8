import { type Family, familyOfId } from './families.ts';
import { findVersion, withoutCameraMark } from './findVersion.ts';
import type { Piece } from './piece.ts';

/** The family a name is of, and which of its pieces say so. */
export interface FamilyChoice {
  readonly id: string;
  /** As people write it; `Mythomax` for a family that no table knows. */
  readonly title: string;
  readonly version: string | null;
  /** From the tables; null for a name that somebody made up. */
  readonly family: Family | null;
  /** Pieces that name it, in order. */
  readonly nameAt: readonly number[];
  /** The piece with the version, where it is one of its own. */
  readonly versionAt: number | null;
}

/** Weights of gpt-oss as its names say them. */
const openAiSizes: ReadonlySet<number> = new Set([20e9, 120e9]);

/**
 * Tells of which family a name is.
 *
 * A family of the tables at the front is it, unless one that is made of others follows (`Llama-3_3-Nemotron`). A word nobody knows is it
 * when it has a version of its own (`Mahou-1.3d-mistral-7B`), and gives way to a base family behind it otherwise (`Impish_QWEN_14B`).
 * @param pieces of one part of a name
 * @param options.isRepo whether it names a repo: then it names a model, whatever stands in it
 * @returns null where nothing in it is a name
 */
export function chooseFamily(pieces: readonly Piece[], options: { readonly isRepo: boolean }): FamilyChoice | null {
  const weak = familyOfMaker(pieces);
  if (weak) return weak;
  const start = firstNaming(pieces);
  const first = pieces[start];
  if (!first) return ofVariant(pieces, options);
  if (first.kind === 'family') return ofFamily(pieces, derivedFrom(pieces, start));
  if (first.kind === 'short-family') return ofTunerBehind(pieces, start, options) ?? ofFamily(pieces, start);
  const end = endOfName(pieces, start);
  const behind = pieces[end];
  const isVersioned = behind?.kind === 'version' && (behind.hasMark || behind.version.includes('.') || !isFamily(pieces[end + 1]));
  if (isVersioned) return ofName(pieces, { start, end, ...options });
  const base = pieces.findIndex((piece, index) => index >= end && piece.kind === 'family' && piece.family.isBase === true);
  const firstSize = pieces.findIndex((piece, index) => index >= start && piece.kind === 'size');
  if (base >= 0 && (firstSize < 0 || base < firstSize)) return ofFamily(pieces, derivedFrom(pieces, base), { isBehindName: true });
  return ofName(pieces, { start, end, ...options });
}

/** Makers, roles, marks and sizes in front name nothing; `Tiny-Vicuna`, `Mini-Hydra`: a word of size does when a name follows. */
function firstNaming(pieces: readonly Piece[]): number {
  return pieces.findIndex(
    (piece, index) =>
      piece.kind === 'family' ||
      (piece.kind === 'short-family' && isShortMark(pieces, index)) ||
      piece.kind === 'name' ||
      isCoinedCoder(piece) ||
      (piece.kind === 'word' && (piece.word.kind === 'variant' || piece.word.kind === 'structure') && pieces[index + 1]?.kind === 'name'),
  );
}

/** Only where nothing but sizes stands before it: `70B-L3.3-Cirrus`. */
function isShortMark(pieces: readonly Piece[], index: number): boolean {
  return pieces.slice(0, index).every(({ kind }) => kind === 'size' || kind === 'publisher');
}

/** `OpenAI-20B`: the two sizes of the maker's only line of open models, where nothing else names one. */
function familyOfMaker(pieces: readonly Piece[]): FamilyChoice | null {
  const [maker, size] = pieces;
  const isOpenAi = maker?.kind === 'word' && maker.word.kind === 'maker' && maker.text.toLowerCase() === 'openai';
  const isTheirs = size?.kind === 'size' && size.size.kind === 'total' && openAiSizes.has(size.size.parameters);
  return isOpenAi && isTheirs
    ? { id: 'gpt-oss', title: 'gpt-oss', version: null, family: familyOfId('gpt-oss'), nameAt: [0], versionAt: null }
    : null;
}

/** `next-270m`: a word of variant in front of a size is all the name there is. */
function ofVariant(pieces: readonly Piece[], options: { readonly isRepo: boolean }): FamilyChoice | null {
  const [first, second] = pieces;
  const isName = first?.kind === 'word' && first.word.kind === 'variant' && second?.kind === 'size';
  return isName ? ofName(pieces, { start: 0, end: 1, ...options }) : null;
}

function derivedFrom(pieces: readonly Piece[], at: number): number {
  const derived = pieces.findIndex((piece, index) => index > at && piece.kind === 'family' && piece.family.isDerived === true);
  const isBase = isFamily(pieces[at]) && pieces[at].family.isBase === true;
  return derived > 0 && isBase ? derived : at;
}

/** `L3.1-8B-Niitama-v1.1`: the tuner's own name counts where it has a version right behind it. */
function ofTunerBehind(pieces: readonly Piece[], mark: number, options: { readonly isRepo: boolean }): FamilyChoice | null {
  const start = pieces.findIndex((piece, index) => index > mark && (piece.kind === 'name' || isFamily(piece)));
  const first = pieces[start];
  if (first?.kind !== 'name') return null;
  const end = endOfName(pieces, start);
  const version = pieces[end];
  return version?.kind === 'version' && version.hasMark ? ofName(pieces, { start, end, ...options }) : null;
}

/** @param options.isBehindName somebody's own name stands before it, so that a version behind the size is of that: `Big-Tiger-Gemma-27B-v1` */
function ofFamily(
  pieces: readonly Piece[],
  at: number,
  options: { readonly isBehindName: boolean } = { isBehindName: false },
): FamilyChoice | null {
  const piece = pieces[at];
  if (piece?.kind !== 'family' && piece?.kind !== 'short-family') return null;
  const { family } = piece;
  const search = { isUnknown: family.isBase !== true, stopsAtSize: options.isBehindName };
  const found = piece.version === null ? findVersion(pieces, at + 1, search) : null;
  // `VersatiLlama-Llama-3.2`: it is named twice, and the second time in full.
  const again = piece.version === null && found === null ? namedAgain(pieces, at, family) : null;
  if (again !== null) return ofFamily(pieces, again, options);
  return {
    id: family.id,
    title: family.title,
    version: withoutCameraMark(piece.version ?? found?.version ?? null),
    family,
    nameAt: [at],
    versionAt: found?.at ?? null,
  };
}

/** Where the same family stands once more with its version; only such a piece leads on, so that the search ends. */
function namedAgain(pieces: readonly Piece[], at: number, family: Family): number | null {
  const again = pieces.findIndex(
    (other, index) =>
      index > at && isFamily(other) && other.family.id === family.id && (other.version !== null || pieces[index + 1]?.kind === 'version'),
  );
  return again < 0 ? null : again;
}

interface NameRun {
  readonly start: number;
  readonly end: number;
  readonly isRepo: boolean;
}

function ofName(pieces: readonly Piece[], { start, end, isRepo }: NameRun): FamilyChoice | null {
  const nameAt = pieces.map((_, index) => index).filter((index) => index >= start && index < end);
  const last = pieces[end - 1];
  const ownVersion = last?.kind === 'name' ? last.version : null;
  const words = nameAt.map((index) => pieces[index]?.text ?? '');
  const ids = last?.kind === 'name' ? [...words.slice(0, -1), last.stem] : words;
  if (!isRepo && !pieces.some(isProof)) return null;
  const found = ownVersion === null ? findVersion(pieces, end, { isUnknown: true, stopsAtSize: false }) : null;
  return {
    id: ids.join('-').toLowerCase(),
    title: words.join(' '),
    version: ownVersion ?? found?.version ?? null,
    family: null,
    nameAt,
    versionAt: found?.at ?? null,
  };
}

/** A word that nobody knows names a model only beside something that models have. */
function isProof(piece: Piece): boolean {
  if (piece.kind === 'word') return piece.word.tune !== undefined || piece.word.kind === 'method' || piece.word.kind === 'format';
  return ['size', 'quant', 'version', 'date', 'publisher'].includes(piece.kind);
}

/** The end of a run of words that nobody knows. */
function endOfName(pieces: readonly Piece[], start: number): number {
  let end = start + 1;
  while (end < pieces.length && isNameWord(pieces[end])) end += 1;
  return end;
}

/** Words nobody knows, and tuners' lines that are no base: `Ornstein-Hermes`. */
function isNameWord(piece: Piece | undefined): boolean {
  const isTunersLine = piece?.kind === 'family' && piece.family.isBase !== true && piece.version === null && piece.size === null;
  return piece?.kind === 'name' || isTunersLine || isCoinedCoder(piece);
}

function isFamily(piece: Piece | undefined): piece is Extract<Piece, { kind: 'family' }> {
  return piece?.kind === 'family';
}

function isCoinedCoder(piece: Piece | undefined): boolean {
  return piece?.kind === 'word' && piece.word.kind === 'generic' && piece.word.tune === 'coder';
}
