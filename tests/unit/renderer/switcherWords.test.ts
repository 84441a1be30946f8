import { expect, test } from 'vitest';
import type { FitEstimate, FitMachine } from '#core/fit/fitTypes.ts';
import { readyWords } from '../../../src/renderer/features/chat/switcherWords.ts';
import { loaded } from '../../fixtures/page/sampleData.ts';

const gib = 2 ** 30;

/** 16 GiB of RAM, 12 of them free or held by Rightsize; a GPU of 12 GiB, or none. */
const machine = (gpuGib: number): FitMachine => ({
  ramBytes: 16 * gib,
  ramAvailableBytes: 12 * gib,
  gpu: gpuGib === 0 ? null : { backend: 'cuda', vramBytes: 12 * gib, freeBytes: gpuGib * gib, unified: false },
  bandwidthBytesPerSecond: null,
});

function estimated(
  state: FitEstimate['state'],
  of: { readonly gpuGib?: number; readonly ramGib: number; readonly gpuLayers?: number },
): FitEstimate {
  const { gpuGib = 0, ramGib, gpuLayers = 0 } = of;
  const bytes = {
    weights: 0,
    kvCache: 0,
    recurrent: 0,
    compute: 0,
    overhead: 0,
    gpu: gpuGib * gib,
    ram: ramGib * gib,
    total: (gpuGib + ramGib) * gib,
  };
  const range = { low: bytes.total, high: bytes.total };
  return { state, gpuLayers, layers: 25, maxContext: 8192, bytes, buffers: [], tokensPerSecond: null, isExact: true, range };
}

const idle = { ...loaded, usedBy: null };
const other = { ...idle, artifactId: 'b', name: 'Gemma 3 4B' };

test('a model that is not loaded says what choosing it takes', () => {
  const on = { machine: machine(0), loaded: [] };
  expect(readyWords(estimated('cpu', { ramGib: 3.1 }), on)).toBe('3.1 GiB');
  expect(readyWords(estimated('tight', { ramGib: 11.9 }), on)).toBe('tight, 11.9 GiB');
  expect(readyWords(estimated('none', { ramGib: 15.2 }), on)).toBe("won't fit, 15.2 GiB");
  expect(readyWords(estimated('partial', { gpuGib: 10, ramGib: 2, gpuLayers: 22 }), { ...on, machine: machine(12) })).toBe(
    '22/25 layers, 12.0 GiB',
  );
});

test('beside a loaded one it fits alongside, or says what is unloaded for it', () => {
  const on = { machine: machine(0), loaded: [idle] };
  expect(readyWords(estimated('cpu', { ramGib: 3.1 }), on)).toBe('fits alongside, 3.1 GiB');
  expect(readyWords(estimated('cpu', { ramGib: 8 }), on)).toBe('unloads Qwen3 8B');
  expect(readyWords(estimated('cpu', { ramGib: 8 }), { ...on, loaded: [idle, other] })).toBe('unloads others');
  expect(readyWords(estimated('cpu', { ramGib: 8 }), { ...on, loaded: [{ ...idle, usedBy: 'chat' }] })).toBe('tight, 8.0 GiB');
  const onGpu = { ...idle, gpuLayers: 37, measured: { totalBytes: 7 * gib, gpuBytes: 6.5 * gib, ramBytes: 0.5 * gib } };
  const partial = estimated('partial', { gpuGib: 10, ramGib: 2, gpuLayers: 22 });
  expect(readyWords(partial, { machine: machine(12), loaded: [onGpu] })).toBe('22/25 layers, unloads Qwen3 8B');
  expect(readyWords(estimated('gpu', { gpuGib: 4, ramGib: 0.5, gpuLayers: 25 }), { machine: machine(12), loaded: [onGpu] })).toBe(
    'fits alongside, 4.5 GiB',
  );
});
