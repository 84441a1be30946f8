import { type TableRecord, tableRows } from '#core/bench/tableRows.ts';
import type { DatasetItem } from '#shared/contract/datasets.ts';
import { changeRow, insertRows, nextRow, type TextColumn, withCell } from './datasetRows.ts';

/**
 * Puts what was copied in a spreadsheet into the grid. With a head line that names input and expected the rows are added behind the others, every
 * column where it belongs; without one the cells go where the cursor is, and rows are added as needed.
 * @param text of the clipboard
 * @param at.columns the grid's text columns in the order they are shown
 */
export function withPasted(
  rows: readonly DatasetItem[],
  text: string,
  at: { readonly row: number; readonly column: TextColumn; readonly columns: readonly TextColumn[] },
): readonly DatasetItem[] {
  const records = readClipboard(text);
  const table = tableRows(records);
  if (records.length > 1 && table.ok) {
    const added = table.rows.flatMap(({ content }) =>
      content.ok ? [{ ...nextRow(rows), ...(content.value as object) } as DatasetItem] : [],
    );
    return insertRows(
      rows,
      rows.length,
      added.map((row) => (/^row-\d+$/.test(row.id) ? { ...row, id: '' } : row)),
    );
  }
  const first = at.columns.indexOf(at.column);
  let next = rows;
  for (const [offset, { cells }] of records.entries()) {
    const index = at.row + offset;
    if (index >= next.length) next = [...next, nextRow(next)];
    next = changeRow(next, index, (row) =>
      cells.reduce((changed, cell, shift) => {
        const column = at.columns[first + shift];
        return column === undefined ? changed : withCell(changed, column, cell);
      }, row),
    );
  }
  return next;
}

/** Cells of a clipboard: with tabs as spreadsheets write them; with commas where a head line names columns; else a line a cell. */
export function readClipboard(text: string): readonly TableRecord[] {
  const trimmed = text.replace(/(\r\n|\n|\r)$/, '');
  if (trimmed.includes('\t')) return split(trimmed, '\t');
  const commas = split(trimmed, ',');
  // Sentences have commas too: only a head line says that they part columns.
  return commas.length > 1 && tableRows(commas).ok ? commas : split(trimmed, null);
}

/** Quoted cells may hold separators, line breaks and doubled quotes (RFC 4180). A quote inside a cell that did not begin with one is a character. */
function split(text: string, separator: string | null): readonly TableRecord[] {
  const records: { line: number; cells: string[] }[] = [];
  let cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  let line = 1;
  let begunAt = 1;
  const endCell = (): void => {
    cells.push(cell);
    cell = '';
  };
  const endRecord = (): void => {
    endCell();
    records.push({ line: begunAt, cells });
    cells = [];
    begunAt = line;
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(index + 1) === '"') {
        cell += '"';
        index += 1;
      } else isQuoted = false;
      if (character === '\n') line += 1;
    } else if (character === '"' && cell === '' && closes(text, index, separator)) isQuoted = true;
    else if (character === separator) endCell();
    else if (character === '\n' || character === '\r') {
      if (character === '\r' && text.charAt(index + 1) === '\n') index += 1;
      line += 1;
      endRecord();
    } else cell += character;
  }
  endRecord();
  return records;
}

/** Whether what is quoted from here ends where a cell does: else the quote is one of the text. */
function closes(text: string, open: number, separator: string | null): boolean {
  for (let at = text.indexOf('"', open + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    const after = text.charAt(at + 1);
    if (after === '"') at += 1;
    else return after === '' || after === '\n' || after === '\r' || after === separator;
  }
  return false;
}
