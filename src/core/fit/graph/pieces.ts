import type { LayerFacts } from '../modelFacts.ts';
import type { GraphContext } from './graphContext.ts';
import type { GraphTensor } from './graphTensor.ts';

/** Root-mean-square or layer norm, then its weight (`build_norm`). Without a weight there is no norm. */
export function norm(
  { graph }: GraphContext,
  input: GraphTensor,
  weight: GraphTensor | null,
  bias: GraphTensor | null = null,
): GraphTensor {
  if (!weight) return input;
  const scaled = graph.inplace(graph.inplace(input), weight);
  return bias ? graph.inplace(scaled, bias) : scaled;
}

export function layerNorm(context: GraphContext, layer: LayerFacts, name: string, input: GraphTensor): GraphTensor {
  return norm(context, input, context.layerWeight(layer, `${name}.weight`), context.layerWeight(layer, `${name}.bias`));
}

/** A matrix and its bias. A matrix that is not in the file leaves the input as it is. */
export function project(context: GraphContext, layer: LayerFacts, name: string, input: GraphTensor): GraphTensor {
  const matrix = context.layerWeight(layer, `${name}.weight`);
  if (!matrix) return input;
  return addBias(context, context.graph.mulMat(matrix, input), context.layerWeight(layer, `${name}.bias`));
}

export function addBias({ graph }: GraphContext, input: GraphTensor, bias: GraphTensor | null): GraphTensor {
  return bias ? graph.inplace(input, bias) : input;
}
