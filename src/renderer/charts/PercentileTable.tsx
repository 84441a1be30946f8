import { formatCount, formatDuration } from '#core/units.ts';
import { NumberTable } from './NumberTable.tsx';

export interface PercentileRow {
  readonly id: string;
  readonly label: string;
  readonly isVerdict: boolean;
  /** How many values there are. */
  readonly n: number;
  readonly p50: number | null;
  readonly p90: number | null;
  /** Null below 20 values. */
  readonly p95: number | null;
  /** Null below 100 values. */
  readonly p99: number | null;
}

/** Below so many values no order statistic bounds the p95 with 95 % confidence: it is shown, and marked. */
const firmP95Values = 59;

/** Latency percentiles, milliseconds in. A percentile too few values can carry is an en dash, one they hardly can is marked. */
export function PercentileTable({ caption, rows }: { readonly caption: string; readonly rows: readonly PercentileRow[] }) {
  const counts = new Set(rows.map((row) => row.n));
  const [sameCount] = counts.size === 1 ? counts : [];
  const hasIndicative = rows.some((row) => isIndicative(row));
  return (
    <>
      <NumberTable
        caption={caption}
        columns={['Model', ...(sameCount === undefined ? ['n'] : []), 'p50', 'p90', 'p95', 'p99']}
        rows={rows.map((row) => ({
          id: row.id,
          label: row.label,
          isVerdict: row.isVerdict,
          values: [
            ...(sameCount === undefined ? [formatCount(row.n)] : []),
            formatDuration(row.p50),
            formatDuration(row.p90),
            `${formatDuration(row.p95)}${isIndicative(row) ? '*' : ''}`,
            formatDuration(row.p99),
          ],
        }))}
      />
      {sameCount === undefined && !hasIndicative ? null : (
        <p className="note chart-foot">
          {[
            sameCount === undefined ? '' : `${formatCount(sameCount)} answers each.`,
            hasIndicative ? `* indicative: fewer than ${firmP95Values} answers.` : '',
          ]
            .filter(Boolean)
            .join(' ')}
        </p>
      )}
    </>
  );
}

function isIndicative(row: PercentileRow): boolean {
  return row.p95 !== null && row.n < firmP95Values;
}
