import { suiteDefaults } from '#core/bench/suiteDefaults.ts';
import { defaultSuiteIds } from '#main/services/benchmarks/suiteCatalogue.ts';
import type { Services } from '#main/services/createServices.ts';
import { benchmarkErrors, RunPlan } from '#shared/contract/benchmarks.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { namedModel, namedModels } from '../namedModels.ts';
import type { BenchOptions } from './benchOptions.ts';

/**
 * Makes a plan of what was typed: names become ids, a data set becomes a suite, what was left out gets its default.
 * @throws {RpcError} model-not-found, suite-not-found, dataset-invalid, nothing-to-run, usage
 */
export async function planOf(context: CommandContext, options: BenchOptions): Promise<RunPlan> {
  const { library, benchmarks } = await context.services();
  await library.whenScanned();
  const newest = benchmarks.runs()[0]?.id;
  const asked = await suiteIds(context, options);
  const defaults = suiteDefaults((await benchmarks.suites()).filter((suite) => asked.includes(suite.id)));
  const plan = RunPlan.safeParse({
    modelIds: await modelIds(context, options.models ?? ['all']),
    suiteIds: asked,
    temperatures: options.temperatures ?? defaults.temperatures ?? undefined,
    repeats: options.repeats,
    bar: options.bar,
    margin: options.margin,
    referenceId: options.reference === undefined ? null : await namedModel(await context.services(), options.reference),
    baselineRunId: (options.baseline === 'last' ? newest : undefined) ?? options.baseline ?? null,
    contextTokens: options.context ?? null,
    maxTokens: options.maxTokens ?? defaults.maxTokens ?? undefined,
    constrained: options.constrained ?? false,
    itemLimit: options.limit ?? null,
    earlyStop: options.earlyStop ?? false,
    seed: options.seed,
    thinking: options.thinking,
    kvType: options.kv ?? null,
    testing: options.testing,
    judgeId: options.judge === undefined ? null : await namedModel(await context.services(), options.judge),
    lanes: options.lanes ?? null,
    concurrency: options.concurrency,
    answerSeconds: options.answerSeconds,
    turns: options.turns,
    runMinutes: options.runMinutes ?? null,
    retries: options.retries,
    pauseOnBattery: options.pauseOnBattery ?? false,
    pauseOnHeat: options.pauseOnHeat ?? false,
  });
  if (plan.success) return plan.data;
  const issue = plan.error.issues[0];
  throw new RpcError(systemErrors.usage, `${issue?.path.join('.') ?? 'plan'}: ${issue?.message ?? 'is not valid'}`, {
    hint: 'rightsize bench --help lists the options.',
  });
}

/** `all` is what lies on this disk; endpoints cost money or somebody else's time, so they are asked where they are named. */
async function modelIds(context: CommandContext, names: readonly string[]): Promise<readonly string[]> {
  const services = await context.services();
  const named = (await Promise.all(names.filter((name) => name !== 'all').map((name) => namedModels(services, name)))).flat();
  const ids = [...new Set([...(names.includes('all') ? usableModels(context, services) : []), ...named])];
  if (ids.length > 0) return ids;
  throw new RpcError(benchmarkErrors.nothingToRun, 'There is no model that can be loaded.', {
    hint: 'Bring one in with: rightsize import FILE',
  });
}

function usableModels(context: CommandContext, { library }: Services): readonly string[] {
  for (const artifact of library.list()) {
    if (artifact.state !== 'ready') context.output.note(`left out: ${artifact.id}: ${artifact.problem?.message ?? artifact.state}`);
  }
  return library.list().flatMap((artifact) => (artifact.state === 'ready' ? [artifact.id] : []));
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
