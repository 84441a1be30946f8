import { describe, expect, it } from 'vitest';
import { estimateFit } from '#core/fit/estimateFit.ts';
import type { FitMachine, FitOptions, FitShape } from '#core/fit/fitTypes.ts';
import { type EngineNeed, withComputedContext, withEngineBytes } from '#core/fit/withEngineBytes.ts';
import { frozenShape } from '../../fixtures/fit/frozenTable.ts';

const gibibyte = 2 ** 30;
const options: FitOptions = {
  contextTokens: 8192,
  kvType: 'f16',
  flashAttention: true,
  batchTokens: 512,
  gpuLayers: null,
  expertsInRamLayers: 0,
  sequences: 1,
};
const withGpu = (gib: number): FitMachine => ({
  ramBytes: 32 * gibibyte,
  ramAvailableBytes: 30 * gibibyte,
  gpu: { backend: 'cuda', vramBytes: gib * gibibyte, freeBytes: gib * gibibyte, unified: false, bandwidthBytesPerSecond: 400e9 },
  bandwidthBytesPerSecond: 40e9,
});

/** What the engine would say if it agreed to the byte, or said more of the GPU. */
function engineNeed(shape: FitShape, of: { readonly gpuLayers: number; readonly more?: number }): EngineNeed {
  const { gpuLayers, more = 0 } = of;
  const { buffers } = estimateFit(shape, withGpu(1000), { ...options, gpuLayers });
  const sum = (isGpu: boolean, kind: 'weights' | 'kvAndState' | 'compute'): number =>
    buffers.reduce((total, part) => ((part.device === 'gpu') === isGpu ? total + part[kind] : total), 0);
  const share = (isGpu: boolean): EngineNeed['gpu'] => ({
    weights: sum(isGpu, 'weights'),
    kvAndState: sum(isGpu, 'kvAndState'),
    compute: sum(isGpu, 'compute'),
  });
  const gpu = share(true);
  return {
    backend: 'cuda',
    placement: { contextTokens: 8192, kvType: 'f16', flashAttention: true, batchTokens: 512, gpuLayers, sequences: 1 },
    gpu: { ...gpu, compute: gpu.compute + more },
    ram: share(false),
  };
}

describe('estimate with the bytes of a dry run', () => {
  it('is the estimate itself where both agree, hybrids with recurrent state included', async () => {
    for (const file of ['llama-3.1-8b.Q4_K_M', 'lfm2-1.2b.Q4_0', 'qwen3.5-35b-a3b.Q4_0', 'gemma3-4b.Q4_0']) {
      const shape = await frozenShape(file);
      for (const gpuLayers of [1000, 9]) {
        const machine = withGpu(10);
        const { maxContext, ...told } = estimateFit(shape, machine, { ...options, gpuLayers });
        const { maxContext: known, ...fit } = withEngineBytes(shape, machine, options, engineNeed(shape, { gpuLayers }));
        expect(fit).toEqual(told);
        expect(known).toBe(maxContext);
      }
    }
  });

  it('takes the engine at its word for state, bytes and context', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q4_K_M');
    const machine = withGpu(7);
    const more = 1.5 * gibibyte;
    const told = estimateFit(shape, machine, { ...options, gpuLayers: 33 });
    const fit = withEngineBytes(shape, machine, options, engineNeed(shape, { gpuLayers: 33, more }));
    expect(told.state).toBe('gpu');
    expect(fit.state).toBe('none');
    expect(fit.bytes.gpu - told.bytes.gpu).toBe(more);
    expect(fit.bytes.overhead).toBe(told.bytes.overhead);
    // 128 KiB a token: the context shrinks by what the engine takes more.
    expect(fit.maxContext).toBeLessThan(8192);
    const lessFree = { ...machine, gpu: machine.gpu && { ...machine.gpu, freeBytes: machine.gpu.freeBytes - more } };
    expect(fit.maxContext).toBe(estimateFit(shape, lessFree, { ...options, gpuLayers: 33 }).maxContext);
  });

  it('leaves a shorter context that fits another way, where nothing fits', async () => {
    const told = {
      ...estimateFit(await frozenShape('llama-3.1-8b.Q4_K_M'), withGpu(7), options),
      state: 'none' as const,
      maxContext: 2048,
    };
    expect(withComputedContext(told, { state: 'none', maxContext: 6144 }).maxContext).toBe(6144);
    expect(withComputedContext(told, { state: 'none', maxContext: null }).maxContext).toBe(2048);
    expect(withComputedContext({ ...told, maxContext: null }, { state: 'none', maxContext: null }).maxContext).toBeNull();
    expect(withComputedContext(told, { state: 'gpu', maxContext: 9000 })).toBe(told);
    const fitting = { ...told, state: 'gpu' as const };
    expect(withComputedContext(fitting, { state: 'none', maxContext: 6144 })).toBe(fitting);
  });

  it('is exact for an architecture that nobody knows', async () => {
    const known = await frozenShape('llama-3.1-8b.Q4_K_M');
    const shape: FitShape = { ...known, architecture: 'brandnew' };
    expect(estimateFit(shape, withGpu(12), options).isExact).toBe(false);
    const fit = withEngineBytes(shape, withGpu(12), options, engineNeed(known, { gpuLayers: 33 }));
    expect(fit.isExact).toBe(true);
    expect(fit.range.high / fit.range.low).toBeLessThan(1.12);
  });

  it('adds the projector, of which the dry run knows nothing', async () => {
    const shape = await frozenShape('gemma3-4b.Q4_0');
    const engine = engineNeed(shape, { gpuLayers: 1000 });
    const without = withEngineBytes(shape, withGpu(12), options, engine);
    const fit = withEngineBytes(shape, withGpu(12), { ...options, projectorBytes: 851_251_104 }, engine);
    expect(fit.bytes.weights - without.bytes.weights).toBe(851_251_104);
  });
});
