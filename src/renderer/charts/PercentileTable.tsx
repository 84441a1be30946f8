import { formatDuration } from '#core/units.ts';
import { NumberTable } from './NumberTable.tsx';

interface PercentileTableProps {
  readonly rows: readonly {
    readonly id: string;
    readonly label: string;
    readonly isVerdict: boolean;
    readonly p50: number | null;
    readonly p90: number | null;
    /** Null below 20 values. */
    readonly p95: number | null;
    /** Null below 100 values. */
    readonly p99: number | null;
  }[];
}

/** Latency percentiles, milliseconds in. A percentile too few values can carry is an en dash. */
export function PercentileTable({ rows }: PercentileTableProps) {
  return (
    <NumberTable
      caption="Latency percentiles of full answers"
      columns={['Model', 'p50', 'p90', 'p95', 'p99']}
      rows={rows.map((row) => ({
        id: row.id,
        label: row.label,
        isVerdict: row.isVerdict,
        values: [row.p50, row.p90, row.p95, row.p99].map((value) => formatDuration(value)),
      }))}
    />
  );
}
