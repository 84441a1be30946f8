import { expect, test } from 'vitest';
import type { FitEstimate, FitShape } from '#core/fit/fitTypes.ts';
import { longerContext, longerContextWords } from '../../../src/renderer/features/chat/longerContext.ts';

const gib = 2 ** 30;
const shape = (context_length?: number): FitShape => ({
  architecture: 'llama',
  hyperparameters: context_length === undefined ? {} : { context_length },
  vocabularySize: null,
  tensors: [],
});

function estimated(state: FitEstimate['state'], totalGib: number, gpuLayers = 0): FitEstimate {
  const total = totalGib * gib;
  const bytes = { weights: 0, kvCache: 0, recurrent: 0, compute: 0, overhead: 0, gpu: 0, ram: total, total };
  const range = { low: total, high: total };
  return { state, gpuLayers, layers: 25, maxContext: 8192, bytes, buffers: [], tokensPerSecond: null, isExact: true, range };
}

test('a longer context is twice the one that is loaded, and never more than the model was trained for', () => {
  expect(longerContext(shape(131_072), 8192)).toBe(16_384);
  expect(longerContext(shape(12_000), 8192)).toBe(12_000);
  expect(longerContext(shape(8192), 8192)).toBeNull();
  expect(longerContext(shape(), 8192)).toBeNull();
});

test('it says what that takes, and whether it fits', () => {
  const now = estimated('cpu', 6);
  expect(longerContextWords(16_384, { now, longer: estimated('cpu', 7.1) })).toBe('16k needs 1.1 GiB more. It fits.');
  expect(longerContextWords(16_384, { now, longer: estimated('tight', 7.1) })).toBe('16k needs 1.1 GiB more. It fits only just.');
  expect(longerContextWords(16_384, { now, longer: estimated('none', 20) })).toBe('16k needs 14.0 GiB more. It may not fit.');
  const onGpu = estimated('gpu', 6, 25);
  expect(longerContextWords(16_384, { now: onGpu, longer: estimated('partial', 7, 20) })).toBe(
    '16k needs 1.0 GiB more. It fits with 20 of 25 layers on the GPU.',
  );
  expect(longerContextWords(16_384, { now: onGpu, longer: estimated('cpu', 7) })).toBe(
    '16k needs 1.0 GiB more. It fits in RAM, not on the GPU.',
  );
});
