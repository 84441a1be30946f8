import { forkQuantTypes } from './forkQuantTypes.ts';

export type QuantScheme = 'float' | 'legacy' | 'k-quant' | 'i-quant' | 'ternary' | 'binary' | 'block-float' | 'repacked';

export interface QuantType {
  readonly label: string;
  readonly scheme: QuantScheme;
  /** Nominal bits of the main type. */
  readonly bits: number;
  /** Of a whole 8B model, embeddings and norms included; null where nobody has published one. */
  readonly bitsPerWeight: number | null;
  /** The one program that runs it where llama.cpp does not; absent for everything llama.cpp runs. */
  readonly onlyIn?: string;
}

/** Bits per weight of Llama 3.1 8B: tools/quantize/README.md of llama.cpp, checked 2026-11-21. Single-type quants: their block sizes. */
const quantTypes: readonly QuantType[] = [
  { label: 'F32', scheme: 'float', bits: 32, bitsPerWeight: 32 },
  { label: 'F16', scheme: 'float', bits: 16, bitsPerWeight: 16.0005 },
  { label: 'BF16', scheme: 'float', bits: 16, bitsPerWeight: 16.0005 },
  { label: 'Q8_0', scheme: 'legacy', bits: 8, bitsPerWeight: 8.5008 },
  { label: 'Q8_1', scheme: 'legacy', bits: 8, bitsPerWeight: 9 },
  { label: 'Q5_0', scheme: 'legacy', bits: 5, bitsPerWeight: 5.5 },
  { label: 'Q5_1', scheme: 'legacy', bits: 5, bitsPerWeight: 6 },
  { label: 'Q4_0', scheme: 'legacy', bits: 4, bitsPerWeight: 4.5 },
  { label: 'Q4_1', scheme: 'legacy', bits: 4, bitsPerWeight: 5 },
  { label: 'Q8_K', scheme: 'k-quant', bits: 8, bitsPerWeight: null },
  { label: 'Q6_K', scheme: 'k-quant', bits: 6, bitsPerWeight: 6.5633 },
  { label: 'Q5_K', scheme: 'k-quant', bits: 5, bitsPerWeight: 5.7036 },
  { label: 'Q5_K_M', scheme: 'k-quant', bits: 5, bitsPerWeight: 5.7036 },
  { label: 'Q5_K_S', scheme: 'k-quant', bits: 5, bitsPerWeight: 5.5704 },
  { label: 'Q4_K', scheme: 'k-quant', bits: 4, bitsPerWeight: 4.8944 },
  { label: 'Q4_K_M', scheme: 'k-quant', bits: 4, bitsPerWeight: 4.8944 },
  { label: 'Q4_K_S', scheme: 'k-quant', bits: 4, bitsPerWeight: 4.6672 },
  { label: 'Q3_K', scheme: 'k-quant', bits: 3, bitsPerWeight: 3.996 },
  { label: 'Q3_K_L', scheme: 'k-quant', bits: 3, bitsPerWeight: 4.2979 },
  { label: 'Q3_K_M', scheme: 'k-quant', bits: 3, bitsPerWeight: 3.996 },
  { label: 'Q3_K_S', scheme: 'k-quant', bits: 3, bitsPerWeight: 3.6429 },
  { label: 'Q2_K', scheme: 'k-quant', bits: 2, bitsPerWeight: 3.1593 },
  { label: 'Q2_K_S', scheme: 'k-quant', bits: 2, bitsPerWeight: 2.9697 },
  { label: 'IQ4_NL', scheme: 'i-quant', bits: 4, bitsPerWeight: 4.6818 },
  { label: 'IQ4_XS', scheme: 'i-quant', bits: 4, bitsPerWeight: 4.4597 },
  { label: 'IQ3_M', scheme: 'i-quant', bits: 3, bitsPerWeight: 3.7628 },
  { label: 'IQ3_S', scheme: 'i-quant', bits: 3, bitsPerWeight: 3.6606 },
  { label: 'IQ3_XS', scheme: 'i-quant', bits: 3, bitsPerWeight: 3.4977 },
  { label: 'IQ3_XXS', scheme: 'i-quant', bits: 3, bitsPerWeight: 3.2548 },
  { label: 'IQ2_M', scheme: 'i-quant', bits: 2, bitsPerWeight: 2.9294 },
  { label: 'IQ2_S', scheme: 'i-quant', bits: 2, bitsPerWeight: 2.7403 },
  { label: 'IQ2_XS', scheme: 'i-quant', bits: 2, bitsPerWeight: 2.5882 },
  { label: 'IQ2_XXS', scheme: 'i-quant', bits: 2, bitsPerWeight: 2.3824 },
  { label: 'IQ1_M', scheme: 'i-quant', bits: 1, bitsPerWeight: 2.146 },
  { label: 'IQ1_S', scheme: 'i-quant', bits: 1, bitsPerWeight: 2.0042 },
  { label: 'TQ2_0', scheme: 'ternary', bits: 2, bitsPerWeight: 2.0625 },
  { label: 'TQ1_0', scheme: 'ternary', bits: 1, bitsPerWeight: 1.6875 },
  { label: 'Q2_0', scheme: 'legacy', bits: 2, bitsPerWeight: 2.25 },
  { label: 'Q1_0', scheme: 'binary', bits: 1, bitsPerWeight: 1.125 },
  { label: 'MXFP4', scheme: 'block-float', bits: 4, bitsPerWeight: 4.25 },
  { label: 'MXFP4_MOE', scheme: 'block-float', bits: 4, bitsPerWeight: 4.25 },
  { label: 'NVFP4', scheme: 'block-float', bits: 4, bitsPerWeight: 4.5 },
  ...forkQuantTypes,
];

const byLabel: ReadonlyMap<string, QuantType> = new Map(quantTypes.map((type) => [type.label, type]));

/** Without underscores, as in `q2ks` and `Q4_KS`; only where that leaves no doubt. */
const byCompactLabel: ReadonlyMap<string, QuantType> = new Map(
  quantTypes.filter(({ scheme }) => scheme === 'k-quant' || scheme === 'i-quant').map((type) => [compact(type.label), type]),
);

/** Other spellings in file names. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['FP32', 'F32'],
  ['FP16', 'F16'],
  ['BFLOAT16', 'BF16'],
]);

/** Names that llama.cpp itself takes as another's: its `quantize` program and its only file type for MXFP4. */
const canonicalLabels: ReadonlyMap<string, string> = new Map([['MXFP4', 'MXFP4_MOE']]);

/** Recipes of packagers: some tensors kept at a larger type, so bits per weight differ by model. */
const recipeSizes: ReadonlySet<string> = new Set(['L', 'XL', 'XXL', 'P', 'MIXED']);

/** What stands before the first underscore of any spelling: cheap to look up, so that most words of a name cost no more than that. */
const firstParts: ReadonlySet<string> = new Set(
  [...byLabel.keys(), ...aliases.keys()].flatMap((label) => {
    const parts = label.split('_');
    return parts.map((_, index) => parts.slice(0, index + 1).join(''));
  }),
);

/** Whether a quant label may begin with this word. */
export function beginsQuantLabel(word: string): boolean {
  return firstParts.has(word.toUpperCase());
}

/**
 * Looks a quant label up.
 * @param label such as `Q4_K_M` or `q4_K_xl`, without `UD-` or `i1-`
 * @returns its type, or null for a word that is no quant; recipes (`Q4_K_XL`) have unknown bits per weight
 */
export function quantTypeOf(label: string): QuantType | null {
  const upper = label.toUpperCase();
  const known = byLabel.get(aliases.get(upper) ?? upper) ?? byCompactLabel.get(compact(upper));
  if (known) return known;
  const cut = upper.lastIndexOf('_');
  const base = cut > 0 && recipeSizes.has(upper.slice(cut + 1)) ? byLabel.get(upper.slice(0, cut)) : undefined;
  return base && base.scheme !== 'float' && base.scheme !== 'repacked' ? { ...base, label: upper, bitsPerWeight: null } : null;
}

/**
 * The name llama.cpp's own file type has for a quant.
 * @param type as a name states it
 * @returns such as `MXFP4_MOE` for `MXFP4`; the label itself for nearly all
 */
export function canonicalQuantLabel(type: QuantType): string {
  return canonicalLabels.get(type.label) ?? type.label;
}

function compact(label: string): string {
  return label.replaceAll('_', '');
}
