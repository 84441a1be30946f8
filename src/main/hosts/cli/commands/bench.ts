import { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { addBenchOptions, type BenchOptions } from './benchOptions.ts';
import { planOf } from './benchPlan.ts';
import { followRun } from './benchProgress.ts';
import { presentResults } from './benchResults.ts';

/** `bench`: the main job. Without options: every model on this disk on the default suites. */
export function benchCommand(context: CommandContext): Command {
  return addBenchOptions(new Command('bench').description('find the smallest model that passes your bar')).action(
    async (options: BenchOptions) => {
      const services = await context.services();
      const runId = options.resume === undefined ? await startRun(context, options) : await resumeRun(context, options.resume, options);
      if (services.benchmarks.run(runId).state === 'running') await followRun(context, runId);
      await presentResults(context, runId, { outFolder: options.out ?? null });
    },
  );
}

async function startRun(context: CommandContext, options: BenchOptions): Promise<string> {
  const services = await context.services();
  const { runId } = await services.benchmarks.start(await planOf(context, options));
  return runId;
}

async function resumeRun(context: CommandContext, name: string, options: BenchOptions): Promise<string> {
  const { benchmarks, library } = await context.services();
  const { resume: _resume, out: _out, ...ignored } = options;
  if (Object.keys(ignored).some((option) => option !== 'json'))
    context.output.note('A run goes on as it was planned: the other options are not used.');
  await library.whenScanned();
  const newest = benchmarks.runs().find((run) => run.state !== 'done' && run.state !== 'cancelled') ?? benchmarks.runs()[0];
  const run = benchmarks.run(name === 'last' ? (newest?.id ?? name) : name);
  // A run that was complete when its process was killed only has its results to show.
  if (run.state !== 'done') await benchmarks.resume(run.id);
  return run.id;
}
