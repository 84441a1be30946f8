import type { Artifact } from '#shared/contract/models.ts';
import { ownerLabel } from '#shared/ownerWords.ts';
import type { Sort } from '../../ui/sort.ts';

export type LibraryColumn =
  | 'name'
  | 'fit'
  | 'publisher'
  | 'quant'
  | 'parameters'
  | 'size'
  | 'context'
  | 'added'
  | 'used'
  | 'speed'
  | 'score';

export interface ColumnHead {
  readonly id: LibraryColumn;
  readonly label: string;
  /** Where the head has no room for it. */
  readonly longLabel?: string;
  readonly title?: string;
  /** Numbers stand right. */
  readonly isNumber?: true;
  /** The first click sorts downwards: the largest, the best, the newest. */
  readonly isBestFirst?: true;
}

/** In their order in the table. The name is always there. */
export const libraryColumns: readonly ColumnHead[] = [
  { id: 'name', label: 'Name' },
  { id: 'fit', label: 'Fit', title: 'Where it would lie on this machine', isBestFirst: true },
  { id: 'publisher', label: 'Publisher' },
  { id: 'quant', label: 'Quant' },
  { id: 'parameters', label: 'Params', longLabel: 'Parameters', isNumber: true, isBestFirst: true },
  { id: 'size', label: 'Size', isNumber: true, isBestFirst: true },
  { id: 'context', label: 'Ctx', longLabel: 'Context', title: 'Context it was trained for, in tokens', isNumber: true, isBestFirst: true },
  { id: 'added', label: 'Added', isNumber: true, isBestFirst: true },
  { id: 'used', label: 'Last used', isNumber: true, isBestFirst: true },
  { id: 'speed', label: 'tok/s', longLabel: 'Speed', title: 'Measured tokens per second', isNumber: true, isBestFirst: true },
  { id: 'score', label: 'Score', title: 'Share passed in the latest benchmark', isNumber: true, isBestFirst: true },
];

/** Which models are shown by how they fit. One that fits tightly fits. */
export type FitFilter = 'all' | 'fits' | 'too-large';

interface View {
  readonly query: string;
  readonly fits?: FitFilter;
  readonly sort: Sort<LibraryColumn>;
  /** How well models fit, by id, the higher the better; what is not in it is not known. Only needed to sort or filter by it. */
  readonly fitRanks?: ReadonlyMap<string, number>;
}

/** @returns the models whose name, publisher, quant or architecture contain every word and that fit as wanted, in order. Empty values come last. */
export function visibleModels(artifacts: readonly Artifact[], { query, sort, fitRanks, fits = 'all' }: View): readonly Artifact[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = inOrderOfNames(artifacts).filter((artifact) => {
    if (!isShown(fits, fitRanks?.get(artifact.id))) return false;
    if (words.length === 0) return true;
    const text = [
      artifact.name,
      artifact.publisher,
      artifact.quant,
      artifact.architecture,
      artifact.id,
      artifact.nameInApp,
      ownerLabel(artifact.owner),
    ]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const sign = sort.direction === 'ascending' ? 1 : -1;
  const cellOf = (artifact: Artifact): string | number | null =>
    sort.column === 'fit' ? (fitRanks?.get(artifact.id) ?? null) : cellValue(artifact, sort.column);
  // Equal values stay in the order of their names.
  return found.toSorted((a, b) => compare(cellOf(a), cellOf(b), sign));
}

function isShown(fits: FitFilter, rank: number | undefined): boolean {
  if (fits === 'all') return true;
  return rank !== undefined && (fits === 'fits' ? rank > 0 : rank === 0);
}

function cellValue(artifact: Artifact, column: Exclude<LibraryColumn, 'fit'>): string | number | null {
  switch (column) {
    case 'name':
      return artifact.name.toLowerCase();
    case 'publisher':
      return artifact.publisher?.toLowerCase() ?? null;
    case 'quant':
      return artifact.quant;
    case 'parameters':
      return artifact.parameters;
    case 'size':
      return artifact.sizeBytes;
    case 'context':
      return artifact.contextTokens;
    case 'added':
      return artifact.addedAt;
    case 'used':
      return artifact.lastUsedAt;
    case 'speed':
      return artifact.speed?.generationTokensPerSecond ?? null;
    case 'score':
      return artifact.score?.passRate ?? null;
  }
}

function compare(a: string | number | null, b: string | number | null, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return (a - b) * sign;
  return collator.compare(String(a), String(b)) * sign;
}

/** Made once: thousands of names are compared while somebody waits. */
const collator = new Intl.Collator('en', { numeric: true });

const named = new WeakMap<readonly Artifact[], readonly Artifact[]>();

/** Comparing names costs most of a sort: it is done once for a list, however often that is sorted anew. */
function inOrderOfNames(artifacts: readonly Artifact[]): readonly Artifact[] {
  const known = named.get(artifacts);
  if (known !== undefined) return known;
  const ordered = artifacts.toSorted(byName);
  named.set(artifacts, ordered);
  return ordered;
}

function byName(a: Artifact, b: Artifact): number {
  return collator.compare(a.name, b.name) || a.sizeBytes - b.sizeBytes || a.id.localeCompare(b.id);
}
