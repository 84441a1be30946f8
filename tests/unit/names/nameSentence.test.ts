import { describe, expect, it } from 'vitest';
import { readName } from '#core/names/readName.ts';

const glosses = (name: string): string =>
  readName(name)
    .segments.map(({ text, meaning }) => `${text}: ${meaning ?? '–'}`)
    .join(', ');

describe('a name read aloud', () => {
  it.each([
    [
      'unsloth/GLM-4.7-Flash-REAP-23B-A3B-GGUF',
      'GLM 4.7 Flash, expert-pruned (REAP) to 23 billion parameters of which 3 billion are active per token (mixture of experts), packaged by unsloth as GGUF for llama.cpp.',
    ],
    [
      'mradermacher/Qwen3-Coder-30B-A3B-Instruct-i1-GGUF',
      'Qwen3, with 30 billion parameters of which 3 billion are active per token (mixture of experts), instruction-tuned, made for writing code, packaged by mradermacher as GGUF for llama.cpp in importance-matrix quants.',
    ],
    [
      'Qwen/Qwen3-VL-8B-Instruct-GGUF',
      'Qwen3, with 8 billion parameters, instruction-tuned, reading images as well as text, published by Qwen itself as GGUF for llama.cpp.',
    ],
    [
      'google/gemma-3n-E2B-it-litert-lm',
      'Gemma 3n, with effectively 2 billion parameters, instruction-tuned, published by google itself for LiteRT (phones and small devices), not for the engine of Rightsize.',
    ],
    ['llama3.2:3b', 'Llama 3.2, with 3 billion parameters, from the library of Ollama.'],
    [
      'unsloth/Qwen3-4B-Instruct-2507-GGUF:Q4_K_M',
      'Qwen3, with 4 billion parameters, instruction-tuned, from July 2025, stored as Q4_K_M (4.9 bits a weight), packaged by unsloth as GGUF for llama.cpp.',
    ],
    ['Mixtral-8x7B', 'Mixtral, with 46.7 billion parameters of which 12.9 billion are active per token (mixture of 8 experts).'],
    [
      'TeichAI/Qwen3-14B-Claude-4.5-Opus-Distill-GGUF',
      'Qwen3, with 14 billion parameters, distilled from Claude 4.5 Opus, published by TeichAI as GGUF for llama.cpp.',
    ],
    [
      'x/Qwen3.6-35B-A3B-Claude-4.7-Opus-abliterated-heretic-GGUF/qwen3.6-35b-a3b-claude-4.7-opus-abliterated-heretic-q8_0.gguf',
      'Qwen3.6, with 35 billion parameters of which 3 billion are active per token (mixture of experts), with its refusals removed (abliterated), trained on answers of Claude 4.7 Opus, stored as Q8_0 (8.5 bits a weight), published by x as GGUF for llama.cpp.',
    ],
    [
      'x/Qwen3.5-9B-GLM5.1-Distill-v1-GGUF',
      'Qwen3.5, with 9 billion parameters, distilled from GLM5.1, published by x as GGUF for llama.cpp.',
    ],
    [
      'x/Qwen3-8B-DeepSeek-V3.2-Distill-GGUF',
      'Qwen3, with 8 billion parameters, distilled from DeepSeek V3.2, published by x as GGUF for llama.cpp.',
    ],
    [
      'deepseek-ai/DeepSeek-R1-Distill-Qwen-7B',
      'DeepSeek R1, with 7 billion parameters, thinking before it answers, distilled from a larger model, published by deepseek-ai itself.',
    ],
    [
      'OuteAI/Llama-OuteTTS-1.0-1B-GGUF',
      'OuteTTS 1.0, with 1 billion parameters, turning text into speech, published by OuteAI itself as GGUF for llama.cpp.',
    ],
    [
      'mudler/vibevoice.cpp-models/voice-en-Carter_man.gguf',
      'VibeVoice, packaged by mudler as GGUF for llama.cpp, which the engine of Rightsize cannot run.',
    ],
    [
      'allura-quants/allura-org_Q3-8B-Kintsugi-GGUF',
      'Qwen3 Kintsugi, with 8 billion parameters, packaged by allura-quants as GGUF for llama.cpp.',
    ],
    [
      'Q3-8B-Kintsugi-Q4_K_M.gguf',
      'Qwen3 Kintsugi, with 8 billion parameters, stored as Q4_K_M (4.9 bits a weight), as GGUF for llama.cpp.',
    ],
    ['Gemma_Q4-2B.gguf', 'Gemma, with 2 billion parameters, as GGUF for llama.cpp.'],
    ['Qwen3-8B-UD-IQ1_M.gguf', 'Qwen3, with 8 billion parameters, stored as UD-IQ1_M (about 1 bit a weight), as GGUF for llama.cpp.'],
    ['hello world', 'This name says nothing that Rightsize knows.'],
    ['', 'This name says nothing that Rightsize knows.'],
  ])('%s', (name, sentence) => {
    expect(readName(name).sentence).toBe(sentence);
  });

  it('says of a part what it belongs to', () => {
    expect(readName('ggml-org/gemma-4-E2B-it-GGUF/mmproj-F16.gguf').sentence).toMatch(
      /^Vision or audio projector for Gemma 4, stored as F16/,
    );
    expect(readName('google_gemma-4-31B-it-imatrix.gguf').sentence).toMatch(/^Importance matrix of Gemma 4/);
    expect(readName('mtp-Qwen3.8-27B-Q4_0.gguf').sentence).toMatch(/^Draft model for Qwen3.8/);
  });
});

describe('the parts of a name', () => {
  it('have short glosses', () => {
    expect(glosses('unsloth/Qwen3-30B-A3B-Instruct-2507-GGUF')).toBe(
      'unsloth: packager, Qwen3: family, 30B: 30B parameters, A3B: 3B active, Instruct: follows instructions, 2507: July 2025, GGUF: file format',
    );
  });

  it('have none where nobody knows a word', () => {
    expect(glosses('Qwen3-8B-Zworkel')).toBe('Qwen3: family, 8B: 8B parameters, Zworkel: –');
  });

  it('keep words together that mean one thing', () => {
    expect(glosses('gpt-oss-20b-mxfp4-00001-of-00003.gguf')).toBe(
      'gpt-oss: family, 20b: 20B parameters, mxfp4: 4.3 bits a weight, 00001-of-00003: part 1 of 3, gguf: file format',
    );
  });

  it.each([
    ['unsloth/Qwen3-30B-A3B-Instruct-2507-GGUF', 'Qwen3 30B A3B Instruct 2507'],
    ['bartowski/google_gemma-4-31b-it-GGUF', 'Gemma 4 31B it'],
    ['qwen2.5-coder-7b-instruct-q4_k_m.gguf', 'Qwen2.5 Coder 7B Instruct'],
    ['ggml-org/gpt-oss-20b-GGUF', 'gpt-oss 20B'],
    ['mmproj-F16.gguf', 'mmproj-F16.gguf'],
  ])('%s is called %s in a list', (name, displayName) => {
    expect(readName(name).displayName).toBe(displayName);
  });
});
