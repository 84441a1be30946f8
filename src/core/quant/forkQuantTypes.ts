import type { QuantType } from './quantTypes.ts';

const ikLlama = 'ik_llama.cpp';

/** `IQ2_K` and its kin: bits per weight as that fork's loader prints them (src/llama.cpp of ik_llama.cpp, checked 2026-11-21). */
const ikTypes: readonly (readonly [label: string, bits: number, bitsPerWeight: number])[] = [
  ['IQ1_KT', 1, 1.75],
  ['IQ2_KS', 2, 2.1875],
  ['IQ2_KT', 2, 2.125],
  ['IQ2_K', 2, 2.375],
  ['IQ2_KL', 2, 2.6875],
  ['IQ3_KT', 3, 3.125],
  ['IQ3_KS', 3, 3.1875],
  ['IQ3_K', 3, 3.4375],
  ['IQ3_KL', 3, 4],
  ['IQ4_KT', 4, 4],
  ['IQ4_KSS', 4, 4],
  ['IQ4_KS', 4, 4.25],
  ['IQ4_K', 4, 4.5],
  ['IQ5_KS', 5, 5.25],
  ['IQ5_K', 5, 5.5],
  ['IQ6_K', 6, 6.625],
];

/** Rows interleaved for the CPU: `_R4`, `_R8`. The bits of the type they were made of. */
const interleaved: readonly (readonly [label: string, bits: number, bitsPerWeight: number])[] = [
  ['Q4_0_R8', 4, 4.5],
  ['Q5_0_R4', 5, 5.5],
  ['Q6_0_R4', 6, 6.5],
  ['Q8_0_R8', 8, 8.5],
  ['Q2_K_R4', 2, 2.625],
  ['Q3_K_R4', 3, 3.4375],
  ['Q4_K_R4', 4, 4.5],
  ['Q5_K_R4', 5, 5.5],
  ['Q6_K_R4', 6, 6.5625],
  ['Q8_K_R8', 8, 8.0625],
  ['IQ1_S_R4', 1, 1.5],
  ['IQ1_M_R4', 1, 1.75],
  ['IQ2_XXS_R4', 2, 2.0625],
  ['IQ2_XS_R4', 2, 2.3125],
  ['IQ2_S_R4', 2, 2.5625],
  ['IQ2_M_R4', 2, 2.7],
  ['IQ2_K_R4', 2, 2.375],
  ['IQ3_XXS_R4', 3, 3.0625],
  ['IQ3_S_R4', 3, 3.4375],
  ['IQ3_K_R4', 3, 3.4375],
  ['IQ4_NL_R4', 4, 4.5],
  ['IQ4_XS_R8', 4, 4.25],
  ['IQ4_KS_R4', 4, 4.25],
  ['IQ4_K_R4', 4, 4.5],
  ['IQ5_KS_R4', 5, 5.25],
  ['IQ5_K_R4', 5, 5.5],
];

/** llama.cpp dropped these files in December 2024: it now repacks Q4_0 and IQ4_NL while loading. */
const oldRepacks: readonly string[] = ['Q4_0_4_4', 'Q4_0_4_8', 'Q4_0_8_8', 'IQ4_NL_4_4', 'IQ4_NL_4_8', 'IQ4_NL_8_8'];
const beforeRemoval = 'llama.cpp before December 2024';

/** Quants that the bundled engine cannot run: made for forks, or for a llama.cpp of the past. */
export const forkQuantTypes: readonly QuantType[] = [
  ...ikTypes.map(([label, bits, bitsPerWeight]): QuantType => ({ label, scheme: 'i-quant', bits, bitsPerWeight, onlyIn: ikLlama })),
  ...interleaved.map(([label, bits, bitsPerWeight]): QuantType => ({ label, scheme: 'repacked', bits, bitsPerWeight, onlyIn: ikLlama })),
  ...oldRepacks.map((label): QuantType => ({ label, scheme: 'repacked', bits: 4, bitsPerWeight: 4.5, onlyIn: beforeRemoval })),
  { label: 'Q6_0', scheme: 'legacy', bits: 6, bitsPerWeight: 6.5, onlyIn: ikLlama },
  { label: 'Q8_KV', scheme: 'legacy', bits: 8, bitsPerWeight: 8, onlyIn: ikLlama },
  { label: 'IQ1_BN', scheme: 'ternary', bits: 1, bitsPerWeight: 1.625, onlyIn: ikLlama },
  { label: 'IQ2_BN', scheme: 'ternary', bits: 2, bitsPerWeight: 2, onlyIn: ikLlama },
  { label: 'I2_S', scheme: 'ternary', bits: 2, bitsPerWeight: 2, onlyIn: 'bitnet.cpp' },
  { label: 'TL1', scheme: 'ternary', bits: 2, bitsPerWeight: 2, onlyIn: 'bitnet.cpp' },
  { label: 'TL2', scheme: 'ternary', bits: 2, bitsPerWeight: 1.67, onlyIn: 'bitnet.cpp' },
  { label: 'TQ3_4S', scheme: 'ternary', bits: 3, bitsPerWeight: null, onlyIn: 'a fork of llama.cpp' },
  { label: 'PQ2_0', scheme: 'ternary', bits: 2, bitsPerWeight: null, onlyIn: 'a fork of llama.cpp' },
];
