import { type KeyboardEvent, useRef, useState } from 'react';
import { gridQuants, type WhatFits, type WhatFitsCell, type WhatFitsRow } from '#core/fit/reference/whatFits.ts';
import { formatCount, missing } from '#core/units.ts';
import { FitBadge } from '../../ui/FitBadge.tsx';
import { fitWords } from '../../ui/fitWords.ts';
import { cellBytes, cellHint, cellSentence, cellWords } from './gridWords.ts';
import type { LoadedCell } from './loadedCell.ts';
import { searchSize } from './searchSize.ts';

interface FitGridProps {
  readonly grid: WhatFits;
  readonly loaded: readonly LoadedCell[];
}

interface Place {
  readonly row: number;
  readonly column: number;
}

const steps: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -gridQuants.length],
  End: [0, gridQuants.length],
};

/** Sizes by quants. One stop of the tab key; arrows go from cell to cell, Enter looks for models of that size. */
export function FitGrid({ grid, loaded }: FitGridProps) {
  const table = useRef<HTMLTableElement>(null);
  const [current, setCurrent] = useState<Place>({ row: 0, column: gridQuants.indexOf('Q4_K_M') });
  const move = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const row = Math.min(Math.max(current.row + step[0], 0), grid.rows.length - 1);
    const column = Math.min(Math.max(current.column + step[1], 0), gridQuants.length - 1);
    setCurrent({ row, column });
    table.current?.querySelector<HTMLElement>(`[data-place="${row}.${column}"]`)?.focus();
  };
  return (
    <div className="fit-grid-scroll">
      <table ref={table} className="fit-grid" aria-label={`What fits at ${formatCount(grid.contextTokens)} tokens of context`}>
        <colgroup>
          <col className="sizes" />
          <col span={gridQuants.length} />
        </colgroup>
        <thead>
          <tr>
            <td />
            {gridQuants.map((quant) => (
              <th key={quant} scope="col" className="mono">
                {quant}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.rows.map((row, rowIndex) => (
            <tr key={row.id}>
              <th scope="row">
                <b>{row.model.size}</b>
                <small>{row.model.name}</small>
              </th>
              {row.cells.map((cell, column) => (
                <td key={gridQuants[column]}>
                  <GridCell
                    row={row}
                    cell={cell}
                    quant={gridQuants[column] ?? ''}
                    place={`${rowIndex}.${column}`}
                    isCurrent={rowIndex === current.row && column === current.column}
                    isLoaded={loaded.some(({ size, quant }) => size === row.model.size && quant === gridQuants[column])}
                    onKeyDown={move}
                    onFocus={() => setCurrent({ row: rowIndex, column })}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface GridCellProps {
  readonly row: WhatFitsRow;
  readonly cell: WhatFitsCell | null;
  readonly quant: string;
  readonly place: string;
  /** The one that the tab key stops at. */
  readonly isCurrent: boolean;
  readonly isLoaded: boolean;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: () => void;
}

function GridCell({ row, cell, quant, place, isCurrent, isLoaded, onKeyDown, onFocus }: GridCellProps) {
  const beyond = `trained for ${formatCount(row.model.contextTokens)} tokens`;
  const sentence = cell === null ? `${row.model.size}, ${quant}: ${beyond}` : cellSentence(row, cell);
  const look = cell === null ? 'none' : fitWords(cell).look;
  return (
    <button
      type="button"
      className={`fit-cell ${look}${isLoaded ? ' on' : ''}`}
      data-place={place}
      tabIndex={isCurrent ? 0 : -1}
      aria-label={isLoaded ? `${sentence}, loaded now` : sentence}
      title={cell === null ? `${row.model.name} was ${beyond}.` : cellHint(row, cell)}
      onClick={() => searchSize(row.model, quant)}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      {cell === null ? (
        missing
      ) : (
        <>
          <FitBadge fit={cell} form="glyph" />
          <span className="said">
            <b>{cellWords(cell)}</b>
            <small>{cellBytes(cell.totalBytes)}</small>
          </span>
        </>
      )}
    </button>
  );
}
