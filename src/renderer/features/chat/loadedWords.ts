import { formatGibibytes } from '#core/units.ts';
import type { LoadedModel } from '#shared/contract/models.ts';

/** Where a loaded model is and what it takes now, in the few words that a switcher has room for: `On GPU, 6.2 GiB`. */
export function loadedWords(model: LoadedModel): string {
  switch (model.state) {
    case 'loading':
      return `Loading ${Math.round(model.progress * 100)}%`;
    case 'unloading':
      return 'Unloading';
    case 'ready': {
      const bytes = loadedBytes(model);
      return bytes === null ? placeWords(model) : `${placeWords(model)}, ${formatGibibytes(bytes)}`;
    }
  }
}

/** What it takes: on the processor what its process holds now, on a GPU what was measured after the load. Null = not known. */
export function loadedBytes({ gpuLayers, memory, measured }: LoadedModel): number | null {
  if (gpuLayers !== null && gpuLayers > 0) return measured?.totalBytes ?? null;
  return memory?.residentBytes ?? null;
}

function placeWords({ gpuLayers, layers }: LoadedModel): string {
  if (gpuLayers === null || gpuLayers === 0) return 'In memory';
  return layers === null || gpuLayers >= layers ? 'On GPU' : `${gpuLayers}/${layers} layers on GPU`;
}
