import { describe, expect, test } from 'vitest';
import { recommendQuant } from '#core/catalog/recommendQuant.ts';
import type { RepoQuant } from '#core/catalog/repoFile.ts';
import type { FitMachine, FitShape } from '#core/fit/fitTypes.ts';
import { quantTypeOf } from '#core/quant/quantTypes.ts';

const gibibyte = 2 ** 30;

function quant(type: string, gib: number, part: Partial<RepoQuant> = {}): RepoQuant {
  return {
    file: `m-${type}.gguf`,
    files: [],
    type,
    bits: quantTypeOf(type.replace(/^UD-/, ''))?.bits ?? null,
    bitsPerWeight: null,
    imatrix: false,
    dynamic: type.startsWith('UD-'),
    sizeBytes: gib * gibibyte,
    sha256: null,
    missingShards: [],
    ...part,
  };
}

function machine(ramGib: number, gpuGib: number | null = null, unified = false): FitMachine {
  const gpu = gpuGib === null ? null : ({ backend: 'cuda', vramBytes: gpuGib * gibibyte, freeBytes: gpuGib * gibibyte, unified } as const);
  return { ramBytes: ramGib * gibibyte, ramAvailableBytes: ramGib * gibibyte, gpu, bandwidthBytesPerSecond: null };
}

/** An 8B model, in GiB. */
const ladder = [
  quant('IQ1_M', 2),
  quant('Q2_K', 3),
  quant('Q3_K_M', 3.8),
  quant('Q4_K_S', 4.4),
  quant('Q4_K_M', 4.6),
  quant('Q5_K_M', 5.4),
  quant('Q6_K', 6.2),
  quant('Q8_0', 8),
  quant('BF16', 15),
];

function choose(quants: readonly RepoQuant[], on: FitMachine): readonly [string | null, string] | null {
  const choice = recommendQuant(quants, { machine: on, contextTokens: 8192, shape: null });
  return choice && [choice.quant.type, choice.reason];
}

describe('the quant that is recommended', () => {
  test.for([
    ['the largest of the near-original ones that fits the GPU', machine(32, 12), 'Q6_K', 'fits the GPU at 8,192 tokens'],
    ['never above Q6_K where there is one, however large the GPU', machine(512, 80), 'Q6_K', 'fits the GPU'],
    ['a smaller near-original one for a smaller GPU', machine(32, 7), 'Q4_K_M', 'fits the GPU'],
    ['a slight loss on the GPU rather than none in RAM', machine(32, 6.2), 'Q4_K_S', 'slight-loss quant that fits the GPU'],
    ['near-original in RAM rather than a large loss on the GPU', machine(32, 4.7), 'Q6_K', 'of RAM free'],
    ['one that leaves room in RAM', machine(9.5), 'Q5_K_M', 'leaves about'],
    ['the smallest reasonable one where it is tight', machine(5.5), 'Q3_K_M', 'tight'],
    ['all that fits, where that loses most', machine(3.4), 'IQ1_M', 'A smaller model'],
    ['the smallest reasonable one where nothing fits, saying so', machine(2), 'Q3_K_M', 'does not fit'],
  ] as const)('is %s', ([, on, type, words]) => {
    const [chosen, reason] = choose(ladder, on) ?? [];
    expect(chosen).toBe(type);
    expect(reason).toContain(words);
    expect(reason).toMatch(/^[A-Z].*\.$/);
  });

  test('is Q8_0 where nothing between is offered, and never a float', () => {
    expect(choose([quant('Q8_0', 8), quant('BF16', 15)], machine(64))?.[0]).toBe('Q8_0');
    expect(choose([quant('BF16', 1)], machine(64))).toBeNull();
  });

  test('is, of the same type up to four bits, the one made with more care', () => {
    expect(choose([quant('Q4_K_M', 4.6), quant('UD-Q4_K_XL', 4.8)], machine(12))?.[0]).toBe('UD-Q4_K_XL');
    const plain = quant('Q3_K_M', 3.8, { file: 'plain.gguf' });
    const careful = quant('Q3_K_M', 3.8, { file: 'i1.gguf', imatrix: true });
    const choice = recommendQuant([plain, careful], { machine: machine(12), contextTokens: 8192, shape: null });
    expect(choice?.quant.file).toBe('i1.gguf');
  });

  test('is never one with parts that are not there, or one that other programs run', () => {
    const broken = quant('Q6_K', 6, { missingShards: [2] });
    expect(choose([broken, quant('Q4_K_M', 4.6)], machine(64))?.[0]).toBe('Q4_K_M');
    expect(choose([broken], machine(64))).toBeNull();
    expect(choose([quant('Q4_0_4_4', 4)], machine(64))).toBeNull();
    expect(choose([], machine(64))).toBeNull();
  });

  test('is the only file of a repo that says nothing of itself', () => {
    expect(choose([quant('?', 4, { type: null, bits: null })], machine(64))?.[1]).toContain('The only quant here');
    expect(choose([quant('MXFP4_MOE', 11)], machine(32, 16))?.[0]).toBe('MXFP4_MOE');
  });

  test('takes unified memory for one memory', () => {
    expect(choose(ladder, machine(8, 5, true))?.[0]).toBe('Q4_K_S');
  });

  test('is estimated from a header where one was read, and by sizes where it is unusable', () => {
    const shape: FitShape = {
      architecture: 'llama',
      hyperparameters: {
        block_count: 2,
        embedding_length: 64,
        feed_forward_length: 128,
        context_length: 4096,
        'attention.head_count': 4,
        'attention.head_count_kv': 2,
      },
      vocabularySize: 32,
      tensors: [
        { name: 'token_embd.weight', type: 'Q8_0', shape: [64, 32], bytes: 2176, layers: null },
        { name: 'attn_q.weight', type: 'Q8_0', shape: [64, 64], bytes: 4352, layers: [0, 1] },
      ],
    };
    const exact = recommendQuant(ladder, { machine: machine(64), contextTokens: 8192, shape });
    expect(exact?.quant.type).toBe('Q6_K');
    expect(exact?.reason).toContain('4,096 tokens');
    expect(exact?.reason).not.toContain('about');
    const useless = recommendQuant(ladder, { machine: machine(64), contextTokens: 8192, shape: { ...shape, tensors: [] } });
    expect(useless?.reason).toContain('about');
  });
});
