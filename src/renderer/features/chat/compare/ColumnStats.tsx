import { formatCount, formatDuration, formatTokensPerSecond } from '#core/units.ts';
import type { ComparedAnswer } from '#shared/contract/comparisons.ts';
import type { StatBar } from './statBars.ts';

/** Three bars on the scale of their kind, and what is told apart from them: the prompt's speed and the load. */
export function ColumnStats({ stats, answer }: { readonly stats: readonly StatBar[]; readonly answer: ComparedAnswer }) {
  const { timings, usage } = answer;
  const promptSpeed = timings?.promptTokensPerSecond ?? null;
  const loadMs = timings?.loadMs ?? null;
  const words = [
    ...(promptSpeed === null ? [] : [`Prompt ${formatTokensPerSecond(promptSpeed)}`]),
    ...(usage === null || promptSpeed !== null ? [] : [`${formatCount(usage.promptTokens)} prompt tokens`]),
    ...(loadMs === null ? [] : [`loaded in ${formatDuration(loadMs)}`]),
  ].join(', ');
  return (
    <div className="column-stats">
      <dl>
        {stats.map((stat) => (
          <div key={stat.label} className={stat.isBest ? 'stat best' : 'stat'} title={stat.title}>
            <dt>
              {stat.label}
              {stat.isBest ? <span className="best-word"> · best</span> : null}
            </dt>
            <dd>
              {stat.value}
              {stat.unit === '' ? null : <small> {stat.unit}</small>}
            </dd>
            <dd className={stat.isBest ? 'bar' : 'bar mute'} aria-hidden="true">
              <i style={{ width: `${Math.round(stat.share * 100)}%` }} />
            </dd>
          </div>
        ))}
      </dl>
      <p className="note ell" title={words}>
        {words}
      </p>
    </div>
  );
}
