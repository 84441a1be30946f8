import { describe, expect, it } from 'vitest';
import { estimateFit } from '#core/fit/estimateFit.ts';
import type { FitMachine, FitOptions, FitShape } from '#core/fit/fitTypes.ts';
import { type ReferenceId, referenceModels } from '#core/fit/reference/referenceModels.ts';
import { referenceParameters, referenceShape } from '#core/fit/reference/referenceShape.ts';
import { quantTypeOf } from '#core/quant/quantTypes.ts';
import { frozenShape } from '../../../fixtures/fit/frozenTable.ts';

/** Headers of real files, with the types that the quantiser picked. */
const headers: readonly (readonly [id: ReferenceId, quant: string, file: string])[] = [
  ['qwen3-0.6b', 'Q4_K_M', 'qwen3-0.6b.Q4_K_M'],
  ['qwen3-0.6b', 'Q4_0', 'qwen3-0.6b.Q4_0'],
  ['gemma3-1b', 'Q5_K_M', 'h-gemma3-1b.Q5_K_M'],
  ['llama-3.2-1b', 'Q4_K_M', 'llama-3.2-1b.Q4_K_M'],
  ['llama-3.2-1b', 'Q4_0', 'llama-3.2-1b.Q4_0'],
  ['qwen3-1.7b', 'Q5_K_M', 'h-qwen3-1.7b.Q5_K_M'],
  ['llama-3.2-3b', 'Q4_K_M', 'llama-3.2-3b.Q4_K_M'],
  ['gemma3-4b', 'Q4_K_M', 'gemma3-4b.Q4_K_M'],
  ['gemma3-4b', 'Q4_0', 'gemma3-4b.Q4_0'],
  ['qwen3-4b', 'Q4_K_M', 'qwen3-4b.Q4_K_M'],
  ['qwen3-4b', 'Q8_0', 'qwen3-4b.Q8_0'],
  ['mistral-7b', 'Q4_K_M', 'mistral-7b-v0.3.Q4_K_M'],
  ['mistral-7b', 'Q8_0', 'mistral-7b-v0.3.Q8_0'],
  ['llama-3.1-8b', 'Q4_K_M', 'llama-3.1-8b.Q4_K_M'],
  ['llama-3.1-8b', 'Q8_0', 'llama-3.1-8b.Q8_0'],
  ['qwen3-8b', 'Q4_K_M', 'qwen3-8b.Q4_K_M'],
  ['qwen3-8b', 'Q4_0', 'qwen3-8b.Q4_0'],
  ['gemma3-12b', 'Q4_K_M', 'gemma3-12b.Q4_K_M'],
  ['mistral-nemo-12b', 'Q5_K_M', 'h-mistral-nemo-12b.Q5_K_M'],
  ['qwen3-14b', 'Q5_K_M', 'h-qwen3-14b.Q5_K_M'],
  ['gemma3-27b', 'Q5_K_M', 'h-gemma3-27b.Q5_K_M'],
  ['qwen3-30b-a3b', 'Q4_K_M', 'qwen3-30b-a3b.Q4_K_M'],
  ['qwen3-30b-a3b', 'Q4_0', 'qwen3-30b-a3b.Q4_0'],
  ['qwen3-32b', 'Q5_K_M', 'h-qwen3-32b.Q5_K_M'],
  ['llama-3.3-70b', 'Q5_K_M', 'h-llama-3.3-70b.Q5_K_M'],
  ['gpt-oss-20b', 'MXFP4_MOE', 'gpt-oss-20b.MXFP4'],
  ['gpt-oss-120b', 'Q5_K_M', 'h-gpt-oss-120b.Q5_K_M'],
  ['qwen3-235b-a22b', 'Q5_K_M', 'h-qwen3-235b.Q5_K_M'],
];
const gib = 2 ** 30;
const laptop: FitMachine = { ramBytes: 64 * gib, ramAvailableBytes: 60 * gib, gpu: null, bandwidthBytesPerSecond: 40e9 };
const gamer: FitMachine = {
  ...laptop,
  gpu: { backend: 'cuda', vramBytes: 12 * gib, freeBytes: 11 * gib, unified: false, bandwidthBytesPerSecond: 360e9 },
};
const options: FitOptions = {
  contextTokens: 8192,
  kvType: 'f16',
  flashAttention: true,
  batchTokens: null,
  gpuLayers: null,
  expertsInRamLayers: 0,
  sequences: 1,
};

describe('shapes of well-known models', () => {
  it.each(headers)('%s %s has the tensors of the real file, type by type', async (id, quant, file) => {
    const real = await frozenShape(file);
    const made = referenceShape(referenceModels[id], quant);
    expect(listed(made)).toEqual(listed(real));
  });

  it.each(headers)('%s %s takes what the real file takes, on GPU and processor', async (id, quant, file) => {
    const real = await frozenShape(file);
    const made = referenceShape(referenceModels[id], quant);
    for (const machine of [laptop, gamer]) expect(estimateFit(made, machine, options)).toEqual(estimateFit(real, machine, options));
  });

  it('has the published bits per weight of every quant of Llama 3.1 8B', () => {
    const model = referenceModels['llama-3.1-8b'];
    for (const quant of ['Q2_K', 'Q3_K_S', 'Q3_K_M', 'Q3_K_L', 'Q4_K_S', 'Q4_K_M', 'Q5_K_S', 'Q5_K_M', 'Q6_K', 'Q8_0', 'F16']) {
      const bits = (8 * weightBytes(referenceShape(model, quant))) / referenceParameters(model);
      const published = quantTypeOf(quant)?.bitsPerWeight ?? Number.NaN;
      expect(Math.abs(bits - published) / published, quant).toBeLessThan(0.001);
    }
  });

  it('counts the published parameters', () => {
    const counts = Object.fromEntries(Object.entries(referenceModels).map(([id, model]) => [id, referenceParameters(model)]));
    expect(counts).toMatchObject({
      'llama-3.2-1b': 1_235_814_432,
      'llama-3.2-3b': 3_212_749_888,
      'qwen3-4b': 4_022_468_096,
      'qwen3-8b': 8_190_735_360,
      'mistral-nemo-12b': 12_247_782_400,
      'qwen3-14b': 14_768_307_200,
      'gpt-oss-20b': 20_914_757_184,
      'mistral-small-24b': 23_572_403_200,
      'qwen3-30b-a3b': 30_532_122_624,
      'qwen3-32b': 32_762_123_264,
      'llama-3.3-70b': 70_553_706_560,
    });
  });

  it('refuses a quant whose types are not known instead of guessing them', () => {
    expect(() => referenceShape(referenceModels['qwen3-8b'], 'IQ2_XXS')).toThrow(RangeError);
  });
});

/** Of each tensor name and type: shape, bytes and layers, in an order of their own. */
function listed(shape: FitShape): readonly string[] {
  return shape.tensors
    .map(({ name, type, shape: sides, bytes, layers }) => `${name} ${type} ${sides.join('x')} ${bytes} ${layers?.join(',') ?? ''}`)
    .toSorted();
}

function weightBytes(shape: FitShape): number {
  return shape.tensors.reduce((sum, tensor) => sum + tensor.bytes * (tensor.layers?.length ?? 1), 0);
}
