import type { CatalogSort } from '#shared/contract/catalog.ts';

export interface FilterOption<Value> {
  /** Null = any. */
  readonly value: Value | null;
  readonly label: string;
}

export const tuneOptions: readonly FilterOption<string>[] = [
  { value: null, label: 'any' },
  { value: 'instruct', label: 'Instruct' },
  { value: 'thinking', label: 'Reasoning' },
  { value: 'coder', label: 'Coder' },
  { value: 'vision', label: 'Vision' },
  { value: 'embedding', label: 'Embedding' },
  { value: 'reranker', label: 'Reranker' },
  { value: 'tool-calling', label: 'Tool calling' },
  { value: 'base', label: 'Base' },
];

/** As the hub tags them. */
export const licenseOptions: readonly FilterOption<string>[] = [
  { value: null, label: 'any' },
  { value: 'apache-2.0', label: 'Apache-2.0' },
  { value: 'mit', label: 'MIT' },
  { value: 'llama3.3', label: 'Llama 3.3' },
  { value: 'llama3.2', label: 'Llama 3.2' },
  { value: 'llama3.1', label: 'Llama 3.1' },
  { value: 'gemma', label: 'Gemma' },
  { value: 'cc-by-4.0', label: 'CC BY 4.0' },
  { value: 'cc-by-nc-4.0', label: 'CC BY-NC 4.0' },
  { value: 'other', label: 'Other' },
];

export const updatedOptions: readonly FilterOption<number>[] = [
  { value: null, label: 'any time' },
  { value: 7, label: 'last week' },
  { value: 30, label: 'last month' },
  { value: 90, label: 'last 3 months' },
  { value: 365, label: 'last year' },
];

export const sortOptions: readonly { readonly value: CatalogSort; readonly label: string }[] = [
  { value: 'trending', label: 'Trending' },
  { value: 'downloads', label: 'Downloads' },
  { value: 'likes', label: 'Likes' },
  { value: 'created', label: 'Newest' },
  { value: 'updated', label: 'Updated' },
];

/** Billions of parameters at the stops of the size filter; the first means no least, the last no most. */
export const sizeStops = [0, 0.5, 1, 2, 3, 4, 8, 14, 24, 32, 70, Number.POSITIVE_INFINITY] as const;

export interface SizeRange {
  readonly minParameters: number | null;
  readonly maxParameters: number | null;
}

/** @returns the range between two stops, as the list is asked for it */
export function sizeRange(low: number, high: number): SizeRange {
  const least = sizeStops[low] ?? 0;
  const most = sizeStops[high] ?? Number.POSITIVE_INFINITY;
  return { minParameters: least === 0 ? null : least * 1e9, maxParameters: Number.isFinite(most) ? most * 1e9 : null };
}

/** @returns the stops of a range */
export function sizeSteps({ minParameters, maxParameters }: SizeRange): readonly [number, number] {
  const step = (parameters: number): number =>
    Math.max(
      0,
      sizeStops.findIndex((stop) => stop * 1e9 >= parameters),
    );
  return [minParameters === null ? 0 : step(minParameters), maxParameters === null ? sizeStops.length - 1 : step(maxParameters)];
}

/** @returns such as `any`, `up to 8B`, `1B to 14B`, `from 32B` */
export function sizeWords({ minParameters, maxParameters }: SizeRange): string {
  const billions = (parameters: number): string => `${parameters / 1e9}B`;
  if (minParameters === null) return maxParameters === null ? 'any' : `up to ${billions(maxParameters)}`;
  return maxParameters === null ? `from ${billions(minParameters)}` : `${billions(minParameters)} to ${billions(maxParameters)}`;
}
