import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { TriangleAlert } from 'lucide-react';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { DatasetItem, DatasetProblem } from '#shared/contract/datasets.ts';
import { cellText, isBlank, type TextColumn } from '../../../stores/datasetRows.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { type AfterEdit, CellEditor } from './CellEditor.tsx';
import { graderWords } from './graderChoices.ts';
import { chosenRows, columnNames, type GridColumn, type GridCursor, gridColumns, moved, stepOfKey } from './gridCursor.ts';

export interface GridActions {
  readonly writeCell: (row: number, column: TextColumn, text: string) => void;
  /** Empties the cells of the cursor's column in the chosen rows. */
  readonly clear: () => void;
  readonly paste: (text: string) => void;
  readonly addBelow: () => void;
  readonly duplicate: () => void;
  readonly remove: () => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Moves the focus to where checks are set. */
  readonly openCheck: () => void;
}

interface DatasetGridProps {
  readonly rows: readonly DatasetItem[];
  readonly problems: ReadonlyMap<DatasetItem, DatasetProblem>;
  readonly cursor: GridCursor;
  readonly onMove: (cursor: GridCursor) => void;
  readonly isReadOnly: boolean;
  readonly actions: GridActions;
}

interface Editing {
  /** What the editor begins with. */
  readonly text: string;
}

const rowHeight = 34;
/** More than any cell shows; a text may have a million. */
const shownCharacters = 300;

/** The items as a spreadsheet: one tab stop, arrows move, Enter or typing edits, Esc gives up, Tab goes on. */
export function DatasetGrid({ rows, problems, cursor, onMove, isReadOnly, actions }: DatasetGridProps) {
  const box = useRef<HTMLDivElement | null>(null);
  const [editing, setEditing] = useState<Editing | null>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    // The row of the cursor stays, or a long scroll would end its editor and what was typed there.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), cursor.row])].filter((row) => row < rows.length).sort((a, b) => a - b),
  });
  useEffect(() => virtual.scrollToIndex(cursor.row, { align: 'auto' }), [virtual, cursor.row]);
  useEffect(() => box.current?.focus(), []);

  const chosen = chosenRows(cursor);
  const row = rows[cursor.row];

  function begin(text: string | null): void {
    if (isReadOnly || row === undefined) return;
    if (cursor.column === 'check') return actions.openCheck();
    setEditing({ text: text ?? cellText(row, cursor.column) });
  }

  function finish(text: string | null, then: AfterEdit): void {
    setEditing(null);
    // A click elsewhere keeps the focus that it set.
    if (then !== 'leave') box.current?.focus();
    if (text !== null && cursor.column !== 'check') actions.writeCell(cursor.row, cursor.column, text);
    if (then === 'stay' || then === 'leave') return;
    if (then === 'down' && cursor.row === rows.length - 1) actions.addBelow();
    else onMove(moved({ ...cursor, anchor: cursor.row }, then, { rows: rows.length }) ?? cursor);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (editing !== null || event.target !== box.current) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const step = event.altKey ? null : stepOfKey({ key: event.key, ctrl, shiftKey: event.shiftKey });
    if (step !== null) {
      const next = moved(cursor, step, { rows: rows.length, extends: event.shiftKey && event.key !== 'Tab' });
      // At either end of the grid Tab leaves it.
      if (next === null) return;
      event.preventDefault();
      // As in a spreadsheet there is always one more row below.
      if (step === 'down' && next.row === cursor.row && !event.shiftKey && !isReadOnly && row !== undefined && !isBlank(row))
        actions.addBelow();
      else onMove(next);
      return;
    }
    if (handled(event, ctrl)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  /** @returns whether the key was one of the grid's. */
  function handled(event: KeyboardEvent, ctrl: boolean): boolean {
    const { key } = event;
    if (ctrl) return handledWithCtrl(key.toLowerCase(), event.shiftKey);
    if (event.altKey) return false;
    if (key === 'Enter' || key === 'F2') begin(null);
    else if (key === 'Delete' || key === 'Backspace') actions.clear();
    else if (key.length === 1 && !event.nativeEvent.isComposing) {
      const label = /^[0-9]$/.test(key) && cursor.column === 'expected' ? row?.labels?.[(Number(key) + 9) % 10] : undefined;
      if (label === undefined) begin(key);
      else finish(label, cursor.row < rows.length - 1 ? 'down' : 'stay');
    } else return false;
    return true;
  }

  function handledWithCtrl(key: string, isShift: boolean): boolean {
    if (key === 'z') (isShift ? actions.redo : actions.undo)();
    else if (key === 'y') actions.redo();
    else if (key === 'd') actions.duplicate();
    else if (key === 'delete' || key === 'backspace') actions.remove();
    else if (key === 'a') onMove({ ...cursor, row: rows.length - 1, anchor: 0 });
    else return false;
    return true;
  }

  function onCopy(event: ClipboardEvent): void {
    if (editing !== null || row === undefined) return;
    const isOne = chosen.from === chosen.to && cursor.column !== 'check';
    const text = isOne
      ? cellText(row, cursor.column as TextColumn)
      : rows
          .slice(chosen.from, chosen.to + 1)
          .map(copiedRow)
          .join('\n');
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
  }

  function onPaste(event: ClipboardEvent): void {
    if (editing !== null || isReadOnly) return;
    event.preventDefault();
    actions.paste(event.clipboardData.getData('text/plain'));
  }

  return (
    <div
      ref={box}
      className="scroll item-grid"
      role="grid"
      aria-label="Items"
      aria-rowcount={rows.length + 1}
      aria-colcount={gridColumns.length + 1}
      aria-readonly={isReadOnly}
      aria-activedescendant={row === undefined ? undefined : cellId(cursor.row, cursor.column)}
      aria-multiselectable
      tabIndex={0}
      onKeyDown={onKeyDown}
      onCopy={onCopy}
      onPaste={onPaste}
    >
      <div role="row" tabIndex={-1} aria-rowindex={1} className="item-head">
        <span role="columnheader" className="no" tabIndex={-1}>
          #
        </span>
        {gridColumns.map((column) => (
          <span role="columnheader" key={column} tabIndex={-1}>
            {columnNames[column]}
          </span>
        ))}
      </div>
      <div className="item-lines" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const item = rows[index];
          if (item === undefined) return null;
          const problem = problems.get(item);
          const isChosen = index >= chosen.from && index <= chosen.to;
          return (
            <div
              key={index}
              role="row"
              tabIndex={-1}
              aria-rowindex={index + 2}
              aria-selected={isChosen}
              className={isChosen ? 'item-row on' : 'item-row'}
              style={{ transform: `translateY(${start}px)` }}
            >
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys */}
              <span
                role="rowheader"
                tabIndex={-1}
                className={problem === undefined ? 'no' : 'no wrong'}
                title={problem?.message}
                onClick={(event) => {
                  onMove({ ...cursor, row: index, anchor: event.shiftKey ? cursor.anchor : index });
                  box.current?.focus();
                }}
              >
                {problem === undefined ? null : <Icon of={TriangleAlert} size={12} />}
                {index + 1}
                {problem === undefined ? null : <span className="sr">: {problem.message}</span>}
              </span>
              {gridColumns.map((column) => {
                const isCursor = index === cursor.row && column === cursor.column;
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys
                  <span
                    key={column}
                    id={cellId(index, column)}
                    role="gridcell"
                    tabIndex={-1}
                    aria-invalid={isAtFault(problem, column) || undefined}
                    className={cellClass({ isCursor, isWrong: isAtFault(problem, column) })}
                    onClick={(event) => {
                      if (isCursor && editing !== null) return;
                      onMove({ row: index, column, anchor: event.shiftKey ? cursor.anchor : index });
                      box.current?.focus();
                    }}
                    onDoubleClick={() => begin(null)}
                  >
                    {isCursor && editing !== null ? (
                      <CellEditor label={`${columnNames[column]} of item ${index + 1}`} text={editing.text} onFinish={finish} />
                    ) : (
                      shownText(item, column)
                    )}
                  </span>
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const cellId = (row: number, column: GridColumn): string => `cell-${row}-${column}`;

function cellClass({ isCursor, isWrong }: { readonly isCursor: boolean; readonly isWrong: boolean }): string {
  return ['item-cell', isCursor ? 'at' : '', isWrong ? 'wrong' : ''].filter(Boolean).join(' ');
}

function isAtFault(problem: DatasetProblem | undefined, column: GridColumn): boolean {
  if (problem?.column == null) return false;
  return problem.column === column || (column === 'check' && (problem.column === 'grader' || problem.column === 'schema'));
}

function shownText(row: DatasetItem, column: GridColumn): string {
  return (column === 'check' ? graderWords(row) : cellText(row, column)).slice(0, shownCharacters);
}

/** As a spreadsheet takes it: quoted where a cell holds a tab, a line break or a quote. */
function copiedRow(row: DatasetItem): string {
  const cells = (['input', 'expected', 'labels', 'tags'] as const).map((column) => cellText(row, column));
  return cells.map((text) => (/[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join('\t');
}
