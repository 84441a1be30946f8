import { missing } from '#core/units.ts';
import type { LoadObservation } from '#shared/contract/fit.ts';
import { contextShort } from '../../ui/shortForms.ts';

/** How a model was loaded, short. @returns such as `29/29 layers, 8k`, `in RAM, 8k, KV q8_0` */
export function placementWords({ placement, layers, backend }: LoadObservation): string {
  const where = backend === 'cpu' || placement.gpuLayers === 0 ? 'in RAM' : `${placement.gpuLayers}/${layers} layers`;
  return [where, contextShort(placement.contextTokens), placement.kvType === 'f16' ? null : `KV ${placement.kvType}`]
    .filter((part) => part !== null)
    .join(', ');
}

/** How far the estimate was off. @returns such as `+1.1%` where it was too high, `−0.4%` too low, `0.0%` */
export function errorWords({ estimated, measured }: Pick<LoadObservation, 'estimated' | 'measured'>): string {
  const share = estimated.totalBytes / measured.totalBytes - 1;
  if (!Number.isFinite(share)) return missing;
  const percent = (Math.abs(share) * 100).toFixed(1);
  const sign = percent === '0.0' ? '' : share > 0 ? '+' : '−';
  return `${sign}${percent}%`;
}
