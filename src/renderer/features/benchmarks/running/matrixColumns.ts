import type { RunProgress } from '#shared/contract/benchmarks.ts';

export type ProgressCell = RunProgress['cells'][number];

export interface MatrixColumn {
  readonly suite: string;
  readonly temperature: number;
}

export interface ColumnGroup {
  readonly suite: string;
  readonly columns: readonly MatrixColumn[];
}

/** The columns of the live matrix in the order of the run: suites, and their temperatures side by side. */
export function matrixColumns(cells: readonly ProgressCell[]): readonly ColumnGroup[] {
  const groups = new Map<string, Set<number>>();
  for (const cell of cells) {
    const temperatures = groups.get(cell.suite);
    if (temperatures === undefined) groups.set(cell.suite, new Set([cell.temperature]));
    else temperatures.add(cell.temperature);
  }
  return [...groups].map(([suite, temperatures]) => ({
    suite,
    columns: [...temperatures].sort((a, b) => a - b).map((temperature) => ({ suite, temperature })),
  }));
}

export function cellKey(cell: { readonly modelId: string; readonly suite: string; readonly temperature: number }): string {
  return JSON.stringify([cell.modelId, cell.suite, cell.temperature]);
}
