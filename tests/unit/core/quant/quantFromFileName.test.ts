import { describe, expect, it } from 'vitest';
import { quantFromFileName } from '#core/quant/quantFromFileName.ts';
import { quantTypeOf } from '#core/quant/quantTypes.ts';

describe('a file name', () => {
  it.each([
    ['Starter-7M-Instruct-Q4_K_M.gguf', 'Starter-7M-Instruct', 'Q4_K_M'],
    ['Llama-3.2-3B-Instruct-UD-Q4_K_XL.gguf', 'Llama-3.2-3B-Instruct', 'UD-Q4_K_XL'],
    ['Qwen3-Coder-30B-A3B-Instruct.i1-Q4_K_M.gguf', 'Qwen3-Coder-30B-A3B-Instruct', 'Q4_K_M'],
    ['mistral-7b-instruct-v0.2.Q5_K_S.gguf', 'mistral-7b-instruct-v0.2', 'Q5_K_S'],
    ['ggml-model-q4_0.gguf', 'ggml-model', 'Q4_0'],
    ['phi-2_q4_k_m.gguf', 'phi-2', 'Q4_K_M'],
    ['gemma-3-4b-it-qat-q4_0.gguf', 'gemma-3-4b-it-qat', 'Q4_0'],
    ['Model-Q4_0_4_4.gguf', 'Model', 'Q4_0_4_4'],
    ['Model-IQ4_NL.gguf', 'Model', 'IQ4_NL'],
    ['Model-UD-IQ1_M.gguf', 'Model', 'UD-IQ1_M'],
    ['Model-TQ1_0.gguf', 'Model', 'TQ1_0'],
    ['gpt-oss-20b-MXFP4.gguf', 'gpt-oss-20b', 'MXFP4'],
    ['gpt-oss-120b-mxfp4_moe.gguf', 'gpt-oss-120b', 'MXFP4_MOE'],
    ['Qwen3-0.6B-BF16.gguf', 'Qwen3-0.6B', 'BF16'],
    ['model-fp16.gguf', 'model', 'F16'],
    ['Qwen3-4B-Q6_K_L.gguf', 'Qwen3-4B', 'Q6_K_L'],
    ['folder/sub/Name.Q8_0.GGUF', 'Name', 'Q8_0'],
    ['C:\\models\\Name-Q2_K.gguf', 'Name', 'Q2_K'],
    ['Name-Q4_K_M-imat.gguf', 'Name', 'Q4_K_M'],
  ])('%s is %s as %s', (name, baseName, label) => {
    expect(quantFromFileName(name)).toMatchObject({ baseName, label });
  });

  it('without a quant keeps its name and claims none', () => {
    expect(quantFromFileName('Phi-4-mini-instruct.gguf')).toMatchObject({ baseName: 'Phi-4-mini-instruct', label: null, type: null });
    expect(quantFromFileName('')).toMatchObject({ baseName: '', label: null });
  });

  it('tells shards apart and ignores impossible ones', () => {
    expect(quantFromFileName('DeepSeek-R1-UD-IQ1_S-00002-of-00003.gguf')).toMatchObject({
      baseName: 'DeepSeek-R1',
      label: 'UD-IQ1_S',
      shard: { index: 2, total: 3 },
    });
    expect(quantFromFileName('Model-Q4_K_M-00004-of-00003.gguf').shard).toBeNull();
    expect(quantFromFileName('Model-Q4_K_M.gguf').shard).toBeNull();
  });

  it('marks importance matrices, dynamic quants and files that are no models', () => {
    expect(quantFromFileName('M.i1-IQ2_XXS.gguf')).toMatchObject({ imatrix: true, dynamic: false, role: 'model' });
    expect(quantFromFileName('M-UD-Q2_K_XL.gguf')).toMatchObject({ imatrix: false, dynamic: true });
    expect(quantFromFileName('mmproj-F16.gguf')).toMatchObject({ role: 'mmproj', label: 'F16' });
    expect(quantFromFileName('Qwen3-VL-8B.imatrix.gguf').role).toBe('imatrix');
  });
});

describe('a quant label', () => {
  it('is known with scheme and bits per weight', () => {
    expect(quantTypeOf('q4_k_m')).toEqual({ label: 'Q4_K_M', scheme: 'k-quant', bits: 4, bitsPerWeight: 4.8944 });
    expect(quantTypeOf('IQ3_XXS')).toMatchObject({ scheme: 'i-quant', bitsPerWeight: 3.2548 });
  });

  it('with a packager’s size has no bits per weight of its own', () => {
    expect(quantTypeOf('Q4_K_XL')).toEqual({ label: 'Q4_K_XL', scheme: 'k-quant', bits: 4, bitsPerWeight: null });
  });

  it.each(['Q9_0', 'K_M', 'Q4', 'F16_XL', 'INSTRUCT', ''])('%j is none', (label) => {
    expect(quantTypeOf(label)).toBeNull();
  });
});
