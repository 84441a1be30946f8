import type { NameParameters } from './nameReading.ts';
import type { Piece } from './piece.ts';
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
/** Families with models of a million weights, where `1M` is a size. */
const tinyFamilies: ReadonlySet<string> = new Set(['tinystories', 'starter']);

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
  const sizes = collectSizes(pieces);
  if (sizes === null) return nothingCounted;
  // A tune of Mixtral is as large as Mixtral: `dolphin-2.5-mixtral-8x7b`.
  const familyId = pieces.some((piece) => piece.kind === 'family' && piece.family.id === 'mixtral') ? 'mixtral' : chosenId;
  const meanings = new Map<number, string | null>();
  const hasBillions = sizes.totals.some(({ size }) => size.unit === 'b');
  const weights: CountedTotal[] = [];
  let context = sizes.context;
  for (const total of sizes.totals) {
    const { parameters, unit } = total.size;
    if (unit === 'm' && contextMillions.has(parameters) && (hasBillions || (parameters === 1e6 && !tinyFamilies.has(familyId ?? '')))) {
      context ??= parameters;
      meanings.set(total.at, `${parameters / 1e6}M context`);
    } else if (unit === 't' && hasBillions) {
      meanings.set(total.at, pieces[total.at - 1]?.kind === 'size' ? `learnt from ${parameters / 1e12}T tokens` : null);
    } else weights.push(total);
  }
  const [first, second] = weights;
  let total = first?.size.parameters ?? sizes.pair?.total ?? null;
  let active = sizes.active ?? sizes.pair?.active ?? null;
  if (first && second?.at === first.at + 1 && first.size.parameters < second.size.parameters && isMixtureName(pieces, familyId)) {
    total = second.size.parameters;
    active = first.size.parameters;
    meanings.set(first.at, `${billions(active)} active`);
  }
  if (sizes.experts !== null && first && active === null) {
    const known = published.get(`${familyId} ${first.size.parameters / 1e9}x${sizes.experts}`);
    active = first.size.parameters;
    total = known ? known.total * 1e9 : null;
    meanings.set(first.at, `${billions(active)} active`);
  }
  if (sizes.mixture && total === null) {
    const known = published.get(`${familyId} ${sizes.mixture.experts}x${sizes.mixture.each / 1e9}`);
    total = known ? Math.round(known.total * 1e9) : null;
    active ??= known ? Math.round(known.active * 1e9) : null;
  }
  const experts = sizes.mixture?.experts ?? sizes.experts;
  return { parameters: { total, active, effective: sizes.effective }, experts, contextTokens: context, meanings };
}

const nothingCounted: CountedParameters = {
  parameters: { total: null, active: null, effective: null },
  experts: null,
  contextTokens: null,
  meanings: new Map(),
};

interface CountedTotal {
  readonly at: number;
  readonly size: SizeOf<'total'>;
}

type SizeOf<Kind extends SizeReading['kind']> = Extract<SizeReading, { kind: Kind }>;

/** The first size of each kind, and every total. */
interface CollectedSizes {
  readonly totals: CountedTotal[];
  active: number | null;
  effective: number | null;
  experts: number | null;
  context: number | null;
  mixture: SizeOf<'mixture'> | null;
  pair: SizeOf<'total-and-active'> | null;
}

function collectSizes(pieces: readonly Piece[]): CollectedSizes | null {
  let found: CollectedSizes | null = null;
  for (const [at, piece] of pieces.entries()) {
    const size = piece.kind === 'size' || piece.kind === 'family' ? piece.size : null;
    if (size === null) continue;
    found ??= { totals: [], active: null, effective: null, experts: null, context: null, mixture: null, pair: null };
    switch (size.kind) {
      case 'total':
        found.totals.push({ at, size });
        break;
      case 'active':
        found.active ??= size.parameters;
        break;
      case 'effective':
        found.effective ??= size.parameters;
        break;
      case 'experts':
        found.experts ??= size.experts;
        break;
      case 'context':
        found.context ??= size.tokens;
        break;
      case 'mixture':
        found.mixture ??= size;
        break;
      case 'total-and-active':
        found.pair ??= size;
        break;
    }
  }
  return found;
}

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
      return `${Math.round(size.tokens / (size.tokens % 1000 === 0 ? 1000 : 1024))}k context`;
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
