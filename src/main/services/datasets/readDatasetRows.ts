import { readJson } from '#core/bench/jsonValue.ts';
import type { LabelledItem } from '#core/bench/labelledItem.ts';
import { type LineProblem, readItems } from '#core/bench/parseLabelledItems.ts';
import type { DatasetItem, DatasetProblem } from '#shared/contract/datasets.ts';
import { checkPattern, checkSchema } from '../benchmarks/gradingTools.ts';

/**
 * Reads rows of the grid as a file's lines are read, so that both obey the same rules.
 * @returns the items that can be asked, and the rows that cannot, by their place from 1
 */
export function readDatasetRows(rows: readonly DatasetItem[]): {
  readonly items: readonly LabelledItem[];
  readonly problems: readonly DatasetProblem[];
} {
  const { items, problems } = readItems(
    rows.map((row, index) => ({ line: index + 1, content: readJson(JSON.stringify(row)) })),
    { checkPattern, checkSchema },
  );
  return { items, problems: problems.map((problem) => toDatasetProblem(problem, 'row')) };
}

/** Names the field at fault, and in a table the row. The reader knows only lines. */
export function toDatasetProblem({ line, message }: LineProblem, unit: 'row' | 'line'): DatasetProblem {
  const words = unit === 'line' ? message : message.replace(/\bon line (\d+)/, 'in row $1').replace(/^The line is not/, 'The row is not');
  return { line, column: columnOf(message), message: words };
}

function columnOf(message: string): string | null {
  const named = /^"(\w+)"/.exec(message)?.[1];
  if (named !== undefined) return named;
  if (/^The id /.test(message)) return 'id';
  return /^The (grader|pattern) /.test(message) || /of the grader/.test(message) ? 'grader' : null;
}
