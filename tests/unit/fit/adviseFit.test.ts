import { describe, expect, it } from 'vitest';
import { adviseFit } from '#core/fit/adviseFit.ts';
import type { FitMachine, FitOptions } from '#core/fit/fitTypes.ts';
import { ifOthersClosed } from '#core/fit/ifOthersClosed.ts';
import { frozenShape } from '../../fixtures/fit/frozenTable.ts';

const gibibyte = 2 ** 30;
const laptop = (freeGib: number, totalGib = 16): FitMachine => ({
  ramBytes: totalGib * gibibyte,
  ramAvailableBytes: freeGib * gibibyte,
  gpu: null,
  bandwidthBytesPerSecond: null,
});
const usual: FitOptions = {
  contextTokens: 8192,
  kvType: 'f16',
  flashAttention: true,
  batchTokens: null,
  gpuLayers: null,
  expertsInRamLayers: 0,
  sequences: 1,
};

describe('the machine with other apps closed', () => {
  it('has all but what the system keeps, and never less than is free now', () => {
    expect(ifOthersClosed(laptop(3)).ramAvailableBytes).toBe(16 * gibibyte - 2.5e9);
    expect(ifOthersClosed(laptop(3, 32)).ramAvailableBytes / gibibyte).toBeCloseTo(28.8, 1);
    expect(ifOthersClosed(laptop(3, 256)).ramAvailableBytes).toBe(256 * gibibyte - 6e9);
    expect(ifOthersClosed(laptop(15.5)).ramAvailableBytes).toBe(15.5 * gibibyte);
    expect(ifOthersClosed(laptop(1, 2)).ramAvailableBytes).toBe(gibibyte);
  });

  it('has the GPU less its desktop; shared memory is counted in RAM alone', () => {
    const gpu = { backend: 'cuda', vramBytes: 8 * gibibyte, freeBytes: 5 * gibibyte, unified: false } as const;
    expect(ifOthersClosed({ ...laptop(3), gpu }).gpu?.freeBytes).toBe(7.5 * gibibyte);
    const shared = { backend: 'metal', vramBytes: 10 * gibibyte, freeBytes: 5 * gibibyte, unified: true } as const;
    const closed = ifOthersClosed({ ...laptop(3), gpu: shared });
    expect(closed.gpu?.freeBytes).toBe(10 * gibibyte);
    expect(closed.ramAvailableBytes).toBe(16 * gibibyte - 2.5e9);
  });
});

describe('advice', () => {
  it('is silent where it fits and closing apps would change nothing', async () => {
    const advice = adviseFit(await frozenShape('llama-3.2-1b.Q4_K_M'), laptop(12), usual);
    expect(advice).toMatchObject({ now: { state: 'cpu' }, ifOthersClosed: null, change: null });
  });

  it('names what closing apps would bring, and the cheapest change with its bytes', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q4_K_M');
    const advice = adviseFit(shape, laptop(6), usual);
    expect(advice.now.state).toBe('tight');
    expect(advice.ifOthersClosed?.state).toBe('cpu');
    expect(advice.change?.words).toBe('With a cache in 8 bits it fits, and needs 0.5 GiB less.');
    expect(advice.change?.savedBytes).toBe(advice.now.bytes.total - (advice.change?.fit.bytes.total ?? 0));
  });

  it('joins changes, and names a smaller quant by its size', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q4_K_M');
    const long = { ...usual, contextTokens: 32_768 };
    expect(adviseFit(shape, laptop(5.3), long).change).toBeNull();
    expect(adviseFit(shape, laptop(6), long).change?.words).toMatch(
      /^With \d,\d{3} tokens of context it fits, and needs \d\.\d GiB less\.$/,
    );
    expect(adviseFit(shape, laptop(5), { ...usual, weightBytes: [3.2e9, 4.0e9] }).change?.words).toMatch(
      /^With a smaller quant of [34]\.\d GB it fits, and needs \d\.\d GiB less\.$/,
    );
  });

  it('tells that more layers would fit the GPU', async () => {
    const gpu = { backend: 'cuda', vramBytes: 8 * gibibyte, freeBytes: 4 * gibibyte, unified: false } as const;
    const advice = adviseFit(await frozenShape('llama-3.1-8b.Q4_K_M'), { ...laptop(14), gpu }, usual);
    expect(advice.now.state).toBe('partial');
    expect(advice.ifOthersClosed?.state).toBe('gpu');
  });
});
