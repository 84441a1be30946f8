import { formatCount, formatPercent } from '#core/units.ts';
import type { ProgressCell } from './matrixColumns.ts';

/** "done, 94%, 15 of 16 pass, 4 not run" */
export function stateWords(cell: ProgressCell): string {
  const notRun = cell.notRun ?? 0;
  const notRunWords = notRun === 0 ? '' : `, ${formatCount(notRun)} not run`;
  switch (cell.state) {
    case 'done':
      if (cell.tokensPerSecond === null && countedOf(cell) === 0) return `not run, ${formatCount(notRun)} of ${formatCount(cell.done)}`;
      return cell.tokensPerSecond === null
        ? `done, ${formatPercent(rateOf(cell))}, ${formatCount(cell.passed)} of ${formatCount(countedOf(cell))} pass${notRunWords}`
        : 'done, measured; the numbers are in the results';
    case 'running':
      return `running, ${formatCount(cell.done)} of ${formatCount(cell.total)}${notRunWords}`;
    case 'queued':
      return `queued, ${formatCount(cell.total)} to do`;
    case 'failed':
      return `failed after ${formatCount(cell.done)} of ${formatCount(cell.total)}`;
    case 'skipped':
      return 'skipped';
    default:
      return cell.state satisfies never;
  }
}

/** Answers that say something of the model: not those that could not run here. */
export function countedOf(cell: ProgressCell): number {
  return cell.done - (cell.notRun ?? 0);
}

/** Share of them that passed. */
export function rateOf(cell: ProgressCell): number {
  return countedOf(cell) === 0 ? 0 : cell.passed / countedOf(cell);
}
