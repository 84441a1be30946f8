import { missing } from '../../units.ts';
import { type FitsInShort, usualQuant } from './fitsInShort.ts';

export interface ShortRow {
  readonly name: string;
  readonly value: string;
  /** Set apart, as a thing that could be typed. */
  readonly quant: string | null;
}

/** The memory's speed decides, and is not known. */
const measureFirst = 'measure first';

/** What a grid comes to, in words, most important first. */
export function inShortRows(facts: FitsInShort, { onGpu }: { readonly onGpu: boolean }): readonly ShortRow[] {
  const { about, largestOnGpu, usualOnGpu, withRam, largestInRam } = facts;
  const row = (name: string, value: string | null, quant: string | null = null): ShortRow => ({ name, value: value ?? missing, quant });
  const first = row('For this machine', aboutWords(about));
  if (!onGpu) {
    return [first, row('Largest in RAM', largestInRam?.size ?? null, largestInRam?.quant), row('Quick enough to chat', quickWords(facts))];
  }
  return [
    first,
    row('Largest on GPU', largestOnGpu?.size ?? null, largestOnGpu?.quant),
    row(`Largest at ${usualQuant}`, usualOnGpu === null ? null : `${usualOnGpu} on GPU`),
    row('With RAM as well', withRam),
  ];
}

function aboutWords(about: FitsInShort['about']): string {
  if (about === null) return 'none fits';
  if (about === 'unknown') return measureFirst;
  return about.isQuick ? `about ${about.size}` : `${about.size}, slowly`;
}

function quickWords({ quickEnough }: FitsInShort): string | null {
  if (quickEnough === 'unknown') return measureFirst;
  const { dense, experts } = quickEnough;
  if (dense === null) return experts ?? 'none of these';
  return experts === null ? `up to ${dense}` : `up to ${dense}, ${experts}`;
}
