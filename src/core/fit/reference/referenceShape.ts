import type { FitHyperparameter, FitShape, FitTensor } from '../fitTypes.ts';
import { blockSizeOf } from '../typeSizes.ts';
import { hasRecipe, recipeType } from './quantRecipe.ts';
import type { ReferenceModel } from './referenceModels.ts';

interface Matrix {
  readonly name: string;
  readonly shape: readonly number[];
  /** Norms, factors and the router of experts are never quantised. */
  readonly isPlain?: boolean;
}

const made = new Map<string, FitShape>();

/**
 * The shape that a file of a well-known model would have: every tensor with the type that the quantiser picks, without reading a header.
 * @param quant one with a recipe; see `hasRecipe`
 * @throws {RangeError} for a quant without one
 */
export function referenceShape(model: ReferenceModel, quant: string): FitShape {
  const key = `${model.name} ${quant}`;
  const known = made.get(key);
  if (known) return known;
  const shape = makeShape(model, quant);
  made.set(key, shape);
  return shape;
}

function makeShape(model: ReferenceModel, quantNamed: string): FitShape {
  // Trained in four bits: whatever a file is called after, its experts stay as they are.
  const quant = model.architecture === 'gpt-oss' && hasRecipe(quantNamed) ? 'MXFP4_MOE' : quantNamed;
  const layers = Array.from({ length: model.layers }, (_, index) => index);
  const typeOf = ({ name, shape, isPlain }: Matrix, layer: number): string => {
    if (isPlain) return 'F32';
    const place = { name: nameForRecipe(name, model), layer, layers: model.layers, headsPerKv: model.heads / model.headsKv };
    const type = recipeType(quant, { place, rowLength: shape[0] ?? 0 });
    if (type === null) throw new RangeError(`No recipe for ${quant}.`);
    return type;
  };
  const tensors: FitTensor[] = modelMatrices(model).map((matrix) => ({
    ...tensorOf(matrix, typeOf(matrix, 0)),
    layers: null,
  }));
  for (const matrix of layerMatrices(model)) {
    const byType = Map.groupBy(layers, (layer) => typeOf(matrix, layer));
    for (const [type, those] of byType) tensors.push({ ...tensorOf(matrix, type), layers: those });
  }
  return { architecture: model.architecture, hyperparameters: hyperparametersOf(model), vocabularySize: model.vocabulary, tensors };
}

/** Weights of a reference model, as plain numbers. */
export function referenceParameters(model: ReferenceModel): number {
  const count = (matrices: readonly Matrix[]): number =>
    matrices.reduce((sum, { shape }) => sum + shape.reduce((size, side) => size * side, 1), 0);
  return count(modelMatrices(model)) + model.layers * count(layerMatrices(model));
}

function modelMatrices(model: ReferenceModel): readonly Matrix[] {
  const { width, vocabulary, headLength } = model;
  return [
    { name: 'token_embd.weight', shape: [width, vocabulary] },
    { name: 'output_norm.weight', shape: [width], isPlain: true },
    ...(model.isTied ? [] : [{ name: 'output.weight', shape: [width, vocabulary] }]),
    ...(model.hasRopeFactors ? [{ name: 'rope_freqs.weight', shape: [headLength / 2], isPlain: true }] : []),
  ];
}

function layerMatrices(model: ReferenceModel): readonly Matrix[] {
  const { width, feedForward, experts, heads, headsKv, headLength } = model;
  const queries = heads * headLength;
  const keys = headsKv * headLength;
  const norm = (name: string, length = width): Matrix => ({ name: `${name}.weight`, shape: [length], isPlain: true });
  const hasHeadNorms = model.architecture !== 'llama' && model.architecture !== 'gpt-oss';
  const inner = experts ? [experts.feedForward] : [feedForward];
  const each = experts ? [experts.count] : [];
  const suffix = experts ? '_exps.weight' : '.weight';
  return [
    norm('attn_norm'),
    { name: 'attn_q.weight', shape: [width, queries] },
    { name: 'attn_k.weight', shape: [width, keys] },
    { name: 'attn_v.weight', shape: [width, keys] },
    { name: 'attn_output.weight', shape: [queries, width] },
    ...(hasHeadNorms ? [norm('attn_q_norm', headLength), norm('attn_k_norm', headLength)] : []),
    ...(model.architecture === 'gemma3' ? [norm('post_attention_norm'), norm('post_ffw_norm')] : []),
    norm(model.architecture === 'gpt-oss' ? 'post_attention_norm' : 'ffn_norm'),
    ...(model.architecture === 'gpt-oss' ? biasesOf(model) : []),
    ...(experts ? [{ name: 'ffn_gate_inp.weight', shape: [width, experts.count], isPlain: true }] : []),
    { name: `ffn_gate${suffix}`, shape: [width, ...inner, ...each] },
    { name: `ffn_up${suffix}`, shape: [width, ...inner, ...each] },
    { name: `ffn_down${suffix}`, shape: [...inner, width, ...each] },
  ];
}

/** gpt-oss adds a number to every result, and keeps one more score a head to look at nothing. */
function biasesOf({ width, heads, headsKv, headLength, experts }: ReferenceModel): readonly Matrix[] {
  const { count, feedForward } = experts ?? { count: 1, feedForward: 0 };
  const plain = (name: string, shape: readonly number[]): Matrix => ({ name, shape, isPlain: true });
  return [
    plain('attn_q.bias', [heads * headLength]),
    plain('attn_k.bias', [headsKv * headLength]),
    plain('attn_v.bias', [headsKv * headLength]),
    plain('attn_output.bias', [width]),
    plain('attn_sinks.weight', [heads]),
    plain('ffn_gate_inp.bias', [count]),
    plain('ffn_gate_exps.bias', [feedForward, count]),
    plain('ffn_up_exps.bias', [feedForward, count]),
    plain('ffn_down_exps.bias', [width, count]),
  ];
}

function hyperparametersOf(model: ReferenceModel): Readonly<Record<string, FitHyperparameter>> {
  return {
    block_count: model.layers,
    context_length: model.contextTokens,
    embedding_length: model.width,
    feed_forward_length: model.feedForward,
    'attention.head_count': model.heads,
    'attention.head_count_kv': model.headsKv,
    'attention.key_length': model.headLength,
    'attention.value_length': model.headLength,
    ...(model.architecture === 'llama' ? { 'rope.dimension_count': model.headLength } : {}),
    ...(model.window === undefined ? {} : { 'attention.sliding_window': model.window }),
    ...(model.experts
      ? {
          expert_count: model.experts.count,
          expert_used_count: model.experts.used,
          expert_feed_forward_length: model.experts.feedForward,
        }
      : {}),
  };
}

function tensorOf({ name, shape }: Matrix, type: string): Omit<FitTensor, 'layers'> {
  const { blockElements, blockBytes } = blockSizeOf(type);
  const elements = shape.reduce((size, side) => size * side, 1);
  return { name, type, shape, bytes: (elements / blockElements) * blockBytes };
}

/** An embedding that is the output too is quantised as the output. */
function nameForRecipe(name: string, model: ReferenceModel): string {
  const short = name.replace(/\.weight$/, '');
  return short === 'token_embd' && model.isTied ? 'output' : short;
}
