import { useMemo } from 'react';
import {
  formatCount,
  formatGibibytes,
  formatGigabytes,
  formatPercent,
  formatScore,
  formatTally,
  formatTokensPerSecond,
  missing,
} from '#core/units.ts';
import type { ModelResult, RunResults } from '#shared/contract/benchmarkResults.ts';
import { ChartCard } from '../../../charts/ChartCard.tsx';
import { NumberTable } from '../../../charts/NumberTable.tsx';
import { ScoreMemoryScatter } from '../../../charts/ScoreMemoryScatter.tsx';
import { memoryOf, speedOf } from './verdictCopy.ts';

interface ScatterCardProps {
  readonly results: RunResults;
  readonly models: readonly ModelResult[];
  readonly labels: ReadonlyMap<string, string>;
}

/** Score over memory. Peak memory where every model has it; else file sizes for all, so that the axis means one thing. */
export function ScatterCard({ results, models: scored, labels }: ScatterCardProps) {
  const { bar } = results.run.plan;
  const models = useMemo(() => scored.filter((model) => model.remote !== true), [scored]);
  const remote = scored.length - models.length;
  const allMeasured = models.every((model) => memoryOf(model).isMeasured);
  const points = useMemo(
    () =>
      models.map((model) => {
        const memoryBytes = (allMeasured ? memoryOf(model).bytes : null) ?? model.sizeBytes;
        const overall = model.overall ?? { passRate: 0, low: 0, high: 0, n: 0, passed: 0 };
        const isVerdict = model.modelId === results.verdict.modelId && results.verdict.state === 'fits';
        return {
          id: model.modelId,
          label: labels.get(model.modelId) ?? model.name,
          memoryBytes,
          passRate: overall.passRate,
          low: overall.low,
          high: overall.high,
          tokensPerSecond: speedOf(model),
          passes: model.verdict === 'fits',
          isVerdict,
          frontier: model.frontier ?? null,
          details: [
            `${formatScore(overall)}, ${formatTally(overall.passed)} of ${formatCount(overall.n)}`,
            allMeasured ? `${formatGibibytes(memoryBytes)} peak` : `${formatGigabytes(memoryBytes)} file`,
            formatTokensPerSecond(speedOf(model)),
            ...(model.frontier == null ? [] : [frontierWords[model.frontier]]),
          ],
        };
      }),
    [models, labels, results.verdict, allMeasured],
  );
  const hasFrontier = points.some((point) => point.frontier !== null);
  const verdict = points.find((point) => point.isVerdict);
  const sizeOf = (bytes: number): string => (allMeasured ? formatGibibytes(bytes) : formatGigabytes(bytes));
  const conclusion =
    verdict === undefined
      ? `Score against memory. No model is surely above the ${formatPercent(bar)} bar.`
      : `Score against memory. ${verdict.label} at ${sizeOf(verdict.memoryBytes)} is the smallest model above the ${formatPercent(bar)} bar.`;
  return (
    <ChartCard
      title="Score and memory"
      legend={<Legend hasVerdict={verdict !== undefined} />}
      chart={
        <ScoreMemoryScatter
          models={points}
          bar={bar}
          memoryTitle={allMeasured ? 'Peak memory, measured' : 'File size; peak memory was not measured'}
          label={conclusion}
          height={264}
        />
      }
      footnote={`Bubble area: tok/s. Whiskers: 95% interval.${hasFrontier ? ' Ring: no other model is surely better in score, latency and memory alike; dashed: it cannot be told.' : ''}${remote === 0 ? '' : ` ${formatCount(remote)} behind endpoints ${remote === 1 ? 'has' : 'have'} no memory here.`}`}
      table={
        <NumberTable
          caption="Score and memory"
          columns={[
            'Model',
            'Score',
            allMeasured ? 'Peak memory' : 'File size',
            'Speed',
            'Passes',
            ...(hasFrontier ? ['Against the others'] : []),
          ]}
          rows={points.map((point) => ({
            id: point.id,
            label: point.label,
            values: [
              formatScore(point),
              sizeOf(point.memoryBytes),
              formatTokensPerSecond(point.tokensPerSecond),
              point.passes ? 'yes' : 'no',
              ...(hasFrontier ? [point.frontier === null ? missing : frontierWords[point.frontier]] : []),
            ],
            isVerdict: point.isVerdict,
          }))}
        />
      }
    />
  );
}

const frontierWords = { on: 'nothing is surely better', tie: 'a tie', dominated: 'another is surely better' } as const;

function Legend({ hasVerdict }: { readonly hasVerdict: boolean }) {
  return (
    <div className="legend" aria-hidden="true">
      {hasVerdict ? (
        <span>
          <i className="mk-verdict" />
          Verdict
        </span>
      ) : null}
      <span>
        <i className="mk-passes" />
        Passes
      </span>
      <span>
        <i className="mk-below" />
        Not passing
      </span>
      <span>
        <i className="mk-best" />
        Best for its size
      </span>
    </div>
  );
}
