import type { FitEstimate } from '#core/fit/fitTypes.ts';

/** How a fit is drawn: the four glyphs of the design. */
export type FitLook = 'gpu' | 'partial' | 'ram' | 'no';

export interface FitWords {
  readonly look: FitLook;
  readonly words: string;
  /** For lists and grids. */
  readonly short: string;
  /** Share of the layers on the GPU, for the level of the `partial` glyph. */
  readonly share: number;
}

/** Says where a model would lie. */
export function fitWords(fit: Pick<FitEstimate, 'state' | 'gpuLayers' | 'layers'>): FitWords {
  const share = fit.layers > 0 ? fit.gpuLayers / fit.layers : 0;
  switch (fit.state) {
    case 'gpu':
      return { look: 'gpu', words: 'Fits GPU', short: 'Fits GPU', share: 1 };
    case 'partial': {
      const layers = `${fit.gpuLayers}/${fit.layers} layers on GPU`;
      return { look: 'partial', words: `Fits with ${layers}`, short: layers, share };
    }
    case 'cpu':
      return { look: 'ram', words: 'RAM only', short: 'RAM only', share: 0 };
    case 'tight':
      return { look: 'partial', words: 'Tight: close other apps', short: 'Tight', share };
    case 'none':
      return { look: 'no', words: "Won't fit", short: "Won't fit", share: 0 };
  }
}
