import type { FamilyChoice } from './chooseFamily.ts';
import { sizeMeaning } from './countParameters.ts';
import type { NameRole, NameSegment, SegmentKind } from './nameReading.ts';
import type { Piece } from './piece.ts';
import { publisherFacts } from './publishers.ts';
import { isOtherwiseMeant } from './tunesOf.ts';
import type { WordKind } from './words.ts';

/** What a gloss depends on besides the piece itself. */
export interface SegmentContext {
  readonly pieces: readonly Piece[];
  readonly family: FamilyChoice | null;
  readonly meanings: ReadonlyMap<number, string | null>;
  readonly role: NameRole;
}

/** Glosses one piece in a word or three. */
export function toSegment(piece: Piece, at: number, context: SegmentContext): NameSegment {
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
