import { describe, expect, it } from 'vitest';
import { checkFitInput } from '#core/fit/checkFitInput.ts';
import type { FitHyperparameter, FitOptions, FitShape } from '#core/fit/fitTypes.ts';

const shape: FitShape = {
  architecture: 'llama',
  hyperparameters: {
    block_count: 2,
    embedding_length: 64,
    context_length: 4096,
    'attention.head_count': 4,
    'attention.head_count_kv': 2,
    feed_forward_length: 128,
  },
  vocabularySize: 100,
  tensors: [{ name: 'token_embd.weight', type: 'F16', shape: [64, 100], bytes: 12_800, layers: null }],
};
const options: FitOptions = {
  contextTokens: 4096,
  kvType: 'f16',
  flashAttention: true,
  batchTokens: null,
  gpuLayers: null,
  expertsInRamLayers: 0,
  sequences: 1,
};
const changed = (values: Readonly<Record<string, FitHyperparameter | undefined>>): FitShape => {
  const merged = Object.entries({ ...shape.hyperparameters, ...values }).filter(([, value]) => value !== undefined);
  return { ...shape, hyperparameters: Object.fromEntries(merged) as FitShape['hyperparameters'] };
};

describe('what is refused of a header', () => {
  it.each([
    ['no layers named', changed({ block_count: undefined }), 'The header lacks "block_count".'],
    ['no layers', changed({ block_count: 0 }), '"block_count" is 0; it must be a whole number from 1 to 512.'],
    ['absurdly many layers', changed({ block_count: 4e9 }), '"block_count" is 4000000000; it must be a whole number from 1 to 512.'],
    ['half a layer', changed({ block_count: 1.5 }), '"block_count" is 1.5; it must be a whole number from 1 to 512.'],
    ['no width', changed({ embedding_length: undefined }), 'The header lacks "embedding_length".'],
    ['no heads named', changed({ 'attention.head_count': undefined }), 'The header lacks "attention.head_count".'],
    ['no heads', changed({ 'attention.head_count': 0 }), '"attention.head_count" is 0; it must be a whole number from 1 to 1048576.'],
    [
      'negative heads',
      changed({ 'attention.head_count': -4 }),
      '"attention.head_count" is -4; it must be a whole number from 1 to 1048576.',
    ],
    [
      'more heads than values',
      changed({ 'attention.head_count': 65 }),
      '"attention.head_count" is 65, more heads than the 64 values of a token can be divided among.',
    ],
    [
      'a key of no length',
      changed({ 'attention.key_length': 0 }),
      '"attention.key_length" is 0; it must be a whole number from 1 to 1048576.',
    ],
    ['a list for too few layers', changed({ 'attention.head_count_kv': [2] }), '"attention.head_count_kv" lists 1 values for 2 layers.'],
    ['a list for too many layers', changed({ feed_forward_length: [1, 2, 3] }), '"feed_forward_length" lists 3 values for 2 layers.'],
    [
      'a training context of nothing',
      changed({ context_length: 0 }),
      '"context_length" is 0; it must be a whole number from 1 to 2147483648.',
    ],
    ['more experts used than there are', changed({ expert_count: 4, expert_used_count: 8 }), '"expert_used_count" is 8 of 4 experts.'],
    ['experts of which none is used', changed({ expert_count: 4 }), '"expert_used_count" is missing of 4 experts.'],
    ['no architecture', { ...shape, architecture: '' }, 'The header names no architecture, so its layers cannot be read.'],
    ['no tensors', { ...shape, tensors: [] }, 'The header lists no tensors; a file without weights is no model.'],
  ])('%s', (_, bad, reason) => {
    expect(checkFitInput(bad, options)).toEqual({ ok: false, code: 'fit-shape-unusable', reason });
  });

  it('nothing of a sound one', () => {
    expect(checkFitInput(shape)).toEqual({ ok: true });
    expect(checkFitInput(shape, options)).toEqual({ ok: true });
  });
});

describe('what is refused of the wishes', () => {
  it.each([
    ['no context', { contextTokens: 0 }, 'A context of 0 tokens is not possible; it must be a whole number above 0.'],
    ['a negative context', { contextTokens: -5 }, 'A context of -5 tokens is not possible; it must be a whole number above 0.'],
    [
      'a context that is no number',
      { contextTokens: Number.NaN },
      'A context of NaN tokens is not possible; it must be a whole number above 0.',
    ],
    [
      'a context beyond training',
      { contextTokens: 4097 },
      'A context of 4097 tokens is more than the 4096 that the model was trained for.',
    ],
    ['no batch', { batchTokens: 0 }, 'A batch of 0 tokens is not possible.'],
    ['negative layers', { gpuLayers: -1 }, '-1 layers on the GPU are not possible.'],
    ['no sequence', { sequences: 0 }, '0 sequences are not possible; 1 to 256 are.'],
    ['half a layer of experts', { expertsInRamLayers: 0.5 }, '0.5 layers with experts in RAM are not possible.'],
    [
      'a cache of a type that nobody knows',
      { kvType: 'q3_0' as 'q4_0' },
      'A cache of type q3_0 is not known; there are f32, f16, bf16, q8_0, q5_1, q5_0, q4_1, q4_0, iq4_nl.',
    ],
    ['a quantised cache without flash attention', { kvType: 'q8_0', flashAttention: false }, 'A cache of type q8_0 needs flash attention.'],
  ] as const)('%s', (_, wish, reason) => {
    expect(checkFitInput(shape, { ...options, ...wish })).toEqual({ ok: false, code: 'fit-options-invalid', reason });
  });

  it('a quantised cache whose blocks do not divide the heads: the engine refuses it (llama_init_from_model)', () => {
    const check = checkFitInput(shape, { ...options, kvType: 'q8_0' });
    expect(check).toEqual({
      ok: false,
      code: 'fit-options-invalid',
      reason: "A cache of type q8_0 is made of blocks of 32 values, which do not divide this model's heads of 16.",
    });
    const wide = changed({ 'attention.key_length': 64, 'attention.value_length': 64 });
    expect(checkFitInput(wide, { ...options, kvType: 'q8_0' })).toEqual({ ok: true });
  });
});
