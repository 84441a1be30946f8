import type { GraphSettings } from './graph/graphContext.ts';
import type { ModelFacts } from './modelFacts.ts';

/** `GGML_SCHED_MAX_COPIES` of ggml-backend.cpp: batches that are on their way at once, each with its own inputs. */
const pipelinedBatches = 4;

/**
 * Working space where several GPUs share the layers. Each of them runs its own part of the graph, so each may need what a single one would;
 * with all layers on GPUs several batches are on their way at once and every device keeps the inputs of each. Never low, and with two devices
 * about a sixth too high: an 8B model at 512 tokens needs 172 + 355 MiB instead of 259, told are 614 (published run, read 2026-11-21).
 * Source: `pipeline_parallel` in src/llama-context.cpp and `n_copies` in ggml/src/ggml-backend.cpp of llama.cpp v0.5.0, read 2026-11-21.
 * @param of.compute of a single device
 */
export function computeOnSeveral(
  facts: ModelFacts,
  of: { readonly devices: number; readonly compute: number; readonly settings: GraphSettings },
): number {
  const { devices, compute, settings } = of;
  if (devices === 1) return compute;
  const isPipelined = settings.firstGpuLayer === 0 && settings.expertsInRamLayers === 0;
  return devices * (compute + (isPipelined ? (pipelinedBatches - 1) * inputBytes(facts, settings) : 0));
}

/**
 * Layers are dealt out whole, so each device but one may be left with the room of a layer that just did not fit. The output layer counts as one
 * and is often the largest.
 * @param of.layerBytes of the largest layer, weights and cache
 */
export function unusableBytes(of: { readonly devices: number; readonly layerBytes: number }): number {
  return (of.devices - 1) * of.layerBytes;
}

/** Attention masks, rows of hidden state and ids of one batch. */
function inputBytes(facts: ModelFacts, settings: GraphSettings): number {
  const { tokens, cells, slidingCells } = settings;
  const maskElement = settings.flashAttention ? 2 : 4;
  const masks = maskElement * tokens * (cells + (facts.window > 0 ? slidingCells : 0));
  return masks + 4 * tokens * facts.width + 32 * tokens;
}
