import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FitInputError } from '#core/fit/checkFitInput.ts';
import { estimateFit } from '#core/fit/estimateFit.ts';
import type { FitEstimate, FitHyperparameter, FitOptions, FitShape } from '#core/fit/fitTypes.ts';
import { machineOf, readShape } from '../../fixtures/fit/frozenTable.ts';

const here = (path: string): string => fileURLToPath(new URL(`../../fixtures/fit/${path}`, import.meta.url));
const options: FitOptions = {
  contextTokens: 1024,
  kvType: 'f16',
  flashAttention: true,
  batchTokens: 64,
  gpuLayers: null,
  expertsInRamLayers: 1,
  sequences: 1,
};
const wrong: readonly (FitHyperparameter | undefined)[] = [undefined, 0, -1, 1.5, 1e15, 'text', true, [1, 2], []];

/** Every number a figure, never NaN, infinite or below zero; or a refusal in words. */
function answerOf(shape: FitShape, machine: 'cuda' | 'cpu'): FitEstimate | string {
  try {
    return estimateFit(shape, machineOf(machine), options);
  } catch (error) {
    if (error instanceof FitInputError) return error.message;
    throw error;
  }
}

function expectSound(answer: FitEstimate | string, of: string): void {
  if (typeof answer === 'string') {
    expect(answer.length, of).toBeGreaterThan(10);
    return;
  }
  const numbers = [
    ...Object.values(answer.bytes),
    ...answer.buffers.flatMap(({ device: _, ...bytes }) => Object.values(bytes)),
    answer.range.low,
    answer.range.high,
  ];
  expect(numbers.every((value) => Number.isFinite(value) && value >= 0) ? 'sound' : JSON.stringify(answer), of).toBe('sound');
}

const files = [
  ...readdirSync(here('architectures')).map((name) => here(`architectures/${name}`)),
  ...[
    'deepseek-v2-lite.Q8_0',
    'gemma3n-e2b.Q8_0',
    'gpt-oss-20b.MXFP4',
    'granite-4.0-h-tiny.Q4_0',
    'lfm2-1.2b.Q4_0',
    'phi-4-mini.Q4_0',
    'qwen3.5-35b-a3b.Q4_0',
  ].map((name) => here(`headers/${name}.gguf`)),
];

describe('a broken header', () => {
  it.each(files.map((path) => [path.split('/').at(-1) as string, path] as const))(
    'with any one value of %s wrong ends in figures or in words',
    async (_, path) => {
      const shape = await readShape(path);
      for (const key of Object.keys(shape.hyperparameters)) {
        for (const value of wrong) {
          const hyperparameters = { ...shape.hyperparameters };
          if (value === undefined) delete hyperparameters[key];
          else hyperparameters[key] = value;
          for (const machine of ['cuda', 'cpu'] as const) {
            expectSound(answerOf({ ...shape, hyperparameters }, machine), `${key} = ${JSON.stringify(value)}`);
          }
        }
      }
    },
  );

  it.each(files.map((path) => [path.split('/').at(-1) as string, path] as const))(
    'with any one tensor of %s missing or flat ends in figures or in words',
    async (_, path) => {
      const shape = await readShape(path);
      for (const [index, tensor] of shape.tensors.entries()) {
        const others = shape.tensors.filter((__, each) => each !== index);
        expectSound(answerOf({ ...shape, tensors: others }, 'cuda'), `without ${tensor.name}`);
        expectSound(answerOf({ ...shape, tensors: [...others, { ...tensor, shape: [], bytes: 0 }] }, 'cuda'), `flat ${tensor.name}`);
      }
    },
  );
});

it('comes to an end with a quantised cache where a list gives heads no length', async () => {
  const shape = await readShape(here('headers/llama-3.2-1b.Q4_0.gguf'));
  const none = Array.from({ length: Number(shape.hyperparameters.block_count) }, () => 0);
  const lists = { 'attention.key_length': none, 'attention.value_length': none };
  const wrong = { ...shape, hyperparameters: { ...shape.hyperparameters, ...lists } };
  expect(estimateFit(wrong, machineOf('cpu'), { ...options, kvType: 'q8_0' }).bytes.kvCache).toBe(0);
});
