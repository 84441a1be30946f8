import { describe, expect, it } from 'vitest';
import { compareWithHeader, type HeaderClaims } from '#core/names/compareWithHeader.ts';
import { readName } from '#core/names/readName.ts';

const facts: HeaderClaims = {
  architecture: 'qwen3',
  role: 'model',
  quant: 'Q4_K_M',
  parameters: 4.02e9,
  contextTokens: 262_144,
  shard: null,
  bitsPerWeight: 4.91,
};
const name = 'unsloth/Qwen3-4B-Instruct-2507-GGUF/Qwen3-4B-Instruct-2507-Q4_K_M.gguf';
const fieldsOf = (input: string, claims: Partial<HeaderClaims>): readonly string[] =>
  compareWithHeader(readName(input), { ...facts, ...claims }).mismatches.map(({ field }) => field);

describe('a name that its header bears out', () => {
  it('gets the exact numbers', () => {
    const { corrected, mismatches } = compareWithHeader(readName(name), facts);
    expect(mismatches).toEqual([]);
    expect(corrected).toMatchObject({
      parameters: { total: 4.02e9 },
      contextTokens: 262_144,
      quant: { label: 'Q4_K_M', bitsPerWeight: 4.91 },
    });
    expect(corrected.sentence).toContain('4.02 billion parameters');
    expect(corrected.segments.find(({ text }) => text === '4B')?.meaning).toBe('4.02B parameters');
  });

  it.each([
    ['Qwen3-30B-A3B-Q4_K_M.gguf', { architecture: 'qwen3moe', parameters: 30.5e9 }],
    ['Qwen3-0.6B-Q4_K_M.gguf', { parameters: 0.75e9 }],
    ['gemma-2-2b-it-Q4_K_M.gguf', { architecture: 'gemma2', parameters: 2.61e9 }],
    ['gemma-3n-E4B-it-Q4_K_M.gguf', { architecture: 'gemma3n', parameters: 6.87e9 }],
    ['gpt-oss-20b-mxfp4.gguf', { architecture: 'gpt-oss', parameters: 20.9e9, quant: 'MXFP4_MOE' }],
    ['Qwen3-4B-Q6_K_L.gguf', { quant: 'Q6_K' }],
    ['Qwen3-4B-UD-Q4_K_XL.gguf', { quant: 'Q4_K_M' }],
    ['Qwen3-4B-UD-IQ2_M.gguf', { quant: 'IQ1_M' }],
    ['Qwen3-4B-Q4_K.gguf', { quant: 'Q4_K_M' }],
    ['DeepSeek-R1-0528-Qwen3-8B-Q4_K_M.gguf', { parameters: 8.19e9 }],
    ['Some-Finetune-7B-Q4_K_M.gguf', { architecture: 'llama', parameters: 7.24e9 }],
    ['Qwen3-4B-Q4_K_M-00001-of-00002.gguf', { parameters: null, shard: { index: 1, total: 2 } }],
    ['mmproj-F16.gguf', { role: 'mmproj', architecture: 'clip', quant: 'F16', parameters: 0.4e9 }],
  ] as const)('%s agrees', (input, claims) => {
    expect(fieldsOf(input, claims)).toEqual([]);
  });
});

describe('a name that its header contradicts', () => {
  it.each([
    ['Qwen3-4B-Q4_K_M.gguf', { parameters: 1.7e9 }, ['parameters']],
    ['Qwen3-4B-Q8_0.gguf', {}, ['quant']],
    ['Qwen3-4B-UD-Q8_K_XL.gguf', { quant: 'Q2_K' }, ['quant']],
    ['Qwen3-4B-Q4_K_M.gguf', { architecture: 'llama' }, ['family']],
    ['Qwen3-4B-Q4_K_M.gguf', { role: 'mmproj' }, ['role']],
    ['mmproj-Q4_K_M.gguf', {}, ['role']],
    ['Qwen3-4B-Q4_K_M-00001-of-00002.gguf', { parameters: null, shard: { index: 2, total: 2 } }, ['shard']],
  ] as const)('%s is told apart', (input, claims, fields) => {
    expect(fieldsOf(input, claims)).toEqual(fields);
  });

  it('is corrected and says both', () => {
    const { corrected, mismatches } = compareWithHeader(readName('Qwen3-4B-Q8_0.gguf'), { ...facts, parameters: 1.72e9 });
    expect(mismatches.map(({ sentence }) => sentence)).toEqual([
      'The name says 4B parameters, the file holds 1.72B.',
      'The name says Q8_0, the file is stored as Q4_K_M.',
    ]);
    expect(corrected).toMatchObject({ quant: { type: 'Q4_K_M', label: 'Q4_K_M', bits: 4 }, parameters: { total: 1.72e9 } });
    expect(corrected.sentence).toContain('stored as Q4_K_M (4.9 bits a weight)');
  });

  it('stays as it is where the header does not say', () => {
    const silent: HeaderClaims = {
      architecture: null,
      role: 'model',
      quant: null,
      parameters: null,
      contextTokens: null,
      shard: null,
      bitsPerWeight: null,
    };
    expect(compareWithHeader(readName(name), silent)).toEqual({ corrected: readName(name), mismatches: [] });
  });
});
