import { ArrowDown } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { formatPercent } from '#core/units.ts';
import { heatStep } from './scales.ts';

export interface HeatCell {
  /** Share passed, 0 to 1; null = nothing was asked here. */
  readonly passRate: number | null;
  /** What the cell says to a screen reader and as its tooltip. */
  readonly words: string;
}

interface HeatMapProps {
  readonly label: string;
  readonly columns: readonly { readonly id: string; readonly name: string; readonly count: number }[];
  readonly rows: readonly {
    readonly id: string;
    readonly name: string;
    readonly detail: string | null;
    readonly isVerdict: boolean;
    readonly cells: readonly HeatCell[];
    readonly all: string;
  }[];
  readonly bar: number;
  readonly onSelect: (rowId: string, columnId: string) => void;
}

/** Pixels: of the names and the sums at both ends, and of a column that can still be read. */
const namesWidth = 190;
const leastColumn = 40;

/** Scores of models (rows, smallest first) on suites (columns). One tab stop, arrow keys move, Enter opens the cell. */
export function HeatMap({ label, columns, rows, bar, onSelect }: HeatMapProps) {
  const table = useRef<HTMLTableElement | null>(null);
  const [focus, setFocus] = useState({ row: 0, column: 0 });

  // The tab stop must be a cell that exists; a suite that was never asked has none.
  const stop = rows[focus.row]?.cells[focus.column]?.passRate == null ? firstCell(rows) : focus;

  function onKeyDown(event: KeyboardEvent): void {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const row = Math.min(rows.length - 1, Math.max(0, focus.row + step.row));
    const column = Math.min(columns.length - 1, Math.max(0, focus.column + step.column));
    setFocus({ row, column });
    table.current?.querySelector<HTMLButtonElement>(`[data-cell="${row}:${column}"]`)?.focus();
  }

  return (
    <table ref={table} className="hm" aria-label={label} style={{ minWidth: namesWidth + columns.length * leastColumn }}>
      <thead>
        <tr>
          <td />
          {columns.map((column) => (
            <th key={column.id} scope="col" title={column.name}>
              <span className="ell">{column.name}</span>
              <small>{column.count}</small>
            </th>
          ))}
          <th scope="col" className="all">
            All
          </th>
        </tr>
      </thead>
      <tbody onKeyDown={onKeyDown}>
        {rows.map((row, rowIndex) => (
          <tr key={row.id} className={row.isVerdict ? 'w' : undefined}>
            <th scope="row" title={row.detail === null ? row.name : `${row.name} ${row.detail}`}>
              <span className="ell">{row.name}</span>
              {row.detail === null ? null : <span className="mono">{row.detail}</span>}
            </th>
            {row.cells.map((cell, columnIndex) => {
              const column = columns[columnIndex];
              if (column === undefined) return null;
              return (
                <td key={column.id}>
                  {cell.passRate === null ? (
                    <span className="none">–</span>
                  ) : (
                    <button
                      type="button"
                      data-cell={`${rowIndex}:${columnIndex}`}
                      tabIndex={stop.row === rowIndex && stop.column === columnIndex ? 0 : -1}
                      className={`heat heat-${heatStep(cell.passRate)}`}
                      title={cell.words}
                      aria-label={cell.words}
                      onFocus={() => setFocus({ row: rowIndex, column: columnIndex })}
                      onClick={() => onSelect(row.id, column.id)}
                    >
                      {cell.passRate < bar ? <ArrowDown size={10} strokeWidth={4} aria-hidden="true" /> : null}
                      {formatPercent(cell.passRate).replace('%', '')}
                    </button>
                  )}
                </td>
              );
            })}
            <td className="all">{row.all}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function firstCell(rows: HeatMapProps['rows']): { readonly row: number; readonly column: number } {
  for (const [row, { cells }] of rows.entries()) {
    const column = cells.findIndex((cell) => cell.passRate !== null);
    if (column !== -1) return { row, column };
  }
  return { row: 0, column: 0 };
}

const steps: Readonly<Record<string, { readonly row: number; readonly column: number }>> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
};
