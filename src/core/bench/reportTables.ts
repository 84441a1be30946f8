import { formatCount, formatDuration, formatGibibytes, formatPercent, formatTokensPerSecond, missing } from '../units.ts';
import { formatRate } from './formatRate.ts';
import { isOnlyBeside } from './modelMetrics.ts';
import { formatMoney } from './runCost.ts';
import { type JudgedScore, type ModelResult, modelLabel } from './runRecords.ts';
import type { RunReport } from './runReport.ts';
import { firmP95Values, type Percentiles } from './statistics.ts';

/** A table in words; the first cell of a row names it. */
export interface ReportTable {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** A sentence below. */
  readonly note: string | null;
}

const placeWords = { on: 'on it', tie: 'within chance of it', dominated: 'another is better' } as const;

/**
 * Everything that was measured beyond scores, in words for every form of report. What nothing is known of is left out.
 * @param results of a run
 * @returns tables in reading order, none without rows
 */
export function reportTables(results: RunReport): readonly ReportTable[] {
  const { models } = results;
  return [
    frontierTable(models),
    latencyTable(models),
    endingsTable(models),
    notRunTable(models),
    reliabilityTable(results),
    speedTable(models),
    effortTable(models),
    sweepTable(models),
    costTable(results),
  ].filter((table) => table.rows.length > 0);
}

function frontierTable(models: readonly ModelResult[]): ReportTable {
  return {
    title: 'Score, latency and memory',
    heads: ['Model', 'Score at least', 'Answer p50', 'Answer p95', 'Peak memory', 'Energy an answer', 'Frontier'],
    rows: models.flatMap((model) =>
      model.frontier === null
        ? []
        : [
            [
              modelLabel(model),
              formatPercent(model.overall?.low),
              formatDuration(model.totalMs.p50),
              p95Words(model.totalMs),
              formatGibibytes(model.peakMemoryBytes),
              joules(model.joulesPerAnswer),
              placeWords[model.frontier],
            ],
          ],
    ),
    note: 'On the frontier: no other model is better in score, latency and memory alike beyond doubt.',
  };
}

function latencyTable(models: readonly ModelResult[]): ReportTable {
  const kinds: readonly (readonly [string, (model: ModelResult) => Percentiles])[] = [
    ['TTFT', (model) => model.ttftMs],
    ['TTFA', (model) => model.ttfaMs],
    ['TPOT', (model) => model.tpotMs],
    ['ITL', (model) => model.interTokenMs],
    ['Answer', (model) => model.totalMs],
    ['Model, with tools', (model) => model.modelMs],
    ['Tools', (model) => model.toolMs],
  ];
  return {
    title: 'Latency',
    heads: ['Model', 'Time', 'n', 'p50', 'p90', 'p95', 'p99', 'Longest'],
    rows: models.flatMap((model) => {
      if (isOnlyBeside(model)) return [[modelLabel(model), 'made side by side: not measured', formatCount(0), ...Array(5).fill(missing)]];
      return kinds.flatMap(([name, of]) => {
        const times = of(model);
        if (times.n === 0 || (name === 'TTFA' && isSame(times, model.ttftMs))) return [];
        const [p50, p90, p99, max] = [times.p50, times.p90, times.p99, times.max].map((time) => formatDuration(time));
        return [[modelLabel(model), name, formatCount(times.n), p50, p90, p95Words(times), p99, max]];
      });
    }),
    note: `TTFT: to the first token. TTFA: to the first one of the answer, after reasoning. TPOT: time a token after the first, by answer. ITL: every gap between two tokens. Of answers made alone, to their own end. * indicative: fewer than ${firmP95Values} values; ≤: the true 95th percentile is at most so much, with 95% confidence.`,
  };
}

/** Without reasoning the first token is the answer's. */
function isSame(one: Percentiles, other: Percentiles): boolean {
  return one.n === other.n && one.p50 === other.p50 && one.p90 === other.p90 && one.max === other.max;
}

function endingsTable(models: readonly ModelResult[]): ReportTable {
  return {
    title: 'How answers ended',
    heads: ['Model', 'Completed', 'Own end', 'Cut off', 'Out of time', 'Errors', 'Cancelled', 'Not run', 'Refused', 'Empty'],
    rows: models.flatMap((model) => {
      const { completed, truncated, timedOut, errors, cancelled, notRun } = model.endings;
      if (completed + truncated + timedOut + errors + cancelled + notRun === 0) return [];
      const total = (count: (suite: ModelResult['suites'][number]) => number): number =>
        model.suites.reduce((sum, suite) => sum + count(suite), 0);
      const counts = [
        completed,
        truncated,
        timedOut,
        errors,
        cancelled,
        notRun,
        total((suite) => suite.refused),
        total((suite) => suite.empty),
      ];
      return [[modelLabel(model), formatPercent(model.completionRate), ...counts.map((count) => formatCount(count))]];
    }),
    note: 'Errors, time-outs and cut-off answers count as failed. What was cancelled or could not be run here is in no rate.',
  };
}

function notRunTable(models: readonly ModelResult[]): ReportTable {
  return {
    title: 'Not run',
    heads: ['Model', 'Answers', 'Because'],
    rows: models.flatMap((model) => model.notRunBecause.map(({ reason, n }) => [modelLabel(model), formatCount(n), reason])),
    note: null,
  };
}

function reliabilityTable({ models, judge, run }: RunReport): ReportTable {
  const isKnown = (model: ModelResult): boolean =>
    model.passPowerK !== null || model.toolCalls !== null || model.judged !== null || model.preferred !== null;
  const hasFormat = models.some((model) => formatRate(model.suites, 'formatStrict') !== null);
  return {
    title: 'Reliability',
    heads: [
      'Model',
      'Every time',
      'Right tool',
      'Right arguments',
      'Extra calls',
      'Without tool',
      formatHead(run),
      'Loose',
      'Judged',
      'Preferred',
    ],
    rows: models
      .filter((model) => isKnown(model) || hasFormat || (judge ?? null) !== null)
      .map((model) => [
        modelLabel(model),
        everyTime(model.passPowerK),
        formatPercent(model.toolCalls?.rightTool),
        formatPercent(model.toolCalls?.rightArguments),
        model.toolCalls?.extraCalls.toFixed(1) ?? missing,
        formatPercent(model.toolCalls?.answeredWithout),
        formatPercent(formatRate(model.suites, 'formatStrict')),
        formatPercent(formatRate(model.suites, 'formatLoose')),
        judgedWords(model.judged),
        judgedWords(model.preferred),
      ]),
    note: `Every time: items that passed on all askings. Format: as it stands, and loose after stripping fences and prose. Judged: what a judge says, apart from pass and fail but for answers that only a judge can tell, which a calibrated one decides; * uncalibrated.${judgeWords(judge ?? null)}`,
  };
}

function judgeWords(judge: NonNullable<RunReport['judge']> | null): string {
  if (judge === null) return '';
  if (judge.n === 0) return ` Judge: ${judge.name}, not held against judgements of people.`;
  const held = `${formatPercent(judge.accuracy)} as people on ${formatCount(judge.n)} labelled judgements`;
  return ` Judge: ${judge.name}, ${held}, κ ${kappaWords(judge)}${judge.calibrated ? '' : ', so uncalibrated'}.`;
}

function everyTime(power: ModelResult['passPowerK']): string {
  return power === null ? missing : `${formatPercent(power.rate)} of ${formatCount(power.n)}, asked ${power.k} times`;
}

/** A grammar makes every answer well formed: that says nothing of the model. */
function formatHead(run: RunReport['run']): string {
  return run.plan.constrained ? 'Format (constrained)' : 'Format (native)';
}

function speedTable(models: readonly ModelResult[]): ReportTable {
  const tests = [...new Set(models.flatMap((model) => model.speed.map((entry) => entry.test)))];
  const rateOf = (model: ModelResult, test: string): string => {
    const spread = model.speed.find((entry) => entry.test === test)?.tokensPerSecond;
    if (!spread) return missing;
    const deviation =
      spread.standardDeviation === null ? '' : ` ± ${formatTokensPerSecond(spread.standardDeviation).replace(' tok/s', '')}`;
    return formatTokensPerSecond(spread.mean).replace(' tok/s', `${deviation} tok/s`);
  };
  return {
    title: 'Speed',
    heads: ['Model', ...tests, 'First load', 'Second load'],
    rows:
      tests.length === 0
        ? []
        : models.map((model) => [
            modelLabel(model),
            ...tests.map((test) => rateOf(model, test)),
            formatDuration(model.loadMs),
            formatDuration(model.warmLoadMs),
          ]),
    note: 'Tests as llama-bench names and defines them, mean and standard deviation. The first load of the sitting may or may not have found the file in the disk cache; the second did.',
  };
}

function effortTable(models: readonly ModelResult[]): ReportTable {
  return {
    title: 'Tokens, energy and GPU',
    heads: [
      'Model',
      'Tokens in',
      'of them kept',
      'Tokens out',
      'Reads',
      'Writes',
      'Energy an answer',
      'GPU busy',
      'GPU memory',
      'Peak memory',
    ],
    rows: models
      .filter((model) => model.tokensPerAnswer !== null || model.peakMemoryBytes !== null)
      .map((model) => [
        modelLabel(model),
        tokens(model.promptTokensPerAnswer),
        tokens(model.cachedTokensPerAnswer),
        tokens(model.tokensPerAnswer),
        formatTokensPerSecond(model.promptTokensPerSecond),
        formatTokensPerSecond(model.generationTokensPerSecond),
        joules(model.joulesPerAnswer),
        formatPercent(model.gpuUtilisation),
        formatGibibytes(model.peakGpuBytes),
        formatGibibytes(model.peakMemoryBytes),
      ]),
    note: 'Mean of an answer. Kept: of an earlier prompt, not read again; the reading speed is of the rest. GPU memory is what all programs held together.',
  };
}

function sweepTable(models: readonly ModelResult[]): ReportTable {
  return {
    title: 'Requests at the same time',
    heads: ['Model', 'At the same time', 'Requests a second', 'Answer p50', 'Answer p95', 'Errors'],
    rows: models.flatMap((model) =>
      model.sweep.map(({ concurrency, requestsPerSecond, totalMs, errors }) => [
        modelLabel(model),
        formatCount(concurrency),
        requestsPerSecond.toPrecision(3),
        formatDuration(totalMs.p50),
        p95Words(totalMs),
        formatCount(errors),
      ]),
    ),
    note: 'Requests a second: those under way over the mean time of one.',
  };
}

function costTable({ cost }: RunReport): ReportTable {
  const rows = cost?.rows ?? [];
  const about =
    cost == null ? '' : `${tokens(cost.inputTokens)} tokens in and ${tokens(cost.outputTokens)} out a call, the mean of this run.`;
  const power =
    cost?.watts == null ? 'No sensor told the power of this machine.' : `${formatCount(cost.watts)} W measured on this machine.`;
  return {
    title: 'Cost of 1,000 calls',
    heads: ['Model', 'Where', 'Price of 1M tokens', 'Entered on', 'Score', '1,000 calls'],
    rows: rows.map((row) => [
      row.label,
      row.kind === 'local' ? 'here' : 'hosted',
      row.price,
      row.enteredOn ?? missing,
      formatPercent(row.passRate),
      formatMoney(row.perThousandCalls, row.currency),
    ]),
    note: `${about} ${power} Prices are those of the table on the day they were entered; a hosted score stands only where that model answered the same items.`,
  };
}

function p95Words(times: Percentiles): string {
  if (times.p95 === null) return missing;
  if (times.n < firmP95Values) return `${formatDuration(times.p95)}*`;
  return times.p95AtMost == null ? formatDuration(times.p95) : `${formatDuration(times.p95)} (≤ ${formatDuration(times.p95AtMost)})`;
}

function judgedWords(judged: JudgedScore | null): string {
  if (judged === null) return missing;
  const { score, low, high, missing: unsaid, calibrated } = judged;
  const range = `${formatPercent(score)} [${Math.round(low * 100)}–${Math.round(high * 100)}]`;
  return `${range}${unsaid === 0 ? '' : `, ${formatCount(unsaid)} missing`}${calibrated ? '' : '*'}`;
}

function kappaWords({ kappa, low, high }: NonNullable<RunReport['judge']>): string {
  if (kappa === null) return missing;
  return low === null || high === null ? kappa.toFixed(2) : `${kappa.toFixed(2)} [${low.toFixed(2)}–${high.toFixed(2)}]`;
}

function joules(value: number | null): string {
  return value === null ? missing : `${Number(value.toPrecision(2))} J`;
}

function tokens(value: number | null): string {
  return value === null ? missing : formatCount(Math.round(value));
}
