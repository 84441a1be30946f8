import { fileRole } from '../quant/quantFromFileName.ts';
import { canonicalQuantLabel } from '../quant/quantTypes.ts';
import { chooseFamily, type FamilyChoice } from './chooseFamily.ts';
import { countParameters, sizeMeaning } from './countParameters.ts';
import type { NameParameters, NameReading, NameRole, NameSegment, QuantReading, SegmentKind } from './nameReading.ts';
import { cutPieces, type Piece } from './pieces.ts';
import { publisherFacts } from './publishers.ts';
import type { WordKind } from './words.ts';

/** What one part of a name says: a repo's name, a file's, or what stands behind a colon. */
export interface PartReading {
  readonly family: FamilyChoice | null;
  readonly parameters: NameParameters;
  readonly experts: number | null;
  readonly quant: QuantReading | null;
  readonly onlyIn: string | null;
  readonly tunes: readonly string[];
  readonly modalities: readonly string[];
  readonly methods: readonly string[];
  readonly library: string | null;
  readonly role: NameRole;
  readonly shard: NameReading['shard'];
  readonly date: string | null;
  readonly contextTokens: number | null;
  readonly imatrix: boolean;
  /** What its labels are made of. */
  readonly pieces: readonly Piece[];
  readonly segments: readonly NameSegment[];
}

/** Marks of an importance matrix. */
const imatrixMarks: ReadonlySet<string> = new Set(['i1', 'imat', 'imatrix', 'di-imatrix', 'di-matrix', 'iq-imatrix']);

/**
 * Reads one part of a name.
 * @param text without publisher, folders and file ending
 * @param options.publisher who published it, where known
 * @param options.isFile whether it names one file: only files can be projectors, matrices and adapters
 */
export function understand(text: string, options: { readonly publisher: string | null; readonly isFile: boolean }): PartReading {
  const pieces = cutPieces(text, options);
  const family = chooseFamily(pieces, { isRepo: options.publisher !== null && !options.isFile });
  const counted = countParameters(pieces, family?.id ?? null);
  const main = pieces.find((piece) => piece.kind === 'quant' && piece.isMain);
  const quantType = main?.kind === 'quant' ? main.quant : null;
  const marks = pieces.map(({ text: word }) => word.toLowerCase());
  const hasMatrixMark = marks.some((mark) => imatrixMarks.has(mark));
  const role = roleOf(marks, { isFile: options.isFile, quant: quantType });
  const isDynamic = marks.includes('ud');
  const tunes = tunesOf(pieces, { family, role, isPublished: options.isFile || options.publisher !== null });
  const date = pieces.find((piece) => piece.kind === 'date');
  const shard = pieces.find((piece) => piece.kind === 'shard');
  const context: SegmentContext = { pieces, family, meanings: counted.meanings, role, tunes };
  return {
    family,
    parameters: counted.parameters,
    experts: counted.experts,
    quant: quantType && {
      type: canonicalQuantLabel(quantType),
      label: isDynamic ? `UD-${quantType.label}` : quantType.label,
      bits: quantType.bits,
      bitsPerWeight: isDynamic ? null : quantType.bitsPerWeight,
      scheme: quantType.scheme,
      imatrix: hasMatrixMark,
      dynamic: isDynamic,
    },
    onlyIn: quantType?.onlyIn ?? null,
    tunes,
    modalities: modalitiesOf(pieces, { family, tunes }),
    methods: methodsOf(pieces, role),
    library: libraryIn(pieces),
    role,
    shard: shard?.kind === 'shard' ? { index: shard.index, total: shard.total } : null,
    date: date?.kind === 'date' ? date.date.date : null,
    contextTokens: counted.contextTokens,
    imatrix: hasMatrixMark && role !== 'imatrix',
    pieces,
    segments: pieces.map((piece, at) => toSegment(piece, at, context)),
  };
}

function roleOf(
  marks: readonly string[],
  { isFile, quant }: { readonly isFile: boolean; readonly quant: Parameters<typeof fileRole>[1] },
): NameRole {
  const role = fileRole(marks, quant);
  return isFile || role === 'draft' ? role : 'model';
}

/** What the words say, and what the family is for by its name alone; a word that means something else in its place is left out. */
function tunesOf(
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
function isOtherwiseMeant(pieces: readonly Piece[], at: number, family: FamilyChoice | null): boolean {
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

/** The last format named; `ggml-` in front is an old habit of converters and no format. */
function libraryIn(pieces: readonly Piece[]): string | null {
  for (let at = pieces.length - 1; at >= 0; at -= 1) {
    const piece = pieces[at];
    const library = piece?.kind === 'word' ? piece.word.library : undefined;
    if (library !== undefined && (library !== 'ggml' || at > 0)) return library;
  }
  return null;
}

function modalitiesOf(
  pieces: readonly Piece[],
  { family, tunes }: { readonly family: FamilyChoice | null; readonly tunes: readonly string[] },
): readonly string[] {
  const modalities = new Set(family?.family?.modalities ?? []);
  if (family?.family?.isLanguageModel === false) return [...modalities];
  for (const piece of pieces)
    if (piece.kind === 'word' || piece.kind === 'family') for (const modality of piece.word?.modalities ?? []) modalities.add(modality);
  if (tunes.includes('vl')) modalities.add('vision');
  if (family?.family || tunes.length > 0) modalities.add('text');
  return ['text', 'vision', 'audio', 'image', 'video'].filter((modality) => modalities.has(modality));
}

function methodsOf(pieces: readonly Piece[], role: NameRole): readonly string[] {
  const methods = pieces.flatMap((piece) => (piece.kind === 'word' && piece.word.method !== undefined ? [piece.word.method] : []));
  return [...new Set(methods)].filter((method) => method !== 'MTP' || role !== 'draft');
}

interface SegmentContext {
  readonly pieces: readonly Piece[];
  readonly family: FamilyChoice | null;
  readonly meanings: ReadonlyMap<number, string | null>;
  readonly role: NameRole;
  readonly tunes: readonly string[];
}

function toSegment(piece: Piece, at: number, context: SegmentContext): NameSegment {
  const { text } = piece;
  const override = context.meanings.get(at);
  switch (piece.kind) {
    case 'publisher':
      return { text, meaning: publisherMeaning(text) ?? 'maker', kind: 'publisher' };
    case 'family':
    case 'short-family': {
      const isIt = context.family?.nameAt.includes(at) ?? false;
      const meaning = isIt ? 'family' : `${piece.family.title} family`;
      return { text, meaning: piece.kind === 'short-family' ? `${piece.family.title} family` : meaning, kind: isIt ? 'family' : 'other' };
    }
    case 'version':
      return { text, meaning: piece.hasMark || context.family?.versionAt === at ? `version ${piece.version}` : null, kind: 'version' };
    case 'size': {
      const kind = piece.size.kind === 'context' || override?.endsWith('context') ? 'context' : 'size';
      return { text, meaning: override === undefined ? sizeMeaning(piece.size) : override, kind };
    }
    case 'date':
      return { text, meaning: piece.date.text, kind: 'date' };
    case 'quant':
      return { text, meaning: quantSegmentMeaning(piece), kind: 'quant' };
    case 'shard':
      return { text, meaning: `part ${piece.index} of ${piece.total}`, kind: 'shard' };
    case 'amount':
      return { text, meaning: piece.meaning, kind: 'other' };
    case 'word':
      return {
        text,
        meaning: wordMeaning(piece, context, isOtherwiseMeant(context.pieces, at, context.family)),
        kind: segmentKinds[piece.word.kind],
      };
    case 'name':
      return { text, meaning: context.family?.nameAt.includes(at) ? 'name' : null, kind: 'name' };
  }
}

const segmentKinds: Readonly<Record<WordKind, SegmentKind>> = {
  tune: 'tune',
  variant: 'variant',
  method: 'method',
  format: 'format',
  'quant-mark': 'quant',
  role: 'role',
  language: 'tune',
  domain: 'tune',
  maker: 'publisher',
  teacher: 'teacher',
  structure: 'other',
  generic: 'name',
};

function wordMeaning(piece: Extract<Piece, { kind: 'word' }>, { family, role }: SegmentContext, isOtherwise: boolean): string | null {
  const { word } = piece;
  if (word.tune === 'base' && family?.family?.hasSizeWords) return 'size class';
  if (role === 'imatrix' && piece.text.toLowerCase() === 'imatrix') return 'importance matrix';
  if (role === 'draft' && word.method === 'MTP') return 'draft head';
  if (isOtherwise) return 'reasoning';
  return word.meaning;
}

/** `Q4_K_M` is glossed by its bits; the whole of what it means is quantMeaning's. */
function quantSegmentMeaning({ quant, isMain }: Extract<Piece, { kind: 'quant' }>): string {
  const bits =
    quant.bitsPerWeight === null ? `about ${quant.bits} bits a weight` : `${Number(quant.bitsPerWeight.toFixed(1))} bits a weight`;
  return isMain ? bits : `${bits}, some parts`;
}

/** @returns `lab`, `packager`; null for a publisher nobody knows */
export function publisherMeaning(name: string): string | null {
  const { kind } = publisherFacts(name);
  return kind === 'unknown' ? null : kind;
}
