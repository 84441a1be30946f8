import { regressions } from '#core/bench/compareAnswers.ts';
import { verdictWords } from '#core/bench/reportWords.ts';
import { formatMoney } from '#core/bench/runCost.ts';
import { modelLabel } from '#core/bench/runRecords.ts';
import {
  formatCount,
  formatDuration,
  formatGibibytes,
  formatGigabytes,
  formatPercent,
  formatPoints,
  formatScore,
  formatTokensPerSecond,
  missing,
} from '#core/units.ts';
import type { RunComparison, RunResults } from '#shared/contract/benchmarkResults.ts';
import { type Column, renderTable, renderTables } from '../table.ts';

type ModelRow = RunResults['models'][number];

const nameWidth = 26;

/** What a person sees at the end of a run: tables no wider than a terminal, the verdict, and how it stands to the baseline. */
export function resultsText(results: RunResults, baseline: RunComparison | null): string {
  const { verdict, models } = results;
  const isScored = results.suites.some((suite) => suite.kind === 'labelled');
  const parts = [
    renderTables(models, columnsOf(results)),
    ...(isScored ? [`Verdict: ${verdictWords[verdict.state].toLowerCase()}. ${verdict.reason}\n`] : []),
    ...(verdict.nextLarger === null ? [] : [`${verdict.nextLarger}\n`]),
    ...notes(results),
    ...costText(results),
    ...(baseline === null ? [] : [baselineText(baseline)]),
  ];
  return parts.join('\n');
}

/** Columns that say something of any model; the others are left out. */
function columnsOf({ suites, models }: RunResults): readonly Column<ModelRow>[] {
  const labelled = suites.filter((suite) => suite.kind === 'labelled');
  const speedTests = [...new Set(models.flatMap((model) => model.speed.map((entry) => entry.test)))];
  const number = (title: string, text: (model: ModelRow) => string): Column<ModelRow> => ({ title, align: 'right', text });
  const scored: readonly Column<ModelRow>[] =
    labelled.length === 0
      ? []
      : [
          { title: 'Score', text: (model) => formatScore(model.overall) },
          { title: 'Verdict', text: (model) => (model.verdict === null ? missing : verdictWords[model.verdict].toLowerCase()) },
          number('TTFT p50', (model) => formatDuration(model.ttftMs.p50)),
          number('Answer p50', (model) => formatDuration(model.totalMs.p50)),
          number('p95', (model) => formatDuration(model.totalMs.p95)),
          number('Writes', (model) => formatTokensPerSecond(model.generationTokensPerSecond)),
          ...(labelled.length > 1 ? labelled.map((suite) => suiteColumn(suite.id)) : []),
        ];
  const rare: readonly Column<ModelRow>[] = [
    number('Tools right', (model) => formatPercent(model.toolCalls?.rightArguments)),
    number('Judged', (model) =>
      model.judged == null ? missing : `${formatPercent(model.judged.score)}${model.judged.calibrated ? '' : '*'}`,
    ),
    number('pass^k', (model) => (model.passPowerK === null ? missing : `${formatPercent(model.passPowerK.rate)} of ${model.passPowerK.k}`)),
    number('Not run', (model) => (model.endings.notRun === 0 ? missing : formatCount(model.endings.notRun))),
    number('Energy', (model) => (model.joulesPerAnswer === null ? missing : `${model.joulesPerAnswer.toPrecision(2)} J`)),
    number('GPU', (model) => formatPercent(model.gpuUtilisation)),
    ...speedTests.map((test) =>
      number(test, (model) => formatTokensPerSecond(model.speed.find((entry) => entry.test === test)?.tokensPerSecond.mean)),
    ),
    number('Load', (model) => formatDuration(model.loadMs)),
    number('Load again', (model) => formatDuration(model.warmLoadMs)),
    number('Peak memory', (model) => formatGibibytes(model.peakMemoryBytes)),
  ];
  return [
    { title: 'Model', maxWidth: nameWidth, text: modelLabel },
    number('Size', (model) => (model.remote === true ? missing : formatGigabytes(model.sizeBytes))),
    ...scored,
    ...rare.filter((column) => models.some((model) => column.text(model) !== missing)),
  ];
}

function suiteColumn(suite: string): Column<ModelRow> {
  return { title: suite, text: (model) => formatScore(model.suites.find((entry) => entry.suite === suite)?.interval) };
}

function notes({ models, judge, outdated }: RunResults): readonly string[] {
  const isUncalibrated = models.some((model) => model.judged?.calibrated === false);
  const reasons = new Map<string, number>();
  for (const { reason, n } of models.flatMap((model) => model.notRunBecause)) reasons.set(reason, (reasons.get(reason) ?? 0) + n);
  return [
    ...[...reasons].map(([reason, n]) => `Not run, ${formatCount(n)}: ${reason}\n`),
    ...(isUncalibrated
      ? [`* The judge${judge == null ? '' : `, ${judge.name},`} does not agree enough with people for its scores to count.\n`]
      : []),
    ...(outdated ?? []).map((reason) => `Worth running again: ${reason}\n`),
  ];
}

/** Only where the run says something of its own: electricity that was measured, or a hosted model that was asked. */
function costText({ cost, models }: RunResults): readonly string[] {
  const isKnown = cost?.rows.some((row) => row.kind === 'local' && row.perThousandCalls !== null) || models.some((model) => model.remote);
  if (cost == null || !isKnown) return [];
  type Row = (typeof cost.rows)[number];
  const columns: readonly Column<Row>[] = [
    { title: 'Cost', maxWidth: nameWidth, text: (row) => row.label },
    { title: 'Per 1M tokens', text: (row) => row.price },
    { title: 'Entered', text: (row) => row.enteredOn ?? missing },
    { title: '1,000 calls', align: 'right', text: (row) => formatMoney(row.perThousandCalls, row.currency) },
  ];
  return [renderTable(cost.rows, columns)];
}

/** Worse and better are said only where chance is unlikely to have done it. */
function baselineText({ baselineRunId, models }: RunComparison): string {
  const worse = new Set(regressions(models).map((model) => model.modelId));
  const lines = models.flatMap((model) => [
    `  ${model.modelId}: ${baselineChange(model, worse.has(model.modelId))}\n`,
    ...(model.differs ?? []).map((difference) => `    ${difference}\n`),
  ]);
  return `Against run ${baselineRunId}:\n${lines.join('') || '  nothing in common\n'}`;
}

/**
 * How a model stands to the baseline, in words.
 * @param isWorse beyond chance, all compared models considered
 */
export function baselineChange(model: RunComparison['models'][number], isWorse: boolean): string {
  const { n, lost, gained, mcnemarP, passRateBefore = null, passRateNow = null } = model;
  const isBetter = mcnemarP < 0.05 && gained > lost;
  const word = isWorse ? 'worse' : isBetter ? 'better' : 'no real change';
  const points = passRateBefore === null || passRateNow === null ? '' : `, ${formatPoints(passRateNow - passRateBefore)}`;
  return `${word}${points}; ${lost} lost, ${gained} gained of ${n} items (exact McNemar p ${mcnemarP < 0.001 ? '< 0.001' : `= ${mcnemarP.toFixed(3)}`})`;
}
