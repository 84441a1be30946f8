import { describe, expect, test } from 'vitest';
import { quantDivergence, quantQuality } from '#core/catalog/quantQuality.ts';

describe('what a quant loses', () => {
  test.for([
    ['BF16', 'Original'],
    ['Q8_0', 'As original'],
    ['Q6_K', 'Near original'],
    ['Q5_K_M', 'Near original'],
    ['Q4_K_M', 'Near original'],
    ['Q4_K_S', 'Slight loss'],
    ['IQ4_XS', 'Slight loss'],
    ['Q4_0', 'Some loss'],
    ['Q3_K_M', 'Some loss'],
    ['IQ3_XXS', 'Large loss'],
    ['Q2_K', 'Large loss'],
    ['UD-IQ2_XXS', 'Large loss'],
    ['IQ1_S', 'Severe loss'],
  ] as const)('is for %s: %s', ([label, word]) => {
    expect(quantQuality(label)).toBe(word);
  });

  test.for([
    ['UD-Q4_K_XL', 'Q4_K_M'],
    ['Q6_K_L', 'Q6_K'],
    ['Q3_K_XL', 'Q3_K_M'],
    ['Q2_K_L', 'Q2_K'],
    ['UD-Q8_K_XL', 'Q8_0'],
    ['q4_k_m', 'Q4_K_M'],
  ] as const)('is for %s at most that of %s, which it enlarges', ([label, base]) => {
    expect(quantDivergence(label)).toBe(quantDivergence(base));
    expect(quantDivergence(label)).not.toBeNull();
  });

  test.for(['MXFP4', 'TQ1_0', 'NVFP4', 'Q9_Z', ''])('is unknown for %j, which nobody measured', (label) => {
    expect(quantQuality(label)).toBeNull();
  });
});
