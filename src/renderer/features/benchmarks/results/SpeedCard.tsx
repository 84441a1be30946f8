import { formatCount, formatDuration, formatGibibytes, formatPercent, missing } from '#core/units.ts';
import type { ModelResult, RunResults } from '#shared/contract/benchmarkResults.ts';
import { NumberTable } from '../../../charts/NumberTable.tsx';

interface SpeedCardProps {
  readonly results: RunResults;
  readonly labels: ReadonlyMap<string, string>;
}

/** pp512 and tg128 as llama-bench defines them, load time and peak memory, and what the answers themselves ran at. */
export function SpeedCard({ results, labels }: SpeedCardProps) {
  const tests = [...new Set(results.models.flatMap((model) => model.speed.map((test) => test.test)))];
  const hasWarm = results.models.some((model) => model.warmLoadMs !== null);
  const energyColumns = sensorColumns.filter(({ of }) => results.models.some((model) => of(model) !== missing));
  return (
    <section className="card" aria-label="Speed">
      <header>
        <h3 className="h3">Speed, tok/s</h3>
        <span className="note">
          {tests.length === 0
            ? results.suites.some((suite) => suite.kind === 'speed')
              ? 'the speed test was not reached'
              : 'of the answers; the speed suite was not part of this run'
            : 'tests: mean ± standard deviation; prompt and generation: of the answers'}
        </span>
      </header>
      <NumberTable
        caption="Speed"
        columns={[
          'Model',
          ...tests,
          'Prompt',
          'Generation',
          ...energyColumns.map(({ name }) => name),
          'Load',
          ...(hasWarm ? ['Warm'] : []),
          'Peak memory',
        ]}
        rows={results.models.map((model) => ({
          id: model.modelId,
          label: labels.get(model.modelId) ?? model.name,
          isVerdict: model.modelId === results.verdict.modelId && results.verdict.state === 'fits',
          values: [
            ...tests.map((test) => spreadOf(model, test)),
            formatCount(model.promptTokensPerSecond),
            formatCount(model.generationTokensPerSecond),
            ...energyColumns.map(({ of }) => of(model)),
            formatDuration(model.loadMs),
            ...(hasWarm ? [formatDuration(model.warmLoadMs)] : []),
            formatGibibytes(model.peakMemoryBytes),
          ],
        }))}
      />
    </section>
  );
}

/** Of sensors that few machines have: left out where none could be read. */
const sensorColumns: readonly { readonly name: string; readonly of: (model: ModelResult) => string }[] = [
  { name: 'J an answer', of: (model) => formatCount(model.joulesPerAnswer ?? null) },
  { name: 'GPU busy', of: (model) => formatPercent(model.gpuUtilisation) },
  { name: 'GPU memory', of: (model) => formatGibibytes(model.peakGpuBytes) },
];

function spreadOf(model: ModelResult, test: string): string {
  const spread = model.speed.find((one) => one.test === test)?.tokensPerSecond;
  if (spread === undefined) return missing;
  return spread.standardDeviation === null
    ? formatCount(spread.mean)
    : `${formatCount(spread.mean)} ± ${formatCount(spread.standardDeviation)}`;
}
