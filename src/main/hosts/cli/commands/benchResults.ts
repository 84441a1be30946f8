import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { benchDocument } from '#core/bench/benchDocument.ts';
import { regressions } from '#core/bench/compareAnswers.ts';
import { reportExtensions } from '#core/bench/report.ts';
import { markdownText } from '#core/bench/reportMarkdown.ts';
import type { RunComparison, RunResults } from '#shared/contract/benchmarkResults.ts';
import { ReportFormat } from '#shared/contract/benchmarks.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { baselineChange, resultsText } from './benchTables.ts';

/** Writes the report files, prints the tables and the verdict, and says by the exit code whether the bar was reached and no model got worse. */
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
  const worse = baseline === null ? [] : regressions(baseline.models);
  if (worse.length > 0)
    context.output.note(`Worse than run ${baselineRunId} beyond chance: ${worse.map((model) => model.modelId).join(', ')}`);
  const code = exitCodeOfRun(results, baseline);
  if (code !== exitCodes.done) context.exitWith(code);
}

/** Says whether something that was measured was missed: the bar by every model, or an earlier run by any, beyond chance. */
export function exitCodeOfRun(
  { suites, verdict }: Pick<RunResults, 'suites' | 'verdict'>,
  baseline: Pick<RunComparison, 'models'> | null,
): ExitCode {
  const isMissed = suites.some((suite) => suite.kind === 'labelled') && verdict.state !== 'fits';
  return isMissed || regressions(baseline?.models ?? []).length > 0 ? exitCodes.barMissed : exitCodes.done;
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

function baselineMarkdown({ baselineRunId, models }: RunComparison): string {
  const worse = new Set(regressions(models).map((model) => model.modelId));
  const sections = models.flatMap((model) => [
    '',
    `${markdownText(model.modelId)}: ${baselineChange(model, worse.has(model.modelId))}`,
    '',
    ...(model.differs ?? []).map((difference) => `- not the same: ${markdownText(difference)}`),
    ...model.flips.map(
      (flip) =>
        `- ${flip.passedBefore ? 'lost' : 'gained'}: ${markdownText(`${flip.suite} / ${flip.itemId}`)} (temperature ${flip.temperature})`,
    ),
  ]);
  return ['## Against the baseline', '', `Run ${baselineRunId}`, ...sections, ''].join('\n');
}
