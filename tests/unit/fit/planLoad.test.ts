import { describe, expect, it } from 'vitest';
import { FitInputError } from '#core/fit/checkFitInput.ts';
import { estimateFit } from '#core/fit/estimateFit.ts';
import type { FitMachine } from '#core/fit/fitTypes.ts';
import { type LoadWish, planLoad } from '#core/fit/planLoad.ts';
import { frozenShape } from '../../fixtures/fit/frozenTable.ts';

const gibibyte = 2 ** 30;
const nothingAsked: LoadWish = {
  contextTokens: null,
  kvType: null,
  flashAttention: null,
  gpuLayers: null,
  usualContextTokens: 8192,
  mayShrink: true,
};
const laptop = (freeGib: number): FitMachine => ({
  ramBytes: 16 * gibibyte,
  ramAvailableBytes: freeGib * gibibyte,
  gpu: null,
  bandwidthBytesPerSecond: null,
});
const withGpu = (gib: number, more: Partial<NonNullable<FitMachine['gpu']>> = {}): FitMachine => ({
  ...laptop(14),
  gpu: { backend: 'cuda', vramBytes: 24 * gibibyte, freeBytes: gib * gibibyte, unified: false, ...more },
});
const eightBillion = 'llama-3.1-8b.Q4_K_M';

describe('a load with room to spare', () => {
  it('has the usual context, a cache in 16 bits and all layers on the GPU', async () => {
    const plan = planLoad(await frozenShape(eightBillion), withGpu(12), nothingAsked);
    expect(plan).toMatchObject({
      backend: 'cuda',
      options: { contextTokens: 8192, kvType: 'f16', flashAttention: true, gpuLayers: 33, batchTokens: 512 },
      fit: { state: 'gpu' },
      reasons: ['All 33 layers fit on the GPU.'],
    });
  });

  it('is told to run on the processor, in small batches, where there is no GPU', async () => {
    const plan = planLoad(await frozenShape(eightBillion), laptop(14), nothingAsked);
    expect(plan).toMatchObject({ backend: 'cpu', options: { gpuLayers: 0, batchTokens: 128 }, reasons: ['It runs on the processor.'] });
  });

  it('has no longer context than the model was trained for, and says so', async () => {
    const plan = planLoad(await frozenShape('smollm2-360m.Q8_0'), laptop(14), { ...nothingAsked, usualContextTokens: 32_768 });
    expect(plan.options.contextTokens).toBe(8192);
    expect(plan.reasons).toContain('The context is 8,192 tokens, as long as the model was trained for.');
  });

  it('spreads over several GPUs', async () => {
    const plan = planLoad(await frozenShape(eightBillion), withGpu(16, { deviceCount: 2 }), nothingAsked);
    expect(plan.reasons[0]).toBe('All 33 layers fit on the 2 GPUs.');
  });
});

describe('a load that does not fit the GPU', () => {
  it('takes as many layers as fit, as the estimate alone would', async () => {
    const shape = await frozenShape(eightBillion);
    const plan = planLoad(shape, withGpu(5), nothingAsked);
    const { contextTokens, kvType } = plan.options;
    expect({ contextTokens, kvType }).toEqual({ contextTokens: 8192, kvType: 'f16' });
    expect(plan.fit.state).toBe('partial');
    expect(plan.reasons).toEqual([`${plan.options.gpuLayers} of 33 layers fit on the GPU; the rest runs on the processor.`]);
    expect(plan.fit).toEqual(
      estimateFit(shape, withGpu(5), {
        contextTokens: 8192,
        kvType: 'f16',
        flashAttention: true,
        batchTokens: null,
        gpuLayers: null,
        expertsInRamLayers: 0,
        sequences: 1,
      }),
    );
  });

  it('runs on the processor where not one layer fits', async () => {
    const plan = planLoad(await frozenShape(eightBillion), withGpu(0.3), nothingAsked);
    expect(plan).toMatchObject({ backend: 'cpu', options: { gpuLayers: 0, batchTokens: 128 } });
    expect(plan.reasons).toEqual(['It runs on the processor: the GPU has too little free memory for it (0.3 GiB).']);
  });
});

describe('a load that does not fit the memory', () => {
  it('keeps the context and takes a cache in 8 bits where that is enough', async () => {
    const plan = planLoad(await frozenShape(eightBillion), laptop(6.05), nothingAsked);
    expect(plan).toMatchObject({ options: { contextTokens: 8192, kvType: 'q8_0' }, fit: { state: 'cpu' } });
    expect(plan.reasons).toEqual([
      'It runs on the processor.',
      'The cache is kept in 8 bits: in 16 bits it would leave only 0.1 GiB of memory free.',
    ]);
  });

  it('takes a shorter context where the cache is not enough, a whole number of 1,024 tokens', async () => {
    const shape = await frozenShape(eightBillion);
    for (const free of [5.7, 5.8, 5.9]) {
      const plan = planLoad(shape, laptop(free), { ...nothingAsked, usualContextTokens: 16_384 });
      expect(plan.fit.state).toBe('cpu');
      expect(plan.options.contextTokens % 1024).toBe(0);
      expect(plan.options.contextTokens).toBeGreaterThanOrEqual(2048);
      expect(plan.reasons[1]).toMatch(/^The context is \d,\d{3} tokens: 16,384 would need \d\.\d GiB more than is free\.$/);
    }
  });

  it('takes the smallest and says that it may not fit where nothing does', async () => {
    const plan = planLoad(await frozenShape(eightBillion), laptop(4), nothingAsked);
    expect(plan).toMatchObject({ options: { contextTokens: 2048, kvType: 'q8_0' }, fit: { state: 'none' } });
    expect(plan.reasons[0]).toBe(
      'It may not fit: it needs 5.1 GiB of memory, and 4.0 GiB is free. Closing other apps or a smaller model helps.',
    );
  });

  it('says that it fits only just where nothing is to spare', async () => {
    const plan = planLoad(await frozenShape(eightBillion), laptop(5.3), nothingAsked);
    expect(plan.fit.state).toBe('tight');
    expect(plan.reasons).toContain('It fits only just: it needs 5.1 GiB of memory, and 5.3 GiB is free. Closing other apps helps.');
  });

  it('never quantises a cache that the engine would refuse', async () => {
    const shape = await frozenShape(eightBillion);
    const odd = { ...shape, hyperparameters: { ...shape.hyperparameters, 'attention.key_length': 80, 'attention.value_length': 80 } };
    expect(planLoad(odd, laptop(4), nothingAsked).options.kvType).toBe('f16');
    // Latent attention without flash attention.
    const latent = await frozenShape('deepseek-v2-lite.Q4_K_M');
    expect(planLoad(latent, laptop(4), { ...nothingAsked, flashAttention: false }).options.kvType).toBe('f16');
    expect(planLoad(latent, laptop(4), nothingAsked).options.kvType).toBe('q8_0');
  });
});

describe('what was asked for', () => {
  it('is kept, whether it fits or not', async () => {
    const shape = await frozenShape(eightBillion);
    for (const machine of [laptop(1), withGpu(1), withGpu(80), withGpu(4, { backend: 'metal', unified: true })]) {
      const asked = { contextTokens: 32_768, kvType: 'bf16', flashAttention: false, gpuLayers: 7 } as const;
      const { options } = planLoad(shape, machine, { ...nothingAsked, ...asked });
      expect(options).toMatchObject({ ...asked, gpuLayers: machine.gpu ? 7 : 0 });
    }
  });

  it('is kept one by one: the rest may shrink', async () => {
    const shape = await frozenShape(eightBillion);
    expect(planLoad(shape, laptop(5.6), { ...nothingAsked, kvType: 'f16' }).options).toMatchObject({ kvType: 'f16', contextTokens: 2048 });
    expect(planLoad(shape, laptop(6.2), { ...nothingAsked, contextTokens: 32_768 }).options).toMatchObject({
      kvType: 'q8_0',
      contextTokens: 32_768,
    });
  });

  it('is all of it where nothing may shrink', async () => {
    const plan = planLoad(await frozenShape(eightBillion), laptop(5.3), { ...nothingAsked, mayShrink: false });
    expect(plan.options).toMatchObject({ kvType: 'f16', contextTokens: 8192 });
    expect(plan.reasons[0]).toMatch(/^It may not fit/);
  });

  it('is named as asked', async () => {
    const shape = await frozenShape(eightBillion);
    const reasonOf = (machine: FitMachine, gpuLayers: number): string | undefined =>
      planLoad(shape, machine, { ...nothingAsked, gpuLayers }).reasons[0];
    expect(reasonOf(withGpu(12), 12)).toBe('12 of 33 layers are on the GPU, as asked; the rest runs on the processor.');
    expect(reasonOf(withGpu(12), 99)).toBe('33 of 33 layers are on the GPU, as asked.');
    expect(reasonOf(withGpu(12), 0)).toBe('It runs on the processor alone, as asked.');
    expect(reasonOf(laptop(14), 12)).toBe('It runs on the processor: no GPU was found for the layers that were asked for.');
  });

  it('is refused in words where it makes no sense', async () => {
    const shape = await frozenShape(eightBillion);
    for (const contextTokens of [0, -1, Number.NaN, 1e9]) {
      expect(() => planLoad(shape, laptop(14), { ...nothingAsked, contextTokens })).toThrow(FitInputError);
    }
  });
});

describe('a plan', () => {
  it('is what the estimate says of its own options', async () => {
    for (const file of ['gemma3-4b.Q4_0', 'gpt-oss-20b.MXFP4', 'lfm2-1.2b.Q4_0', 'qwen3.5-35b-a3b.Q4_0']) {
      for (const machine of [laptop(14), laptop(3), withGpu(3), withGpu(20)]) {
        const shape = await frozenShape(file);
        const { options, fit } = planLoad(shape, machine, nothingAsked);
        const again = estimateFit(shape, machine, { ...options, batchTokens: null });
        expect(again.bytes).toEqual(fit.bytes);
      }
    }
  });
});

describe('a load for several requests side by side', () => {
  const wishing = (wishedSequences: number, more: Partial<LoadWish> = {}): LoadWish => ({ ...nothingAsked, wishedSequences, ...more });

  it('has a context for each where there is memory for them, counted in what it takes', async () => {
    const shape = await frozenShape(eightBillion);
    const one = planLoad(shape, withGpu(22), nothingAsked);
    const four = planLoad(shape, withGpu(22), wishing(4));
    expect(four).toMatchObject({ options: { sequences: 4, gpuLayers: 33 }, fit: { state: 'gpu' } });
    expect(four.fit.bytes.kvCache).toBe(4 * one.fit.bytes.kvCache);
    expect(four.reasons).toEqual([
      'All 33 layers fit on the GPU.',
      'Up to 4 requests are answered side by side, each with a context of its own.',
    ]);
  });

  it('has as many as fit without a layer leaving the GPU or memory becoming short, and says why not more', async () => {
    const shape = await frozenShape(eightBillion);
    for (const machine of [withGpu(8), withGpu(10), withGpu(5), laptop(9)]) {
      const one = planLoad(shape, machine, nothingAsked);
      const many = planLoad(shape, machine, wishing(16));
      const { sequences } = many.options;
      expect(many.options).toEqual({ ...one.options, sequences });
      expect(many.fit.state).toBe(one.fit.state);
      expect(sequences).toBeLessThan(16);
      const next = estimateFit(shape, machine, { ...many.options, batchTokens: null, sequences: sequences + 1 });
      expect(['tight', 'none']).toContain(next.state);
      expect(many.reasons.at(-1)).toMatch(/instead of 16: there is no memory to spare for more contexts\.$/);
    }
    expect(planLoad(shape, withGpu(10), wishing(16)).options.sequences).toBeGreaterThan(1);
  });

  it('is for one where even that is tight, and for as many as are asked for whatever fits', async () => {
    const shape = await frozenShape(eightBillion);
    expect(planLoad(shape, laptop(3), wishing(4)).options.sequences).toBe(1);
    const asked = planLoad(shape, withGpu(12), wishing(4, { sequences: 3, contextTokens: 65_536 }));
    expect(asked.options).toMatchObject({ sequences: 3, contextTokens: 65_536 });
    expect(asked.reasons.join(' ')).not.toContain('side by side');
  });
});
