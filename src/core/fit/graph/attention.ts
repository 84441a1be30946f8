import type { LayerFacts } from '../modelFacts.ts';
import type { GraphContext } from './graphContext.ts';
import { float16, type GraphTensor } from './graphTensor.ts';
import { addBias, norm, project } from './pieces.ts';

/** Queries, keys and values of one layer, each [head length, heads, tokens] (`build_qkv`). */
export interface Attended {
  readonly q: GraphTensor;
  readonly k: GraphTensor;
  readonly v: GraphTensor;
}

export function buildQkv(context: GraphContext, layer: LayerFacts, input: GraphTensor): Attended {
  const { graph, settings } = context;
  const { heads, headsKv, keyLength, valueLength } = layer;
  const joined = context.layerWeight(layer, 'attn_qkv.weight');
  if (joined) {
    const qkv = addBias(context, graph.mulMat(joined, input), context.layerWeight(layer, 'attn_qkv.bias'));
    const part = (length: number, count: number): GraphTensor =>
      graph.view(qkv, [length, count, settings.tokens, 1], [4 * length, qkv.b1, qkv.b1 * settings.tokens]);
    return { q: part(keyLength, heads), k: part(keyLength, headsKv), v: part(valueLength, headsKv) };
  }
  for (const name of ['attn_q.weight', 'attn_k.weight', 'attn_v.weight']) context.needLayerWeight(layer, name);
  const q = project(context, layer, 'attn_q', input);
  const k = project(context, layer, 'attn_k', input);
  const v = project(context, layer, 'attn_v', input);
  return {
    q: graph.reshape(q, keyLength, heads, settings.tokens),
    k: graph.reshape(k, keyLength, headsKv, settings.tokens),
    v: graph.reshape(v, valueLength, headsKv, settings.tokens),
  };
}

/** Self-attention of a plain layer: projections, norms of heads, rotation, cache, output. */
export function buildAttention(context: GraphContext, layer: LayerFacts, input: GraphTensor): GraphTensor {
  const { graph, facts } = context;
  const qkv = buildQkv(context, layer, input);
  const factors = context.ropeFactors(layer);
  const { features } = facts.architecture;
  const hasRope =
    !(features.includes('optional-rope') && facts.shape.hyperparameters['rope.scaling.finetuned'] === false) &&
    !(features.includes('rope-skips-fourth') && layer.index % 4 === 3);
  const isNormedLate = features.includes('norm-after-rope');
  const place = (tensor: GraphTensor, name: string): GraphTensor => {
    const weight = context.layerWeight(layer, name);
    const before = isNormedLate ? tensor : norm(context, tensor, weight);
    const turned = hasRope ? graph.rope(before, context.positions, factors) : before;
    return isNormedLate ? norm(context, turned, weight) : turned;
  };
  let q = place(qkv.q, 'attn_q_norm.weight');
  const k = place(qkv.k, 'attn_k_norm.weight');
  if (context.temperature) q = graph.inplace(q, context.temperature);
  if (features.includes('scaled-query')) q = graph.inplace(q);
  return attend(context, layer, { q, k, v: qkv.v });
}

/** `build_attn`: rotate for a quantised cache, store, read back, attend, project. */
export function attend(
  context: GraphContext,
  layer: LayerFacts,
  given: { readonly q: GraphTensor; readonly k: GraphTensor | null; readonly v: GraphTensor | null; readonly isBare?: boolean },
): GraphTensor {
  const { graph, facts, settings } = context;
  const inputs = layer.isSliding ? context.sliding : context.full;
  const rotate = (tensor: GraphTensor | null, rotation: GraphTensor | null): GraphTensor | null =>
    tensor && rotation ? hadamard(context, tensor, rotation) : tensor;
  const q = rotate(given.q, inputs.keyRotation) as GraphTensor;
  const k = rotate(given.k, inputs.keyRotation);
  const v = rotate(given.v, inputs.valueRotation);
  graph.expand(q);
  // Models with sliding layers take another road through the engine, with another order.
  for (const part of facts.window > 0 ? [k, v] : [v, k]) if (part) graph.expand(part);

  const cells = layer.isSliding ? settings.slidingCells : settings.cells;
  const owner = layer.hasCache ? layer : cacheOwner(context, layer);
  const keys = cacheTensor(context, owner, 'k', layer.keyLength * layer.headsKv, cells);
  const values = cacheTensor(
    context,
    owner,
    'v',
    settings.flashAttention ? layer.valueLength * layer.headsKv : context.widestValues,
    cells,
  );
  if (k) graph.expand(graph.setRows(flatten(context, keys), rowsOf(context, k), inputs.keyIds));
  if (v) graph.expand(storeValues(context, { values, v, ids: inputs.valueIds }));

  const { sequences } = settings;
  const row = (tensor: GraphTensor, length: number): number => (length / tensor.type.blockElements) * tensor.type.blockBytes;
  const keyView = graph.view(keys, [layer.keyLength, layer.headsKv, cells, sequences], [row(keys, layer.keyLength), keys.b1, keys.b2]);
  const valueView = settings.flashAttention
    ? graph.view(values, [layer.valueLength, layer.headsKv, cells, sequences], [row(values, layer.valueLength), values.b1, values.b2])
    : graph.view(
        values,
        [cells, layer.headsKv, layer.valueLength, sequences],
        [row(values, cells * layer.valueLength), row(values, cells), row(values, cells * values.n0)],
      );
  const sinks = context.layerWeight(layer, 'attn_sinks.weight');
  let out = multiHead(context, { q, k: keyView, v: valueView, mask: inputs.mask, sinks, decompress: null });
  if (inputs.valueRotation) out = hadamard(context, out, inputs.valueRotation);
  return given.isBare ? out : project(context, layer, 'attn_output', out);
}

/** `build_attn_mha`. */
export function multiHead(
  context: GraphContext,
  parts: {
    readonly q: GraphTensor;
    readonly k: GraphTensor;
    readonly v: GraphTensor;
    readonly mask: GraphTensor;
    readonly sinks: GraphTensor | null;
    /** Turns latent values back into those of each head; null without latent attention. */
    readonly decompress: GraphTensor | null;
  },
): GraphTensor {
  const { graph, settings } = context;
  const { mask, sinks, decompress } = parts;
  const { sequences } = settings;
  const perSequence = parts.q.n2 / sequences;
  const split = graph.view(parts.q, [parts.q.n0, parts.q.n1, perSequence, sequences], [parts.q.b1, parts.q.b2, parts.q.b3 / sequences]);
  const q = graph.permute(split, [0, 2, 1, 3]);
  const k = graph.permute(parts.k, [0, 2, 1, 3]);
  const v = graph.permute(parts.v, [0, 2, 1, 3]);
  let out: GraphTensor;
  if (settings.flashAttention) {
    out = graph.flashAttention({ q, k: halved(context, k), v: halved(context, v), mask, sinks });
    if (decompress) {
      out = graph.mulMat(decompress, graph.permute(out, [0, 2, 1, 3]));
      out = graph.contiguous(graph.permute(out, [0, 2, 1, 3]));
    }
    out = graph.reshape(out, out.n0 * out.n1, out.n2 * out.n3);
  } else {
    let scores = graph.mulMat(k, q);
    if (context.facts.architecture.features.includes('capped-attention')) scores = graph.inplace(graph.inplace(graph.inplace(scores)));
    const weights = sinks ? graph.inplace(scores, mask, sinks) : graph.inplace(scores, mask);
    // Values that are a part of the keys lie the wrong way round.
    const values = v.b1 > v.b2 || decompress === null ? v : graph.contiguous(graph.transpose(v));
    out = graph.mulMat(values, weights);
    if (decompress) out = graph.mulMat(decompress, out);
    out = graph.permute(out, [0, 2, 1, 3]);
    out = graph.contiguous(out, [out.n0 * out.n1, out.n2 * out.n3, 1, 1]);
  }
  graph.expand(out);
  return out;
}

/** Flash attention reads single-precision keys and values from copies in half precision. */
function halved({ graph }: GraphContext, cached: GraphTensor): GraphTensor {
  const isSingle = cached.type.blockElements === 1 && cached.type.blockBytes === 4;
  return isSingle ? graph.result([cached.n0, cached.n1, cached.n2, cached.n3], [cached], float16) : cached;
}

/** Gemma 3n: the last layer of the same kind that still has a cache. */
function cacheOwner({ facts }: GraphContext, layer: LayerFacts): LayerFacts {
  const owners = facts.layers.filter((other) => other.hasCache && other.isSliding === layer.isSliding);
  return owners[owners.length - 1] ?? layer;
}

export function cacheTensor(context: GraphContext, layer: LayerFacts, part: 'k' | 'v', width: number, cells: number): GraphTensor {
  const { graph, settings } = context;
  return context.cacheOf(layer.index, part, () =>
    graph.cache(settings.kvType, [width, cells, settings.sequences, 1], context.layerPlace(layer.index)),
  );
}

export function flatten({ graph, settings }: GraphContext, cache: GraphTensor): GraphTensor {
  return settings.sequences > 1 ? graph.reshape(cache, cache.n0, cache.n1 * cache.n2) : cache;
}

/** [head length, heads, tokens] seen as rows of one token. */
export function rowsOf({ graph }: GraphContext, tensor: GraphTensor): GraphTensor {
  return graph.view(tensor, [tensor.n0 * tensor.n1, tensor.n2, 1, 1], [tensor.b2, tensor.b2 * tensor.n2, tensor.b2 * tensor.n2]);
}

function storeValues(context: GraphContext, of: { values: GraphTensor; v: GraphTensor; ids: GraphTensor }): GraphTensor {
  const { graph, settings } = context;
  const { values, v, ids } = of;
  if (settings.flashAttention) return graph.setRows(flatten(context, values), rowsOf(context, v), ids);
  const width = v.n0 * v.n1;
  let rows = v.b2 === 4 * width ? graph.reshape(v, width, v.n2) : graph.contiguous(v, [width, v.n2, 1, 1]);
  if (width < values.n0) rows = graph.result([values.n0, rows.n1, 1, 1], [rows]);
  const target = graph.reshape(values, 1, values.elements);
  return graph.setRows(target, graph.reshape(rows, 1, rows.elements), ids);
}

function hadamard({ graph }: GraphContext, tensor: GraphTensor, rotation: GraphTensor): GraphTensor {
  const size = rotation.n0;
  const flat = tensor.isContiguous
    ? graph.reshape(tensor, size, tensor.elements / size)
    : graph.contiguous(tensor, [size, tensor.elements / size, 1, 1]);
  const turned = graph.mulMat(rotation, flat);
  return graph.reshape(turned, tensor.n0, tensor.n1, tensor.n2, tensor.n3);
}
