import type { DeviceRules } from '../deviceRules.ts';
import type { LayerFacts, ModelFacts } from '../modelFacts.ts';
import { buildAttention } from './attention.ts';
import { buildLogits, embed } from './ends.ts';
import { buildFeedForward } from './feedForward.ts';
import { buildGemma3nGraph } from './gemma3nGraph.ts';
import { buildGemma4Graph } from './gemma4Graph.ts';
import { GraphBuilder } from './graphBuilder.ts';
import { createGraphContext, type GraphContext, type GraphSettings } from './graphContext.ts';
import type { GraphTensor } from './graphTensor.ts';
import { buildLatentAttention } from './latentAttention.ts';
import { layerNorm, norm } from './pieces.ts';
import { buildDeltaNet, buildGatedAttention, buildMamba2, buildShortConvolution } from './recurrent.ts';

/**
 * The graph that the engine reserves memory for: one micro-batch of prompt at full context.
 * @param of.layers all, or those of `typicalLayers`
 * Sources: src/llama-graph.cpp and src/models/*.cpp of llama.cpp v0.5.0, read 2026-11-21.
 */
export function buildGraph(of: {
  readonly facts: ModelFacts;
  readonly settings: GraphSettings;
  readonly rules: DeviceRules;
  readonly layers: readonly LayerFacts[];
}): GraphBuilder {
  const { facts, layers } = of;
  const graph = new GraphBuilder();
  const context = createGraphContext(graph, of);
  if (facts.architecture.block === 'gemma3n') {
    buildGemma3nGraph(context, layers);
    return graph;
  }
  if (facts.architecture.block === 'gemma4') {
    buildGemma4Graph(context, layers);
    return graph;
  }
  const { features } = facts.architecture;
  const { rows, wide } = embed(context);
  const deepLayers = facts.number('n_deepstack_layers') ?? 0;
  let current = rows;
  const last = facts.layers.length - 1;
  for (const layer of layers) {
    const isLast = layer.index === last && !features.includes('late-output-rows');
    current = buildLayer(context, layer, { input: current, isLast });
    if (wide && layer.index < deepLayers) {
      const added = graph.view(wide, [facts.width, of.settings.tokens, 1, 1], [wide.b1, wide.b2, wide.b3]);
      current = graph.inplace(current, added);
    }
  }
  if (features.includes('late-output-rows') && !features.includes('rows-after-norm')) {
    current.isOutput = true;
    current = graph.getRows(current, context.outputIds);
  }
  current = norm(context, current, outputNorm(context), context.modelWeight('output_norm.bias'));
  current.isOutput = true;
  if (features.includes('rows-after-norm')) {
    current = graph.getRows(current, context.outputIds);
    current.isOutput = true;
  }
  buildLogits(context, current);
  return graph;
}

function outputNorm(context: GraphContext): GraphTensor | null {
  return context.modelWeight('output_norm.weight') ?? context.modelWeight('token_embd_norm.weight');
}

function buildLayer(context: GraphContext, layer: LayerFacts, of: { readonly input: GraphTensor; readonly isLast: boolean }): GraphTensor {
  const { graph, facts } = context;
  const { features } = facts.architecture;
  const hasPostNorms = features.includes('post-norms');
  let residual = of.input;
  let current = layerNorm(context, layer, 'attn_norm', of.input);
  if (facts.architecture.block === 'qwen35') graph.expand(current);
  current = buildMixer(context, layer, current);
  if (of.isLast) {
    current = graph.getRows(current, context.outputIds);
    residual = graph.getRows(residual, context.outputIds);
  }
  if (hasPostNorms) current = layerNorm(context, layer, 'post_attention_norm', current);
  if (features.includes('scaled-residual')) current = graph.inplace(current);
  const middle = features.includes('residual-first-in-attention') ? graph.inplace(residual, current) : graph.inplace(current, residual);
  current = layerNorm(context, layer, features.includes('post-attention-norm-is-ffn-norm') ? 'post_attention_norm' : 'ffn_norm', middle);
  current = buildFeedForward(context, layer, current);
  if (hasPostNorms) current = layerNorm(context, layer, 'post_ffw_norm', current);
  if (features.includes('scaled-residual')) current = graph.inplace(current);
  return features.includes('residual-first') ? graph.inplace(middle, current) : graph.inplace(current, middle);
}

/** What lets tokens see each other: attention, or a recurrent layer in its place. */
function buildMixer(context: GraphContext, layer: LayerFacts, input: GraphTensor): GraphTensor {
  switch (context.facts.architecture.block) {
    case 'qwen35':
      return layer.isRecurrent ? buildDeltaNet(context, layer, input) : buildGatedAttention(context, layer, input);
    case 'lfm2':
      return layer.isRecurrent ? buildShortConvolution(context, layer, input) : buildAttention(context, layer, input);
    case 'granitehybrid':
      return layer.isRecurrent ? buildMamba2(context, layer, input) : buildAttention(context, layer, input);
    case 'deepseek2':
      return buildLatentAttention(context, layer, input);
    case 'standard':
    case 'gemma3n':
    case 'gemma4':
      return buildAttention(context, layer, input);
  }
}
