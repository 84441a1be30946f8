import type { LayerFacts } from '../modelFacts.ts';
import { attend, cacheTensor, flatten, multiHead, rowsOf } from './attention.ts';
import type { GraphContext } from './graphContext.ts';
import type { GraphTensor } from './graphTensor.ts';
import { layerNorm, project } from './pieces.ts';

/** Multi-head latent attention (DeepSeek 2 and relatives): keys and values are one narrow row, widened for each head on the way. */
export function buildLatentAttention(context: GraphContext, layer: LayerFacts, input: GraphTensor): GraphTensor {
  const { graph, facts, settings } = context;
  const { heads } = layer;
  const { tokens } = settings;
  const rope = facts.number('rope.dimension_count') ?? 0;
  const rank = facts.number('attention.kv_lora_rank') ?? 0;
  const keyLength = facts.latent?.keyLength ?? layer.keyLength;
  const plain = keyLength - rope;
  const isSmall = layer.tensors.has('attn_q.weight');
  const queries = isSmall
    ? project(context, layer, 'attn_q', input)
    : project(context, layer, 'attn_q_b', layerNorm(context, layer, 'attn_q_a_norm', project(context, layer, 'attn_q_a', input)));
  const q = graph.reshape(queries, keyLength, heads, tokens);
  const both = project(context, layer, 'attn_kv_a_mqa', input);
  const narrow = graph.view(both, [rank, tokens, 1, 1], [both.b1, both.b2, both.b3]);
  const turnedPart = graph.view(both, [rope, 1, tokens, 1], [both.b1, both.b1, both.b1 * tokens]);
  const keyPart = graph.rope(turnedPart, context.positions, null);
  const compressed = layerNorm(context, layer, 'attn_kv_a_norm', narrow);
  if (!facts.latent) return buildWide(context, layer, { q, keyPart, compressed, plain });

  const plainQuery = graph.permute(graph.view(q, [plain, heads, tokens, 1], [q.b1, q.b2, q.b3]), [0, 2, 1, 3]);
  const turnedQuery = graph.rope(graph.view(q, [rope, heads, tokens, 1], [q.b1, q.b2, q.b3]), context.positions, null);
  const absorbed = graph.permute(graph.mulMat(context.needLayerWeight(layer, 'attn_k_b.weight'), plainQuery), [0, 2, 1, 3]);
  const joined = graph.concat(absorbed, turnedQuery, 0);
  const wideQuery = context.temperature ? graph.inplace(joined, context.temperature) : joined;
  const v = graph.reshape(compressed, rank, 1, tokens);
  const k = graph.concat(v, keyPart, 0);
  for (const part of [wideQuery, v, k]) graph.expand(part);
  const { cells, sequences } = settings;
  const keys = cacheTensor(context, layer, 'k', rank + rope, cells);
  graph.expand(graph.setRows(flatten(context, keys), rowsOf(context, k), context.full.keyIds));
  const keyView = graph.view(keys, [rank + rope, 1, cells, sequences], [keys.b1, keys.b1, keys.b2]);
  const valueView = graph.view(keyView, [rank, 1, cells, sequences], [keyView.b1, keyView.b2, keyView.b3]);
  const decompress = context.layerWeight(layer, 'attn_v_b.weight');
  const out = multiHead(context, { q: wideQuery, k: keyView, v: valueView, mask: context.full.mask, sinks: null, decompress });
  return project(context, layer, 'attn_output', out);
}

/** Older files keep the widened keys and values. */
function buildWide(
  context: GraphContext,
  layer: LayerFacts,
  of: { readonly q: GraphTensor; readonly keyPart: GraphTensor; readonly compressed: GraphTensor; readonly plain: number },
): GraphTensor {
  const { graph, settings } = context;
  const { heads, valueLength } = layer;
  const { tokens } = settings;
  const wide = project(context, layer, 'attn_kv_b', of.compressed);
  const row = 4 * (of.plain + valueLength);
  const plainKeys = graph.view(wide, [of.plain, heads, tokens, 1], [row, row * heads, row * heads * tokens]);
  const v = graph.contiguous(graph.view(wide, [valueLength, heads, tokens, 1], [row, row * heads, row * heads * tokens]));
  const turned = graph.rope(of.q, context.positions, null);
  const q = context.temperature ? graph.inplace(turned, context.temperature) : turned;
  const repeated = graph.result([of.keyPart.n0, heads, tokens, 1], [of.keyPart]);
  return attend(context, layer, { q, k: graph.concat(plainKeys, repeated, 0), v });
}
