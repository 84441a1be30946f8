import type { FitEstimate, FitMachine } from '#core/fit/fitTypes.ts';
import { gpuMarginBytes, marginBytes } from '#core/fit/overhead.ts';
import { formatGibibytes } from '#core/units.ts';
import type { LoadedModel } from '#shared/contract/models.ts';
import { ownBytes } from '../../fit/ownBytes.ts';

/**
 * What choosing a model that is not loaded would mean, in the few words of a list: `fits alongside, 3.1 GiB`, `unloads Qwen3 8B`,
 * `22/24 layers, unloads Qwen3 8B`, `won't fit, 15.2 GiB`.
 * @param fit on a machine where everything of Rightsize's own counts as free
 */
export function readyWords(fit: FitEstimate, on: { readonly machine: FitMachine; readonly loaded: readonly LoadedModel[] }): string {
  const size = formatGibibytes(fit.bytes.total);
  if (fit.state === 'none') return `won't fit, ${size}`;
  const isPartial = fit.gpuLayers > 0 && fit.gpuLayers < fit.layers;
  const layers = isPartial ? [`${fit.gpuLayers}/${fit.layers} layers`] : [];
  if (on.loaded.length === 0) return [...layers, fit.state === 'tight' ? `tight, ${size}` : size].join(', ');
  if (fitsAlongside(fit, on)) return [...layers, 'fits alongside', size].join(', ');
  const idle = on.loaded.filter(({ state, usedBy }) => state === 'ready' && usedBy === null);
  const [only] = idle;
  // What is in use is not unloaded for it.
  if (only === undefined) return [...layers, `tight, ${size}`].join(', ');
  return [...layers, idle.length === 1 ? `unloads ${only.name}` : 'unloads others'].join(', ');
}

function fitsAlongside(
  { bytes }: FitEstimate,
  { machine, loaded }: { readonly machine: FitMachine; readonly loaded: readonly LoadedModel[] },
): boolean {
  const own = ownBytes(loaded);
  const isShared = machine.gpu?.unified === true;
  const ramLeft = machine.ramAvailableBytes - own.ramBytes - bytes.ram - (isShared ? own.gpuBytes + bytes.gpu : 0);
  const gpuLeft = (machine.gpu?.freeBytes ?? 0) - own.gpuBytes - bytes.gpu;
  return ramLeft >= marginBytes(machine.ramBytes) && (bytes.gpu === 0 || gpuLeft >= gpuMarginBytes(machine));
}
