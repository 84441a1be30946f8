import type { NameParameters } from './nameReading.ts';
import type { Piece } from './pieces.ts';
import type { SizeReading } from './readSize.ts';

/** What the sizes of a name add up to. */
export interface CountedParameters {
  readonly parameters: NameParameters;
  /** Experts of a mixture, where the name says how many. */
  readonly experts: number | null;
  readonly contextTokens: number | null;
  /** By piece: what it counts, where it is not what it looks like. */
  readonly meanings: ReadonlyMap<number, string | null>;
}

/** Windows that names state in millions of tokens. */
const contextMillions: ReadonlySet<number> = new Set([1e6, 2e6, 10e6]);

/** Published by their makers; their names give the parts only. Billions. Checked 2026-11-21. */
const published: ReadonlyMap<string, { readonly total: number; readonly active: number }> = new Map([
  ['mixtral 8x7', { total: 46.7, active: 12.9 }],
  ['mixtral 8x22', { total: 141, active: 39 }],
  ['llama 17x16', { total: 109, active: 17 }],
  ['llama 17x128', { total: 400, active: 17 }],
]);

/**
 * Adds up the sizes in a name: `1M` behind a size is context, `1b-7b` of a mixture is active and total, `1t` behind a size is training
 * text, `17B-16E` is active weights and experts.
 * @param pieces of one part of a name
 * @param chosenId the family chosen, null where none was
 */
export function countParameters(pieces: readonly Piece[], chosenId: string | null): CountedParameters {
  // A tune of Mixtral is as large as Mixtral: `dolphin-2.5-mixtral-8x7b`.
  const familyId = pieces.some((piece) => piece.kind === 'family' && piece.family.id === 'mixtral') ? 'mixtral' : chosenId;
  const meanings = new Map<number, string | null>();
  const sizes = pieces.flatMap((piece, at) => {
    const size = piece.kind === 'size' ? piece.size : piece.kind === 'family' ? piece.size : null;
    return size ? [{ at, size }] : [];
  });
  const totals = sizes.filter((entry): entry is Counted<'total'> => entry.size.kind === 'total');
  const weights = totals.filter(({ at, size }) => !isOtherAmount(at, size));
  const mixture = sizes.find((entry): entry is Counted<'mixture'> => entry.size.kind === 'mixture')?.size ?? null;
  const expertCount = sizes.find((entry): entry is Counted<'experts'> => entry.size.kind === 'experts')?.size.experts ?? null;
  const pair = sizes.find((entry): entry is Counted<'total-and-active'> => entry.size.kind === 'total-and-active')?.size ?? null;
  let context = sizes.find((entry): entry is Counted<'context'> => entry.size.kind === 'context')?.size.tokens ?? null;
  let total = weights[0]?.size.parameters ?? pair?.total ?? null;
  let active = sizes.find((entry): entry is Counted<'active'> => entry.size.kind === 'active')?.size.parameters ?? pair?.active ?? null;
  const effective = sizes.find((entry): entry is Counted<'effective'> => entry.size.kind === 'effective')?.size.parameters ?? null;

  for (const { at, size } of totals) {
    if (!isOtherAmount(at, size)) continue;
    if (size.unit === 'm') context ??= size.parameters;
    const isBehindSize = pieces[at - 1]?.kind === 'size';
    meanings.set(
      at,
      size.unit === 'm' ? `${size.parameters / 1e6}M context` : isBehindSize ? `learnt from ${size.parameters / 1e12}T tokens` : null,
    );
  }
  const second = weights[1];
  const first = weights[0];
  if (first && second && second.at === first.at + 1 && first.size.parameters < second.size.parameters && isMixtureName(pieces, familyId)) {
    total = second.size.parameters;
    active = first.size.parameters;
    meanings.set(first.at, `${billions(active)} active`);
  }
  if (expertCount !== null && first && active === null) {
    const known = published.get(`${familyId} ${first.size.parameters / 1e9}x${expertCount}`);
    active = first.size.parameters;
    total = known ? known.total * 1e9 : null;
    meanings.set(first.at, `${billions(active)} active`);
  }
  if (mixture && total === null) {
    const known = published.get(`${familyId} ${mixture.experts}x${mixture.each / 1e9}`);
    total = known ? Math.round(known.total * 1e9) : null;
    active ??= known ? Math.round(known.active * 1e9) : null;
  }
  return { parameters: { total, active, effective }, experts: mixture?.experts ?? expertCount, contextTokens: context, meanings };

  /** Millions in whole numbers next to billions are tokens of context; trillions behind them are tokens of training text. */
  function isOtherAmount(at: number, size: Counted<'total'>['size']): boolean {
    const hasBillions = totals.some((other) => other.at !== at && other.size.unit === 'b');
    if (size.unit === 't') return hasBillions;
    return (
      size.unit === 'm' && contextMillions.has(size.parameters) && (hasBillions || (size.parameters === 1e6 && familyId !== 'tinystories'))
    );
  }
}

type Counted<Kind extends SizeReading['kind']> = { readonly at: number; readonly size: Extract<SizeReading, { kind: Kind }> };

/**
 * What a size says, in two or three words.
 * @param size as it stands in the name
 */
export function sizeMeaning(size: SizeReading): string {
  switch (size.kind) {
    case 'total':
      return `${billions(size.parameters, size.unit)} parameters`;
    case 'active':
      return `${billions(size.parameters)} active`;
    case 'effective':
      return `effective ${billions(size.parameters)}`;
    case 'total-and-active':
      return `${billions(size.total)}, ${billions(size.active)} active`;
    case 'mixture':
      return `${size.experts} experts of ${billions(size.each)}`;
    case 'experts':
      return `${size.experts} experts`;
    case 'context':
      return `${Math.round(size.tokens / 1024)}k context`;
  }
}

/** Short: `30B`, `270M`; in the unit that the name used, where one is given. */
export function billions(parameters: number, unit?: 'm' | 'b' | 't'): string {
  if (unit === 't' || parameters >= 1e12) return `${short(parameters / 1e12)}T`;
  return unit === 'b' || parameters >= 1e9 ? `${short(parameters / 1e9)}B` : `${short(parameters / 1e6)}M`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function isMixtureName(pieces: readonly Piece[], familyId: string | null): boolean {
  return (familyId?.endsWith('moe') ?? false) || pieces.some((piece) => piece.kind === 'word' && piece.word.kind === 'structure');
}
