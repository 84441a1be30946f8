import { describe, expect, it } from 'vitest';
import { readName } from '#core/names/readName.ts';

describe('quants in names', () => {
  it.each([
    ['Model-7B-Q4_K_M-imatrix.gguf', { role: 'model', imatrix: true, quant: { type: 'Q4_K_M', imatrix: true } }],
    ['huihui-gpt-oss-20b-BF16-abliterated-MXFP4_MOE.gguf', { quant: { type: 'MXFP4_MOE', bits: 4 } }],
    ['amd.Instella-MoE-16B-A3B-Think.f16.gguf.Q8_0.gguf', { quant: { type: 'Q8_0' }, parameters: { total: 16e9, active: 3e9 } }],
    ['gemma-2-9b-it-Q6_K-f32.gguf', { quant: { type: 'Q6_K' } }],
    ['gemma-2-9b-it-Q4_K_M-fp16.gguf', { quant: { type: 'Q4_K_M' } }],
    ['Gemma-3-27B-Q4_k_m.gguf', { quant: { type: 'Q4_K_M', label: 'Q4_K_M', scheme: 'k-quant' } }],
    ['ggml-model-i2_s.gguf', { quant: { type: 'I2_S', bits: 2 }, runnable: false, family: null }],
    ['DeepSeek-V3-0324-IQ2_K_R4-00001-of-00005.gguf', { quant: { type: 'IQ2_K_R4' }, runnable: false, shard: { index: 1, total: 5 } }],
    ['L3-PLANET-16.5B-Q4_0_4_8.gguf', { quant: { type: 'Q4_0_4_8', scheme: 'repacked' }, runnable: false }],
    ['gpt-oss-20b.MXFP4.gguf', { quant: { type: 'MXFP4_MOE', label: 'MXFP4', scheme: 'block-float' } }],
    ['Qwen3.5-4B-UD-Q4_K_XL.gguf', { quant: { type: 'Q4_K_XL', label: 'UD-Q4_K_XL', dynamic: true, bitsPerWeight: null } }],
    ['Qwen3-8B.i1-IQ3_XXS.gguf', { quant: { type: 'IQ3_XXS', imatrix: true, bits: 3, bitsPerWeight: 3.2548 } }],
    ['Qwen3.5-35B-A3B-gguf-q2ks-mixed-AutoRound', { quant: { type: 'Q2_K_S' } }],
    ['Cerebrum-1.0-7b-Q4_KS.gguf', { quant: { type: 'Q4_K_S' } }],
    ['Qwen3.6-27B-Uncensored-Q8_K_P.gguf', { quant: { type: 'Q8_K_P', bits: 8 } }],
    ['Bonsai-27B-Q1_0.gguf', { quant: { type: 'Q1_0', scheme: 'binary' } }],
    ['GLM-4.7-Flash-UD-TQ1_0.gguf', { quant: { type: 'TQ1_0', scheme: 'ternary' } }],
    ['Qwen3-4B.gguf', { quant: null }],
  ])('%s', (name, expected) => {
    expect(readName(name)).toMatchObject(expected);
  });
});

describe('sizes in names', () => {
  it.each([
    ['olmoe-1b-7b-0924-instruct', { parameters: { total: 7e9, active: 1e9 }, date: '2024-09' }],
    ['Qwen2.5-7B-Instruct-1M', { parameters: { total: 7e9 }, contextTokens: 1e6 }],
    ['Qwythos-9B-Claude-Mythos-5-1M', { parameters: { total: 9e9 }, contextTokens: 1e6 }],
    ['Qwen3-235B-A22B-128K', { parameters: { total: 235e9, active: 22e9 }, contextTokens: 131_072 }],
    ['Qwen3-TTS-12Hz-1.7B-Base', { parameters: { total: 1.7e9 }, tunes: ['tts', 'base'] }],
    ['tinyllama-1.1b-1t-openorca', { parameters: { total: 1.1e9 } }],
    ['Ling-1T', { parameters: { total: 1e12 } }],
    ['Starter-1M-Instruct', { parameters: { total: 1e6 }, contextTokens: null }],
    ['SmolLM2-135M', { parameters: { total: 135e6 } }],
    ['gemma-3n-E2B-it-litert-lm', { parameters: { total: null, effective: 2e9 }, version: '3n', library: 'litert', runnable: false }],
    ['Mixtral-8x7B-Instruct-v0.1', { parameters: { total: 46.7e9, active: 12.9e9 }, experts: 8, version: '0.1' }],
    ['dolphin-2.5-mixtral-8x7b', { parameters: { total: 46.7e9 }, family: 'dolphin', version: '2.5' }],
    ['L3.1-Moe-2x8B-v0.2', { parameters: { total: null }, experts: 2, family: 'llama', version: '3.1' }],
    ['Llama-4-Scout-17B-16E', { parameters: { total: 109e9, active: 17e9 }, experts: 16 }],
    ['SmallThinker-4BA0.6B-Instruct', { parameters: { total: 4e9, active: 0.6e9 } }],
    ['granite-3.0-1b-a400m-instruct', { parameters: { total: 1e9, active: 400e6 } }],
    ['qwen2-1_5b-instruct', { parameters: { total: 1.5e9 }, version: '2' }],
    ['Hunyuan-A13B-Instruct', { parameters: { total: null, active: 13e9 } }],
    ['c4ai-command-r7b-12-2024', { parameters: { total: 7e9 }, family: 'command-r', date: '2024-12' }],
    ['wan2.1-i2v-14b-720p', { parameters: { total: 14e9 }, modalities: ['video'] }],
    ['Hy-MT1.5-1.8B-2bit', { parameters: { total: 1.8e9 }, family: 'hunyuan-mt' }],
  ])('%s', (name, expected) => {
    expect(readName(name)).toMatchObject(expected);
  });
});

describe('families and versions in names', () => {
  it.each([
    ['Meta-Llama-3.1-8B-Instruct-Q4_K_M', 'llama', '3.1'],
    ['FastLlama-3.2-1B-Instruct', 'llama', '3.2'],
    ['nvidia_Llama-3_3-Nemotron-Super-49B-v1', 'nemotron', '1'],
    ['OpenGVLab_InternVL3_5-8B', 'internvl', '3.5'],
    ['MiniCPM-o-2_6', 'minicpm', '2.6'],
    ['MiniCPM-Llama3-V-2_5', 'minicpm', '2.5'],
    ['GLM-4.5V', 'glm', '4.5'],
    ['DeepSeek-R1-0528-Qwen3-8B', 'deepseek', 'R1'],
    ['DeepSeek-Coder-V2-Lite-Instruct', 'deepseek', '2'],
    ['Kimi-K2.6', 'kimi', 'K2.6'],
    ['MiniMax-M2.7', 'minimax', 'M2.7'],
    ['Mistral-Small-3.2-24B-Instruct-2506', 'mistral', '3.2'],
    ['Codestral-22B-v0.1', 'codestral', '0.1'],
    ['Impish_QWEN_14B-1M', 'qwen', null],
    ['supergemma4-26b-uncensored', 'gemma', '4'],
    ['embeddinggemma-300m-qat-Q8_0.gguf', 'gemma', null],
    ['L3.1-8B-Niitama-v1.1-Q4_K_M', 'niitama', '1.1'],
    ['MN-12B-Lyra-v4-Q4_K_M', 'lyra', '4'],
    ['L3-DARKEST-PLANET-16.5B', 'llama', '3'],
    ['Mahou-1.3d-mistral-7B', 'mahou', '1.3d'],
    ['MythoMax-L2-13B', 'mythomax', null],
    ['Forgotten-Abomination-70B-v5.0', 'forgotten-abomination', '5.0'],
    ['Rocinante-XL-16B-v1a', 'rocinante', '1a'],
    ['Holo3-35B-A3B', 'holo', '3'],
    ['FINAL-Bench_Darwin-36B-Opus-Q5_K_L.gguf', 'darwin', null],
    ['soob3123_Veritas-12B-Q4_K_M.gguf', 'veritas', null],
    ['Azure_Dusk-v0.2-Q4_K_M-imat.gguf', 'azure-dusk', '0.2'],
    ['bge-reranker-v2-m3', 'bge', '2'],
    ['nomic-embed-text-v1.5', 'nomic', '1.5'],
    ['hello world', null, null],
    ['tokenizer.gguf', null, null],
    ['imatrix_unsloth.gguf', null, null],
  ])('%s is %s %s', (name, family, version) => {
    expect(readName(name)).toMatchObject({ family, version });
  });
});

describe('tunes, roles and methods in names', () => {
  it.each([
    ['bge-base-en-v1.5-q4_k_m.gguf', { tunes: ['embedding'] }],
    ['bge-reranker-v2-m3', { tunes: ['reranker'] }],
    ['Qwen3.5-27B-Claude-Opus-Reasoning-Distilled', { tunes: [], methods: ['distilled'] }],
    ['Ministral-3-8B-Reasoning-2512', { tunes: ['thinking'], date: '2025-12' }],
    ['Qwen3-VL-Embedding-8B', { tunes: ['vl', 'embedding'], modalities: ['text', 'vision'] }],
    ['Falcon-H1-Tiny-Tool-Calling-90M', { tunes: ['tool-calling'], version: 'H1' }],
    ['OmniCoder-9B-GGUF', { tunes: ['coder'], family: 'omnicoder' }],
    ['Llama-3.3-70B-Instruct-ablated', { tunes: ['instruct', 'abliterated'] }],
    ['Bonsai-27B-mmproj-Q8_0.gguf', { role: 'mmproj', runnable: false, tunes: [] }],
    ['mmproj-F16.gguf', { role: 'mmproj', quant: { type: 'F16' } }],
    ['Qwen3.5-2B.BF16-mmproj.gguf', { role: 'mmproj', quant: { type: 'BF16' } }],
    ['google_gemma-4-31B-it-imatrix.gguf', { role: 'imatrix', quant: null, runnable: false }],
    ['mtp-Qwen3.8-27B-Q4_0.gguf', { role: 'draft', tunes: ['draft'] }],
    ['Qwen3.6-27B-MTP-Q8_0.gguf', { role: 'model', methods: ['MTP'] }],
    ['alamios_Mistral-Small-3.1-DRAFT-0.5B-Q4_K_M.gguf', { role: 'draft', parameters: { total: 0.5e9 } }],
    ['my-style-lora-f16.gguf', { role: 'adapter', runnable: false }],
    ['mistral-7b-codealpaca-lora.Q4_K_M.gguf', { role: 'model' }],
    ['moondream2-20250414', { date: '2025-04-14', modalities: ['text', 'vision'] }],
    ['DeepSeek-V3-0324', { date: '03-24', tunes: [] }],
    ['Qwen/Qwen3-8B-AWQ', { library: 'awq', runnable: false }],
    ['mlx-community/Qwen3-4B-4bit', { library: 'mlx', runnable: false }],
    ['Qwen/Qwen3-8B', { library: null, runnable: null }],
    ['city96/FLUX.1-dev-gguf', { library: 'gguf', runnable: false, modalities: ['image'] }],
  ])('%s', (name, expected) => {
    expect(readName(name)).toMatchObject(expected);
  });

  it('say what a repo’s quants were made with, which no quant of the name would', () => {
    expect(readName('mradermacher/Qwen3-Coder-30B-A3B-Instruct-i1-GGUF')).toMatchObject({ imatrix: true, quant: null });
  });
});

describe('an importance matrix in its own format', () => {
  it.each([
    ['mradermacher/Qwen3-4B-i1-GGUF/Qwen3-4B.imatrix.dat', 'qwen'],
    ['unsloth/Qwen3-4B-GGUF/imatrix_unsloth.dat', 'qwen'],
    ['Qwen3-4B.imatrix.dat', 'qwen'],
    ['Qwen3-4B.imatrix', 'qwen'],
    ['imatrix_unsloth.dat', null],
    ['imatrix.dat', null],
  ])('%s is one and no model', (name, family) => {
    expect(readName(name)).toMatchObject({ role: 'imatrix', family });
    expect(readName(name).sentence).toMatch(/^Importance matrix(?: of Qwen3)?: /);
    expect(readName(name).runnable).not.toBe(true);
  });

  it.each(['imatrix', 'x.dat', 'publisher/imatrix-GGUF', '.imatrix'])('%s is none', (name) => {
    expect(readName(name).role).toBe('model');
  });
});
