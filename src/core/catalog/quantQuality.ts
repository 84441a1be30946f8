import { quantTypeOf } from '../quant/quantTypes.ts';

/** How much a quant loses, from nothing to most of it. */
export const qualityWords = ['Original', 'As original', 'Near original', 'Slight loss', 'Some loss', 'Large loss', 'Severe loss'] as const;
export type QualityWord = (typeof qualityWords)[number];

/** Mean Kullback-Leibler divergence up to which a word holds. Between two words lies a gap in the published numbers. */
const limits: readonly (readonly [number, QualityWord])[] = [
  [0, 'Original'],
  [0.003, 'As original'],
  [0.0325, 'Near original'],
  [0.05, 'Slight loss'],
  [0.15, 'Some loss'],
  [1, 'Large loss'],
];

/**
 * Mean KL divergence of the next token's probabilities from the 16-bit model: Llama 3 8B on Wikitext-2, in "LLaMA 3 8b Scoreboard" of
 * llama.cpp's tools/perplexity/README.md (revision f364eb6f), checked 2026-11-21. Without an importance matrix where it was measured so
 * (most file names do not tell), otherwise with one. Smaller models lose more, larger ones less.
 */
const divergences: Readonly<Record<string, number>> = {
  F32: 0,
  BF16: 0,
  F16: 0,
  Q8_0: 0.0014,
  Q6_K: 0.0055,
  Q5_K_M: 0.0108,
  Q5_K_S: 0.0166,
  Q5_1: 0.018,
  Q5_0: 0.0222,
  Q4_K_M: 0.0313,
  IQ4_NL: 0.0357,
  IQ4_XS: 0.0363,
  Q4_K_S: 0.0431,
  Q4_1: 0.0717,
  Q4_0: 0.0719,
  Q3_K_L: 0.0872,
  Q3_K_M: 0.1019,
  IQ3_M: 0.1025,
  IQ3_S: 0.1113,
  IQ3_XS: 0.1387,
  IQ3_XXS: 0.1836,
  Q3_K_S: 0.2282,
  IQ2_M: 0.326,
  Q2_K_S: 0.4034,
  IQ2_S: 0.4392,
  Q2_K: 0.4451,
  IQ2_XS: 0.5463,
  IQ2_XXS: 0.812,
  IQ1_M: 1.3931,
  IQ1_S: 2.2546,
};

/** Types without a size of their own, and what their larger recipes are made of. */
const plainForms: Readonly<Record<string, string>> = { Q3_K: 'Q3_K_M', Q4_K: 'Q4_K_M', Q5_K: 'Q5_K_M', Q8_K: 'Q8_0' };

/**
 * What a type loses, by what was published for it.
 * @param label as in a name: `Q4_K_M`, `UD-Q4_K_XL`. A packager's larger recipe counts as the type it enlarges: it loses that at most
 * @returns mean KL divergence, 0 = none; null where nobody published it
 */
export function quantDivergence(label: string): number | null {
  const upper = label.toUpperCase().replace(/^UD-/, '');
  const known = divergences[quantTypeOf(upper)?.label ?? upper];
  if (known !== undefined) return known;
  const base = upper.replace(/_(L|XL|XXL)$/, '');
  return divergences[plainForms[base] ?? base] ?? null;
}

/**
 * What a type loses, in words.
 * @param label as in a name
 * @returns null where nobody published it
 */
export function quantQuality(label: string): QualityWord | null {
  const divergence = quantDivergence(label);
  if (divergence === null) return null;
  return limits.find(([limit]) => divergence <= limit)?.[1] ?? 'Severe loss';
}
