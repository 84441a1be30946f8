import { describe, expect, it } from 'vitest';
import { FitInputError } from '#core/fit/checkFitInput.ts';
import { estimateFit } from '#core/fit/estimateFit.ts';
import { withWeightBytes } from '#core/fit/fitShape.ts';
import type { FitMachine, FitOptions, FitShape } from '#core/fit/fitTypes.ts';
import { engineRows, frozenShape } from '../../fixtures/fit/frozenTable.ts';
import { smallShape } from '../../fixtures/fit/smallModel.ts';

const gibibyte = 2 ** 30;
const usual: FitOptions = {
  contextTokens: 8192,
  kvType: 'f16',
  flashAttention: true,
  batchTokens: null,
  gpuLayers: null,
  expertsInRamLayers: 0,
  sequences: 1,
};
const laptop: FitMachine = { ramBytes: 16 * gibibyte, ramAvailableBytes: 16 * gibibyte, gpu: null, bandwidthBytesPerSecond: 40e9 };
const withGpu = (gib: number, more: Partial<NonNullable<FitMachine['gpu']>> = {}): FitMachine => ({
  ...laptop,
  ramBytes: 32 * gibibyte,
  ramAvailableBytes: 30 * gibibyte,
  gpu: { backend: 'cuda', vramBytes: gib * gibibyte, freeBytes: gib * gibibyte, unified: false, ...more },
});
const ranks = { none: 0, tight: 1, cpu: 2, partial: 3, gpu: 4 } as const;
const allFiles = [...new Set(engineRows.map(({ file }) => file))];

describe('state', () => {
  it('is gpu where all layers fit, with as many layers as there are', async () => {
    const fit = estimateFit(await frozenShape('llama-3.1-8b.Q4_K_M'), withGpu(12), usual);
    expect(fit).toMatchObject({ state: 'gpu', gpuLayers: 33, layers: 33, isExact: true });
  });

  it('is partial where all layers are on the GPU and experts are not', async () => {
    const of = async (file: string, expertsInRamLayers: number) =>
      estimateFit(await frozenShape(file), withGpu(80), { ...usual, expertsInRamLayers });
    expect(await of('qwen3-30b-a3b.Q4_K_M', 48)).toMatchObject({ state: 'partial', gpuLayers: 49, layers: 49 });
    expect((await of('qwen3-30b-a3b.Q4_K_M', 0)).state).toBe('gpu');
    expect((await of('llama-3.1-8b.Q4_K_M', 8)).state).toBe('gpu');
  });

  it('is partial where some fit, and one layer more would not', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q8_0');
    const machine = withGpu(6);
    const fit = estimateFit(shape, machine, usual);
    expect(fit.state).toBe('partial');
    expect(fit.gpuLayers).toBeGreaterThan(0);
    expect(fit.gpuLayers).toBeLessThan(33);
    const more = estimateFit(shape, machine, { ...usual, gpuLayers: fit.gpuLayers + 1 });
    expect(more.state === 'partial').toBe(false);
  });

  it('is cpu without a GPU, tight where nothing is to spare, none where it is too large', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q4_K_M');
    const fit = estimateFit(shape, laptop, usual);
    expect(fit.state).toBe('cpu');
    const just = { ...laptop, ramAvailableBytes: fit.bytes.ram + 1 };
    expect(estimateFit(shape, just, usual).state).toBe('tight');
    expect(estimateFit(shape, { ...laptop, ramAvailableBytes: fit.bytes.ram - 1 }, usual).state).toBe('none');
  });

  it('counts a shared memory once for both', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q4_K_M');
    const unified = { ...withGpu(11, { backend: 'metal', unified: true }), ramBytes: 16 * gibibyte, ramAvailableBytes: 5 * gibibyte };
    expect(estimateFit(shape, unified, usual).state).toBe('none');
    expect(estimateFit(shape, { ...unified, ramAvailableBytes: 14 * gibibyte }, usual).state).toBe('gpu');
  });

  it('never gets worse with more memory', async () => {
    for (const file of ['llama-3.1-8b.Q4_K_M', 'qwen3-30b-a3b.Q4_K_M', 'gemma3-12b.Q4_0']) {
      const shape = await frozenShape(file);
      const seen = [2, 4, 6, 8, 12, 16, 24, 48].map((gib) => ranks[estimateFit(shape, withGpu(gib), usual).state]);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    }
  });
});

describe('largest context', () => {
  it('fits, and 256 tokens more do not', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q4_K_M');
    const machine = withGpu(8);
    const { maxContext, state } = estimateFit(shape, machine, usual);
    expect(state).toBe('gpu');
    expect(estimateFit(shape, machine, { ...usual, contextTokens: maxContext ?? 0 }).state).toBe('gpu');
    expect(estimateFit(shape, machine, { ...usual, contextTokens: (maxContext ?? 0) + 256 }).state).not.toBe('gpu');
  });

  it('is at most what the model was trained for', async () => {
    const shape = await frozenShape('smollm2-360m.Q8_0');
    expect(estimateFit(shape, withGpu(80), usual).maxContext).toBe(8192);
  });

  it('is a smaller one where the asked one does not fit, and null where none does', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q4_K_M');
    const small = { ...laptop, ramBytes: 6 * gibibyte, ramAvailableBytes: 6 * gibibyte };
    const fit = estimateFit(shape, small, { ...usual, contextTokens: 65_536 });
    expect(fit.state).toBe('none');
    expect(fit.maxContext).toBeGreaterThan(256);
    expect(estimateFit(shape, small, { ...usual, contextTokens: fit.maxContext ?? 0 }).state).not.toBe('none');
    expect(estimateFit(shape, { ...small, ramAvailableBytes: gibibyte }, usual).maxContext).toBeNull();
  });

  it('grows with the memory for every shape', async () => {
    for (const file of allFiles) {
      const shape = await frozenShape(file);
      const found = [8, 16, 32, 96].map(
        (gib) => estimateFit(shape, withGpu(gib), { ...usual, contextTokens: 256, gpuLayers: 1000 }).maxContext ?? 0,
      );
      expect(found).toEqual(found.toSorted((a, b) => a - b));
    }
  });
});

describe('bytes', () => {
  it('add up, on each device and in all', async () => {
    for (const file of allFiles) {
      const shape = await frozenShape(file);
      for (const machine of [laptop, withGpu(8), withGpu(24, { backend: 'vulkan' }), withGpu(11, { backend: 'metal', unified: true })]) {
        const { bytes, buffers } = estimateFit(shape, machine, usual);
        expect(Object.values(bytes).every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
        expect(bytes.total).toBeCloseTo(bytes.gpu + bytes.ram, 0);
        expect(bytes.total).toBeCloseTo(bytes.weights + bytes.kvCache + bytes.recurrent + bytes.compute + bytes.overhead, 0);
        const inBuffers = buffers.reduce((sum, buffer) => sum + buffer.weights + buffer.kvAndState + buffer.compute, 0);
        expect(bytes.total - bytes.overhead).toBeCloseTo(inBuffers, 0);
      }
    }
  });

  it('put a vision projector on the GPU with the model', async () => {
    const shape = await frozenShape('gemma3-4b.Q4_K_M');
    const without = estimateFit(shape, withGpu(12), usual);
    const withProjector = estimateFit(shape, withGpu(12), { ...usual, projectorBytes: 851_251_104 });
    expect(withProjector.bytes.weights - without.bytes.weights).toBe(851_251_104);
    // Published: 248 MiB of working space beside 888 MiB of weights.
    const compute = withProjector.bytes.compute - without.bytes.compute;
    expect(compute / 851_251_104).toBeCloseTo(248 / 888, 3);
    expect(withProjector.bytes.gpu - without.bytes.gpu).toBe(851_251_104 + compute);
    // A guess: all of it may be missing, or come twice.
    const width = ({ range }: typeof without): number => range.high - range.low;
    expect(width(withProjector) - width(without)).toBeCloseTo(2 * compute, 0);
  });

  it('copy a single-precision cache to half precision for flash attention (build_attn_mha)', async () => {
    const shape = await frozenShape('gemma3-12b.Q4_K_M');
    const wish = { ...usual, contextTokens: 33_000, kvType: 'f32', batchTokens: 8, gpuLayers: 0 } as const;
    const { buffers } = estimateFit(shape, laptop, wish);
    // The engine's own dry run: 259.13 MiB, where a cache in 16 bits takes 8.2.
    expect((buffers[0]?.compute ?? 0) / 2 ** 20).toBeCloseTo(259.13, 1);
  });

  it('cut the batch to the context that is loaded, which is rounded up', async () => {
    const shape = await frozenShape('lfm2-1.2b.Q4_K_M');
    const computeAt = (contextTokens: number): number =>
      estimateFit(shape, withGpu(24), { ...usual, contextTokens, gpuLayers: 1000 }).bytes.compute;
    expect(computeAt(300)).toBe(computeAt(512));
    expect(computeAt(200)).toBe(computeAt(256));
    expect(computeAt(200)).toBeLessThan(computeAt(300));
  });

  it('count scores of a whole context as needed, and as taken only as far as an answer touches them', async () => {
    const shape = await frozenShape('llama-3.2-1b.Q4_K_M');
    const wish = { ...usual, flashAttention: false, batchTokens: 512 };
    const { bytes, buffers, range } = estimateFit(shape, laptop, wish);
    const untouched = bytes.untouched ?? 0;
    expect(untouched).toBeGreaterThan(200e6);
    expect(bytes.compute).toBe(buffers[0]?.compute);
    expect(bytes.total).toBeCloseTo(bytes.weights + bytes.kvCache + bytes.recurrent + bytes.compute + bytes.overhead - untouched, 0);
    expect(range.high).toBeGreaterThan(bytes.total + untouched);
    expect(estimateFit(shape, { ...laptop, ramAvailableBytes: bytes.ram + untouched - 1 }, wish).state).toBe('none');
    expect(estimateFit(shape, { ...laptop, ramAvailableBytes: bytes.ram + untouched + 1 }, wish).state).toBe('tight');
    expect(estimateFit(shape, laptop, usual).bytes).not.toHaveProperty('untouched');
  });

  it.each([
    ['llama-3.2-1b.Q4_K_M', 100, 8, 1_126_715_808],
    ['llama-3.2-1b.Q4_K_M', 2, 5, 673_735_712],
    ['qwen3-30b-a3b.Q4_K_M', 512, 7, 3_138_177_056],
  ])('are the engine’s for %s in batches of %i that %i sequences do not divide', async (file, batchTokens, sequences, dryRunBytes) => {
    const [buffer] = estimateFit(await frozenShape(file), laptop, { ...usual, contextTokens: 4096, batchTokens, sequences }).buffers;
    expect((buffer?.kvAndState ?? 0) + (buffer?.compute ?? 0)).toBe(dryRunBytes);
  });

  it('move experts to RAM layer by layer', async () => {
    const shape = await frozenShape('qwen3-30b-a3b.Q4_K_M');
    const at = (layers: number): number =>
      estimateFit(shape, withGpu(80), { ...usual, gpuLayers: 1000, expertsInRamLayers: layers }).buffers[0]?.weights ?? 0;
    // Published for all 48 layers: 17524 to 784 MiB.
    expect(Math.round(at(0) / 2 ** 20)).toBe(17_524);
    expect(Math.round(at(48) / 2 ** 20)).toBe(784);
    expect(at(24)).toBeGreaterThan(at(48));
  });

  it('follow the size of another quant of the same model', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q4_K_M');
    const other = await frozenShape('llama-3.1-8b.Q8_0');
    const bytes = (of: FitShape): number => of.tensors.reduce((sum, tensor) => sum + tensor.bytes * (tensor.layers?.length ?? 1), 0);
    const scaled = withWeightBytes(shape, bytes(other));
    const [guessed, right] = [scaled, other].map((each) => estimateFit(each, withGpu(24), usual).bytes.total) as [number, number];
    expect(Math.abs(guessed / right - 1)).toBeLessThan(0.02);
  });
});

describe('speed', () => {
  it('is unknown without a bandwidth', async () => {
    const shape = await frozenShape('qwen3-4b.Q4_K_M');
    expect(estimateFit(shape, { ...laptop, bandwidthBytesPerSecond: null }, usual).tokensPerSecond).toBeNull();
    expect(estimateFit(shape, withGpu(12), usual).tokensPerSecond).toBeNull();
  });

  it('counts only the experts that are used', async () => {
    const dense = estimateFit(await frozenShape('h-qwen3-32b.Q5_K_M'), { ...laptop, ramAvailableBytes: 64 * gibibyte }, usual);
    const sparse = estimateFit(await frozenShape('qwen3-30b-a3b.Q4_K_M'), { ...laptop, ramAvailableBytes: 64 * gibibyte }, usual);
    expect(sparse.tokensPerSecond?.estimate).toBeGreaterThan(5 * (dense.tokensPerSecond?.estimate ?? 0));
    expect(sparse.tokensPerSecond?.basis).toContain('8 of 128 experts');
  });

  it('takes what a GPU gets out of shared memory where that is known, not what the processor gets', async () => {
    const shape = await frozenShape('llama-3.2-1b.Q4_K_M');
    const unified = { ...laptop, gpu: { backend: 'metal', vramBytes: 10 * gibibyte, freeBytes: 10 * gibibyte, unified: true } } as const;
    const known = { ...unified, gpu: { ...unified.gpu, bandwidthBytesPerSecond: 4 * (laptop.bandwidthBytesPerSecond ?? 0) } };
    const [plain, fast] = [unified, known].map((machine) => estimateFit(shape, machine, usual).tokensPerSecond?.estimate ?? 0) as [
      number,
      number,
    ];
    expect(plain).toBeGreaterThan(0);
    expect(fast / plain).toBeGreaterThan(3.5);
  });

  it('counts the layers that stay with the processor at its own pace', async () => {
    const shape = await frozenShape('smollm2-360m.Q8_0');
    const bandwidthBytesPerSecond = 1e15;
    const machine = { ...withGpu(12), bandwidthBytesPerSecond };
    const gpu = machine.gpu && { ...machine.gpu, bandwidthBytesPerSecond };
    const secondsWith = (gpuLayers: number): number =>
      1 / (estimateFit(shape, { ...machine, gpu }, { ...usual, gpuLayers }).tokensPerSecond?.estimate ?? 0);
    expect(secondsWith(17) - secondsWith(33)).toBeCloseTo(16 * (120e-6 - 5e-6), 5);
    expect(secondsWith(0)).toBeCloseTo(32 * 120e-6, 5);
  });

  it('names what a token reads also of a model of a few megabytes', async () => {
    const shape = smallShape(await frozenShape('smollm2-360m.Q8_0'), 1);
    expect(estimateFit(shape, laptop, { ...usual, contextTokens: 256 }).tokensPerSecond?.basis).toMatch(/: [1-9][.\d]* MB read a token/);
  });

  it('sinks with the context', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q4_K_M');
    const at = (contextTokens: number): number => estimateFit(shape, laptop, { ...usual, contextTokens }).tokensPerSecond?.estimate ?? 0;
    expect(at(65_536)).toBeLessThan(at(2048));
  });
});

describe('an architecture that is not known', () => {
  it('has exact weights and a wide band for the rest', async () => {
    const shape = { ...(await frozenShape('qwen3-4b.Q4_K_M')), architecture: 'brand-new' };
    const known = estimateFit(await frozenShape('qwen3-4b.Q4_K_M'), withGpu(24), usual);
    const fit = estimateFit(shape, withGpu(24), usual);
    expect(fit.isExact).toBe(false);
    expect(fit.bytes.weights).toBe(known.bytes.weights);
    expect(fit.range.low).toBeGreaterThan(fit.bytes.weights);
    expect(fit.range.high).toBeGreaterThan(1.3 * fit.bytes.total);
    expect(Object.values(fit.range).every(Number.isInteger)).toBe(true);
  });

  it('stands where tensors are called by names nobody knows', async () => {
    const shape = await frozenShape('qwen3-4b.Q4_K_M');
    const strange = {
      ...shape,
      architecture: 'brand-new',
      tensors: shape.tensors.map((tensor) => ({ ...tensor, name: `x${tensor.name}` })),
    };
    const fit = estimateFit(strange, withGpu(24), usual);
    expect(fit.isExact).toBe(false);
    expect(fit.bytes.compute).toBeGreaterThan(0);
    expect(Number.isFinite(fit.range.high)).toBe(true);
  });
});

describe('shape', () => {
  it('survives the way to the page as JSON, and is small', async () => {
    for (const file of allFiles) {
      const shape = await frozenShape(file);
      const json = JSON.stringify(shape);
      expect(json.length).toBeLessThan(20_000);
      expect(JSON.parse(json)).toEqual(shape);
    }
  });

  it('is refused with a reason and never ends in NaN', async () => {
    const shape = await frozenShape('qwen3-4b.Q4_K_M');
    expect(() => estimateFit(shape, laptop, { ...usual, contextTokens: 0 })).toThrow(FitInputError);
    expect(() => estimateFit({ ...shape, hyperparameters: {} }, laptop, usual)).toThrow(/block_count/);
  });
});
