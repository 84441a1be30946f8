import type { GgufHeader } from '../gguf/ggufHeader.ts';
import type { FitShape } from './fitTypes.ts';

/** Draws out of one or more headers (the shards of one model, in order) what the estimate needs. */
export function fitShapeOf(_headers: readonly GgufHeader[]): FitShape {
  throw new Error('to be built');
}

/** The same shape with all weights scaled to another quant's size: for quants whose own header was not read. */
export function withWeightBytes(_shape: FitShape, _weightBytes: number): FitShape {
  throw new Error('to be built');
}
