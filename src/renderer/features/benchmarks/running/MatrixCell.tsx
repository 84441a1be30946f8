import { Check, Minus, TriangleAlert } from 'lucide-react';
import { formatPercent } from '#core/units.ts';
import { heatStep } from '../../../charts/scales.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { countedOf, rateOf, stateWords } from './cellWords.ts';
import type { ProgressCell } from './matrixColumns.ts';

interface MatrixCellProps {
  readonly cell: ProgressCell | undefined;
  /** "Qwen3 4B, Routing, temperature 0" */
  readonly subject: string;
}

/** One model on one suite at one temperature. A speed cell mixes reading and writing tests, so it shows no mean of them. Every state has its own shape, not only its colour. */
export function MatrixCell({ cell, subject }: MatrixCellProps) {
  const words = cell === undefined ? 'not part of this run' : stateWords(cell);
  return (
    <td title={`${subject}: ${words}`}>
      <span className="sr">{words}</span>
      {cell === undefined ? null : <CellMark cell={cell} />}
    </td>
  );
}

export function CellMark({ cell }: { readonly cell: ProgressCell }) {
  switch (cell.state) {
    case 'done':
      if (cell.tokensPerSecond === null && countedOf(cell) === 0) return <NotRunMark />;
      return cell.tokensPerSecond === null ? (
        <i aria-hidden="true" className={`cell d heat-${heatStep(rateOf(cell))}`}>
          {formatPercent(rateOf(cell)).replace('%', '')}
        </i>
      ) : (
        <i aria-hidden="true" className="cell sp">
          <Icon of={Check} size={14} />
        </i>
      );
    case 'running':
      return (
        <i aria-hidden="true" className="cell run">
          <b style={{ width: `${cell.total === 0 ? 0 : (cell.done / cell.total) * 100}%` }} />
          <span>{cell.total < 100 ? `${cell.done}/${cell.total}` : formatPercent(Math.floor((100 * cell.done) / cell.total) / 100)}</span>
        </i>
      );
    case 'queued':
      return <i aria-hidden="true" className="cell q" />;
    case 'failed':
      return (
        <i aria-hidden="true" className="cell er">
          <Icon of={TriangleAlert} size={13} />
        </i>
      );
    case 'skipped':
      return <NotRunMark />;
    default:
      return cell.state satisfies never;
  }
}

function NotRunMark() {
  return (
    <i aria-hidden="true" className="cell sk">
      <Icon of={Minus} size={12} />
    </i>
  );
}
