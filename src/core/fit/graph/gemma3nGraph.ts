import type { LayerFacts } from '../modelFacts.ts';
import { attend, buildQkv } from './attention.ts';
import { buildLogits, embed } from './ends.ts';
import type { GraphContext } from './graphContext.ts';
import type { GraphTensor } from './graphTensor.ts';
import { perLayerInputs } from './perLayerInputs.ts';
import { layerNorm, norm, project } from './pieces.ts';

/** Four streams of which one is worked on, inputs for each layer, and sparse activations in the first layers (src/models/gemma3n.cpp). */
export function buildGemma3nGraph(context: GraphContext, layers: readonly LayerFacts[]): void {
  const { graph, facts, settings } = context;
  const { width } = facts;
  const { tokens } = settings;
  const streams = facts.number('altup.num_inputs') ?? 4;
  const narrow = facts.number('embedding_length_per_layer_input') ?? 0;
  const first = embed(context).rows;
  const perLayer = perLayerInputs(context, first, narrow);
  const magnitude = lengthOf(context, first);
  const repeated = graph.result([width, tokens, streams - 1, 1], [first]);
  let added = graph.mulMat(context.needModelWeight('altup_proj.weight'), repeated);
  const newMagnitude = lengthOf(context, added);
  added = graph.inplace(graph.inplace(added, magnitude), newMagnitude);
  let current = graph.concat(first, added, 2);
  for (const layer of layers) current = buildLayer(context, layer, { input: current, perLayer, narrow, streams });

  const target = lengthOf(context, slice(context, current));
  const others = graph.view(current, [width, tokens, streams - 1, 1], [current.b1, current.b2, current.b3]);
  let back = graph.mulMat(context.needModelWeight('altup_unembd_proj.weight'), others);
  const backMagnitude = lengthOf(context, back);
  back = graph.inplace(graph.inplace(back, target), backMagnitude);
  let sum = slice(context, current);
  for (let index = 0; index < streams - 1; index += 1) sum = graph.inplace(sum, slice(context, back));
  sum = graph.getRows(graph.inplace(sum), context.outputIds);
  const normed = norm(context, sum, context.modelWeight('output_norm.weight'));
  normed.isOutput = true;
  buildLogits(context, normed);
}

interface LayerInput {
  readonly input: GraphTensor;
  readonly perLayer: GraphTensor;
  readonly narrow: number;
  readonly streams: number;
}

function buildLayer(context: GraphContext, layer: LayerFacts, of: LayerInput): GraphTensor {
  const { graph, facts, settings } = context;
  const predictions = predict(context, layer, of);
  const active = slice(context, predictions);
  const normed = layerNorm(context, layer, 'attn_norm', active);
  const low = project(context, layer, 'laurel_r', project(context, layer, 'laurel_l', normed));
  const laurel = graph.inplace(layerNorm(context, layer, 'laurel_post_norm', low), normed);
  let current = layerNorm(context, layer, 'post_attention_norm', attention(context, layer, normed));
  current = graph.inplace(current, active);
  const joined = graph.inplace(graph.inplace(current, laurel));
  current = layerNorm(context, layer, 'ffn_norm', joined);
  const up = project(context, layer, 'ffn_up', current);
  let gate = project(context, layer, 'ffn_gate', current);
  if (layer.isSparse) gate = keepLargest(context, gate);
  gate = graph.inplace(gate);
  current = layerNorm(context, layer, 'post_ffw_norm', project(context, layer, 'ffn_down', graph.inplace(up, gate)));
  const gated = graph.inplace(current, joined);
  const corrected = correct(context, layer, { predictions, activated: gated, streams: of.streams });
  let next = graph.inplace(slice(context, corrected), context.needLayerWeight(layer, 'altup_correct_scale.weight'));
  next = graph.inplace(project(context, layer, 'inp_gate', next));
  const own = graph.view(of.perLayer, [of.narrow, settings.tokens, 1, 1], [of.perLayer.b1, of.perLayer.b2, of.perLayer.b3]);
  next = project(context, layer, 'proj', graph.inplace(next, own));
  next = layerNorm(context, layer, 'post_norm', next);
  const head = slice(context, corrected);
  const rest = graph.view(corrected, [facts.width, settings.tokens, of.streams - 1, 1], [corrected.b1, corrected.b2, corrected.b3]);
  return graph.concat(head, graph.inplace(rest, next), 2);
}

function attention(context: GraphContext, layer: LayerFacts, input: GraphTensor): GraphTensor {
  const { graph, settings } = context;
  const turned = (tensor: GraphTensor, name: string): GraphTensor =>
    graph.rope(norm(context, tensor, context.layerWeight(layer, name)), context.positions, null);
  if (!layer.hasCache) {
    const q = graph.reshape(project(context, layer, 'attn_q', input), layer.keyLength, layer.heads, settings.tokens);
    return attend(context, layer, { q: turned(q, 'attn_q_norm.weight'), k: null, v: null });
  }
  const { q, k, v } = buildQkv(context, layer, input);
  return attend(context, layer, { q: turned(q, 'attn_q_norm.weight'), k: turned(k, 'attn_k_norm.weight'), v: graph.inplace(v) });
}

function predict(context: GraphContext, layer: LayerFacts, of: LayerInput): GraphTensor {
  const { graph, settings } = context;
  const { streams, input } = of;
  const routed = route(context, layer, slice(context, input));
  const flat = project(context, layer, 'altup_predict_coef', routed);
  const factors = graph.reshape(flat, streams, streams, settings.tokens);
  const turned = graph.contiguous(graph.permute(input, [1, 2, 0, 3]));
  const predicted = graph.contiguous(graph.permute(graph.mulMat(turned, factors), [0, 2, 1, 3]));
  return graph.inplace(predicted, input);
}

function correct(
  context: GraphContext,
  layer: LayerFacts,
  of: { readonly predictions: GraphTensor; readonly activated: GraphTensor; readonly streams: number },
): GraphTensor {
  const { graph, facts, settings } = context;
  const routed = route(context, layer, of.activated);
  const innovation = graph.inplace(of.activated, slice(context, of.predictions));
  const scaled = graph.inplace(project(context, layer, 'altup_correct_coef', routed));
  const factors = graph.contiguous(graph.transpose(scaled), [1, settings.tokens, of.streams, 1]);
  const repeated = graph.result([facts.width, settings.tokens, of.streams, 1], [innovation]);
  return graph.inplace(graph.inplace(repeated, factors), of.predictions);
}

function route(context: GraphContext, layer: LayerFacts, input: GraphTensor): GraphTensor {
  const { graph } = context;
  const scaled = graph.inplace(layerNorm(context, layer, 'altup_router_norm', input));
  return graph.inplace(project(context, layer, 'altup_router', scaled));
}

/** `gaussian_topk`. */
function keepLargest({ graph }: GraphContext, input: GraphTensor): GraphTensor {
  const oneEach = (from: GraphTensor): GraphTensor => graph.result([1, from.n1, from.n2, 1], [from]);
  const mean = oneEach(input);
  const spread = graph.inplace(graph.inplace(oneEach(graph.inplace(graph.inplace(input, mean)))));
  const cutoff = graph.inplace(mean, graph.inplace(spread));
  return graph.inplace(graph.inplace(input, cutoff));
}

/** `calc_magnitude`. */
function lengthOf({ graph }: GraphContext, input: GraphTensor): GraphTensor {
  return graph.inplace(graph.result([1, input.n1, input.n2, 1], [graph.inplace(input)]));
}

/** One stream of [width, tokens, streams]. */
function slice({ graph }: GraphContext, input: GraphTensor): GraphTensor {
  return graph.view(input, [input.n0, input.n1, 1, 1], [input.b1, input.b2, input.b3]);
}
