import type { ElementType } from './graph/graphTensor.ts';
import type { ModelFacts } from './modelFacts.ts';

export interface CacheSettings {
  readonly kvType: ElementType;
  readonly flashAttention: boolean;
  readonly sequences: number;
  readonly cells: number;
  readonly slidingCells: number;
  readonly firstGpuLayer: number;
}

export interface PlacedCache {
  readonly gpu: { readonly cache: number; readonly state: number };
  readonly ram: { readonly cache: number; readonly state: number };
}

const rowStep = 256;

/**
 * Rows of the cache for one sequence: contexts are rounded up to 256, sliding layers keep their window and one micro-batch.
 * Source: `llama_kv_cache_iswa` and `llama_context` of llama.cpp v0.5.0, read 2026-11-21.
 */
export function cacheRows(
  facts: ModelFacts,
  of: { readonly contextTokens: number; readonly batchTokens: number },
): { cells: number; slidingCells: number } {
  const cells = roundUp(of.contextTokens);
  return { cells, slidingCells: roundUp(Math.min(cells, facts.window + of.batchTokens)) };
}

/**
 * Key and value cache and recurrent state on each device. A layer's cache lies where its weights lie.
 * Without flash attention values are stored transposed and every layer takes the width of the widest. Latent attention keeps one row for keys
 * and values. States are single precision and do not grow with the context.
 * Source: src/llama-kv-cache.cpp and src/llama-memory-recurrent.cpp of llama.cpp v0.5.0, read 2026-11-21; verified to the byte.
 */
export function placeCache(facts: ModelFacts, settings: CacheSettings): PlacedCache {
  const { kvType, sequences, flashAttention } = settings;
  const gpu = { cache: 0, state: 0 };
  const ram = { cache: 0, state: 0 };
  const rowBytes = (width: number): number => (width / kvType.blockElements) * kvType.blockBytes;
  let widest = 0;
  for (const layer of facts.layers) if (!layer.isRecurrent) widest = Math.max(widest, layer.headsKv * layer.valueLength);
  for (const layer of facts.layers) {
    const place = layer.index >= settings.firstGpuLayer ? gpu : ram;
    if (layer.isRecurrent) {
      place.state += 4 * (facts.state.convolution + facts.state.memory) * sequences;
      continue;
    }
    if (!layer.hasCache) continue;
    const rows = (layer.isSliding ? settings.slidingCells : settings.cells) * sequences;
    if (facts.latent) {
      place.cache += rowBytes(facts.latent.rank + facts.latent.rope) * rows;
      continue;
    }
    place.cache += rowBytes(layer.headsKv * layer.keyLength) * rows;
    place.cache += rowBytes(flashAttention ? layer.headsKv * layer.valueLength : widest) * rows;
  }
  return { gpu, ram };
}

/** To whole steps of 256 rows. */
export function roundUp(rows: number): number {
  return Math.ceil(rows / rowStep) * rowStep;
}
