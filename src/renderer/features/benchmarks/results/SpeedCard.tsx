import { formatCount, formatDuration, formatGibibytes, formatPercent, missing } from '#core/units.ts';
import type { ModelResult, RunResults } from '#shared/contract/benchmarks.ts';
import { NumberTable } from '../../../charts/NumberTable.tsx';

interface SpeedCardProps {
  readonly results: RunResults;
  readonly labels: ReadonlyMap<string, string>;
}

/** pp512 and tg128 as llama-bench defines them, load time and peak memory, and what the answers themselves ran at. */
export function SpeedCard({ results, labels }: SpeedCardProps) {
  const tests = [...new Set(results.models.flatMap((model) => model.speed.map((test) => test.test)))];
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
        columns={['Model', ...tests, 'Prompt', 'Generation', 'Completed', 'Load', 'Peak memory']}
        rows={results.models.map((model) => ({
          id: model.modelId,
          label: labels.get(model.modelId) ?? model.name,
          isVerdict: model.modelId === results.verdict.modelId && results.verdict.state === 'fits',
          values: [
            ...tests.map((test) => spreadOf(model, test)),
            formatCount(model.promptTokensPerSecond),
            formatCount(model.generationTokensPerSecond),
            formatPercent(model.completionRate),
            formatDuration(model.loadMs),
            formatGibibytes(model.peakMemoryBytes),
          ],
        }))}
      />
    </section>
  );
}

function spreadOf(model: ModelResult, test: string): string {
  const spread = model.speed.find((one) => one.test === test)?.tokensPerSecond;
  if (spread === undefined) return missing;
  return spread.standardDeviation === null
    ? formatCount(spread.mean)
    : `${formatCount(spread.mean)} ± ${formatCount(spread.standardDeviation)}`;
}

/** What a rerun needs to be comparable. */
export function ConditionsCard({ results }: { readonly results: RunResults }) {
  const { conditions, run } = results;
  const facts: readonly (readonly [string, string])[] = [
    ['Processor', conditions.cpu ?? missing],
    ['Engine', conditions.engine ?? missing],
    ['Backend', conditions.backend ?? missing],
    ['Threads', formatCount(conditions.threads)],
    ['Context', formatCount(conditions.contextTokens)],
    ['Temperatures', run.plan.temperatures.join(', ')],
    ['Longest answer', `${formatCount(run.plan.maxTokens)} tokens`],
    ['Seed', String(run.plan.seed)],
  ];
  return (
    <section className="card" aria-label="Conditions">
      <header>
        <h3 className="h3">Conditions</h3>
      </header>
      <dl className="kv">
        {facts.map(([name, value]) => (
          <div key={name} className="kv-row">
            <dt>{name}</dt>
            <dd title={value}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
