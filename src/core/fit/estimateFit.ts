import type { FitEstimate, FitMachine, FitOptions, FitShape } from './fitTypes.ts';

export function estimateFit(_shape: FitShape, _machine: FitMachine, _options: FitOptions): FitEstimate {
  throw new Error('to be built');
}
