import { Command, Option } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { commaList, integerFrom, positiveInteger, share, temperatureList, wholeNumber } from '../optionValues.ts';
import { type BenchOptions, planOf } from './benchPlan.ts';
import { followRun } from './benchProgress.ts';
import { presentResults } from './benchResults.ts';

/** `bench`: the main job. Without options: every model on this disk on the default suites. */
export function benchCommand(context: CommandContext): Command {
  return new Command('bench')
    .description('find the smallest model that passes your bar')
    .addOption(
      new Option('--models <list>', 'all, or names separated by commas; endpoint:ID/MODEL for one behind an endpoint')
        .default(undefined, 'all')
        .argParser(commaList),
    )
    .addOption(new Option('--suite <list>', 'suites, separated by commas').argParser(commaList))
    .option('--dataset <file>', 'your own labelled items: JSONL, CSV, or a promptfoo configuration')
    .option('--skip-bad-lines', 'use the good lines of a data set that has bad ones')
    .addOption(
      new Option('--temperatures <list>', 'temperatures, separated by commas')
        .default(undefined, "the suite's own, or 0")
        .argParser(temperatureList),
    )
    .addOption(new Option('--repeats <number>', 'how often each item is asked above temperature 0').argParser(integerFrom(1, 100)))
    .addOption(new Option('--bar <share>', 'what must be passed').default(undefined, '0.8').argParser(share))
    .addOption(
      new Option('--margin <share>', 'how much worse than the reference is still equal').default(undefined, '0.1').argParser(share),
    )
    .option('--reference <model>', 'what the others are held against; the best one when left out')
    .option('--baseline <run>', 'an earlier run to compare with, item by item; "last" is the newest')
    .addOption(new Option('--limit <number>', 'only the first items of every suite').argParser(positiveInteger))
    .addOption(new Option('--max-tokens <number>', 'longest answer').argParser(positiveInteger))
    .addOption(new Option('--context <number>', 'context in tokens').argParser(integerFrom(128, 16_777_216)))
    .addOption(new Option('--seed <number>', 'seed of the sampling').argParser(wholeNumber))
    .option('--constrained', 'hold answers to the JSON Schema of their item')
    .option('--early-stop', 'leave a model as soon as it is bound to miss the bar')
    .option('--out <folder>', 'where the report is written')
    .option('--resume <run>', 'go on with a run that was paused, interrupted or killed; "last" is the newest')
    .action(async (options: BenchOptions) => {
      const services = await context.services();
      const runId = options.resume === undefined ? await startRun(context, options) : await resumeRun(context, options.resume, options);
      if (services.benchmarks.run(runId).state === 'running') await followRun(context, runId);
      await presentResults(context, runId, { outFolder: options.out ?? null });
    });
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
