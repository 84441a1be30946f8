import { FitInputError } from '#core/fit/checkFitInput.ts';
import type { FitEstimate, FitMachine, FitShape } from '#core/fit/fitTypes.ts';
import { type LoadWish, type PlannedLoad, planLoad } from '#core/fit/planLoad.ts';
import { formatCount } from '#core/units.ts';
import type { LoadOptions } from '#shared/contract/models.ts';
import type { LoadRequest } from '#shared/contract/runner.ts';
import type { Settings } from '#shared/contract/settings.ts';
import type { Purpose } from './modelService.ts';
import type { LoadFacts } from './readLoadFacts.ts';
import { requirePossible } from './savedOptions.ts';

/** How a model is loaded, why, and what it is expected to take. */
export interface LoadDecision {
  readonly request: LoadRequest;
  /** What nothing can be computed of has no plan: it is loaded all the same. */
  readonly plan: Plan | null;
  readonly reasons: readonly string[];
  /** Of all tensors: the least that it takes where there is no plan. */
  readonly weightBytes: number;
}

/** A plan with what it was made from, so that it can be confirmed, and followed by a smaller one. */
export interface Plan {
  readonly shape: FitShape;
  readonly machine: FitMachine;
  readonly wish: LoadWish;
  readonly planned: PlannedLoad;
  /** Of the plan; by the engine's own dry run where there was one. */
  readonly fit: FitEstimate;
  readonly tier: 't0' | 't1';
}

export interface LoadWishes {
  readonly options: Partial<LoadOptions>;
  /** Context that would be good to have where none is asked for: taken as far as it fits. */
  readonly wishedContextTokens?: number | null;
  /** Conversations side by side that would be good to have where no number is asked for: taken as far as they fit. */
  readonly wishedSequences?: number | null;
  /** Loaded along, for a model that is to be shown pictures. */
  readonly projector?: Projector | null;
  readonly purpose: Purpose;
  readonly settings: Settings;
  /** With the GPU that may be used, or none. */
  readonly machine: FitMachine;
  readonly cores: number;
}

/** The projector of a model: its file and the bytes of its tensors. */
export interface Projector {
  readonly path: string;
  readonly weightBytes: number;
}

/** Used where neither the user nor the model says anything. */
const usualContextTokens = 8192;
const unknownTrainContextTokens = 4096;
/** Same prompt speed as 512 on a CPU with a quarter of the compute buffer (engine facts, architecture section 3). */
const cpuBatchTokens = 128;
const gpuBatchTokens = 512;

/**
 * Decides how a model is loaded. What the user asks for is taken as it is; the rest follows from model, settings and machine. Memory is never
 * a reason to refuse here, and a header that cannot be estimated from is none either: the engine tells whether it fits.
 * @throws {RpcError} bad-input for wishes that contradict each other
 */
export function decideLoad(model: LoadFacts, wishes: LoadWishes): LoadDecision {
  const { options, settings } = wishes;
  requirePossible(options);
  const threads = options.threads ?? settings.threads ?? Math.max(1, wishes.cores - 1);
  const { plan, reasons } = planOf(model, wishes);
  const decided = plan === null ? withoutPlan(model, wishes) : placementOf(plan.planned);
  const saysThreads = decided.backend === 'cpu' && options.threads == null && settings.threads === null && wishes.cores > 1;
  return {
    request: { path: model.path, ...decided, threads, useMmap: false, ...seeing(wishes.projector) },
    plan,
    weightBytes: model.weightBytes,
    reasons: saysThreads ? [...reasons, `${threadWords(threads)}: one core is left for everything else.`] : reasons,
  };
}

/** The engine that reads pictures answers one conversation at a time. */
function seeing(projector: Projector | null | undefined): Partial<LoadRequest> {
  return projector == null ? {} : { projectorPath: projector.path, sequences: 1 };
}

/** A plan that was confirmed or changed, as a decision. */
export function withPlan(decision: LoadDecision, plan: Plan): LoadDecision {
  const explained = withReasons(decision, plan.planned.reasons);
  return { ...explained, request: { ...decision.request, ...placementOf(plan.planned) }, plan };
}

/** Explained otherwise; what is not of the plan is said all the same. */
export function withReasons(decision: LoadDecision, reasons: readonly string[]): LoadDecision {
  const ofPlan = decision.plan?.planned.reasons.length ?? 0;
  return { ...decision, reasons: [...reasons, ...decision.reasons.slice(ofPlan)] };
}

function planOf(model: LoadFacts, wishes: LoadWishes): { readonly plan: Plan | null; readonly reasons: readonly string[] } {
  const { options, settings, machine, purpose } = wishes;
  const { shape, trained } = stretched(model.shape, options.contextTokens ?? null);
  const wish: LoadWish = {
    contextTokens: options.contextTokens ?? null,
    kvType: options.kvType ?? null,
    flashAttention: options.flashAttention ?? null,
    gpuLayers: options.gpuLayers ?? null,
    usualContextTokens: settings.contextTokens ?? usualContextTokens,
    wishedContextTokens: wishes.wishedContextTokens ?? null,
    ...(wishes.projector == null
      ? { sequences: options.sequences ?? null, wishedSequences: wishes.wishedSequences ?? null }
      : { sequences: 1, wishedSequences: null, projectorBytes: wishes.projector.weightBytes }),
    // A benchmark measures what was asked: nothing that changes answers is chosen by how much memory happens to be free.
    mayShrink: purpose === 'chat',
  };
  try {
    const planned = planLoad(shape, machine, wish);
    const beyond = trained === null ? [] : [`The model was trained for ${formatCount(trained)} tokens; beyond, its answers may get worse.`];
    return { plan: { shape, machine, wish, planned, fit: planned.fit, tier: 't0' }, reasons: [...planned.reasons, ...beyond] };
  } catch (error) {
    if (!(error instanceof FitInputError)) throw error;
    return { plan: null, reasons: [`What it takes is not known: ${error.message}`] };
  }
}

/** The engine loads a longer context than the model was trained for, and memory does not depend on the training. */
function stretched(shape: FitShape, contextTokens: number | null): { readonly shape: FitShape; readonly trained: number | null } {
  const trained = shape.hyperparameters.context_length;
  if (contextTokens === null || typeof trained !== 'number' || contextTokens <= trained) return { shape, trained: null };
  return { shape: { ...shape, hyperparameters: { ...shape.hyperparameters, context_length: contextTokens } }, trained };
}

type Placement = Pick<LoadRequest, 'backend' | 'contextTokens' | 'batchTokens' | 'gpuLayers' | 'flashAttention' | 'kvType' | 'sequences'>;

function placementOf({ backend, options }: PlannedLoad): Placement {
  const { contextTokens, batchTokens, gpuLayers, flashAttention, kvType, sequences } = options;
  return { backend, contextTokens, batchTokens, gpuLayers, flashAttention, kvType, sequences };
}

/** In RAM unless layers are asked for: how many would fit on a GPU cannot be told. */
function withoutPlan({ shape }: LoadFacts, { options, settings, machine, wishedContextTokens }: LoadWishes): Placement {
  const trained = shape.hyperparameters.context_length;
  const most = typeof trained === 'number' && Number.isInteger(trained) && trained > 0 ? trained : unknownTrainContextTokens;
  const gpuLayers = machine.gpu === null ? 0 : (options.gpuLayers ?? 0);
  const backend = machine.gpu === null || gpuLayers === 0 ? 'cpu' : machine.gpu.backend;
  return {
    backend,
    contextTokens:
      options.contextTokens ?? Math.min(Math.max(settings.contextTokens ?? usualContextTokens, wishedContextTokens ?? 0), most),
    batchTokens: backend === 'cpu' ? cpuBatchTokens : gpuBatchTokens,
    gpuLayers,
    flashAttention: options.flashAttention ?? true,
    kvType: options.kvType ?? 'f16',
    sequences: options.sequences ?? 1,
  };
}

function threadWords(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`;
}
