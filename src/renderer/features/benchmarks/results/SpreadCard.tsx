import { formatCount, formatDuration } from '#core/units.ts';
import type { ModelResult, RunResults } from '#shared/contract/benchmarkResults.ts';
import { ChartCard } from '../../../charts/ChartCard.tsx';
import { LatencyHistogram } from '../../../charts/LatencyHistogram.tsx';
import { NumberTable } from '../../../charts/NumberTable.tsx';

interface SpreadCardProps {
  readonly results: RunResults;
  readonly models: readonly ModelResult[];
  readonly labels: ReadonlyMap<string, string>;
}

/** The spread of full answers: the verdict's model against the best. */
export function SpreadCard({ results, models, labels }: SpreadCardProps) {
  const withCounts = models.filter((model) => model.latencyHistogram.counts.some((count) => count > 0));
  const best = withCounts.toSorted((a, b) => (b.overall?.passRate ?? 0) - (a.overall?.passRate ?? 0))[0];
  const main = withCounts.find((model) => model.modelId === results.verdict.modelId) ?? best;
  if (main === undefined) return null;
  const other = best === undefined || best === main ? (withCounts.find((model) => model !== main) ?? null) : best;
  const seriesOf = (model: ModelResult) => ({
    label: labels.get(model.modelId) ?? model.name,
    binMs: model.latencyHistogram.binMs,
    counts: model.latencyHistogram.counts,
    p50Ms: model.totalMs.p50,
    p95Ms: model.totalMs.p95,
  });
  const first = seriesOf(main);
  const second = other === null ? null : seriesOf(other);
  const halfWords = (series: typeof first): string => `half of the answers of ${series.label} take at most ${formatDuration(series.p50Ms)}`;
  return (
    <ChartCard
      title="Latency spread"
      chart={
        <>
          <div className="legend" aria-hidden="true">
            <span>
              <i className="mk-main" />
              {first.label}
            </span>
            {second === null ? null : (
              <span>
                <i className="mk-other" />
                {second.label}
              </span>
            )}
          </div>
          <LatencyHistogram
            main={first}
            other={second}
            height={168}
            label={`Latency spread: ${halfWords(first)}${second === null ? '' : `, ${halfWords(second)}`}.`}
          />
        </>
      }
      table={
        <NumberTable
          caption="Answers by latency"
          columns={['Up to', ...[first, ...(second === null ? [] : [second])].map((series) => series.label)]}
          rows={first.counts.map((count, index) => ({
            id: String(index),
            label: formatDuration((index + 1) * first.binMs),
            values: [
              formatCount(count),
              ...(second === null
                ? []
                : [formatCount(countWithin(second, { fromMs: index * first.binMs, toMs: (index + 1) * first.binMs }))]),
            ],
          }))}
        />
      }
      footnote={`${formatCount(main.totalMs.n)} answers. Bins of ${formatDuration(first.binMs)}.`}
    />
  );
}

/** Counts of bins whose middle lies in the span. */
function countWithin(
  series: { readonly binMs: number; readonly counts: readonly number[] },
  span: { readonly fromMs: number; readonly toMs: number },
): number {
  return series.counts.reduce((sum, count, index) => {
    const middle = (index + 0.5) * series.binMs;
    return middle >= span.fromMs && middle < span.toMs ? sum + count : sum;
  }, 0);
}
