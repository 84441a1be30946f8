import { defaultSuiteIds } from '#main/services/benchmarks/suiteCatalogue.ts';
import { benchmarkErrors, RunPlan } from '#shared/contract/benchmarks.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';

export interface BenchOptions {
  readonly models?: string[];
  readonly suite?: string[];
  readonly dataset?: string;
  readonly skipBadLines?: true;
  readonly temperatures?: number[];
  readonly repeats?: number;
  readonly bar?: number;
  readonly margin?: number;
  readonly reference?: string;
  readonly baseline?: string;
  readonly limit?: number;
  readonly maxTokens?: number;
  readonly context?: number;
  readonly seed?: number;
  readonly constrained?: true;
  readonly earlyStop?: true;
  readonly out?: string;
  readonly resume?: string;
}

/**
 * Makes a plan of what was typed: names become ids, a data set becomes a suite, what was left out gets its default.
 * @throws {RpcError} model-not-found, suite-not-found, dataset-invalid, nothing-to-run, usage
 */
export async function planOf(context: CommandContext, options: BenchOptions): Promise<RunPlan> {
  const { library, benchmarks } = await context.services();
  await library.whenScanned();
  const newest = benchmarks.runs()[0]?.id;
  const plan = RunPlan.safeParse({
    modelIds: await modelIds(context, options.models ?? ['all']),
    suiteIds: await suiteIds(context, options),
    temperatures: options.temperatures,
    repeats: options.repeats,
    bar: options.bar,
    margin: options.margin,
    referenceId: options.reference === undefined ? null : library.resolve(options.reference).id,
    baselineRunId: (options.baseline === 'last' ? newest : undefined) ?? options.baseline ?? null,
    contextTokens: options.context ?? null,
    maxTokens: options.maxTokens,
    constrained: options.constrained ?? false,
    itemLimit: options.limit ?? null,
    earlyStop: options.earlyStop ?? false,
    seed: options.seed,
  });
  if (plan.success) return plan.data;
  const issue = plan.error.issues[0];
  throw new RpcError(systemErrors.usage, `${issue?.path.join('.') ?? 'plan'}: ${issue?.message ?? 'is not valid'}`, {
    hint: 'rightsize bench --help lists the options.',
  });
}

async function modelIds(context: CommandContext, names: readonly string[]): Promise<readonly string[]> {
  const { library } = await context.services();
  if (!names.includes('all')) return names.map((name) => library.resolve(name).id);
  const usable = library.list().filter((artifact) => artifact.state === 'ready');
  for (const artifact of library.list()) {
    if (artifact.state !== 'ready') context.output.note(`left out: ${artifact.id}: ${artifact.problem?.message ?? artifact.state}`);
  }
  if (usable.length > 0) return usable.map((artifact) => artifact.id);
  throw new RpcError(benchmarkErrors.nothingToRun, 'There is no model that can be loaded.', {
    hint: 'Bring one in with: rightsize import FILE',
  });
}

/** A data set alone is asked alone; named suites come beside it. */
async function suiteIds(context: CommandContext, options: BenchOptions): Promise<readonly string[]> {
  const { benchmarks } = await context.services();
  const named = options.suite ?? (options.dataset === undefined ? defaultSuiteIds : []);
  if (options.dataset === undefined) return named;
  const { suite, skipped } = await benchmarks.addDataset(options.dataset, { skipBad: options.skipBadLines ?? false });
  if (skipped.length > 0) {
    const lines = skipped.map((problem) => problem.line).slice(0, 20);
    context.output.note(
      `left out ${skipped.length} bad ${skipped.length === 1 ? 'line' : 'lines'} of ${options.dataset}: ${lines.join(', ')}`,
    );
  }
  return [...new Set([...named, suite.id])];
}
