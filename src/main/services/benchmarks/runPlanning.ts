import type { LabelledItem } from '#core/bench/labelledItem.ts';
import { countScenarios, type PlanSuite, planRun, type Scenario } from '#core/bench/planRun.ts';
import { formatCount } from '#core/units.ts';
import type { EndpointService } from '#main/services/endpoints/endpointService.ts';
import type { LibraryService } from '#main/services/library/libraryService.ts';
import type { RunModel } from '#main/storage/runTable.ts';
import { benchmarkErrors, type Estimate, type RunPlan, type Suite } from '#shared/contract/benchmarks.ts';
import { readEndpointModelId } from '#shared/contract/endpoints.ts';
import { type Artifact, modelErrors } from '#shared/contract/models.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { type ItemLength, itemLength, type Pace, paceBySize, paceFromSpeed, timeFor } from './pace.ts';
import type { SuiteCatalogue } from './suiteCatalogue.ts';

/** A plan with everything it names: what will be asked, of whom, in which order. */
export interface PreparedRun {
  /** In the order they will be asked: smallest first. */
  readonly models: readonly RunModel[];
  readonly suites: readonly Suite[];
  readonly scenarios: readonly Scenario[];
  /** @throws {Error} for a scenario of another run: a bug. */
  itemOf(scenario: Scenario): LabelledItem;
  /** The item that a sample answered; null for a measurement. */
  itemOfSample(sample: { readonly suite: string; readonly itemId: string }): LabelledItem | null;
}

/** @returns what a run remembers of a model before it was asked. @throws {RpcError} model-not-found, endpoint-not-found */
export async function plannedModels(
  modelIds: readonly string[],
  known: { readonly library: Pick<LibraryService, 'get'>; readonly endpoints: Pick<EndpointService, 'get'> },
): Promise<readonly RunModel[]> {
  return await Promise.all([...new Set(modelIds)].map((id) => planModel(id, known)));
}

async function planModel(
  id: string,
  { library, endpoints }: { readonly library: Pick<LibraryService, 'get'>; readonly endpoints: Pick<EndpointService, 'get'> },
): Promise<RunModel> {
  const remote = readEndpointModelId(id);
  if (remote !== null) {
    const endpoint = await endpoints.get(remote.endpointId);
    const facts = { id, name: `${remote.model} (${endpoint.name})`, quant: null, sizeBytes: 0, parameters: null, sha256: null };
    return plannedModel(facts);
  }
  const artifact = library.get(id);
  if (artifact === undefined) {
    throw new RpcError(modelErrors.notFound, `There is no model ${id} in the library.`, {
      hint: 'Look at the library for what is there.',
    });
  }
  return plannedModel(artifact);
}

function plannedModel(artifact: Pick<Artifact, 'id' | 'name' | 'quant' | 'sizeBytes' | 'parameters' | 'sha256'>): RunModel {
  const { id, name, quant, sizeBytes, parameters, sha256 } = artifact;
  return {
    modelId: id,
    name,
    quant,
    sizeBytes,
    parameters,
    sha256,
    loadMs: null,
    peakMemoryBytes: null,
    engine: null,
    backend: null,
    threads: null,
    contextTokens: null,
    elapsedMs: 0,
    problem: null,
  };
}

/**
 * Lays out a run. The same models, suites and plan give the same scenarios, also in another process.
 * @throws {RpcError} nothing-to-run; bad-input for a plan that is too large; suite-not-found when a suite's items are no longer known.
 */
export async function prepareRun(
  parts: { readonly plan: RunPlan; readonly models: readonly RunModel[]; readonly suites: readonly Suite[] },
  catalogue: Pick<SuiteCatalogue, 'itemsOf'>,
): Promise<PreparedRun> {
  const { plan, suites } = parts;
  const items = new Map<string, LabelledItem>();
  const planned: PlanSuite[] = [];
  for (const suite of suites) {
    if (suite.kind === 'speed') {
      planned.push({ id: suite.id, kind: 'speed' });
      continue;
    }
    const suiteItems = await catalogue.itemsOf(suite);
    for (const item of suiteItems) items.set(JSON.stringify([suite.id, item.id]), item);
    planned.push({ id: suite.id, kind: 'labelled', items: suiteItems });
  }
  const matrix = {
    models: parts.models.map(({ modelId, sizeBytes }) => ({
      id: modelId,
      sizeBytes: isRemote(modelId) ? Number.POSITIVE_INFINITY : sizeBytes,
    })),
    suites: planned,
    plan,
  };
  refuseTooLarge(countScenarios(matrix));
  const scenarios = planRun(matrix);
  if (scenarios.length === 0) {
    throw new RpcError(benchmarkErrors.nothingToRun, 'This plan asks nothing.', {
      hint: 'Choose at least one model and one suite with items.',
    });
  }
  const order = [...new Set(scenarios.map((scenario) => scenario.modelId))];
  return {
    models: parts.models.toSorted((a, b) => order.indexOf(a.modelId) - order.indexOf(b.modelId)),
    suites,
    scenarios,
    itemOfSample: ({ suite, itemId }) => items.get(JSON.stringify([suite, itemId])) ?? null,
    itemOf: (scenario) => {
      const item = items.get(JSON.stringify([scenario.suite, scenario.itemId]));
      if (item === undefined) throw new Error(`the run has no item ${scenario.itemId} in ${scenario.suite}`);
      return item;
    },
  };
}

/** A plan and its journal are held in memory: 50,000 samples take 0.1 GB and are summed up in 2 s on a laptop's core (measured 2026-11-21). */
const scenarioLimit = 250_000;

function refuseTooLarge(count: number): void {
  if (count <= scenarioLimit) return;
  throw new RpcError(pipeErrors.badInput, `This plan asks ${formatCount(count)} things; ${formatCount(scenarioLimit)} is the most.`, {
    hint: 'Choose fewer models, suites, temperatures or repeats, or set a limit of items.',
  });
}

/** Nothing is known of the size of a model on a server: it is asked after those of this disk. */
const isRemote = (modelId: string): boolean => readEndpointModelId(modelId) !== null;

/** A reference behind an endpoint is asked too: nobody finds it among the models of this disk, and unasked it would be nothing to hold against. */
export function withReference(plan: RunPlan): RunPlan {
  const { referenceId, modelIds } = plan;
  if (referenceId === null || !isRemote(referenceId) || modelIds.includes(referenceId)) return plan;
  return { ...plan, modelIds: [...modelIds, referenceId] };
}

/** What only shows when everything a plan names is known. @throws {RpcError} bad-input, nothing-to-run */
export function checkPlan(plan: RunPlan, { models }: PreparedRun, library: Pick<LibraryService, 'get'>): void {
  if (plan.referenceId !== null && !models.some((model) => model.modelId === plan.referenceId)) {
    throw new RpcError(pipeErrors.badInput, `The reference ${plan.referenceId} is not part of the run.`, {
      hint: 'Add it to the models, or choose one of them.',
    });
  }
  if (models.some((model) => isRemote(model.modelId))) return;
  const artifacts = models.map((model) => library.get(model.modelId));
  if (artifacts.some((artifact) => artifact?.state === 'ready')) return;
  const problem = artifacts[0]?.problem;
  throw new RpcError(benchmarkErrors.nothingToRun, `None of the models can be loaded. ${problem?.message ?? ''}`.trim(), {
    hint: problem?.hint ?? 'Choose another model.',
  });
}

/** Expected pace of each model: from its own measured speed, or from the measured model nearest in size. */
export function expectedPaces(prepared: PreparedRun, library: Pick<LibraryService, 'get' | 'list'>): ReadonlyMap<string, Pace> {
  const length = meanLength(prepared);
  const known = library
    .list()
    .filter((artifact) => artifact.speed !== null)
    .map((artifact) => ({ sizeBytes: artifact.sizeBytes, pace: paceFromSpeed(artifact.speed, length) }));
  return new Map(
    prepared.models.map((model) => {
      const own = paceFromSpeed(library.get(model.modelId)?.speed ?? null, length);
      return [model.modelId, own.answerMs === null && !isRemote(model.modelId) ? paceBySize(model.sizeBytes, known) : own];
    }),
  );
}

function meanLength(prepared: PreparedRun): ItemLength {
  const first = prepared.models[0]?.modelId;
  const asked = prepared.scenarios.filter((scenario) => scenario.modelId === first && scenario.kind === 'answer');
  return itemLength(asked.map((scenario) => prepared.itemOf(scenario)));
}

/** What a run would cost: counts that are exact, seconds that are a guess from what was measured here. */
export function estimateRun(prepared: PreparedRun, library: Pick<LibraryService, 'get' | 'list'>): Omit<Estimate, 'notRun' | 'judging'> {
  const paces = expectedPaces(prepared, library);
  const perModel = prepared.models.map((model) => {
    const own = prepared.scenarios.filter((scenario) => scenario.modelId === model.modelId);
    const answers = own.filter((scenario) => scenario.kind === 'answer').length;
    const measurements = own.filter((scenario) => scenario.kind === 'measure').length;
    const pace = paces.get(model.modelId) ?? { answerMs: null, measureMs: null };
    const milliseconds = timeFor(pace, { answers, measurements });
    return {
      modelId: model.modelId,
      calls: own.length,
      seconds: milliseconds === null ? null : (milliseconds + (library.get(model.modelId)?.speed?.loadMs ?? 0)) / 1000,
    };
  });
  const seconds = perModel.map((model) => model.seconds);
  const isMeasured = prepared.models.every((model) => library.get(model.modelId)?.speed?.generationTokensPerSecond != null);
  return {
    models: prepared.models.length,
    scenarios: prepared.scenarios.length,
    calls: prepared.scenarios.length,
    secondsTotal: seconds.some((value) => value === null) ? null : seconds.reduce<number>((sum, value) => sum + (value ?? 0), 0),
    perModel,
    basis: isMeasured ? 'measured' : seconds.every((value) => value === null) ? 'none' : 'size',
  };
}
