import { type QuantScheme, type QuantType, quantTypeOf } from './quantTypes.ts';

/**
 * One line for a tooltip, by label; labels that are not here share the lines of their scheme. The comparisons follow the perplexities and
 * sizes that llama.cpp publishes for Llama 3.1 8B (tools/quantize/README.md, checked 2026-11-21).
 */
const meanings: ReadonlyMap<string, string> = new Map([
  ['F32', '32-bit floats: the original of old models, twice the size of F16 and no better to run.'],
  ['F16', '16-bit floats: the unquantised weights.'],
  ['BF16', '16-bit floats as models are trained in: the original. Slow on GPUs and CPUs without BF16.'],
  ['Q8_0', '8 bits: near-lossless, twice the size of Q4_K_M. For small models and where memory is no matter.'],
  ['Q6_K', '6-bit K-quant: hardly to be told from the original.'],
  ['Q5_K_M', '5-bit K-quant, medium: a little better than Q4_K_M and a sixth larger.'],
  ['Q5_K_S', '5-bit K-quant, small: nearly Q5_K_M.'],
  ['Q4_K_M', '4-bit K-quant, medium: the sweet spot of size, speed and quality. If in doubt, this one.'],
  ['Q4_K_S', '4-bit K-quant, small: a little smaller and a little worse than Q4_K_M.'],
  ['Q3_K_L', '3-bit K-quant, large: noticeable loss, for when 4 bits do not fit.'],
  ['Q3_K_M', '3-bit K-quant, medium: noticeable loss, for when 4 bits do not fit.'],
  ['Q3_K_S', '3-bit K-quant, small: clear loss.'],
  ['Q2_K', '2-bit K-quant: large loss; a smaller model at 4 bits is mostly better.'],
  ['Q2_K_S', '2-bit K-quant, small: large loss; a smaller model at 4 bits is mostly better.'],
  ['IQ4_XS', '4-bit I-quant: as good as Q4_K_S and a tenth smaller than Q4_K_M. For tight GPU memory; slower on a CPU.'],
  ['IQ4_NL', '4-bit I-quant with uneven steps: about Q4_K_S, and quick on ARM and AVX CPUs.'],
  ['IQ3_M', '3-bit I-quant, medium: the best of 3 bits, for tight GPU memory; slower on a CPU.'],
  ['IQ3_S', '3-bit I-quant, small: better than Q3_K_S at its size; slower on a CPU.'],
  ['IQ3_XS', '3-bit I-quant, extra small: noticeable loss, for tight GPU memory.'],
  ['IQ3_XXS', '3-bit I-quant, the smallest: clear loss, for tight GPU memory.'],
  ['IQ2_M', '2-bit I-quant, medium: large loss, usable on large models.'],
  ['IQ2_S', '2-bit I-quant, small: large loss, for large models only.'],
  ['IQ2_XS', '2-bit I-quant, extra small: large loss, for large models only.'],
  ['IQ2_XXS', '2-bit I-quant, the smallest: large loss, for very large models only.'],
  ['IQ1_M', 'Under 2 bits: a last resort for very large models.'],
  ['IQ1_S', 'Under 2 bits, the smallest: a last resort for very large models.'],
  ['Q4_0', '4 bits, the oldest way: quick on every CPU, worse than Q4_K_M. Good where the model was trained for it (QAT).'],
  ['Q4_1', '4 bits with an offset: an old type, larger than Q4_K_M and no better.'],
  ['Q5_0', '5 bits, an old type: Q5_K_S is better.'],
  ['Q5_1', '5 bits with an offset: an old type; Q5_K_M is better and smaller.'],
  ['MXFP4_MOE', '4-bit floats for the experts: how gpt-oss is published, so nothing is lost there.'],
  ['NVFP4', '4-bit floats made for NVIDIA’s newest GPUs.'],
  ['TQ1_0', 'Weights of −1, 0, 1: only for models trained that way.'],
  ['TQ2_0', 'Weights of −1, 0, 1, quicker and larger than TQ1_0: only for models trained that way.'],
  ['Q1_0', 'One bit a weight: only for models trained that way.'],
  ['Q2_0', 'Two bits a weight: only for models trained that way.'],
]);

const schemeMeanings: Readonly<Record<QuantScheme, string>> = {
  float: 'Unquantised weights.',
  legacy: 'One type for all weights: an old, simple way.',
  'k-quant': 'K-quant: more bits for the weights that matter more. Runs well on CPUs and GPUs.',
  'i-quant': 'I-quant: more quality at its size than a K-quant, for tight GPU memory; slower on a CPU.',
  ternary: 'Weights of three values: only for models trained that way.',
  binary: 'Weights of two values: only for models trained that way.',
  'block-float': '4-bit floats that share a scale in small blocks.',
  repacked: 'Laid out for certain CPUs.',
};

/** What packagers mean by the sizes they added. */
const recipeMeanings: ReadonlyMap<string, string> = new Map([
  ['L', 'with embeddings and output at 8 bits'],
  ['XL', 'with more of its weights at higher bits'],
  ['XXL', 'with most of its weights at higher bits'],
  ['P', 'with important weights at higher bits'],
  ['MIXED', 'mixed with other types'],
]);
const dynamicPrefix = 'UD-';

/**
 * Says in one line what a quant is good for.
 * @param label as people write it: `Q4_K_M`, `UD-Q4_K_XL`, `IQ3_XXS`
 * @returns null for a label that is no quant
 */
export function quantMeaning(label: string): string | null {
  const isDynamic = label.toUpperCase().startsWith(dynamicPrefix);
  const type = quantTypeOf(isDynamic ? label.slice(dynamicPrefix.length) : label);
  if (!type) return null;
  if (type.onlyIn !== undefined) return `${schemeMeanings[type.scheme]} Only ${type.onlyIn} runs it.`;
  const base = baseType(type);
  const own = meanings.get(base.label === 'MXFP4' ? 'MXFP4_MOE' : mediumOf(base.label)) ?? schemeMeanings[base.scheme];
  const recipe = base.label === type.label ? undefined : recipeMeanings.get(type.label.slice(base.label.length + 1));
  const sizes = recipe === undefined ? own : `${base.label}, ${recipe}. ${own}`;
  return isDynamic ? `unsloth chose the type tensor by tensor. ${sizes}` : sizes;
}

/** The type that a packager's recipe builds on: `Q6_K` of `Q6_K_L`. */
function baseType(type: QuantType): QuantType {
  if (type.bitsPerWeight !== null) return type;
  const cut = type.label.lastIndexOf('_');
  return (cut > 0 && recipeMeanings.has(type.label.slice(cut + 1)) ? quantTypeOf(type.label.slice(0, cut)) : null) ?? type;
}

/** `Q4_K` alone is llama.cpp's other name of `Q4_K_M`. */
function mediumOf(label: string): string {
  return label === 'Q4_K' || label === 'Q5_K' || label === 'Q3_K' ? `${label}_M` : label;
}
