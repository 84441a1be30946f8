import { requireFitInput } from './checkFitInput.ts';
import { decideFit } from './decideFit.ts';
import { describeFit } from './describeFit.ts';
import type { FitEstimate, FitMachine, FitOptions, FitShape } from './fitTypes.ts';
import { modelFactsOf } from './modelFacts.ts';

/**
 * Where the bytes of a model go on a machine, before anything is downloaded or loaded. Weights, cache and state are exact; working space comes
 * from the engine's own placement run over its own graph (`graph/`), so it is exact too where the architecture is known. Pure, under a
 * millisecond.
 * @param shape from `fitShapeOf`
 * @param machine bytes; what is free now decides the state
 * @param options how it would be loaded
 * @returns state, bytes by kind and device, the largest context that still fits and a range of speed
 * @throws {FitInputError} for a shape or options that `checkFitInput` refuses, and for a machine of unknown memory
 */
export function estimateFit(shape: FitShape, machine: FitMachine, options: FitOptions): FitEstimate {
  requireFitInput(shape, machine, options);
  const facts = modelFactsOf(shape);
  return describeFit(facts, decideFit(facts, machine, options));
}
