import { formatPercent } from '#core/units.ts';
import type { Change } from './comparedRows.ts';

/** What the row is drawn over, in shares. */
export interface Scale {
  readonly from: number;
  readonly to: number;
}

const width = 330;
const inset = 8;
const ink: Readonly<Record<Change, string>> = { worse: 'var(--bad)', better: 'var(--ok)', none: 'var(--ink-2)' };

/** From the ten below the lowest score or the bar up to 100. */
export function scaleOf(rates: readonly (number | null)[], bar: number): Scale {
  const lowest = Math.min(bar, ...rates.filter((rate) => rate !== null));
  return { from: Math.max(0, Math.floor(lowest * 10 - 0.5) / 10), to: 1 };
}

function placeOn(scale: Scale): (share: number) => number {
  return (share) => inset + ((share - scale.from) / (scale.to - scale.from)) * (width - 2 * inset);
}

/** The axis over a column of {@link BeforeAfter}: its ends and the bar. */
export function BeforeAfterScale({ scale, bar }: { readonly scale: Scale; readonly bar: number }) {
  const x = placeOn(scale);
  return (
    <svg className="chart" viewBox={`0 0 ${width} 14`} aria-hidden="true">
      {bar - scale.from < 0.03 ? null : (
        <text x={x(scale.from)} y="11">
          {Math.round(scale.from * 100)}
        </text>
      )}
      <text x={x(bar)} y="11" textAnchor={bar > 0.92 ? 'end' : 'middle'} className="bar-word">
        bar {formatPercent(bar)}
      </text>
      {bar > 0.92 ? null : (
        <text x={x(scale.to)} y="11" textAnchor="end">
          100
        </text>
      )}
    </svg>
  );
}

interface BeforeAfterProps {
  readonly scale: Scale;
  readonly bar: number;
  readonly before: number | null;
  readonly now: number | null;
  readonly change: Change;
}

/** One score then (hollow) and now (full). */
export function BeforeAfter({ scale, bar, before, now, change }: BeforeAfterProps) {
  const x = placeOn(scale);
  const words = `${before === null ? 'unknown' : formatPercent(before)} before, ${now === null ? 'unknown' : formatPercent(now)} now`;
  return (
    <svg className="chart" viewBox={`0 0 ${width} 22`} role="img" aria-label={words}>
      <line x1={x(scale.from)} x2={x(scale.from)} y1="-6" y2="28" stroke="var(--chart-grid)" />
      <line x1={x(scale.to)} x2={x(scale.to)} y1="-6" y2="28" stroke="var(--chart-grid)" />
      <line x1={x(bar)} x2={x(bar)} y1="-6" y2="28" stroke="var(--accent-line)" />
      {before === null || now === null ? null : (
        <line x1={x(before)} x2={x(now)} y1="11" y2="11" stroke={change === 'none' ? 'var(--ink-3)' : ink[change]} strokeWidth="2" />
      )}
      {before === null ? null : <circle cx={x(before)} cy="11" r="4" fill="var(--raised)" stroke="var(--ink-3)" strokeWidth="1.5" />}
      {now === null ? null : <circle cx={x(now)} cy="11" r="4.5" fill={ink[change]} />}
    </svg>
  );
}
