import { Command } from 'commander';
import { formatCount } from '#core/units.ts';
import type { Estimate } from '#shared/contract/benchmarks.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
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
      const { runId, notRun = [] } = await runFor(context, options);
      if (services.benchmarks.run(runId).state === 'running') await followRun(context, { runId, notRun });
      await presentResults(context, runId, { outFolder: options.out ?? null });
    },
  );
}

interface BegunRun {
  readonly runId: string;
  readonly notRun?: Estimate['notRun'];
}

async function runFor(context: CommandContext, options: BenchOptions): Promise<BegunRun> {
  if (options.resume !== undefined) return { runId: await resumeRun(context, options.resume, options) };
  return options.extend === undefined ? await startRun(context, options) : { runId: await extendRun(context, options.extend, options) };
}

async function startRun(context: CommandContext, options: BenchOptions): Promise<BegunRun> {
  const services = await context.services();
  const plan = await planOf(context, options);
  const { notRun } = await services.benchmarks.estimate(plan);
  for (const { items, reason, hint } of notRun) {
    context.output.note(
      `${items === 1 ? 'One item' : `${formatCount(items)} items`} will not run: ${reason}${hint === null ? '' : ` ${hint}`}`,
    );
  }
  const { runId } = await services.benchmarks.start(plan);
  return { runId, notRun };
}

async function resumeRun(context: CommandContext, name: string, options: BenchOptions): Promise<string> {
  const { benchmarks, library } = await context.services();
  noteIgnored(context, options, ['resume']);
  await library.whenScanned();
  const newest = benchmarks.runs().find((run) => run.state !== 'done' && run.state !== 'cancelled') ?? benchmarks.runs()[0];
  const run = benchmarks.run(name === 'last' ? (newest?.id ?? name) : name);
  // A run that was complete when its process was killed only has its results to show.
  if (run.state !== 'done') await benchmarks.resume(run.id);
  return run.id;
}

/** A second look at a run: it costs the verdict a share of its 5 %. */
async function extendRun(context: CommandContext, name: string, options: BenchOptions): Promise<string> {
  const { benchmarks, library } = await context.services();
  noteIgnored(context, options, ['extend', 'items']);
  await library.whenScanned();
  const run = benchmarks.run(name === 'last' ? (benchmarks.runs()[0]?.id ?? name) : name);
  const { suites, verdict } = benchmarks.results(run.id);
  const labelled = suites.filter((suite) => suite.kind === 'labelled').length;
  // The verdict counts items of all suites together; each gives its part.
  const items = options.items ?? (verdict.moreItems === null ? null : Math.ceil(verdict.moreItems / Math.max(1, labelled)));
  if (items === null) {
    throw new RpcError(systemErrors.usage, `The run ${run.id} does not say how many more items would decide it.`, {
      hint: 'Say how many with: --items N',
    });
  }
  context.output.note(`${items} more ${items === 1 ? 'item' : 'items'} of every suite`);
  await benchmarks.extend(run.id, items);
  return run.id;
}

function noteIgnored(context: CommandContext, options: BenchOptions, used: readonly string[]): void {
  const ignored = Object.keys(options).filter((option) => !['json', 'out', ...used].includes(option));
  if (ignored.length > 0) context.output.note('A run goes on as it was planned: the other options are not used.');
}
