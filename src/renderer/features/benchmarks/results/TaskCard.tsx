import { ArrowDown } from 'lucide-react';
import { useState } from 'react';
import { formatCount, formatPercent, formatScore, formatTally } from '#core/units.ts';
import type { ModelResult, RunResults } from '#shared/contract/benchmarkResults.ts';
import { HeatMap } from '../../../charts/HeatMap.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { Select } from '../../../ui/Select.tsx';
import { deepestKept, isDepth } from './deepestKept.ts';

interface TaskCardProps {
  readonly results: RunResults;
  readonly models: readonly ModelResult[];
  readonly onOpenCell: (modelId: string, suite: string, temperature: number | null) => void;
}

/** A suite by its kinds of questions: the eight tasks, or the depths of a long text. */
export function TaskCard({ results, models, onOpenCell }: TaskCardProps) {
  const { bar } = results.run.plan;
  const [chosenId, setChosenId] = useState<string | null>(null);
  const tasksOf = (model: ModelResult, suite: string) => model.suites.find((one) => one.suite === suite)?.byTask ?? [];
  const tasksIn = (suite: string) => [...new Set(models.flatMap((model) => tasksOf(model, suite).map((one) => one.task)))];
  const suites = results.suites.filter((suite) => {
    const [task, ...others] = tasksIn(suite.id);
    return task !== undefined && (others.length > 0 || isDepth(task));
  });
  const suite = suites.find((one) => one.id === chosenId) ?? suites[0];
  if (suite === undefined) return null;
  const tasks = tasksIn(suite.id);
  const columns = tasks.map((task) => ({
    id: task,
    name: task,
    count: Math.max(...models.map((model) => tasksOf(model, suite.id).find((one) => one.task === task)?.interval.n ?? 0)),
  }));
  const rows = models.map((model) => ({
    id: model.modelId,
    name: model.name,
    detail: model.quant,
    isVerdict: model.modelId === results.verdict.modelId && results.verdict.state === 'fits',
    cells: tasks.map((task) => {
      const interval = tasksOf(model, suite.id).find((one) => one.task === task)?.interval;
      return {
        passRate: interval?.passRate ?? null,
        words:
          interval === undefined
            ? 'not asked, or it could not run'
            : `${model.name} ${model.quant ?? ''}, ${task}: ${formatScore(interval)}, ${formatTally(interval.passed)} of ${formatCount(interval.n)} pass${interval.passRate < bar ? ', below your bar' : ''}`,
      };
    }),
    all: formatPercent(model.suites.find((one) => one.suite === suite.id)?.interval.passRate),
  }));
  const depths = models.flatMap((model) => {
    const kept = deepestKept(tasksOf(model, suite.id), bar);
    return kept === null ? [] : [`${model.name} ${kept}`];
  });
  return (
    <section className="card heat-card task-card" aria-label="Score by task">
      <header>
        <h3 className="h3">Score by task, %</h3>
        <span className="grow" />
        {suites.length === 1 ? (
          <span className="note">{suite.name}</span>
        ) : (
          <Select
            size="sm"
            label="Suite"
            value={suite.id}
            onChange={setChosenId}
            options={suites.map((one) => ({ value: one.id, label: one.name }))}
          />
        )}
      </header>
      <div className="heat-body">
        <HeatMap
          label={`Score by model and task of ${suite.name} in percent; ${rows.length} models, ${columns.length} tasks`}
          columns={columns}
          rows={rows}
          bar={bar}
          onSelect={(modelId) => onOpenCell(modelId, suite.id, null)}
        />
      </div>
      <p className="note chart-foot">
        <Icon of={ArrowDown} size={11} />
        {depths.length === 0
          ? 'below your bar. Select a cell to read its scenarios.'
          : `below your bar. Holds up to: ${depths.join('; ')}.`}
      </p>
    </section>
  );
}
