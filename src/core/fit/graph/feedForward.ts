import type { LayerFacts } from '../modelFacts.ts';
import type { GraphContext } from './graphContext.ts';
import type { GraphTensor } from './graphTensor.ts';
import { addBias, project } from './pieces.ts';

/** The feed-forward part of a layer: dense, or experts with what they share. */
export function buildFeedForward(context: GraphContext, layer: LayerFacts, input: GraphTensor): GraphTensor {
  if (!layer.tensors.has('ffn_gate_inp.weight')) return buildDense(context, layer, { input, suffix: '' });
  const routed = buildExperts(context, layer, input);
  if (!layer.tensors.has('ffn_up_shexp.weight')) return routed;
  const { graph } = context;
  let shared = buildDense(context, layer, { input, suffix: '_shexp' });
  const gate = context.layerWeight(layer, 'ffn_gate_inp_shexp.weight');
  if (gate) shared = graph.inplace(shared, graph.inplace(graph.mulMat(gate, input)));
  return graph.inplace(routed, shared);
}

/** `build_ffn`. */
export function buildDense(
  context: GraphContext,
  layer: LayerFacts,
  of: { readonly input: GraphTensor; readonly suffix: '' | '_shexp' },
): GraphTensor {
  const { graph } = context;
  context.needLayerWeight(layer, `ffn_up${of.suffix}.weight`);
  const up = project(context, layer, `ffn_up${of.suffix}`, of.input);
  let inner: GraphTensor;
  if (layer.tensors.has(`ffn_gate${of.suffix}.weight`)) {
    const gate = project(context, layer, `ffn_gate${of.suffix}`, of.input);
    inner = graph.result([gate.n0, gate.n1, gate.n2, gate.n3], [gate, up]);
  } else if (context.facts.architecture.features.includes('joined-gate')) {
    inner = graph.result([up.n0 / 2, up.n1, up.n2, up.n3], [up]);
  } else {
    inner = graph.inplace(up);
  }
  return project(context, layer, `ffn_down${of.suffix}`, inner);
}

function buildExperts(context: GraphContext, layer: LayerFacts, input: GraphTensor): GraphTensor {
  return buildRoutedExperts(context, layer, { input, logits: project(context, layer, 'ffn_gate_inp', input) });
}

/** `build_moe_ffn`. */
export function buildRoutedExperts(
  context: GraphContext,
  layer: LayerFacts,
  of: { readonly input: GraphTensor; readonly logits: GraphTensor },
): GraphTensor {
  const { graph, facts } = context;
  const { input, logits } = of;
  const { features } = facts.architecture;
  const used = facts.expertsUsed;
  const tokens = input.n1;
  const isLate = features.includes('late-expert-softmax');
  const probabilities = isLate ? logits : graph.inplace(logits);
  const bias = context.layerWeight(layer, 'exp_probs_b.bias');
  const chosenFrom = bias ? graph.inplace(probabilities, bias) : probabilities;
  const sorted = graph.sort(chosenFrom);
  const chosen = graph.view(sorted, [used, tokens, 1, 1], [sorted.b1, sorted.b2, sorted.b3]);
  let weights = graph.getRows(graph.reshape(probabilities, 1, facts.experts, tokens), chosen);
  if (isLate) weights = graph.reshape(graph.inplace(graph.reshape(weights, used, tokens)), 1, used, tokens);
  if (normsExpertWeights(context)) {
    const flat = graph.reshape(weights, used, tokens);
    const sum = graph.inplaceView(graph.result([1, tokens, 1, 1], [flat]));
    weights = graph.reshape(graph.inplace(flat, sum), 1, used, tokens);
  }
  const scale = facts.number('expert_weights_scale') ?? 0;
  if (scale !== 0 && scale !== 1) weights = graph.inplace(weights);
  graph.expand(weights);

  const rows = graph.reshape(input, facts.width, 1, tokens);
  const through = (name: string, from: GraphTensor): GraphTensor | null => {
    const matrix = context.layerWeight(layer, `${name}.weight`);
    return matrix ? addExpertBias(context, graph.mulMatId(matrix, from, chosen), context.layerWeight(layer, `${name}.bias`), chosen) : null;
  };
  const joined = through('ffn_gate_up_exps', rows);
  let inner: GraphTensor;
  if (joined) {
    const half = (): GraphTensor => graph.view(joined, [joined.n0 / 2, joined.n1, joined.n2, 1], [joined.b1, joined.b2, joined.b3]);
    const gate = half();
    inner = graph.result([gate.n0, gate.n1, gate.n2, 1], [gate, half()]);
  } else {
    context.needLayerWeight(layer, 'ffn_up_exps.weight');
    const up = through('ffn_up_exps', rows) as GraphTensor;
    const gate = through('ffn_gate_exps', rows);
    inner = gate ? graph.result([gate.n0, gate.n1, gate.n2, 1], [gate, up]) : graph.inplace(up);
  }
  context.needLayerWeight(layer, 'ffn_down_exps.weight');
  const each = graph.inplace(through('ffn_down_exps', inner) as GraphTensor, weights);
  graph.expand(each);
  const parts = Array.from({ length: used }, () =>
    graph.view(each, [facts.width, tokens, 1, 1], [each.b2, each.b2 * tokens, each.b2 * tokens]),
  );
  for (const part of parts) graph.expand(part);
  let sum = parts[0] as GraphTensor;
  for (const part of parts.slice(1)) {
    sum = graph.inplace(sum, part);
    graph.expand(sum);
  }
  return used === 1 ? graph.contiguous(sum) : sum;
}

function normsExpertWeights({ facts }: GraphContext): boolean {
  if (facts.architecture.features.includes('raw-expert-weights')) return facts.shape.hyperparameters.expert_weights_norm === true;
  return true;
}

function addExpertBias(context: GraphContext, input: GraphTensor, bias: GraphTensor | null, chosen: GraphTensor): GraphTensor {
  return bias ? context.graph.inplace(input, bias, chosen) : addBias(context, input, null);
}
