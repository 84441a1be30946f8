import { fileRole } from '../quant/quantFromFileName.ts';
import { canonicalQuantLabel, type QuantType } from '../quant/quantTypes.ts';
import { chooseFamily, type FamilyChoice } from './chooseFamily.ts';
import { countParameters } from './countParameters.ts';
import { cutPieces } from './cutPieces.ts';
import type { NameParameters, NameReading, NameRole, NameSegment, QuantReading } from './nameReading.ts';
import type { Piece } from './piece.ts';
import { type SegmentContext, toSegment } from './toSegment.ts';
import { tunesOf } from './tunesOf.ts';

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
  const context: SegmentContext = { pieces, family, meanings: counted.meanings, role };
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

function roleOf(marks: readonly string[], { isFile, quant }: { readonly isFile: boolean; readonly quant: QuantType | null }): NameRole {
  const role = fileRole(marks, quant);
  return isFile || role === 'draft' ? role : 'model';
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
