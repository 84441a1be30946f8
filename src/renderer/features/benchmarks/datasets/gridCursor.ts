import type { TextColumn } from '../../../stores/datasetRows.ts';

/** Columns as they stand on screen. `check` is set in the panel beside the grid. */
export const gridColumns = ['input', 'expected', 'check', 'labels', 'tags'] as const;
export type GridColumn = (typeof gridColumns)[number];

export const columnNames: Readonly<Record<GridColumn, string>> = {
  input: 'Input',
  expected: 'Expected',
  check: 'Checked by',
  labels: 'Labels',
  tags: 'Tags',
};

/** What a paste fills from left to right. */
export const pasteColumns: readonly TextColumn[] = ['input', 'expected', 'labels', 'tags'];

export interface GridCursor {
  readonly row: number;
  readonly column: GridColumn;
  /** The other end of the chosen rows; the cursor's own row where only one is chosen. */
  readonly anchor: number;
}

export type Step = 'up' | 'down' | 'left' | 'right' | 'pageUp' | 'pageDown' | 'home' | 'end' | 'first' | 'last' | 'next' | 'previous';

const pageRows = 12;

/**
 * Where a step leads.
 * @param options.extends keeps the anchor, so that rows between are chosen
 * @returns null where `next` and `previous` leave the grid
 */
export function moved(cursor: GridCursor, step: Step, options: { readonly rows: number; readonly extends?: boolean }): GridCursor | null {
  const last = Math.max(0, options.rows - 1);
  const at = gridColumns.indexOf(cursor.column);
  const to = (row: number, column = at): GridCursor => {
    const kept = Math.min(last, Math.max(0, row));
    return { row: kept, column: gridColumns[column] ?? cursor.column, anchor: options.extends ? cursor.anchor : kept };
  };
  const end = gridColumns.length - 1;
  switch (step) {
    case 'up':
      return to(cursor.row - 1);
    case 'down':
      return to(cursor.row + 1);
    case 'left':
      return to(cursor.row, Math.max(0, at - 1));
    case 'right':
      return to(cursor.row, Math.min(end, at + 1));
    case 'pageUp':
      return to(cursor.row - pageRows);
    case 'pageDown':
      return to(cursor.row + pageRows);
    case 'home':
      return to(cursor.row, 0);
    case 'end':
      return to(cursor.row, end);
    case 'first':
      return to(0, 0);
    case 'last':
      return to(last, end);
    case 'next':
      if (at < end) return to(cursor.row, at + 1);
      return cursor.row < last ? to(cursor.row + 1, 0) : null;
    case 'previous':
      if (at > 0) return to(cursor.row, at - 1);
      return cursor.row > 0 ? to(cursor.row - 1, end) : null;
  }
}

/** @returns the step that a key stands for, as in a spreadsheet; null for any other key. */
export function stepOfKey(event: { readonly key: string; readonly ctrl: boolean; readonly shiftKey: boolean }): Step | null {
  const { key, ctrl, shiftKey } = event;
  switch (key) {
    case 'ArrowUp':
      return 'up';
    case 'ArrowDown':
      return 'down';
    case 'ArrowLeft':
      return 'left';
    case 'ArrowRight':
      return 'right';
    case 'PageUp':
      return 'pageUp';
    case 'PageDown':
      return 'pageDown';
    case 'Home':
      return ctrl ? 'first' : 'home';
    case 'End':
      return ctrl ? 'last' : 'end';
    case 'Tab':
      return shiftKey ? 'previous' : 'next';
    default:
      return null;
  }
}

export function chosenRows({ row, anchor }: GridCursor): { readonly from: number; readonly to: number } {
  return { from: Math.min(row, anchor), to: Math.max(row, anchor) };
}
