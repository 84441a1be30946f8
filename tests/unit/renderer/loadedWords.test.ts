import { expect, test } from 'vitest';
import type { LoadedModel } from '#shared/contract/models.ts';
import { loadedWords } from '../../../src/renderer/features/chat/loadedWords.ts';
import { loaded } from '../../fixtures/page/sampleData.ts';

const gib = 2 ** 30;
const onGpu: LoadedModel = {
  ...loaded,
  backend: 'cuda',
  gpuLayers: 22,
  layers: 37,
  memory: { weightsBytes: null, kvBytes: null, computeBytes: null, gpu: null, residentBytes: 2.5 * gib },
  measured: { totalBytes: 6.2 * gib, gpuBytes: 4 * gib, ramBytes: 2.2 * gib },
};

test('a loaded model is said with its place and what it takes, GPU and process together', () => {
  expect(loadedWords(loaded)).toBe('In memory, 6.4 GiB');
  expect(loadedWords(onGpu)).toBe('22/37 layers on GPU, 6.2 GiB');
  expect(loadedWords({ ...onGpu, gpuLayers: 37 })).toBe('On GPU, 6.2 GiB');
  expect(loadedWords({ ...onGpu, gpuLayers: 37, measured: null })).toBe('On GPU');
  expect(loadedWords({ ...loaded, memory: null, measured: null })).toBe('In memory');
});

test('a model on its way says so', () => {
  expect(loadedWords({ ...loaded, state: 'loading', progress: 0.424 })).toBe('Loading 42%');
  expect(loadedWords({ ...loaded, state: 'unloading' })).toBe('Unloading');
});
