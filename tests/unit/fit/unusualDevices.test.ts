import { describe, expect, it } from 'vitest';
import { FitInputError } from '#core/fit/checkFitInput.ts';
import { estimateFit } from '#core/fit/estimateFit.ts';
import type { FitBuffer, FitEstimate, FitMachine, FitOptions } from '#core/fit/fitTypes.ts';
import { frozenShape } from '../../fixtures/fit/frozenTable.ts';

const gibibyte = 2 ** 30;
const mebibyte = 2 ** 20;
const options: FitOptions = {
  contextTokens: 8192,
  kvType: 'f16',
  flashAttention: true,
  batchTokens: 512,
  gpuLayers: null,
  expertsInRamLayers: 0,
  sequences: 1,
};
const machine = (gpu: Partial<NonNullable<FitMachine['gpu']>>): FitMachine => ({
  ramBytes: 64 * gibibyte,
  ramAvailableBytes: 60 * gibibyte,
  gpu: { backend: 'cuda', vramBytes: 48 * gibibyte, freeBytes: 48 * gibibyte, unified: false, ...gpu },
  bandwidthBytesPerSecond: null,
});
const onGpu = ({ buffers }: FitEstimate): FitBuffer => buffers[0] as FitBuffer;

describe('several GPUs', () => {
  it('need working space and driver each, and no less than was published', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q4_K_M');
    const one = estimateFit(shape, machine({}), options);
    const two = estimateFit(shape, machine({ deviceCount: 2 }), options);
    expect(Math.round(onGpu(one).compute / mebibyte)).toBe(259);
    // Published for 8B on two devices: 172 + 355 MiB.
    expect(onGpu(two).compute / mebibyte).toBeGreaterThanOrEqual(172 + 355);
    expect(onGpu(two).compute / mebibyte).toBeLessThan(1.25 * (172 + 355));
    expect(two.bytes.overhead - one.bytes.overhead).toBe(300 * mebibyte);
    expect(onGpu(two).weights).toBe(onGpu(one).weights);
  });

  it('never hold more than one with the same memory', async () => {
    for (const file of ['llama-3.1-8b.Q8_0', 'qwen3-30b-a3b.Q4_K_M', 'gemma3-12b.Q4_K_M']) {
      const shape = await frozenShape(file);
      for (const gib of [4, 8, 12, 16, 24]) {
        const memory = { vramBytes: gib * gibibyte, freeBytes: gib * gibibyte };
        const [one, two, four] = [1, 2, 4].map((deviceCount) => estimateFit(shape, machine({ ...memory, deviceCount }), options));
        expect(two?.gpuLayers).toBeLessThanOrEqual(one?.gpuLayers ?? 0);
        expect(four?.gpuLayers).toBeLessThanOrEqual(two?.gpuLayers ?? 0);
      }
    }
  });

  it('are one where the count makes no sense', async () => {
    const shape = await frozenShape('llama-3.2-1b.Q4_K_M');
    const one = estimateFit(shape, machine({}), options);
    for (const deviceCount of [0, -1, 1.5, Number.NaN, 1e9]) expect(estimateFit(shape, machine({ deviceCount }), options)).toEqual(one);
  });
});

/** `supports_op` of ggml-vulkan.cpp; seen with a software device of 128 MiB, where the output matrix and its logits stayed in RAM. */
describe('a device that takes only so much at once', () => {
  const limited = (largestBufferBytes: number | null): FitMachine => machine({ backend: 'vulkan', largestBufferBytes });

  it('leaves a larger output matrix and its logits in RAM', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q4_K_M');
    const output = shape.tensors.find(({ name }) => name === 'output.weight')?.bytes ?? 0;
    const free = estimateFit(shape, limited(null), options);
    const held = estimateFit(shape, limited(128 * mebibyte), options);
    expect(onGpu(free).weights - onGpu(held).weights).toBe(output);
    expect(held.bytes.weights).toBe(free.bytes.weights);
    expect(onGpu(free).compute - onGpu(held).compute).toBeGreaterThan(100 * mebibyte);
    expect(held.buffers[1]?.compute).toBeGreaterThan(250 * mebibyte);
  });

  it('leaves a larger tied matrix in RAM once, without a copy', async () => {
    const shape = await frozenShape('llama-3.2-1b.Q4_K_M');
    const embedding = shape.tensors.find(({ name }) => name === 'token_embd.weight')?.bytes ?? 0;
    const free = estimateFit(shape, limited(null), options);
    const held = estimateFit(shape, limited(128 * mebibyte), options);
    expect(free.bytes.weights - held.bytes.weights).toBe(embedding);
  });

  it('leaves a smaller tied matrix whose logits are too large in RAM twice: pinned as embedding, plain as output', async () => {
    const shape = await frozenShape('qwen3-0.6b.Q4_K_M');
    const { buffers } = estimateFit(shape, limited(128 * mebibyte), options);
    // The engine's own dry run on such a device: 250.94 MiB on the GPU, 243.43 in RAM.
    expect(onGpu({ buffers } as FitEstimate).weights / mebibyte).toBeCloseTo(250.94, 1);
    expect((buffers[1]?.weights ?? 0) / mebibyte).toBeCloseTo(243.43, 1);
  });

  it('leaves scores that are too large to the processor, even where a weight of theirs lies on the GPU', async () => {
    const shape = await frozenShape('h-gpt-oss-120b.Q5_K_M');
    const wish = { ...options, contextTokens: 4096, batchTokens: 1024, flashAttention: false, gpuLayers: 3 };
    // The engine's own dry run on such a device: 158.71 MiB.
    expect(onGpu(estimateFit(shape, limited(128 * mebibyte), wish)).compute / mebibyte).toBeCloseTo(158.71, 0);
  });

  it('leaves larger experts in RAM, and nothing where all tensors are smaller', async () => {
    const shape = await frozenShape('qwen3-30b-a3b.Q4_K_M');
    const free = estimateFit(shape, limited(null), options);
    expect(onGpu(estimateFit(shape, limited(64 * mebibyte), options)).weights).toBeLessThan(onGpu(free).weights / 10);
    expect(estimateFit(shape, limited(4 * gibibyte - 1), options)).toEqual(free);
  });
});

describe('a machine of unknown memory', () => {
  const sound = machine({});
  it.each([
    ['no RAM', { ...sound, ramBytes: 0 }],
    ['less than none', { ...sound, ramBytes: -1 }],
    ['RAM that is no number', { ...sound, ramBytes: Number.NaN }],
    ['endless RAM', { ...sound, ramBytes: Number.POSITIVE_INFINITY }],
    ['free RAM that is no number', { ...sound, ramAvailableBytes: Number.NaN }],
    ['no GPU memory', machine({ vramBytes: 0 })],
    ['GPU memory that is no number', machine({ vramBytes: Number.NaN })],
    ['free GPU memory that is no number', machine({ freeBytes: Number.NaN })],
  ])('is refused in words: %s', async (_, bad) => {
    const shape = await frozenShape('llama-3.2-1b.Q4_K_M');
    expect(() => estimateFit(shape, bad, options)).toThrow(FitInputError);
    expect(() => estimateFit(shape, bad, options)).toThrow(/^How much .* this machine has is not known/);
  });

  it('holds nothing where more is taken than there is', async () => {
    const shape = await frozenShape('llama-3.2-1b.Q4_K_M');
    const fit = estimateFit(shape, { ...sound, gpu: null, ramAvailableBytes: -gibibyte }, options);
    expect(fit).toMatchObject({ state: 'none', maxContext: null });
  });
});
