import { describe, expect, it } from 'vitest';
import { cheapestChange } from '#core/fit/cheapestChange.ts';
import { estimateFit } from '#core/fit/estimateFit.ts';
import type { FitMachine, FitOptions } from '#core/fit/fitTypes.ts';
import { frozenShape } from '../../fixtures/fit/frozenTable.ts';

const gibibyte = 2 ** 30;
const laptop = (gib: number): FitMachine => ({
  ramBytes: 16 * gibibyte,
  ramAvailableBytes: gib * gibibyte,
  gpu: null,
  bandwidthBytesPerSecond: null,
});
const usual: FitOptions = {
  contextTokens: 32_768,
  kvType: 'f16',
  flashAttention: true,
  batchTokens: null,
  gpuLayers: null,
  expertsInRamLayers: 0,
  sequences: 1,
};

describe('cheapest change', () => {
  it('is none where it fits', async () => {
    expect(cheapestChange(await frozenShape('llama-3.1-8b.Q4_K_M'), laptop(14), usual)).toBeNull();
  });

  it('is a cache in 8 bits where that is enough', async () => {
    const change = cheapestChange(await frozenShape('llama-3.1-8b.Q4_K_M'), laptop(8.2), usual);
    expect(change).toMatchObject({ options: { kvType: 'q8_0', contextTokens: 32_768 }, weightBytes: null, fit: { state: 'cpu' } });
  });

  it('is a shorter context where the cache is not enough', async () => {
    const change = cheapestChange(await frozenShape('llama-3.1-8b.Q4_K_M'), laptop(6.5), usual);
    expect(change?.options.kvType).toBe('f16');
    expect(change?.options.contextTokens).toBeLessThan(32_768);
    expect(change?.options.contextTokens).toBeGreaterThanOrEqual(2048);
    expect(change?.fit.state).toBe('cpu');
  });

  it('is a context that the GPU holds where RAM alone holds next to none', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q4_K_M');
    const gpu = {
      backend: 'cuda',
      vramBytes: 8 * gibibyte,
      freeBytes: 7.5 * gibibyte,
      unified: false,
      bandwidthBytesPerSecond: null,
    } as const;
    const machine: FitMachine = { ...laptop(6), gpu };
    const asked = { ...usual, contextTokens: 131_072 };
    const now = estimateFit(shape, machine, asked);
    expect(now.state).toBe('none');
    const held = estimateFit(shape, machine, { ...asked, contextTokens: 16_384 });
    expect(held.state).toBe('gpu');
    expect(now.maxContext).toBeGreaterThanOrEqual(held.maxContext ?? Number.POSITIVE_INFINITY);
    expect(now.maxContext).toBeLessThan(131_072);
    const change = cheapestChange(shape, machine, asked);
    expect(change?.options.kvType).toBe('f16');
    expect(change?.options.contextTokens).toBeGreaterThanOrEqual(16_384);
  });

  it('is the largest smaller quant where nothing else helps, or null', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q8_0');
    const options = { ...usual, contextTokens: 2048 };
    expect(cheapestChange(shape, laptop(6.5), options)).toBeNull();
    const change = cheapestChange(shape, laptop(6.5), { ...options, weightBytes: [3e9, 4.9e9, 8e9, 12e9] });
    expect(change).toMatchObject({ weightBytes: 4.9e9, options, fit: { state: 'cpu' } });
  });
});
