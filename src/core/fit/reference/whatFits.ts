import { FitInputError } from '../checkFitInput.ts';
import { estimateFit } from '../estimateFit.ts';
import type { FitEstimate, FitMachine, FitOptions } from '../fitTypes.ts';
import { type ReferenceId, type ReferenceModel, referenceModels } from './referenceModels.ts';
import { referenceShape } from './referenceShape.ts';

/** One size of model in one quant on one machine. */
export interface WhatFitsCell extends Pick<FitEstimate, 'state' | 'gpuLayers' | 'layers'> {
  readonly quant: string;
  readonly totalBytes: number;
  /** Generation, estimated; null where a bandwidth is unknown. */
  readonly tokensPerSecond: number | null;
}

export interface WhatFitsRow {
  readonly id: ReferenceId;
  readonly model: ReferenceModel;
  /** In the order of `gridQuants`; null where the model takes no context that long. */
  readonly cells: readonly (WhatFitsCell | null)[];
}

export interface WhatFits {
  readonly contextTokens: number;
  /** Whether the machine was taken with its GPU. */
  readonly onGpu: boolean;
  readonly rows: readonly WhatFitsRow[];
}

/** Columns of the grid, smallest first. */
export const gridQuants = ['Q2_K', 'Q3_K_M', 'Q4_K_M', 'Q5_K_M', 'Q6_K', 'Q8_0', 'F16'] as const;
export type GridQuant = (typeof gridQuants)[number];

/** Rows of the grid, smallest first: one well-known model a size. */
const gridModels: readonly ReferenceId[] = [
  'llama-3.2-1b',
  'llama-3.2-3b',
  'qwen3-4b',
  'qwen3-8b',
  'mistral-nemo-12b',
  'qwen3-14b',
  'mistral-small-24b',
  'qwen3-30b-a3b',
  'qwen3-32b',
  'llama-3.3-70b',
];

/** How the grid is asked for. */
export interface WhatFitsOptions {
  readonly contextTokens: number;
  /** False takes the processor alone. */
  readonly withGpu: boolean;
}

/**
 * What fits here: every size in every quant, each by the same estimate that a download gets. Some tens of milliseconds; made anew where the
 * machine or the context changes, not while something is drawn.
 * @param machine as it is now; other programs keep what they have
 */
export function whatFits(machine: FitMachine, options: WhatFitsOptions): WhatFits {
  return {
    contextTokens: options.contextTokens,
    onGpu: options.withGpu && machine.gpu !== null,
    rows: [...whatFitsRows(machine, options)],
  };
}

/** The rows of `whatFits` one by one, for a page that draws between them. */
export function* whatFitsRows(machine: FitMachine, { contextTokens, withGpu }: WhatFitsOptions): Generator<WhatFitsRow> {
  const here = withGpu ? machine : { ...machine, gpu: null };
  for (const id of gridModels) {
    const model: ReferenceModel = referenceModels[id];
    yield { id, model, cells: gridQuants.map((quant) => cellOf(model, { quant, machine: here, contextTokens })) };
  }
}

function cellOf(
  model: ReferenceModel,
  of: { readonly quant: GridQuant; readonly machine: FitMachine; readonly contextTokens: number },
): WhatFitsCell | null {
  const { quant, machine, contextTokens } = of;
  if (contextTokens > model.contextTokens) return null;
  const options: FitOptions = {
    contextTokens,
    kvType: 'f16',
    flashAttention: true,
    batchTokens: null,
    gpuLayers: null,
    expertsInRamLayers: 0,
    sequences: 1,
  };
  try {
    const fit = estimateFit(referenceShape(model, quant), machine, options);
    const { state, gpuLayers, layers, bytes, tokensPerSecond } = fit;
    return { quant, state, gpuLayers, layers, totalBytes: bytes.total, tokensPerSecond: tokensPerSecond?.estimate ?? null };
  } catch (error) {
    // A context of nothing has no estimate.
    if (error instanceof FitInputError) return null;
    throw error;
  }
}
