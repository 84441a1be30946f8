import { Command, Option } from 'commander';
import { ReportFormat } from '#shared/contract/benchmarks.ts';
import type { CommandContext } from '../commandContext.ts';
import { sendReport } from './sendReport.ts';

interface ReportOptions {
  readonly format?: ReportFormat;
  readonly otlp?: string | true;
  readonly otlpContent?: true;
}

/** `report RUN`: a finished or half-finished run as a file on stdout. */
export function reportCommand(context: CommandContext): Command {
  return new Command('report')
    .description('print the report of a benchmark run')
    .argument('<run>', 'id of the run; "last" is the newest')
    .addOption(new Option('--format <format>', 'form of the report').choices(ReportFormat.options))
    .option('--otlp [url]', 'send it to an OpenTelemetry collector instead; without an address to OTEL_EXPORTER_OTLP_ENDPOINT')
    .option('--otlp-content', 'send questions and answers too')
    .action(async (name: string, options: ReportOptions) => {
      const { benchmarks } = await context.services();
      const runId = name === 'last' ? (benchmarks.runs()[0]?.id ?? name) : name;
      if (options.otlp !== undefined) {
        return await sendReport(context, runId, { url: options.otlp, withContent: options.otlpContent === true });
      }
      const report = benchmarks.report(runId, options.format ?? (context.output.json ? 'json' : 'md'));
      context.output.text(report.text.endsWith('\n') ? report.text : `${report.text}\n`);
    });
}
