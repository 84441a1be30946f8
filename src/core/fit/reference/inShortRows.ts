import { missing } from '../../units.ts';
import { type FitsInShort, usualQuant } from './fitsInShort.ts';

export interface ShortRow {
  readonly name: string;
  readonly value: string;
  /** Set apart, as a thing that could be typed. */
  readonly quant: string | null;
}

export interface ShortContext {
  readonly onGpu: boolean;
  /** The memory was measured beside other work: speeds may be higher, so that sizes are the least. */
  readonly isSpeedLeast?: boolean;
}

/** The memory's speed decides, and is not known. */
const measureFirst = 'measure first';

/** What a grid comes to, in words, most important first. */
export function inShortRows(facts: FitsInShort, { onGpu, isSpeedLeast = false }: ShortContext): readonly ShortRow[] {
  const { about, largestOnGpu, usualOnGpu, withRam, largestInRam } = facts;
  const row = (name: string, value: string | null, quant: string | null = null): ShortRow => ({ name, value: value ?? missing, quant });
  const first = row('For this machine', aboutWords(about, isSpeedLeast));
  if (!onGpu) {
    return [
      first,
      row('Largest in RAM', largestInRam?.size ?? null, largestInRam?.quant),
      row('Quick enough to chat', quickWords(facts, isSpeedLeast)),
    ];
  }
  return [
    first,
    row('Largest on GPU', largestOnGpu?.size ?? null, largestOnGpu?.quant),
    row(`Largest at ${usualQuant}`, usualOnGpu === null ? null : `${usualOnGpu} on GPU`),
    row('With RAM as well', withRam),
  ];
}

function aboutWords(about: FitsInShort['about'], isLeast: boolean): string {
  if (about === null) return 'none fits';
  if (about === 'unknown' || (isLeast && !about.isQuick)) return measureFirst;
  if (!about.isQuick) return `${about.size}, slowly`;
  return isLeast ? `at least ${about.size}` : `about ${about.size}`;
}

function quickWords({ quickEnough }: FitsInShort, isLeast: boolean): string | null {
  if (quickEnough === 'unknown') return measureFirst;
  const { dense, experts } = quickEnough;
  if (dense === null) return experts ?? (isLeast ? measureFirst : 'none of these');
  const most = isLeast ? `at least ${dense}` : `up to ${dense}`;
  return experts === null ? most : `${most}, ${experts}`;
}
