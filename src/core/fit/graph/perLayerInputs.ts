import type { GraphContext } from './graphContext.ts';
import { type GraphTensor, int32 } from './graphTensor.ts';
import { norm } from './pieces.ts';

/** A narrow row for every token and layer, from a table of its own and from the embedding (`project_per_layer_inputs`). */
export function perLayerInputs(context: GraphContext, first: GraphTensor, narrow: number): GraphTensor {
  const { graph, facts, settings } = context;
  const layers = facts.layers.length;
  const tokens = graph.input(int32, settings.tokens);
  const rows = graph.getRows(context.needModelWeight('per_layer_token_embd.weight'), tokens);
  const own = graph.inplace(graph.reshape(rows, narrow, layers, settings.tokens));
  graph.expand(own);
  const projected = graph.inplace(graph.mulMat(context.needModelWeight('per_layer_model_proj.weight'), first));
  const shaped = graph.reshape(projected, narrow, layers, settings.tokens);
  const normed = norm(context, shaped, context.modelWeight('per_layer_proj_norm.weight'));
  const summed = graph.inplace(graph.inplace(normed, own));
  return graph.contiguous(graph.permute(summed, [0, 2, 1, 3]));
}
