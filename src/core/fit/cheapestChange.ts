import { estimateFit } from './estimateFit.ts';
import { withWeightBytes } from './fitShape.ts';
import type { FitEstimate, FitMachine, FitOptions, FitShape } from './fitTypes.ts';
import { hasRoom, withShorterContext, withSmallCache } from './smallerOptions.ts';

export interface FitChange {
  readonly options: FitOptions;
  /** Of the quant to take instead; null = the same. */
  readonly weightBytes: number | null;
  readonly fit: FitEstimate;
}

/**
 * The smallest change that makes a model fit with room to spare: a cache in 8 bits, which costs nearly nothing in quality; a shorter context,
 * at least 2,048 tokens; both; at last a smaller quant of the same model.
 * @param options.weightBytes sizes of the other quants there are; none = only context and cache are changed
 * @returns null where it fits already, or where none of these helps
 * @throws {FitInputError} as `estimateFit`
 */
export function cheapestChange(
  shape: FitShape,
  machine: FitMachine,
  options: FitOptions & { readonly weightBytes?: readonly number[] },
): FitChange | null {
  const { weightBytes = [], ...asked } = options;
  const now = estimateFit(shape, machine, asked);
  if (hasRoom(now)) return null;
  const narrow = withSmallCache(shape, asked);
  const tried = narrow ? [asked, narrow] : [asked];
  const wishes = [narrow, ...tried.map((wish) => withShorterContext(shape, { machine, options: wish }))];
  for (const wish of wishes) {
    if (!wish) continue;
    const fit = estimateFit(shape, machine, wish);
    if (hasRoom(fit)) return { options: wish, weightBytes: null, fit };
  }
  const own = shape.tensors.reduce((sum, tensor) => sum + tensor.bytes * (tensor.layers?.length ?? 1), 0);
  for (const bytes of weightBytes.filter((each) => each < own).toSorted((a, b) => b - a)) {
    const fit = estimateFit(withWeightBytes(shape, bytes), machine, asked);
    if (hasRoom(fit)) return { options: asked, weightBytes: bytes, fit };
  }
  return null;
}
