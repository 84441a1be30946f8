import { useState } from 'react';
import { isOnlyBeside } from '#core/bench/modelMetrics.ts';
import { formatDuration } from '#core/units.ts';
import type { ModelResult, Percentiles, RunResults } from '#shared/contract/benchmarkResults.ts';
import { PercentileTable } from '../../../charts/PercentileTable.tsx';
import { Select } from '../../../ui/Select.tsx';

interface PercentileCardProps {
  readonly results: RunResults;
  readonly models: readonly ModelResult[];
  readonly labels: ReadonlyMap<string, string>;
}

interface Measure {
  readonly id: string;
  readonly name: string;
  readonly caption: string;
  readonly of: (model: ModelResult) => Percentiles | undefined;
}

const measures: readonly [Measure, ...Measure[]] = [
  { id: 'total', name: 'Full answer', caption: 'Latency of full answers', of: (model) => model.totalMs },
  { id: 'ttft', name: 'First token', caption: 'Time to first token', of: (model) => model.ttftMs },
  { id: 'ttfa', name: 'First of the answer', caption: 'Time to the first token after any reasoning', of: (model) => model.ttfaMs },
  { id: 'tpot', name: 'Each further token', caption: 'Time per token after the first, by answer', of: (model) => model.tpotMs },
  { id: 'itl', name: 'Gap between tokens', caption: 'Every gap between two tokens', of: (model) => model.interTokenMs },
  { id: 'model', name: 'Model, without tools', caption: 'Time of the model where tools were called', of: (model) => model.modelMs },
  { id: 'tool', name: 'Tools', caption: 'Time of the tools', of: (model) => model.toolMs },
];

/** How long answers took, by percentile, each with the number of answers it rests on. */
export function PercentileCard({ results, models, labels }: PercentileCardProps) {
  const [chosen, setChosen] = useState('total');
  const offered = measures.filter((measure) => models.some((model) => measure.of(model)?.p50 != null));
  const measure = offered.find((one) => one.id === chosen) ?? offered[0] ?? measures[0];
  const rows = models.flatMap((model) => {
    const percentiles = measure.of(model);
    if (percentiles === undefined) return [];
    const isVerdict = model.modelId === results.verdict.modelId && results.verdict.state === 'fits';
    return [{ id: model.modelId, label: labels.get(model.modelId) ?? model.name, isVerdict, ...percentiles }];
  });
  const beside = models.filter(isOnlyBeside).map((model) => labels.get(model.modelId) ?? model.name);
  const bounded = rows.find((row) => row.isVerdict && row.p95AtMost != null);
  return (
    <section className="card" aria-label="Latency">
      <header>
        <h3 className="h3">Latency</h3>
        <span className="grow" />
        <Select
          size="sm"
          label="What is timed"
          value={measure.id}
          onChange={setChosen}
          options={offered.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </header>
      <PercentileTable caption={measure.caption} rows={rows} />
      {beside.length === 0 ? null : (
        <p className="note chart-foot">{beside.join(', ')}: answered side by side with others, so latency was not measured.</p>
      )}
      {bounded === undefined ? null : (
        <p className="note chart-foot">
          {bounded.label}: the true p95 is at most {formatDuration(bounded.p95AtMost)}, with 95% confidence.
        </p>
      )}
    </section>
  );
}
