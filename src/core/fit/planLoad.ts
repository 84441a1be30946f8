import { estimateFit } from './estimateFit.ts';
import type { FitEstimate, FitMachine, FitOptions, FitShape, KvType } from './fitTypes.ts';
import { usualBatchTokens } from './measureNeed.ts';
import { reasonsFor, reasonsForNext } from './planReasons.ts';
import { smallerLoads } from './smallerLoads.ts';
import { hasRoom, leastContextTokens, withShorterContext, withSmallCache } from './smallerOptions.ts';

/** What is asked of a load. Null = decided here. */
export interface LoadWish {
  readonly contextTokens: number | null;
  readonly kvType: KvType | null;
  readonly flashAttention: boolean | null;
  readonly gpuLayers: number | null;
  /** Context where none is asked for: at most this, and at most what the model was trained for. */
  readonly usualContextTokens: number;
  /** Taken instead of the usual one where none is asked for, as far as it fits with something to spare. */
  readonly wishedContextTokens?: number | null;
  /** Whether context and cache type may be made smaller so that it fits. A benchmark measures what was asked. */
  readonly mayShrink: boolean;
  /** Conversations side by side, each with a context of its own. Absent or null = one, or more of `wishedSequences`. */
  readonly sequences?: number | null;
  /** Taken where no number is asked for, as far as they fit beside what one conversation gets: no layer leaves the GPU for them. */
  readonly wishedSequences?: number | null;
  readonly projectorBytes?: number;
}

export interface PlannedLoad {
  readonly options: FitOptions & { readonly batchTokens: number; readonly gpuLayers: number };
  readonly backend: 'cpu' | 'cuda' | 'vulkan' | 'metal';
  readonly fit: FitEstimate;
  /** Sentences for people, most important first. */
  readonly reasons: readonly string[];
}

/** Where neither wish nor header say how long a context may be. */
const unknownTrainedTokens = 4096;

/**
 * Decides how a model is loaded: layers on the GPU, context, cache type. What is asked for is kept, whether it fits or not; what is not is made
 * smaller until it fits with something to spare: the cache in 8 bits, a shorter context, both. Where nothing fits the smallest is taken, and the
 * reasons say that it may fail.
 * @throws {FitInputError} as `estimateFit`
 */
export function planLoad(shape: FitShape, machine: FitMachine, wish: LoadWish): PlannedLoad {
  const usual = usualOptions(shape, wish);
  const fit = estimateFit(shape, machine, usual);
  const alone = hasRoom(fit) ? { options: usual, fit } : (wish.mayShrink ? shrunk : withoutWish)(shape, { machine, wish, usual, fit });
  const chosen = withMoreSequences(shape, { machine, wish, alone });
  const plan = plannedLoad(machine, chosen.options, chosen.fit);
  return { ...plan, reasons: reasonsFor({ shape, machine, wish, usual: { options: usual, fit }, plan }) };
}

/**
 * The next smaller way to load after one ran out of memory: a quantised cache, a shorter context, fewer layers on the GPU, the processor alone.
 * The estimate has just been wrong, so it is only asked for differences: each step needs clearly less than the one before of the memory that was
 * short, and following the steps ends.
 * @returns the plan and words for a button; null where there is no smaller one
 * @throws {FitInputError} as `estimateFit`
 */
export function nextLoad(shape: FitShape, machine: FitMachine, failed: PlannedLoad): (PlannedLoad & { readonly words: string }) | null {
  for (const smaller of smallerLoads(shape, machine, failed)) {
    const plan = plannedLoad(machine, smaller.options, smaller.fit);
    return { ...plan, words: smaller.words, reasons: reasonsForNext({ machine, failed, plan }) };
  }
  return null;
}

function usualOptions(shape: FitShape, wish: LoadWish): FitOptions {
  const trained = shape.hyperparameters.context_length;
  const most = typeof trained === 'number' ? trained : unknownTrainedTokens;
  return {
    contextTokens: wish.contextTokens ?? Math.min(Math.max(wish.usualContextTokens, wish.wishedContextTokens ?? 0), most),
    kvType: wish.kvType ?? 'f16',
    flashAttention: wish.flashAttention ?? true,
    batchTokens: null,
    gpuLayers: wish.gpuLayers,
    expertsInRamLayers: 0,
    sequences: wish.sequences ?? 1,
    ...(wish.projectorBytes === undefined ? {} : { projectorBytes: wish.projectorBytes }),
  };
}

interface Choice {
  readonly options: FitOptions;
  readonly fit: FitEstimate;
}

interface Beginning extends Pick<Choice, 'fit'> {
  readonly machine: FitMachine;
  readonly wish: LoadWish;
  readonly usual: FitOptions;
}

/** As many conversations side by side as are wished for and fit with something to spare, all else being as it is for one. */
function withMoreSequences(
  shape: FitShape,
  { machine, wish, alone }: { readonly machine: FitMachine; readonly wish: LoadWish; readonly alone: Choice },
): Choice {
  const most = wish.sequences == null ? (wish.wishedSequences ?? 1) : 1;
  if (!hasRoom(alone.fit)) return alone;
  let [best, fits, beyond] = [alone, 1, most + 1];
  while (beyond - fits > 1) {
    // Mostly all of them fit: asked first.
    const sequences = fits === 1 && beyond === most + 1 ? most : Math.floor((fits + beyond) / 2);
    const options = { ...alone.options, gpuLayers: alone.fit.gpuLayers, sequences };
    const fit = estimateFit(shape, machine, options);
    if (hasRoom(fit)) [best, fits] = [{ options, fit }, sequences];
    else beyond = sequences;
  }
  return best;
}

/** Less of a context that was only wished for, down to the usual one, which is kept whether it fits or not. */
function withoutWish(shape: FitShape, { machine, wish, usual, fit }: Beginning): Choice {
  const least = usualOptions(shape, { ...wish, wishedContextTokens: null });
  if (least.contextTokens === usual.contextTokens) return { options: usual, fit };
  const shorter = withShorterContext(shape, { machine, options: usual });
  const options = shorter !== null && shorter.contextTokens > least.contextTokens ? shorter : least;
  return { options, fit: estimateFit(shape, machine, options) };
}

function shrunk(shape: FitShape, of: Beginning): Choice {
  const { machine, wish, usual } = of;
  const mayNarrow = wish.kvType === null && wish.flashAttention !== false;
  const narrow = mayNarrow ? withSmallCache(shape, usual) : null;
  const mayShorten = wish.contextTokens === null;
  const shorter = (options: FitOptions | null): FitOptions | null =>
    options && mayShorten ? withShorterContext(shape, { machine, options }) : null;
  for (const next of [() => narrow, () => shorter(usual), () => shorter(narrow)]) {
    const options = next();
    if (!options) continue;
    const fit = estimateFit(shape, machine, options);
    if (hasRoom(fit)) return { options, fit };
  }
  // Nothing fits with something to spare: what needs least has the best chance.
  const least = narrow ?? usual;
  const options = { ...least, contextTokens: mayShorten ? Math.min(least.contextTokens, leastContextTokens) : least.contextTokens };
  return { options, fit: estimateFit(shape, machine, options) };
}

function plannedLoad(machine: FitMachine, options: FitOptions, fit: FitEstimate): Omit<PlannedLoad, 'reasons'> {
  const backend = fit.gpuLayers > 0 && machine.gpu ? machine.gpu.backend : 'cpu';
  return { options: { ...options, gpuLayers: fit.gpuLayers, batchTokens: usualBatchTokens(backend) }, backend, fit };
}
