import { findQuants, mainQuant, type QuantPlace } from '../quant/findQuant.ts';
import { cutShard } from '../quant/quantFromFileName.ts';
import { beginsFamilyPhrase } from './families.ts';
import { amountMeaning, coderWord, hasLetter, lookUp, shortFamily, splitMadeUpWord } from './lookUp.ts';
import { makerPrefixLength, makerWordLimit } from './makerPrefix.ts';
import type { Piece } from './piece.ts';
import { readDate, readMonthAndYear } from './readDate.ts';
import { firstDigit, leadingNumber, readVersion } from './readNumber.ts';
import { readSize } from './readSize.ts';
import { isDigit, joinSegments, type Segment, splitSegments } from './segments.ts';
import { beginsPhrase, namesCoder } from './words.ts';

/** The longest entries of the tables have three words. */
const phraseLimit = 3;
/** `MythoMax-L2-13B`: the one short mark that tuners also write behind their own name. */
const shortMarkAnywhere = 'l';

/**
 * Cuts a name into pieces and looks each up.
 * @param text one part of a name: a repo's without its publisher, or a file's without folders and ending
 * @param options.publisher who published it, where known: some write the maker in front
 * @returns pieces in order that together hold the whole text
 */
export function cutPieces(text: string, options: { readonly publisher: string | null }): readonly Piece[] {
  const { segments, shard } = cutShard(splitSegments(text));
  const quants = findQuants(segments);
  const context: Context = {
    segments,
    quants: new Map(quants.map((place) => [place.start, place])),
    main: mainQuant(quants),
    stampsMonthAndYear: false,
  };
  const pieces: Piece[] = [];
  let at = 0;
  if (isRoleMark(segments[0])) {
    pieces.push(pieceAt(context, 0, undefined).piece);
    at = 1;
  }
  const maker = makerPrefixLength(segments.slice(at, at + makerWordLimit + 1), {
    publisher: options.publisher,
    isQuant: (index) => context.quants.has(at + index),
  });
  if (maker > 0) pieces.push({ kind: 'publisher', before: segments[at]?.before ?? '', text: joinSegments(segments, at, at + maker) });
  at += maker;
  while (at < segments.length) {
    const { piece, end } = pieceAt(context, at, pieces.at(-1));
    pieces.push(piece);
    if (piece.kind === 'family') context.stampsMonthAndYear = piece.family.stampsMonthAndYear ?? false;
    at = end;
  }
  if (shard) {
    const mark = splitSegments(text).slice(-3);
    pieces.push({ kind: 'shard', before: mark[0]?.before ?? '', text: joinSegments(mark), ...shard });
  }
  return pieces;
}

/** `mmproj-google_gemma-…`: the maker comes second. */
function isRoleMark(segment: Segment | undefined): boolean {
  const word = segment?.lower;
  return word === 'mmproj' || word === 'mtp';
}

interface Context {
  readonly segments: readonly Segment[];
  readonly quants: ReadonlyMap<number, QuantPlace>;
  readonly main: QuantPlace | null;
  /** Whether its family dates releases by month and year. */
  stampsMonthAndYear: boolean;
}

interface Cut {
  readonly piece: Piece;
  readonly end: number;
}

function pieceAt(context: Context, at: number, previous: Piece | undefined): Cut {
  const { segments, quants, main } = context;
  const segment = segments[at] ?? { before: '', text: '', lower: '' };
  const place = quants.get(at);
  if (place) {
    const text = joinSegments(segments, at, place.end);
    return { piece: { kind: 'quant', before: segment.before, text, quant: place.type, isMain: place === main }, end: place.end };
  }
  if (isQwenMark(segments, at, previous)) return oneWord(context, at, previous);
  return phraseAt(context, at) ?? monthAt(segments, at) ?? oneWord(context, at, previous);
}

/** `Q3-8B-Kintsugi`: at the front and before a size, `Q3` is no quant but short for Qwen3. */
function isQwenMark(segments: readonly Segment[], at: number, previous: Piece | undefined): boolean {
  const mark = segments[at]?.lower ?? '';
  const isAtFront = previous === undefined || previous.kind === 'publisher';
  return isAtFront && mark.length === 2 && mark[0] === 'q' && isDigit(mark[1]) && readSize(segments[at + 1]?.lower ?? '') !== null;
}

/** The longest run of words that the tables know. */
function phraseAt(context: Context, at: number): Cut | null {
  const { segments, quants } = context;
  const first = segments[at]?.lower ?? '';
  const isPhrase = beginsPhrase(first) || beginsFamilyPhrase(first);
  let spelling = '';
  const spellings: string[] = [];
  for (let end = at; end < segments.length && spellings.length < (isPhrase ? phraseLimit : 1) && !quants.has(end); end += 1) {
    spellings.push(spelling);
    spelling += `${segments[end]?.lower}-`;
  }
  for (let length = spellings.length; length >= 1; length -= 1) {
    const before = spellings[length - 1] ?? '';
    const last = wordWithFraction(context, at + length - 1);
    const found = lookUp(before, last.lower);
    if (found)
      return { piece: { before: segments[at]?.before ?? '', text: joinSegments(segments, at, last.end), ...found }, end: last.end };
  }
  return null;
}

/** `12-2024`. */
function monthAt(segments: readonly Segment[], at: number): Cut | null {
  const month = segments[at];
  const year = segments[at + 1];
  const date = month && year ? readMonthAndYear(month.text, year.text) : null;
  if (!month || !date) return null;
  return { piece: { kind: 'date', before: month.before, text: joinSegments(segments, at, at + 2), date }, end: at + 2 };
}

function oneWord(context: Context, at: number, previous: Piece | undefined): Cut {
  const { lower, end } = wordWithFraction(context, at);
  const place = { before: context.segments[at]?.before ?? '', text: joinSegments(context.segments, at, end) };
  const size = readSize(lower);
  if (size) return { piece: { kind: 'size', ...place, size }, end };
  const family = previous?.kind === 'family' ? previous.family : null;
  const isAtFront = previous === undefined || previous.kind === 'size' || previous.kind === 'publisher';
  const date = isDigit(lower[0]) ? readDate(lower, { isMonthAndYear: context.stampsMonthAndYear }) : null;
  if (date) return { piece: { kind: 'date', ...place, date }, end };
  const lettered = family?.letters?.includes(lower[0] ?? '') ? readVersion(`v${lower.slice(1)}`) : null;
  const version = lettered === null ? readVersion(lower) : lower.toUpperCase();
  if (version !== null) return { piece: { kind: 'version', ...place, version, hasMark: !isDigit(lower[0]) }, end };
  const meaning = amountMeaning(lower);
  if (meaning !== null || !hasLetter(lower)) return { piece: { kind: 'amount', ...place, meaning }, end };
  const short = shortFamily(lower);
  if (short && (isAtFront || lower[0] === shortMarkAnywhere)) return { piece: { kind: 'short-family', ...place, ...short }, end };
  if (namesCoder(lower.slice(0, firstDigit(lower)))) return { piece: { kind: 'word', ...place, word: coderWord }, end };
  return { piece: { kind: 'name', ...place, ...splitMadeUpWord(lower) }, end };
}

/** Joins `3_5` and `1_5b`, where an underscore stands for the point. */
function wordWithFraction(
  { segments, quants }: Pick<Context, 'segments' | 'quants'>,
  at: number,
): { readonly lower: string; readonly end: number } {
  const lower = segments[at]?.lower ?? '';
  const next = segments[at + 1];
  if (next?.before !== '_' || quants.has(at + 1)) return { lower, end: at + 1 };
  const digits = trailingDigits(lower);
  const fraction = leadingNumber(next.lower);
  const isFraction =
    digits >= 1 &&
    digits <= 2 &&
    lower.at(-digits - 1) !== '.' &&
    fraction !== null &&
    fraction.text.length <= 2 &&
    !fraction.text.includes('.');
  if (!isFraction || !['', 'b', 'm'].includes(fraction.rest)) return { lower, end: at + 1 };
  return { lower: `${lower}.${fraction.text}${fraction.rest}`, end: at + 2 };
}

function trailingDigits(word: string): number {
  let count = 0;
  while (count < word.length && isDigit(word.at(-1 - count))) count += 1;
  return count;
}
