export interface Column<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Longer text is cut in the middle, where file names differ least. */
  readonly maxWidth?: number;
  text(row: Row): string;
}

/** Lays rows out under their titles, columns two spaces apart. @returns lines, each ended by a line break. */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map((column) => cut(oneLine(column.text(row)), column.maxWidth ?? 60)));
  const lines = [columns.map((column) => column.title), ...cells];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => width(line[index] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align ?? 'left'))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * Lays rows out in as many tables as fit a terminal, one below the other: the first column stands in each.
 * @param columns the first names the row
 * @param most columns of the terminal
 */
export function renderTables<Row>(rows: readonly Row[], columns: readonly Column<Row>[], most = 80): string {
  const [name, ...rest] = columns;
  if (name === undefined) return '';
  const widthOf = (column: Column<Row>): number =>
    Math.max(width(column.title), ...rows.map((row) => width(cut(oneLine(column.text(row)), column.maxWidth ?? 60))));
  const groups: Column<Row>[][] = [];
  let left = 0;
  for (const column of rest) {
    const needed = widthOf(column) + 2;
    if (groups.length === 0 || needed > left) {
      groups.push([]);
      left = most - widthOf(name);
    }
    groups.at(-1)?.push(column);
    left -= needed;
  }
  return groups.map((group) => renderTable(rows, [name, ...group])).join('\n');
}

const wide = /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u;
const zero = /\p{Mark}|\u200d|\ufe0f/u;

/** Columns a terminal gives to a text. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += zero.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}

function pad(text: string, columns: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, columns - width(text)));
  return align === 'right' ? space + text : text + space;
}

function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  const characters = [...text];
  const head = Math.ceil((columns - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(-(columns - 1 - head)).join('')}`;
}

/** Names come from files: a control character in one must not reach the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}
