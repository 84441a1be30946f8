import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { benchDocument } from '#core/bench/benchDocument.ts';
import { reportExtensions } from '#core/bench/report.ts';
import { markdownText } from '#core/bench/reportMarkdown.ts';
import { modelLabel } from '#core/bench/runRecords.ts';
import { formatDuration, formatGibibytes, formatGigabytes, formatScore, formatTokensPerSecond, missing } from '#core/units.ts';
import { ReportFormat, type RunComparison, type RunResults } from '#shared/contract/benchmarks.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { exitCodes } from '../exitCodes.ts';
import { type Column, renderTable } from '../table.ts';

const verdictWords = { fits: 'fits', fails: 'fails', 'not-enough-evidence': 'not enough evidence' } as const;

/** Writes the report files, prints the table and the verdict, and says by the exit code whether the bar was reached. */
export async function presentResults(
  context: CommandContext,
  runId: string,
  options: { readonly outFolder: string | null },
): Promise<void> {
  const { benchmarks } = await context.services();
  const results = benchmarks.results(runId);
  const { baselineRunId } = results.run.plan;
  const baseline = baselineRunId === null ? null : benchmarks.compare(runId, baselineRunId);
  const folder = resolve(options.outFolder ?? join(context.ports.paths.data, 'reports', runId));
  const files = await writeReports(context, { runId, folder, baseline });

  context.output.document({ ...benchDocument(results), report: { folder, files }, ...(baseline === null ? {} : { baseline }) });
  if (!context.output.json) context.output.text(resultsText(results, baseline));
  context.output.note(`Report: ${folder}`);
  if (results.suites.some((suite) => suite.kind === 'labelled') && results.verdict.state !== 'fits') context.exitWith(exitCodes.barMissed);
}

async function writeReports(
  context: CommandContext,
  { runId, folder, baseline }: { readonly runId: string; readonly folder: string; readonly baseline: RunComparison | null },
): Promise<readonly string[]> {
  const { benchmarks } = await context.services();
  try {
    await mkdir(folder, { recursive: true });
    const written = await Promise.all(
      ReportFormat.options.map(async (format) => {
        const name = `report.${reportExtensions[format]}`;
        const { text } = benchmarks.report(runId, format);
        await writeFile(join(folder, name), format === 'md' && baseline !== null ? `${text}\n${baselineMarkdown(baseline)}` : text);
        return name;
      }),
    );
    if (baseline === null) return written;
    await writeFile(join(folder, 'baseline.json'), `${JSON.stringify(baseline, null, 2)}\n`);
    return [...written, 'baseline.json'];
  } catch (error) {
    throw notWritten(error, { runId, folder });
  }
}

function notWritten(error: unknown, { runId, folder }: { readonly runId: string; readonly folder: string }): RpcError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new RpcError(
    isFull ? systemErrors.diskFull : systemErrors.dataFolderUnwritable,
    `The report can't be written to ${folder} (${code}).`,
    {
      hint: `The run is kept. Write it elsewhere with: rightsize bench --resume ${runId} --out FOLDER`,
      cause: error,
    },
  );
}

type ModelRow = RunResults['models'][number];

function resultsText(results: RunResults, baseline: RunComparison | null): string {
  const labelled = results.suites.filter((suite) => suite.kind === 'labelled');
  const speedTests = [...new Set(results.models.flatMap((model) => model.speed.map((entry) => entry.test)))];
  const columns: Column<ModelRow>[] = [
    { title: 'Model', text: modelLabel },
    { title: 'Size', align: 'right', text: (model) => formatGigabytes(model.sizeBytes) },
    ...labelled.map((suite): Column<ModelRow> => {
      const intervalOf = (model: ModelRow) => model.suites.find((entry) => entry.suite === suite.id)?.interval;
      return { title: suite.id, text: (model) => formatScore(intervalOf(model)) };
    }),
    ...(labelled.length > 1 ? [{ title: 'all', text: (model: ModelRow) => formatScore(model.overall) }] : []),
    ...speedTests.map((test): Column<ModelRow> => {
      const meanOf = (model: ModelRow) => model.speed.find((entry) => entry.test === test)?.tokensPerSecond.mean;
      return { title: test, align: 'right', text: (model) => formatTokensPerSecond(meanOf(model)) };
    }),
    { title: 'Answer p50', align: 'right', text: (model) => formatDuration(model.totalMs.p50) },
    { title: 'Load', align: 'right', text: (model) => formatDuration(model.loadMs) },
    { title: 'Peak memory', align: 'right', text: (model) => formatGibibytes(model.peakMemoryBytes) },
    ...(labelled.length > 0
      ? [{ title: 'Verdict', text: (model: ModelRow) => (model.verdict === null ? missing : verdictWords[model.verdict]) }]
      : []),
  ];
  const { verdict } = results;
  const word = verdictWords[verdict.state];
  const lines = [
    renderTable(results.models, columns),
    ...(labelled.length === 0 ? [] : [`Verdict: ${word}. ${verdict.reason}\n`]),
    ...(verdict.nextLarger === null ? [] : [`${verdict.nextLarger}\n`]),
    ...(baseline === null ? [] : [baselineText(baseline)]),
  ];
  return lines.join('\n');
}

function baselineText({ baselineRunId, models }: RunComparison): string {
  const lines = models.map(
    (model) =>
      `  ${model.modelId}: ${model.lost} lost, ${model.gained} gained of ${model.n} items (exact McNemar p = ${model.mcnemarP.toFixed(3)})\n`,
  );
  return `Against run ${baselineRunId}:\n${lines.join('') || '  nothing in common\n'}`;
}

function baselineMarkdown({ baselineRunId, models }: RunComparison): string {
  const sections = models.flatMap((model) => [
    '',
    `${markdownText(model.modelId)}: ${model.lost} lost, ${model.gained} gained of ${model.n} items, exact McNemar p = ${model.mcnemarP.toFixed(3)}`,
    '',
    ...model.flips.map(
      (flip) =>
        `- ${flip.passedBefore ? 'lost' : 'gained'}: ${markdownText(`${flip.suite} / ${flip.itemId}`)} (temperature ${flip.temperature})`,
    ),
  ]);
  return ['## Against the baseline', '', `Run ${baselineRunId}`, ...sections, ''].join('\n');
}
