import { Command, Option } from 'commander';
import { ReportFormat } from '#shared/contract/benchmarks.ts';
import type { CommandContext } from '../commandContext.ts';

/** `report RUN`: a finished or half-finished run as a file on stdout. */
export function reportCommand(context: CommandContext): Command {
  return new Command('report')
    .description('print the report of a benchmark run')
    .argument('<run>', 'id of the run; "last" is the newest')
    .addOption(new Option('--format <format>', 'form of the report').choices(ReportFormat.options))
    .action(async (name: string, options: { readonly format?: ReportFormat }) => {
      const { benchmarks } = await context.services();
      const runId = name === 'last' ? (benchmarks.runs()[0]?.id ?? name) : name;
      const report = benchmarks.report(runId, options.format ?? (context.output.json ? 'json' : 'md'));
      context.output.text(report.text.endsWith('\n') ? report.text : `${report.text}\n`);
    });
}
