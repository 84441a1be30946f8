import { describe, expect, it } from 'vitest';
import { quantMeaning } from '#core/quant/quantMeanings.ts';
import { quantTypeOf } from '#core/quant/quantTypes.ts';

describe('what a quant is good for', () => {
  it.each([
    ['Q8_0', /near-lossless/],
    ['Q4_K_M', /sweet spot/],
    ['q4_k_m', /sweet spot/],
    ['Q4_K', /sweet spot/],
    ['Q3_K_S', /small/],
    ['IQ3_XXS', /tight GPU memory/],
    ['MXFP4', /gpt-oss/],
    ['UD-Q4_K_XL', /^unsloth chose the type tensor by tensor\. Q4_K, with more/],
    ['Q6_K_L', /^Q6_K, with embeddings and output at 8 bits/],
    ['IQ2_K_R4', /Only ik_llama\.cpp runs it/],
    ['I2_S', /Only bitnet\.cpp runs it/],
    ['Q4_0_4_4', /Only llama\.cpp before December 2024 runs it/],
  ])('%s', (label, meaning) => {
    expect(quantMeaning(label)).toMatch(meaning);
  });

  it.each(['', 'Q9_K', 'Instruct', 'UD-', 'constructor'])('is not said of %j', (label) => {
    expect(quantMeaning(label)).toBeNull();
  });

  it('is said in one line of every type that llama.cpp runs', () => {
    const labels = [
      'F32',
      'F16',
      'BF16',
      'Q4_0',
      'Q4_1',
      'Q5_0',
      'Q5_1',
      'Q8_0',
      'Q2_K',
      'Q2_K_S',
      'Q6_K',
      'Q8_K',
      'TQ1_0',
      'TQ2_0',
      'MXFP4_MOE',
      'NVFP4',
      'Q1_0',
    ];
    const ranges = [
      'Q3_K_S',
      'Q3_K_M',
      'Q3_K_L',
      'Q4_K_S',
      'Q5_K_S',
      'Q5_K_M',
      'IQ1_S',
      'IQ1_M',
      'IQ2_XXS',
      'IQ2_XS',
      'IQ2_S',
      'IQ2_M',
      'IQ3_XS',
      'IQ3_S',
      'IQ3_M',
      'IQ4_XS',
      'IQ4_NL',
    ];
    for (const label of [...labels, ...ranges]) {
      expect(quantMeaning(label), label).toMatch(/^[^\n]{20,140}$/);
      expect(quantTypeOf(label)?.onlyIn, label).toBeUndefined();
    }
  });
});

describe('a quant label written otherwise', () => {
  it.each([
    ['q2ks', 'Q2_K_S'],
    ['Q4_KS', 'Q4_K_S'],
    ['q4km', 'Q4_K_M'],
    ['iq2xxs', 'IQ2_XXS'],
    ['fp16', 'F16'],
    ['iq2_k_r4', 'IQ2_K_R4'],
    ['i2_s', 'I2_S'],
  ])('%s is %s', (label, type) => {
    expect(quantTypeOf(label)?.label).toBe(type);
  });
});
