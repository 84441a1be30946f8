import { describe, expect, it } from 'vitest';
import { checkFitInput } from '#core/fit/checkFitInput.ts';
import { estimateFit } from '#core/fit/estimateFit.ts';
import type { FitEstimate, FitMachine, FitOptions, FitShape } from '#core/fit/fitTypes.ts';
import { shapeFromName, withNameRange } from '#core/fit/reference/shapeFromName.ts';
import { readName } from '#core/names/readName.ts';
import { frozenShape } from '../../../fixtures/fit/frozenTable.ts';

const machine: FitMachine = { ramBytes: 2 ** 40, ramAvailableBytes: 2 ** 40, gpu: null, bandwidthBytesPerSecond: 50e9 };
const options: FitOptions = {
  contextTokens: 8192,
  kvType: 'f16',
  flashAttention: true,
  batchTokens: null,
  gpuLayers: null,
  expertsInRamLayers: 0,
  sequences: 1,
};

describe('a shape from a name alone', () => {
  it('is the model itself where the name is one that is known', async () => {
    const named = shapeFromName(readName('Qwen3-8B-Q4_K_M'));
    expect(named).toMatchObject({ reference: 'Qwen3 8B', evidence: 'same-model' });
    const real = estimateFit(await frozenShape('qwen3-8b.Q4_K_M'), machine, options);
    expect(fitOf('Qwen3-8B-Q4_K_M').bytes).toEqual(real.bytes);
  });

  it.each([
    ['Meta-Llama-3.1-8B-Instruct-Q5_K_M', 'Llama 3.1 8B', 'same-model'],
    ['Qwen3-30B-A3B-Instruct-2507-UD-Q4_K_XL', 'Qwen3 30B A3B', 'same-model'],
    ['gemma-3-27b-it-Q4_K_M.gguf', 'Gemma 3 27B', 'same-model'],
    ['gpt-oss-20b-MXFP4', 'gpt-oss 20B', 'same-model'],
    ['gpt-oss-120b-Q4_K_M', 'gpt-oss 120B', 'same-model'],
    ['Mistral-Small-3.2-24B-Instruct-2506-Q4_K_M', 'Mistral Small', 'same-model'],
    ['Qwen2.5-7B-Instruct-Q4_K_M', 'Qwen3 8B', 'same-family'],
    ['gemma-2-9b-it-Q6_K', 'Gemma 3 12B', 'same-family'],
    ['Llama-2-13B-Q4_0', 'Llama 3.1 8B', 'same-family'],
    ['Qwen2.5-72B-Instruct-IQ4_XS', 'Llama 3.3 70B', 'same-size'],
    ['Mixtral-8x7B-Instruct-v0.1-Q4_K_M', 'Qwen3 30B A3B', 'same-size'],
  ])('takes for %s the layers of %s', (name, reference, evidence) => {
    expect(shapeFromName(readName(name))).toMatchObject({ reference, evidence });
  });

  it.each([
    ['llama-3.2-3b.Q4_0', 'Llama-3.2-3B-Instruct-Q4_0'],
    ['mistral-7b-v0.3.Q4_K_M', 'Mistral-7B-Instruct-v0.2-Q4_K_M'],
    ['phi-4-14b.Q4_K_M', 'phi-4-14B-Q4_K_M'],
    ['smollm2-360m.Q8_0', 'SmolLM2-360M-Instruct-Q8_0'],
    ['h-smollm2-1.7b.Q5_K_M', 'SmolLM2-1.7B-Instruct-Q5_K_M'],
    ['qwen3.5-35b-a3b.Q4_K_M', 'Qwen3.5-35B-A3B-Q4_K_M'],
    ['gpt-oss-20b.MXFP4', 'gpt-oss-20b-MXFP4'],
    ['gemma3-12b.Q4_0', 'gemma-3-12b-it-Q4_0'],
    ['h-llama-3.3-70b.Q5_K_M', 'Llama-3.3-70B-Instruct-Q5_K_M'],
  ])('holds %s within the range it states for %s', async (file, name) => {
    const real = estimateFit(await frozenShape(file), machine, options).bytes.total;
    const { range, isExact } = fitOf(name);
    expect(isExact).toBe(false);
    expect(range.low).toBeLessThan(real);
    expect(range.high).toBeGreaterThan(real);
  });

  it('scales the weights to size and quant where only the family is known', () => {
    const weights = fitOf('Qwen2.5-7B-Instruct-Q4_K_M').bytes.weights;
    expect(Math.abs(weights - 4.68e9) / 4.68e9).toBeLessThan(0.08);
    expect(fitOf('Qwen2.5-7B-Instruct-IQ3_XS').bytes.weights).toBeLessThan(weights * 0.75);
  });

  it('says more of what it knows than of what it does not', () => {
    const spread = ({ range }: FitEstimate): number => range.high / range.low;
    expect(spread(fitOf('Qwen3-8B-Q4_K_M'))).toBeLessThan(spread(fitOf('Qwen2.5-7B-Q4_K_M')));
    expect(spread(fitOf('Qwen2.5-7B-Q4_K_M'))).toBeLessThan(spread(fitOf('foo-7b-Q4_K_M')));
  });

  it.each([
    'Qwen3-8B',
    'Q4_K_M',
    'nonsense',
    '',
    'gemma-3n-E4B-it-Q4_K_M',
    'mmproj-Qwen3-VL-8B-F16.gguf',
    'Qwen3-8B-4bit-mlx',
    'x-0B-Q4_K_M',
  ])('does not guess from %j', (name) => {
    expect(shapeFromName(readName(name))).toBeNull();
  });

  it.each(['x-99999B-Q8_0', 'x-0.001B-Q2_K', 'SmolLM2-135M-Q4_K_M', 'Llama-3.1-405B-IQ2_XXS', 'DeepSeek-V3-671B-A37B-Q2_K'])(
    'stays usable for %s',
    (name) => {
      const named = shapeFromName(readName(name));
      if (named !== null) expect(checkFitInput(named.shape as FitShape)).toEqual({ ok: true });
      const total = named === null ? 1 : fitOf(name).bytes.total;
      expect(Number.isFinite(total) && total > 0).toBe(true);
    },
  );
});

function fitOf(name: string): FitEstimate {
  const named = shapeFromName(readName(name));
  if (named === null) throw new Error(`${name} tells too little.`);
  return withNameRange(estimateFit(named.shape, machine, options), named);
}
