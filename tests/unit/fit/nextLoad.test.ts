import { describe, expect, it } from 'vitest';
import { estimateFit } from '#core/fit/estimateFit.ts';
import type { FitEstimate, FitMachine, FitShape } from '#core/fit/fitTypes.ts';
import { type LoadWish, nextLoad, type PlannedLoad, planLoad } from '#core/fit/planLoad.ts';
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
  ramBytes: 32 * gibibyte,
  ramAvailableBytes: freeGib * gibibyte,
  gpu: null,
  bandwidthBytesPerSecond: null,
});
const withGpu = (gib: number, more: Partial<NonNullable<FitMachine['gpu']>> = {}): FitMachine => ({
  ...laptop(24),
  gpu: { backend: 'cuda', vramBytes: 24 * gibibyte, freeBytes: gib * gibibyte, unified: false, ...more },
});

type Step = NonNullable<ReturnType<typeof nextLoad>>;

function chainAfter(shape: FitShape, machine: FitMachine, first: PlannedLoad): readonly Step[] {
  const steps: Step[] = [];
  let failed = first;
  while (steps.length < 100) {
    const step = nextLoad(shape, machine, failed);
    if (step === null) return steps;
    steps.push(step);
    failed = step;
  }
  throw new Error('The chain does not end.');
}

function engineBytes({ buffers }: FitEstimate, isGpu: boolean): number {
  return buffers
    .filter(({ device }) => (device === 'gpu') === isGpu)
    .reduce((sum, { weights, kvAndState, compute }) => sum + weights + kvAndState + compute, 0);
}

describe('after a load on a GPU ran out of memory', () => {
  it('first the cache shrinks, then the context, then the layers, then the processor has to do', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q4_K_M');
    const machine = withGpu(12);
    const chain = chainAfter(shape, machine, planLoad(shape, machine, nothingAsked));
    expect(chain.map(({ words }) => words)).toEqual([
      'Load with the cache in 8 bits',
      'Load with 4,096 context',
      'Load with 24 layers on the GPU',
      'Load with 12 layers on the GPU',
      'Load on the processor alone',
      'Load with 1,024 context',
    ]);
    expect(chain[0]?.reasons).toEqual([
      'The cache is kept in 8 bits, because the last try ran out of memory.',
      'All 33 layers are on the GPU.',
    ]);
    expect(chain[4]).toMatchObject({ backend: 'cpu', options: { gpuLayers: 0, batchTokens: 128, kvType: 'q8_0', contextTokens: 4096 } });
  });

  it('the processor is not offered what all of RAM could not hold', async () => {
    const shape = await frozenShape('qwen3-30b-a3b.Q4_K_M');
    const machine: FitMachine = { ...withGpu(14), ramBytes: 8 * gibibyte, ramAvailableBytes: 7 * gibibyte };
    const chain = chainAfter(shape, machine, planLoad(shape, machine, { ...nothingAsked, gpuLayers: 36 }));
    expect(chain.every(({ fit }) => fit.bytes.ram <= machine.ramBytes)).toBe(true);
    expect(chain.map(({ words }) => words)).not.toContain('Load on the processor alone');
  });

  it('no layers are moved to RAM where RAM was what ran out', async () => {
    const shape = await frozenShape('qwen3-30b-a3b.Q4_K_M');
    const machine: FitMachine = { ...withGpu(14), ramAvailableBytes: 4 * gibibyte };
    const failed = planLoad(shape, machine, { ...nothingAsked, gpuLayers: 30, contextTokens: 32_768 });
    for (const { options } of chainAfter(shape, machine, failed)) expect(options.gpuLayers).toBe(30);
  });
});

describe('after a load on the processor ran out of memory', () => {
  it('the cache and then the context shrink, and then nothing is left to try', async () => {
    const shape = await frozenShape('llama-3.2-1b.Q4_K_M');
    const machine = laptop(2);
    const chain = chainAfter(shape, machine, planLoad(shape, machine, { ...nothingAsked, contextTokens: 32_768, kvType: 'f16' }));
    expect(chain.map(({ words }) => words)).toEqual([
      'Load with the cache in 8 bits',
      'Load with 16,384 context',
      'Load with 8,192 context',
      'Load with 4,096 context',
      'Load with 2,048 context',
    ]);
  });

  it('what the estimate foretells to fail too is passed over, where it had foretold the failure', async () => {
    const shape = await frozenShape('llama-3.2-1b.Q4_K_M');
    const machine = laptop(2);
    const failed = planLoad(shape, machine, { ...nothingAsked, contextTokens: 131_072, kvType: 'q8_0' });
    expect(failed.fit.state).toBe('none');
    const [step] = chainAfter(shape, machine, failed);
    expect(step).toMatchObject({ words: 'Load with 32,768 context', fit: { state: expect.not.stringMatching('none') } });
  });

  it('a cache without flash attention is not quantised: the engine refuses it', async () => {
    const shape = await frozenShape('deepseek-v2-lite.Q4_K_M');
    const machine = laptop(24);
    const failed = planLoad(shape, machine, { ...nothingAsked, flashAttention: false });
    const [step] = chainAfter(shape, machine, failed);
    // A quantised cache brings flash attention with it, or is not offered.
    if (step && step.options.kvType !== 'f16') expect(step.options.flashAttention).toBe(true);
    expect(() => estimateFit(shape, machine, step?.options ?? failed.options)).not.toThrow();
  });

  it('a model that is nearly all weights has nothing smaller', async () => {
    const shape = await frozenShape('llama-3.1-8b.Q8_0');
    const machine = laptop(6);
    expect(nextLoad(shape, machine, planLoad(shape, machine, { ...nothingAsked, contextTokens: 512, kvType: 'q8_0' }))).toBeNull();
  });
});

describe('every chain', () => {
  const machines: readonly (readonly [string, FitMachine])[] = [
    ['no GPU', laptop(6)],
    ['a small GPU', withGpu(3)],
    ['a large GPU', withGpu(22)],
    ['a Vulkan GPU', withGpu(8, { backend: 'vulkan' })],
    ['two GPUs', withGpu(16, { deviceCount: 2 })],
    ['unified memory', withGpu(12, { backend: 'metal', unified: true, vramBytes: 22 * gibibyte })],
  ];
  const files = [
    'deepseek-v2-lite.Q8_0',
    'gemma3-4b.Q4_0',
    'gemma3n-e2b.Q8_0',
    'gpt-oss-20b.MXFP4',
    'granite-4.0-h-tiny.Q4_0',
    'h-llama-3.3-70b.Q5_K_M',
    'lfm2-1.2b.Q4_0',
    'llama-3.1-8b.Q8_0',
    'qwen3-0.6b.Q4_0',
    'qwen3.5-35b-a3b.Q4_0',
  ];

  it.each(machines)('ends, and each step needs clearly less where memory was short: %s', async (_, machine) => {
    for (const file of files) {
      const shape = await frozenShape(file);
      for (const wish of [nothingAsked, { ...nothingAsked, gpuLayers: 5, contextTokens: 4096, kvType: 'f32' as const }]) {
        let failed: PlannedLoad = planLoad(shape, machine, wish);
        for (const step of chainAfter(shape, machine, failed)) {
          expect(step.words).toMatch(/^Load (with|on) /);
          const before = { gpu: engineBytes(failed.fit, true), ram: engineBytes(failed.fit, false) };
          const after = { gpu: engineBytes(step.fit, true), ram: engineBytes(step.fit, false) };
          const all = before.gpu + before.ram;
          const isLess = after.gpu <= before.gpu * 0.97 || after.ram <= before.ram * 0.97 || after.gpu + after.ram <= all * 0.97;
          expect(isLess, `${file}: ${step.words}`).toBe(true);
          if (failed.options.gpuLayers === 0) expect(after.ram).toBeLessThanOrEqual(before.ram * 0.97);
          failed = step;
        }
      }
    }
  });
});
