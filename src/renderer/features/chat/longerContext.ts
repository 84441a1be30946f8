import type { FitEstimate, FitShape } from '#core/fit/fitTypes.ts';
import { formatGibibytes } from '#core/units.ts';
import { contextShort } from '../../ui/shortForms.ts';

/** Twice what is loaded, at most what the model was trained for. Null where it has all of that, or what it was trained for is unknown. */
export function longerContext(shape: FitShape, contextTokens: number): number | null {
  const trained = shape.hyperparameters.context_length;
  if (typeof trained !== 'number' || contextTokens >= trained) return null;
  return Math.min(contextTokens * 2, trained);
}

/** What a longer context would take: `16k needs 1.1 GiB more. It fits.` */
export function longerContextWords(contextTokens: number, fits: { readonly now: FitEstimate; readonly longer: FitEstimate }): string {
  const { now, longer } = fits;
  const more = Math.max(0, longer.bytes.total - now.bytes.total);
  return `${contextShort(contextTokens)} needs ${formatGibibytes(more)} more. ${verdict(now, longer)}`;
}

function verdict(now: FitEstimate, longer: FitEstimate): string {
  switch (longer.state) {
    case 'none':
      return 'It may not fit.';
    case 'tight':
      return 'It fits only just.';
    case 'gpu':
    case 'partial':
    case 'cpu':
      if (longer.gpuLayers >= now.gpuLayers) return 'It fits.';
      return longer.gpuLayers === 0
        ? 'It fits in RAM, not on the GPU.'
        : `It fits with ${longer.gpuLayers} of ${longer.layers} layers on the GPU.`;
  }
}
