import { describe, expect, test } from 'vitest';
import { describeGguf } from '#core/gguf/describeGguf.ts';
import { decideLoad, kvBytes, type LoadFacts } from '#main/services/models/decideLoad.ts';
import type { GpuDevice } from '#shared/contract/runner.ts';
import { Settings } from '#shared/contract/settings.ts';

const settings = Settings.parse({});
const gibibyte = 2 ** 30;

/** An 8B model of 32 layers, as Llama 3.1 is made. */
const model: LoadFacts = {
  path: '/m.gguf',
  tensorBytes: 4.9e9,
  facts: {
    ...describeGguf(
      {
        version: 3,
        metadata: new Map(),
        metadataTypes: new Map(),
        tensors: [],
        vocabulary: null,
        alignment: 32,
        dataOffset: 0,
        headerBytes: 0,
      },
      { sizeBytes: 4.9e9 },
    ),
    contextTokens: 131_072,
    blockCount: 32,
    embeddingLength: 4096,
    headCount: 32,
    headCountKv: 8,
    vocabularySize: 128_256,
  },
};
const gpu = (freeBytes: number | null): GpuDevice => ({
  name: 'GPU',
  backend: 'cuda',
  vramBytes: 24 * gibibyte,
  freeBytes,
  unified: false,
  bandwidthBytesPerSecond: null,
  bandwidthSource: null,
});
const decide = (gpus: readonly GpuDevice[], options = {}, more = settings) =>
  decideLoad(model, options, { settings: more, machine: { cores: 8, gpus } });

describe('decideLoad', () => {
  test('uses all cores but one and the CPU where there is no GPU', () => {
    expect(decide([])).toMatchObject({ backend: 'cpu', gpuLayers: 0, threads: 7, batchTokens: 128, contextTokens: 8192 });
    expect(decideLoad(model, {}, { settings, machine: { cores: 1, gpus: [] } }).threads).toBe(1);
  });

  test('puts the whole model on a GPU that holds it', () => {
    expect(decide([gpu(20 * gibibyte)])).toMatchObject({ backend: 'cuda', gpuLayers: 33, batchTokens: 512 });
    expect(decide([gpu(null)])).toMatchObject({ backend: 'cuda', gpuLayers: 33 });
  });

  test('puts as many layers on a small GPU as fit beside the keys and values', () => {
    const { gpuLayers, backend } = decide([gpu(4 * gibibyte)]);
    expect(backend).toBe('cuda');
    expect(gpuLayers).toBeGreaterThan(10);
    expect(gpuLayers).toBeLessThan(28);
    expect(decide([gpu(4 * gibibyte)], { contextTokens: 65_536 }).gpuLayers).toBeLessThan(gpuLayers);
    expect(decide([gpu(4 * gibibyte), gpu(4 * gibibyte)]).gpuLayers).toBeGreaterThan(gpuLayers);
    expect(decide([gpu(0.2 * gibibyte)])).toMatchObject({ backend: 'cpu', gpuLayers: 0 });
  });

  test('does what the user asks for, on the GPU and off it', () => {
    expect(decide([gpu(gibibyte)], { gpuLayers: 20 })).toMatchObject({ backend: 'cuda', gpuLayers: 20 });
    expect(decide([gpu(gibibyte)], { gpuLayers: 99 }).gpuLayers).toBe(33);
    expect(decide([gpu(20 * gibibyte)], { gpuLayers: 0 })).toMatchObject({ backend: 'cpu', gpuLayers: 0 });
    expect(decide([gpu(20 * gibibyte)], {}, { ...settings, gpu: 'off' })).toMatchObject({ backend: 'cpu', gpuLayers: 0 });
  });

  test('counts keys and values as llama.cpp allocates them: 1 GiB for 8,192 tokens of this model', () => {
    expect(kvBytes(model, 8192)).toBe(gibibyte);
  });
});
