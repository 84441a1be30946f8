import { ArrowDown } from 'lucide-react';
import { useMemo, useState } from 'react';
import { isOnlyBeside } from '#core/bench/modelMetrics.ts';
import { formatCount, formatDuration, formatPercent, formatScore, formatTally } from '#core/units.ts';
import type { ModelResult, RunResults } from '#shared/contract/benchmarkResults.ts';
import { ChartCard } from '../../../charts/ChartCard.tsx';
import { HeatMap } from '../../../charts/HeatMap.tsx';
import { NumberTable } from '../../../charts/NumberTable.tsx';
import { TtftDots } from '../../../charts/TtftDots.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { shortLabels } from '../modelLabels.ts';
import { ConditionsCard } from './ConditionsCard.tsx';
import { EndingsCard, SweepCard, ToolCallsCard } from './EndingsCard.tsx';
import { JudgeCard } from './JudgeCard.tsx';
import { PercentileCard } from './PercentileCard.tsx';
import { passRateAt } from './passRateAt.ts';
import { ScatterCard } from './ScatterCard.tsx';
import type { OpenScenario } from './ScenariosTab.tsx';
import { SpeedCard } from './SpeedCard.tsx';
import { SpreadCard } from './SpreadCard.tsx';
import { TaskCard } from './TaskCard.tsx';
import { TemperatureChoice } from './TemperatureChoice.tsx';
import { VerdictCard } from './VerdictCard.tsx';
import { WorstCard } from './WorstCard.tsx';

interface OverviewProps {
  readonly results: RunResults;
  readonly onChat: (modelId: string) => void;
  readonly onSetUpAgain: () => void;
  /** Null where no more can be asked. */
  readonly onExtend: (() => void) | null;
  readonly onOpenCell: (modelId: string, suite: string, temperature: number | null) => void;
  readonly onOpen: OpenScenario;
}

/** More suites than this are given the whole width. */
const mostBesideChart = 8;

/** Verdict first, then the charts that justify it. Charts without data are left out. */
export function Overview({ results, onChat, onSetUpAgain, onExtend, onOpenCell, onOpen }: OverviewProps) {
  const labels = useMemo(() => shortLabels(results.models), [results.models]);
  const scored = results.models.filter((model) => model.overall !== null && model.overall.n > 0);
  const timed = results.models.filter((model) => model.ttftMs.p50 !== null);
  const answered = results.models.filter((model) => model.ttftMs.p50 !== null || isOnlyBeside(model));
  return (
    <div className="ov">
      <VerdictCard results={results} onChat={onChat} onSetUpAgain={onSetUpAgain} onExtend={onExtend} />
      {scored.length === 0 ? null : (
        <div className={results.suites.length > mostBesideChart ? 'r2 whole' : 'r2'}>
          {scored.every((model) => model.remote === true) ? null : <ScatterCard results={results} models={scored} labels={labels} />}
          <HeatCard results={results} models={scored} onOpenCell={onOpenCell} />
        </div>
      )}
      {answered.length === 0 ? null : (
        <div className="r3">
          <PercentileCard results={results} models={answered} labels={labels} />
          <SpreadCard results={results} models={timed} labels={labels} />
          {timed.length === 0 ? null : <FirstTokenCard results={results} models={timed} labels={labels} />}
        </div>
      )}
      {scored.length === 0 ? null : (
        <div className="r5">
          <TaskCard results={results} models={scored} onOpenCell={onOpenCell} />
          <EndingsCard results={results} models={scored} labels={labels} />
          <WorstCard results={results} models={scored} onOpen={onOpen} />
          <ToolCallsCard results={results} models={scored} labels={labels} />
          <JudgeCard results={results} models={scored} labels={labels} />
          <SweepCard models={scored} labels={labels} />
        </div>
      )}
      <div className="r4">
        <SpeedCard results={results} labels={labels} />
        <ConditionsCard results={results} />
      </div>
    </div>
  );
}

interface CardProps {
  readonly results: RunResults;
  readonly models: readonly ModelResult[];
}

function HeatCard({ results, models, onOpenCell }: CardProps & Pick<OverviewProps, 'onOpenCell'>) {
  const [temperature, setTemperature] = useState<number | null>(null);
  const { bar, temperatures } = results.run.plan;
  const suites = results.suites.filter((suite) => models.some((model) => model.suites.some((one) => one.suite === suite.id)));
  const columns = suites.map((suite) => ({
    id: suite.id,
    name: suite.name,
    count: Math.max(...models.map((model) => model.suites.find((one) => one.suite === suite.id)?.interval.n ?? 0)),
  }));
  const intervalOf = (model: ModelResult, suite: string) => {
    const result = model.suites.find((one) => one.suite === suite);
    return (
      (temperature === null ? result?.interval : result?.byTemperature.find((one) => one.temperature === temperature)?.interval) ?? null
    );
  };
  const rows = models.map((model) => ({
    id: model.modelId,
    name: model.name,
    detail: model.quant,
    isVerdict: model.modelId === results.verdict.modelId && results.verdict.state === 'fits',
    cells: columns.map((column) => {
      const interval = intervalOf(model, column.id);
      return {
        passRate: interval === null || interval.n === 0 ? null : interval.passRate,
        words:
          interval === null
            ? 'not asked'
            : `${model.name} ${model.quant ?? ''}, ${column.name}: ${formatScore(interval)}, ${formatTally(interval.passed)} of ${formatCount(interval.n)} pass${interval.passRate < bar ? ', below your bar' : ''}`,
      };
    }),
    all: formatPercent(temperature === null ? model.overall?.passRate : passRateAt(model, temperature)),
  }));
  return (
    <section className="card heat-card" aria-label="Score by suite">
      <header>
        <h3 className="h3">Score by suite, %</h3>
        <span className="grow" />
        <TemperatureChoice temperatures={temperatures} value={temperature} onChange={setTemperature} />
      </header>
      <div className="heat-body">
        <HeatMap
          label={`Score by model and suite in percent; ${rows.length} models, ${columns.length} suites`}
          columns={columns}
          rows={rows}
          bar={bar}
          onSelect={(modelId, suite) => onOpenCell(modelId, suite, temperature)}
        />
      </div>
      <p className="note chart-foot">
        <Icon of={ArrowDown} size={11} />
        below your bar. Select a cell to read its scenarios.
      </p>
    </section>
  );
}

function FirstTokenCard({ results, models, labels }: CardProps & { readonly labels: ReadonlyMap<string, string> }) {
  const rows = useMemo(
    () =>
      models.map((model) => ({
        id: model.modelId,
        label: labels.get(model.modelId) ?? model.name,
        p50Ms: model.ttftMs.p50 ?? 0,
        p95Ms: model.ttftMs.p95,
        isVerdict: model.modelId === results.verdict.modelId && results.verdict.state === 'fits',
      })),
    [models, labels, results.verdict],
  );
  const quickest = rows.reduce((best, row) => (row.p50Ms < best.p50Ms ? row : best));
  return (
    <ChartCard
      title="Time to first token"
      note="median, tick at p95"
      chart={
        <TtftDots
          rows={rows}
          height={Math.max(120, rows.length * 22 + 34)}
          label={`Time to first token. ${quickest.label} is quickest with a median of ${formatDuration(quickest.p50Ms)}.`}
        />
      }
      table={
        <NumberTable
          caption="Time to first token"
          columns={['Model', 'p50', 'p95']}
          rows={rows.map((row) => ({
            id: row.id,
            label: row.label,
            values: [formatDuration(row.p50Ms), formatDuration(row.p95Ms)],
            isVerdict: row.isVerdict,
          }))}
        />
      }
    />
  );
}
