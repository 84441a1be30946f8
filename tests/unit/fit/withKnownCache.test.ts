import { describe, expect, it } from 'vitest';
import type { EngineNeed } from '#core/fit/withEngineBytes.ts';
import { withKnownCache } from '#core/fit/withKnownCache.ts';
import { frozenShape } from '../../fixtures/fit/frozenTable.ts';

const placement = { contextTokens: 4096, kvType: 'f16', flashAttention: true, batchTokens: 512, gpuLayers: 0, sequences: 1 } as const;
const nothing = { weights: 0, kvAndState: 0, compute: 0 };
/** Of Llama 3.2 1B at 4096 tokens: 16 layers, 8 heads of 64, keys and values in half precision. */
const cacheBytes = 128 * 2 ** 20;

describe('what the engine reserves for a context', () => {
  it('is divided to the byte where its log only rounds', async () => {
    const told: EngineNeed = {
      backend: 'cpu',
      placement,
      gpu: nothing,
      ram: { weights: 9, kvAndState: cacheBytes + 4000, compute: 1e6 - 4000 },
    };
    expect(withKnownCache(told, await frozenShape('llama-3.2-1b.Q4_K_M'))).toEqual({
      ...told,
      ram: { weights: 9, kvAndState: cacheBytes, compute: 1e6 },
    });
  });

  it('lies where the layers lie', async () => {
    const gpu = { weights: 7, kvAndState: cacheBytes / 4 - 2000, compute: 5e6 };
    const ram = { weights: 9, kvAndState: (cacheBytes / 4) * 3 + 3000, compute: 1e6 };
    const told: EngineNeed = { backend: 'vulkan', placement: { ...placement, gpuLayers: 5 }, gpu, ram };
    const divided = withKnownCache(told, await frozenShape('llama-3.2-1b.Q4_K_M'));
    expect([divided.gpu.kvAndState, divided.ram.kvAndState]).toEqual([cacheBytes / 4, (cacheBytes / 4) * 3]);
    expect(divided.gpu.kvAndState + divided.gpu.compute).toBe(gpu.kvAndState + gpu.compute);
    expect(divided.ram.kvAndState + divided.ram.compute).toBe(ram.kvAndState + ram.compute);
  });

  it('counts the token that the library adds to a batch where windows slide', async () => {
    // 512 + 1 tokens beside a window of 1024 take 1792 rows, not 1536.
    const sliding = 29 * 1792 * 2 * 4 * 256 * 2;
    const whole = 5 * 4096 * 2 * 4 * 256 * 2;
    const told: EngineNeed = {
      backend: 'cpu',
      placement,
      gpu: nothing,
      ram: { weights: 9, kvAndState: sliding + whole - 5000, compute: 1e6 },
    };
    expect(withKnownCache(told, await frozenShape('gemma3-4b.Q4_K_M')).ram.kvAndState).toBe(sliding + whole);
  });

  it('stays as the log has it where the two do not agree', async () => {
    const told: EngineNeed = {
      backend: 'cpu',
      placement,
      gpu: nothing,
      ram: { weights: 9, kvAndState: cacheBytes + 50_000, compute: 1e6 },
    };
    expect(withKnownCache(told, await frozenShape('llama-3.2-1b.Q4_K_M'))).toBe(told);
  });
});
