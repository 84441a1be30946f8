import type { LayerFacts } from '../modelFacts.ts';
import { attend } from './attention.ts';
import type { GraphContext } from './graphContext.ts';
import { float32, type GraphTensor } from './graphTensor.ts';
import { norm, project } from './pieces.ts';

/** `build_rs`: clears one state where a sequence starts, then reads the states of the batch. */
function readState(
  context: GraphContext,
  state: GraphTensor,
  read: (states: GraphTensor, ids: GraphTensor) => GraphTensor = (states, ids) => context.graph.getRows(states, ids),
): GraphTensor {
  const { graph, stateIds } = context;
  const states = graph.reshape(state, state.n0, state.n1);
  graph.expand(graph.inplaceView(graph.view(states, [0, 1, 1, 1])));
  const rows = read(states, stateIds.main);
  graph.expand(rows);
  graph.expand(graph.copyInto(graph.getRows(states, stateIds.rest), graph.view(state, [state.n0, 0, 1, 1])));
  return rows;
}

function stateTensor(context: GraphContext, layer: LayerFacts, part: 'r' | 's'): GraphTensor {
  const { graph, facts, settings } = context;
  const width = part === 'r' ? facts.state.convolution : facts.state.memory;
  return context.cacheOf(layer.index, part, () => graph.cache(float32, [width, settings.sequences, 1, 1], context.layerPlace(layer.index)));
}

/** Keeps the end of the convolution's input for the next batch. */
function storeState(context: GraphContext, of: { readonly from: GraphTensor; readonly width: number; readonly state: GraphTensor }): void {
  const { graph, settings } = context;
  const { from, state } = of;
  const kept = graph.view(from, [of.width, from.n1, from.n2, 1], [from.b1, from.b2, from.b3]);
  graph.expand(graph.copyInto(kept, graph.view(state, [state.n0, settings.sequences, 1, 1])));
}

/** Convolution over the last tokens of each channel, with the state in front. [channels, tokens, sequences] in and out. */
function convolve(
  context: GraphContext,
  of: {
    readonly layer: LayerFacts;
    readonly input: GraphTensor;
    readonly kernel: string;
    readonly channels: number;
    readonly width: number;
  },
): { readonly joined: GraphTensor; run(): GraphTensor } {
  const { graph, settings } = context;
  const { layer, channels, width } = of;
  const state = stateTensor(context, layer, 'r');
  const before = graph.reshape(readState(context, state), width, channels, settings.sequences);
  const joined = graph.concat(before, of.input, 0);
  storeState(context, { from: joined, width, state });
  const kernel = context.needLayerWeight(layer, of.kernel);
  return {
    joined,
    run: () => graph.result([channels, joined.n0 - width, settings.sequences, 1], [joined, kernel]),
  };
}

/** Short convolution between two projections (LFM2). */
export function buildShortConvolution(context: GraphContext, layer: LayerFacts, input: GraphTensor): GraphTensor {
  const { graph, facts, settings } = context;
  const perSequence = settings.tokens / settings.sequences;
  const shaped = graph.reshape(input, facts.width, perSequence, settings.sequences);
  const bcx = project(context, layer, 'shortconv.in_proj', shaped);
  const third = (): GraphTensor => graph.view(bcx, [facts.width, bcx.n1, bcx.n2, 1], [bcx.b1, bcx.b2, bcx.b3]);
  const b = third();
  const c = third();
  const bx = graph.transpose(graph.inplace(b, third()));
  const width = (facts.number('shortconv.l_cache') ?? 1) - 1;
  const { run } = convolve(context, { layer, input: bx, kernel: 'shortconv.conv.weight', channels: facts.width, width });
  const y = project(context, layer, 'shortconv.out_proj', graph.inplace(c, run()));
  return graph.reshape(y, y.n0, settings.tokens);
}

/** State-space layer of the second kind (Mamba 2, Granite hybrid). */
export function buildMamba2(context: GraphContext, layer: LayerFacts, input: GraphTensor): GraphTensor {
  const { graph, facts, settings } = context;
  const number = (name: string): number => facts.number(name) ?? 0;
  const inner = number('ssm.inner_size');
  const size = number('ssm.state_size');
  const groups = number('ssm.group_count');
  const heads = number('ssm.time_step_rank');
  const width = number('ssm.conv_kernel') - 1;
  const { sequences } = settings;
  const perSequence = settings.tokens / sequences;
  const headLength = inner / heads;
  const channels = inner + 2 * groups * size;
  const state = stateTensor(context, layer, 'r');
  const before = graph.reshape(readState(context, state), width, channels, sequences);
  const all = project(context, layer, 'ssm_in', input);
  const mixed = graph.reshape(all, all.n0, perSequence, sequences);
  const z = graph.view(mixed, [headLength, heads, perSequence, sequences], [headLength * 4, mixed.b1, mixed.b2]);
  const xbc = graph.view(mixed, [channels, perSequence, sequences, 1], [mixed.b1, mixed.b2, mixed.b3]);
  const steps = graph.view(mixed, [heads, perSequence, sequences, 1], [mixed.b1, mixed.b2, mixed.b3]);
  const joined = graph.concat(before, graph.transpose(xbc), 0);
  storeState(context, { from: joined, width, state });
  const kernel = context.needLayerWeight(layer, 'ssm_conv1d.weight');
  const convolved = graph.result([channels, perSequence, sequences, 1], [joined, kernel]);
  const biased = graph.inplace(graph.inplace(convolved, context.needLayerWeight(layer, 'ssm_conv1d.bias')));
  const x = graph.view(biased, [headLength, heads, perSequence, sequences], [headLength * 4, biased.b1, biased.b2]);
  const part = (): GraphTensor => graph.view(biased, [size, groups, perSequence, sequences], [size * 4, biased.b1, biased.b2]);
  const b = part();
  const c = part();
  const dt = graph.inplace(graph.contiguous(steps), context.needLayerWeight(layer, 'ssm_dt.bias'));
  const decay = context.needLayerWeight(layer, 'ssm_a');
  const memory = stateTensor(context, layer, 's');
  const scanned = readState(context, memory, (states, ids) => {
    const shaped = graph.view(states, [size, headLength, heads, sequences]);
    return graph.result([x.elements + size * headLength * heads * sequences, 1, 1, 1], [shaped, x, dt, decay, b, c, ids]);
  });
  const last = graph.view(scanned, [size * inner, sequences, 1, 1]);
  graph.expand(graph.copyInto(last, graph.view(memory, [memory.n0, sequences, 1, 1])));
  const y = graph.view(scanned, [headLength, heads, perSequence, sequences], [x.b1, heads * x.b1, perSequence * heads * x.b1]);
  const skipped = graph.inplace(y, graph.inplace(x, context.needLayerWeight(layer, 'ssm_d')));
  const gate = graph.contiguous(z);
  let out = graph.result([gate.n0, gate.n1, gate.n2, gate.n3], [gate, skipped]);
  const weight = context.layerWeight(layer, 'ssm_norm.weight');
  if (weight) out = norm(context, graph.reshape(out, inner / groups, groups, perSequence, sequences), weight);
  return project(context, layer, 'ssm_out', graph.reshape(out, inner, settings.tokens));
}

/** Gated delta net (Qwen 3.5 and relatives). */
export function buildDeltaNet(context: GraphContext, layer: LayerFacts, input: GraphTensor): GraphTensor {
  const { graph, facts, settings } = context;
  const number = (name: string): number => facts.number(name) ?? 0;
  const inner = number('ssm.inner_size');
  const keyLength = number('ssm.state_size');
  const keyHeads = number('ssm.group_count');
  const valueHeads = number('ssm.time_step_rank');
  const { sequences } = settings;
  const perSequence = settings.tokens / sequences;
  const valueLength = inner / valueHeads;
  const channels = inner + 2 * keyHeads * keyLength;
  const mixedFlat = project(context, layer, 'attn_qkv', input);
  const mixed = graph.reshape(mixedFlat, mixedFlat.n0, perSequence, sequences);
  const z = project(context, layer, 'attn_gate', input);
  const beta = graph.inplace(graph.reshape(project(context, layer, 'ssm_beta', input), 1, valueHeads, perSequence, sequences));
  const alpha = graph.reshape(project(context, layer, 'ssm_alpha', input), valueHeads, perSequence, sequences);
  const softened = graph.inplace(graph.inplace(alpha, context.needLayerWeight(layer, 'ssm_dt.bias')));
  const gate = graph.reshape(graph.inplace(softened, context.needLayerWeight(layer, 'ssm_a')), 1, valueHeads, perSequence, sequences);
  const width = number('ssm.conv_kernel') - 1;
  const { run } = convolve(context, { layer, input: graph.transpose(mixed), kernel: 'ssm_conv1d.weight', channels, width });
  const memory = stateTensor(context, layer, 's');
  const states = graph.reshape(readState(context, memory), valueLength, valueLength, valueHeads, sequences);
  const activated = graph.inplace(run());
  const part = (length: number, heads: number): GraphTensor =>
    graph.view(activated, [length, heads, perSequence, sequences], [length * 4, activated.b1, activated.b1 * perSequence]);
  const q = unitLength(context, part(keyLength, keyHeads));
  const k = unitLength(context, part(keyLength, keyHeads));
  const v = part(valueLength, valueHeads);
  const result = graph.result([valueLength * valueHeads, settings.tokens + valueLength * sequences, 1, 1], [q, k, v, gate, beta, states]);
  const out = graph.view(result, [valueLength, valueHeads, perSequence, sequences]);
  const last = graph.view(result, [valueLength, valueLength, valueHeads, sequences]);
  graph.expand(graph.copyInto(last, graph.view(memory, [memory.n0, sequences, 1, 1])));
  const gates = graph.view(z, [valueLength, valueHeads, perSequence, sequences]);
  const normed = norm(context, out, context.layerWeight(layer, 'ssm_norm.weight'));
  const gated = graph.inplace(normed, graph.inplace(gates));
  const flat = graph.reshape(gated, inner, perSequence, sequences);
  return graph.reshape(project(context, layer, 'ssm_out', flat), facts.width, settings.tokens);
}

/** `build_gdn_l2_norm`. */
function unitLength({ graph }: GraphContext, input: GraphTensor): GraphTensor {
  return graph.result([input.n0, input.n1, input.n2, input.n3], [input]);
}

/** Full attention of Qwen 3.5: the query projection also gives a gate for the output. */
export function buildGatedAttention(context: GraphContext, layer: LayerFacts, input: GraphTensor): GraphTensor {
  const { graph, settings } = context;
  const { heads, headsKv, keyLength } = layer;
  const both = project(context, layer, 'attn_q', input);
  const keys = project(context, layer, 'attn_k', input);
  const values = project(context, layer, 'attn_v', input);
  const half = (): GraphTensor =>
    graph.view(
      both,
      [keyLength, heads, settings.tokens, 1],
      [8 * keyLength, 8 * keyLength * heads, 8 * keyLength * heads * settings.tokens],
    );
  const q = norm(context, half(), context.layerWeight(layer, 'attn_q_norm.weight'));
  const k = norm(context, graph.reshape(keys, keyLength, headsKv, settings.tokens), context.layerWeight(layer, 'attn_k_norm.weight'));
  const gate = graph.contiguous(half(), [keyLength * heads, settings.tokens, 1, 1]);
  const v = graph.reshape(values, keyLength, headsKv, settings.tokens);
  const turned = { q: graph.rope(q, context.positions, null), k: graph.rope(k, context.positions, null), v };
  const out = attend(context, layer, { ...turned, isBare: true });
  return project(context, layer, 'attn_output', graph.inplace(out, graph.inplace(gate)));
}
