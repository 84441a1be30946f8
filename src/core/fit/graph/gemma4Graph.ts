import type { LayerFacts } from '../modelFacts.ts';
import { attend } from './attention.ts';
import { buildLogits, embed } from './ends.ts';
import { buildDense, buildRoutedExperts } from './feedForward.ts';
import type { GraphContext } from './graphContext.ts';
import type { GraphTensor } from './graphTensor.ts';
import { perLayerInputs } from './perLayerInputs.ts';
import { layerNorm, norm, project } from './pieces.ts';

/** Two widths of heads, shared caches, inputs for each layer, and experts beside a dense network (src/models/gemma4.cpp). */
export function buildGemma4Graph(context: GraphContext, layers: readonly LayerFacts[]): void {
  const { graph, facts } = context;
  const narrow = facts.number('embedding_length_per_layer_input') ?? 0;
  let current = embed(context).rows;
  const perLayer = facts.modelTensors.has('per_layer_token_embd.weight') ? perLayerInputs(context, current, narrow) : null;
  for (const layer of layers) current = buildLayer(context, layer, { input: current, perLayer, narrow });
  current = norm(context, current, context.modelWeight('output_norm.weight'));
  current.isOutput = true;
  current = graph.getRows(current, context.outputIds);
  current.isOutput = true;
  buildLogits(context, current);
}

function buildLayer(
  context: GraphContext,
  layer: LayerFacts,
  of: { readonly input: GraphTensor; readonly perLayer: GraphTensor | null; readonly narrow: number },
): GraphTensor {
  const { graph, settings } = context;
  const mixed = attention(context, layer, layerNorm(context, layer, 'attn_norm', of.input));
  const middle = graph.inplace(layerNorm(context, layer, 'post_attention_norm', mixed), of.input);
  let current = layer.tensors.has('ffn_gate_inp.weight')
    ? besideExperts(context, layer, middle)
    : buildDense(context, layer, { input: layerNorm(context, layer, 'ffn_norm', middle), suffix: '' });
  current = graph.inplace(layerNorm(context, layer, 'post_ffw_norm', current), middle);
  if (of.perLayer) {
    const gate = graph.inplace(project(context, layer, 'inp_gate', current));
    const own = graph.view(of.perLayer, [of.narrow, settings.tokens, 1, 1], [of.perLayer.b1, of.perLayer.b2, of.perLayer.b3]);
    const added = layerNorm(context, layer, 'post_norm', project(context, layer, 'proj', graph.inplace(gate, own)));
    current = graph.inplace(current, added);
  }
  const scale = context.layerWeight(layer, 'layer_output_scale.weight');
  return scale ? graph.inplace(current, scale) : current;
}

/** A dense network and routed experts, each with norms of its own, summed. */
function besideExperts(context: GraphContext, layer: LayerFacts, input: GraphTensor): GraphTensor {
  const { graph } = context;
  const dense = buildDense(context, layer, { input: layerNorm(context, layer, 'ffn_norm', input), suffix: '' });
  const first = layerNorm(context, layer, 'post_ffw_norm_1', dense);
  const rows = layerNorm(context, layer, 'pre_ffw_norm_2', input);
  const scaled = graph.inplace(graph.inplace(graph.inplace(input)), context.needLayerWeight(layer, 'ffn_gate_inp.scale'));
  const logits = graph.mulMat(context.needLayerWeight(layer, 'ffn_gate_inp.weight'), scaled);
  const routed = buildRoutedExperts(context, layer, { input: rows, logits });
  return graph.inplace(first, layerNorm(context, layer, 'post_ffw_norm_2', routed));
}

function attention(context: GraphContext, layer: LayerFacts, input: GraphTensor): GraphTensor {
  const { graph, settings } = context;
  const factors = layer.isSliding ? null : context.ropeFactors(layer);
  const turned = (flat: GraphTensor, of: { readonly heads: number; readonly name: string }): GraphTensor => {
    const shaped = graph.reshape(flat, layer.keyLength, of.heads, settings.tokens);
    return graph.rope(norm(context, shaped, context.layerWeight(layer, of.name)), context.positions, factors);
  };
  context.needLayerWeight(layer, 'attn_q.weight');
  const q = turned(project(context, layer, 'attn_q', input), { heads: layer.heads, name: 'attn_q_norm.weight' });
  if (!layer.hasCache) return attend(context, layer, { q, k: null, v: null });
  context.needLayerWeight(layer, 'attn_k.weight');
  const keys = project(context, layer, 'attn_k', input);
  const values = layer.tensors.has('attn_v.weight') ? project(context, layer, 'attn_v', input) : keys;
  const v = graph.inplace(graph.reshape(values, layer.valueLength, layer.headsKv, settings.tokens));
  return attend(context, layer, { q, k: turned(keys, { heads: layer.headsKv, name: 'attn_k_norm.weight' }), v });
}
