import { Equal, TrendingDown, TrendingUp } from 'lucide-react';
import { formatCount, formatPercent } from '#core/units.ts';
import type { ModelComparison, ModelResult, RunComparison, RunResults } from '#shared/contract/benchmarkResults.ts';
import type { RunSummary } from '#shared/contract/benchmarks.ts';
import { Icon } from '../../../../ui/Icon.tsx';
import { ScrollBox } from '../../../../ui/ScrollBox.tsx';
import { Tag } from '../../../../ui/Tag.tsx';
import { modelLabels, shortLabels } from '../../modelLabels.ts';
import { formatPair } from '../../runTime.ts';
import { BeforeAfter, BeforeAfterScale, scaleOf } from './BeforeAfter.tsx';
import { type Change, changeCounts, changeOf, differingParts } from './comparedRows.ts';

interface BaselineCardProps {
  readonly results: RunResults;
  readonly baseline: RunSummary;
  /** Of the baseline; null until read. */
  readonly earlier: RunResults | null;
  readonly comparison: RunComparison;
  readonly choice: React.ReactNode;
}

export const changeLooks = {
  worse: { icon: TrendingDown, words: 'Worse', tone: 'bad' },
  better: { icon: TrendingUp, words: 'Better', tone: 'ok' },
  none: { icon: Equal, words: 'No real change', tone: undefined },
} as const satisfies Readonly<Record<Change, unknown>>;

/** Every model then and now. Worse and better are said only where chance is unlikely to have done it. */
export function BaselineCard({ results, baseline, earlier, comparison, choice }: BaselineCardProps) {
  const labels = shortLabels(results.models);
  const names = modelLabels(results.models);
  const times = formatPair(baseline.startedAt, results.run.startedAt);
  const rows = results.models.flatMap((model) => {
    const compared = comparison.models.find((one) => one.modelId === model.modelId);
    return compared === undefined ? [] : [{ model, compared, rates: ratesOf({ model, compared, earlier }) }];
  });
  const { bar } = results.run.plan;
  const scale = scaleOf(
    rows.flatMap(({ rates }) => [rates.before, rates.now]),
    bar,
  );
  const n = Math.max(0, ...rows.map(({ compared }) => compared.n));
  const alone = results.models.length - rows.length;
  return (
    <section className="card a" aria-label="Against baseline">
      <header>
        <h3 className="h3">Against baseline</h3>
        {choice}
        <div className="legend end" aria-hidden="true">
          <span>
            <i className="mk-before" />
            {times.before}
          </span>
          <span>
            <i className="mk-now" />
            {times.now}
          </span>
        </div>
      </header>
      <Differences results={results} earlier={earlier} />
      {rows.length === 0 ? (
        <p className="sm none">These two runs asked no scenario of the same wording of the same model.</p>
      ) : (
        <>
          <div className="sum-line">
            {changeCounts(rows.map(({ compared }) => compared)).map(({ change, count }) => {
              const { icon, words, tone } = changeLooks[change];
              return (
                <Tag key={change} icon={icon} {...(tone === undefined ? {} : { tone })}>
                  {formatCount(count)} {words.toLowerCase()}
                </Tag>
              );
            })}
            <span className="note">
              Same {formatCount(n)} scenarios. A change counts only beyond chance.
              {alone === 0 ? '' : ` ${formatCount(alone)} ${alone === 1 ? 'model was' : 'models were'} not in the baseline.`}
            </span>
          </div>
          <ScrollBox label="Score of every model then and now">
            <table className="tbl bl">
              <caption className="sr">Score of every model then and now</caption>
              <thead>
                <tr>
                  <th scope="col">Model</th>
                  <th scope="col" className="dumb">
                    <span className="sr">Score then and now</span>
                    <BeforeAfterScale scale={scale} bar={bar} />
                  </th>
                  <th scope="col" className="r">
                    Points
                  </th>
                  <th scope="col">Change</th>
                  <th scope="col" className="r">
                    Latency
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ model, compared, rates }) => {
                  const change = changeOf(compared);
                  const look = changeLooks[change];
                  return (
                    <tr key={model.modelId}>
                      <th scope="row" className="ink ell" title={names.get(model.modelId)}>
                        {labels.get(model.modelId)}
                      </th>
                      <td className="dumb">
                        <BeforeAfter scale={scale} bar={bar} before={rates.before} now={rates.now} change={change} />
                      </td>
                      <td className="r ink">{pointsShort(rates)}</td>
                      <td title={chanceWords(compared)}>
                        <span className={`w ${look.tone ?? 'ink3'}`}>
                          <Icon of={look.icon} size={14} />
                          {look.words}
                        </span>
                      </td>
                      <td className="r">{latencyWords(compared.latencyRatio)}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </ScrollBox>
        </>
      )}
    </section>
  );
}

/** Runs that were not made alike are compared all the same, with what was not alike in view. */
function Differences({ results, earlier }: { readonly results: RunResults; readonly earlier: RunResults | null }) {
  const parts = differingParts(results.comparability, earlier?.comparability);
  if (parts === null || parts.length === 0) return null;
  return (
    <div className="differs" role="note">
      <b>Not made alike:</b>{' '}
      {parts.map((part, index) => (
        <span key={part.name}>
          {index === 0 ? '' : '; '}
          {part.name}
          {isShort(part.before) && isShort(part.now) ? (
            <>
              {' '}
              <span className="mono">{part.before ?? 'unknown'}</span> then, <span className="mono">{part.now ?? 'unknown'}</span> now
            </>
          ) : null}
        </span>
      ))}
      . A change below may come from that.
    </div>
  );
}

/** Lists of hashes are named, not shown. */
function isShort(value: string | null): boolean {
  return value === null || value.length <= 48;
}

interface Rates {
  readonly before: number | null;
  readonly now: number | null;
}

/** Over the scenarios that both asked; where the app does not tell, over what each asked. */
function ratesOf({
  model,
  compared,
  earlier,
}: {
  readonly model: ModelResult;
  readonly compared: ModelComparison;
  readonly earlier: RunResults | null;
}): Rates {
  const before = earlier?.models.find((one) => one.modelId === model.modelId)?.overall?.passRate ?? null;
  return { before: compared.passRateBefore ?? before, now: compared.passRateNow ?? model.overall?.passRate ?? null };
}

function pointsShort({ before, now }: Rates): string {
  if (before === null || now === null) return '–';
  const points = (now - before) * 100;
  const size = Math.abs(points).toFixed(1);
  return size === '0.0' ? size : `${points < 0 ? '−' : '+'}${size}`;
}

function latencyWords(ratio: number | null | undefined): string {
  if (ratio == null) return '–';
  const percent = Math.round((ratio - 1) * 100);
  return percent === 0 ? '0%' : `${percent < 0 ? '−' : '+'}${Math.abs(percent)}%`;
}

export function chanceWords({ lost, gained, mcnemarP }: Pick<ModelComparison, 'lost' | 'gained' | 'mcnemarP'>): string {
  if (lost === 0 && gained === 0) return 'No scenario came out differently.';
  const odds = mcnemarP < 0.001 ? 'less than 0.1%' : formatPercent(mcnemarP);
  return `${formatCount(lost)} lost, ${formatCount(gained)} gained; chance alone does as much in ${odds} of such comparisons.`;
}
