import { formatRate } from '#core/bench/formatRate.ts';
import { formatCount, formatDuration, formatPercent, missing } from '#core/units.ts';
import type { ModelResult, RunResults } from '#shared/contract/benchmarkResults.ts';
import { NumberTable } from '../../../charts/NumberTable.tsx';

interface ModelsCardProps {
  readonly results: RunResults;
  readonly models: readonly ModelResult[];
  readonly labels: ReadonlyMap<string, string>;
}

/** How the askings ended, what was not in the asked form, and who is right every time. Columns without a single case are left out. */
export function EndingsCard({ results, models, labels }: ModelsCardProps) {
  const k = models.find((model) => model.passPowerK != null)?.passPowerK?.k;
  const sumOf = (model: ModelResult, of: 'refused' | 'empty'): number => model.suites.reduce((sum, suite) => sum + suite[of], 0);
  const columns: readonly { readonly name: string; readonly of: (model: ModelResult) => string; readonly isShown: boolean }[] = [
    { name: 'Completed', of: (model) => formatPercent(model.completionRate), isShown: true },
    {
      name: `Right ${k ?? ''} of ${k ?? ''}`,
      of: (model) => (model.passPowerK == null ? missing : formatPercent(model.passPowerK.rate)),
      isShown: k !== undefined,
    },
    { name: 'Form', of: (model) => formatPercent(formatRate(model.suites, 'formatStrict')), isShown: true },
    { name: 'Trimmed', of: (model) => formatPercent(formatRate(model.suites, 'formatLoose')), isShown: true },
    countColumn('Cut off', models, (model) => model.endings?.truncated ?? model.suites.reduce((sum, suite) => sum + suite.truncated, 0)),
    countColumn('Time-outs', models, (model) => model.endings?.timedOut ?? 0),
    countColumn('Errors', models, (model) => model.endings?.errors ?? model.suites.reduce((sum, suite) => sum + suite.errors, 0)),
    countColumn('Refused', models, (model) => sumOf(model, 'refused')),
    countColumn('Empty', models, (model) => sumOf(model, 'empty')),
    countColumn('Not run', models, (model) => model.endings?.notRun ?? 0),
  ];
  const shown = columns.filter((column) => column.isShown && models.some((model) => column.of(model) !== missing));
  return (
    <section className="card" aria-label="Answers">
      <header>
        <h3 className="h3">Answers</h3>
        <span className="note ell">
          {results.run.plan.constrained
            ? 'form: held by a grammar, it says nothing of the model'
            : 'form: as asked at once, and after trimming'}
        </span>
      </header>
      <NumberTable
        caption="How the answers ended"
        columns={['Model', ...shown.map((column) => column.name)]}
        rows={models.map((model) => ({
          id: model.modelId,
          label: labels.get(model.modelId) ?? model.name,
          isVerdict: model.modelId === results.verdict.modelId && results.verdict.state === 'fits',
          values: shown.map((column) => column.of(model)),
        }))}
      />
      {reasonsNotRun(models).map(({ reason, n }) => (
        <p key={reason} className="note chart-foot">
          {formatCount(n)} not run: {reason}
        </p>
      ))}
    </section>
  );
}

function countColumn(name: string, models: readonly ModelResult[], of: (model: ModelResult) => number) {
  return { name, of: (model: ModelResult) => formatCount(of(model)), isShown: models.some((model) => of(model) > 0) };
}

/** Over all models, the most frequent first; the rest is in the scenarios. */
function reasonsNotRun(models: readonly ModelResult[]): ModelResult['notRunBecause'] {
  const counts = new Map<string, number>();
  for (const { reason, n } of models.flatMap((model) => model.notRunBecause)) counts.set(reason, (counts.get(reason) ?? 0) + n);
  return [...counts]
    .map(([reason, n]) => ({ reason, n }))
    .sort((a, b) => b.n - a.n)
    .slice(0, 3);
}

/** Of items with tools: the right one, rightly called, not too often. */
export function ToolCallsCard({ results, models, labels }: ModelsCardProps) {
  const told = models.filter((model) => model.toolCalls != null);
  if (told.length === 0) return null;
  return (
    <section className="card" aria-label="Tool calls">
      <header>
        <h3 className="h3">Tool calls</h3>
        <span className="note ell">of items with tools</span>
      </header>
      <NumberTable
        caption="Tool calls"
        columns={['Model', 'n', 'Right tool', 'Right arguments', 'Extra calls', 'Answered without']}
        rows={told.map((model) => ({
          id: model.modelId,
          label: labels.get(model.modelId) ?? model.name,
          isVerdict: model.modelId === results.verdict.modelId && results.verdict.state === 'fits',
          values: [
            formatCount(model.toolCalls?.n),
            formatPercent(model.toolCalls?.rightTool),
            formatPercent(model.toolCalls?.rightArguments),
            formatPercent(model.toolCalls?.extraCalls),
            formatPercent(model.toolCalls?.answeredWithout),
          ],
        }))}
      />
    </section>
  );
}

/** Of an endpoint that was asked with several requests at the same time. */
export function SweepCard({ models, labels }: Omit<ModelsCardProps, 'results'>) {
  const rows = models.flatMap((model) =>
    (model.sweep ?? []).map((step) => ({
      id: `${model.modelId} ${step.concurrency}`,
      label: labels.get(model.modelId) ?? model.name,
      values: [
        formatCount(step.concurrency),
        step.requestsPerSecond.toFixed(step.requestsPerSecond < 10 ? 2 : 1),
        formatDuration(step.totalMs.p50),
        formatDuration(step.totalMs.p95),
        formatCount(step.errors),
      ],
    })),
  );
  if (rows.length === 0) return null;
  return (
    <section className="card" aria-label="Requests at the same time">
      <header>
        <h3 className="h3">Requests at the same time</h3>
      </header>
      <NumberTable
        caption="Requests at the same time"
        columns={['Model', 'At once', 'Requests a second', 'p50', 'p95', 'Errors']}
        rows={rows}
      />
    </section>
  );
}
