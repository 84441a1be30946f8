import type { Artifact } from '#shared/contract/models.ts';
import { ownerLabel } from '#shared/ownerWords.ts';
import type { Sort } from '../../ui/sort.ts';

export type LibraryColumn = 'name' | 'publisher' | 'quant' | 'parameters' | 'size' | 'context' | 'added' | 'used' | 'speed' | 'score';

interface View {
  readonly query: string;
  readonly sort: Sort<LibraryColumn>;
}

/** @returns the models whose name, publisher, quant or architecture contain every word, in order. Empty values come last. */
export function visibleModels(artifacts: readonly Artifact[], { query, sort }: View): readonly Artifact[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = artifacts.filter((artifact) => {
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
  return found.toSorted((a, b) => compare(cellValue(a, sort.column), cellValue(b, sort.column), sign) || byName(a, b));
}

function cellValue(artifact: Artifact, column: LibraryColumn): string | number | null {
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
  return String(a).localeCompare(String(b), 'en', { numeric: true }) * sign;
}

function byName(a: Artifact, b: Artifact): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true }) || a.sizeBytes - b.sizeBytes || a.id.localeCompare(b.id);
}
