import { describe, expect, it } from 'vitest';
import { type FitMachine, noCalibration } from '#core/fit/fitTypes.ts';
import { fitsInShort } from '#core/fit/reference/fitsInShort.ts';
import { inShortRows } from '#core/fit/reference/inShortRows.ts';
import { type WhatFitsCell, whatFits } from '#core/fit/reference/whatFits.ts';
import type { LoadObservation } from '#shared/contract/fit.ts';
import type { Artifact, LoadedModel } from '#shared/contract/models.ts';
import type { Hardware, HardwareLoad } from '#shared/contract/system.ts';
import { engineRows, furtherEngineRows } from '../../../src/renderer/features/hardware/engineRows.ts';
import { gpuNote, gpuReading } from '../../../src/renderer/features/hardware/gpuReadings.ts';
import { cellBytes, cellHint, cellSentence, cellWords } from '../../../src/renderer/features/hardware/gridWords.ts';
import { loadedCells } from '../../../src/renderer/features/hardware/loadedCell.ts';
import { errorWords, placementWords } from '../../../src/renderer/features/hardware/loadWords.ts';
import { otherBytes } from '../../../src/renderer/features/hardware/otherBytes.ts';
import { reportText } from '../../../src/renderer/features/hardware/reportText.ts';
import { loadedBytesThere, loadedMemoryParts, memoryScale } from '../../../src/renderer/shell/loadedMemory.ts';
import { machineFacts, shortName } from '../../../src/renderer/ui/machineWords.ts';
import { unitOf, usedOf } from '../../../src/renderer/ui/shortForms.ts';
import * as sample from '../../fixtures/page/sampleData.ts';

const gib = 2 ** 30;
const usual = { contextTokens: 8192, withGpu: true };
const laptop: FitMachine = { ramBytes: 15.6 * gib, ramAvailableBytes: 10 * gib, gpu: null, bandwidthBytesPerSecond: 41e9 };
const desktop: FitMachine = {
  ...laptop,
  gpu: { backend: 'cuda', vramBytes: 12 * gib, freeBytes: 11.3 * gib, unified: false, bandwidthBytesPerSecond: 360e9 },
};
const gpu: Hardware['gpus'][number] = {
  name: 'GeForce RTX 3060',
  backend: 'cuda',
  vramBytes: 12 * gib,
  freeBytes: 11 * gib,
  unified: false,
  bandwidthBytesPerSecond: 360e9,
  bandwidthSource: 'published',
};
const reading: HardwareLoad = {
  at: 0,
  cpuPercent: 10,
  memoryUsedBytes: 8 * gib,
  memoryTotalBytes: 16 * gib,
  ownResidentBytes: 0.5 * gib,
  runnersResidentBytes: 3 * gib,
  gpus: [],
};
const gpuLoad: HardwareLoad['gpus'][number] = {
  name: 'GeForce RTX 3060',
  loadPercent: 92,
  memoryUsedBytes: 7 * gib,
  memoryTotalBytes: 12 * gib,
  temperatureCelsius: 61.4,
  powerWatts: 127.6,
};

describe('a cell of what fits', () => {
  const [row] = whatFits(laptop, usual).rows;
  const cell: WhatFitsCell = { quant: 'Q4_K_M', state: 'gpu', gpuLayers: 37, layers: 37, totalBytes: 6.2 * gib, tokensPerSecond: 44 };
  it.each([
    [{ ...cell }, 'Fits GPU', 'fits GPU'],
    [{ ...cell, state: 'partial' as const, gpuLayers: 23 }, '23/37 layers', '23 of 37 layers on GPU'],
    [{ ...cell, state: 'cpu' as const }, 'RAM only', 'RAM only'],
    [{ ...cell, state: 'tight' as const }, 'Tight', 'tight, close other apps'],
    [{ ...cell, state: 'none' as const }, "Won't fit", "won't fit"],
  ])('is said short and in a sentence: %#', (one, short, state) => {
    if (row === undefined) throw new Error('The grid has rows.');
    expect(cellWords(one)).toBe(short);
    expect(cellSentence(row, one)).toBe(`1B, Q4_K_M: ${state}, 6.2 GiB`);
  });

  it('tells its speed as predicted, and none where nothing would run', () => {
    if (row === undefined) throw new Error('The grid has rows.');
    expect(cellHint(row, cell)).toContain('about ~44 tok/s');
    expect(cellHint(row, { ...cell, state: 'none' })).not.toContain('tok/s');
    expect(cellHint(row, { ...cell, tokensPerSecond: null })).not.toContain('tok/s');
  });

  it('keeps its memory narrow', () => {
    expect([0.9, 9.94, 9.96, 16.7, 134.2].map((size) => cellBytes(size * gib))).toEqual([
      '0.9 GiB',
      '9.9 GiB',
      '10 GiB',
      '17 GiB',
      '134 GiB',
    ]);
  });
});

describe('what it comes to', () => {
  const rowsFor = (machine: FitMachine): readonly string[] => {
    const grid = whatFits(machine, usual);
    return inShortRows(fitsInShort(grid), grid).map(({ name, value, quant }) => `${name}: ${value}${quant === null ? '' : ` ${quant}`}`);
  };

  it('says about 4B for a laptop of 16 GB', () => {
    expect(rowsFor(laptop)).toEqual(['For this machine: about 4B', 'Largest in RAM: 12B Q4_K_M', 'Quick enough to chat: up to 4B']);
  });

  it('names what the GPU holds, alone and with RAM', () => {
    expect(rowsFor(desktop)).toEqual([
      'For this machine: about 14B',
      'Largest on GPU: 24B Q2_K',
      'Largest at Q4_K_M: 14B on GPU',
      expect.stringMatching(/^With RAM as well: (24|30|32)B/),
    ]);
  });

  it('says what is slow on a slow memory', () => {
    expect(rowsFor({ ...laptop, bandwidthBytesPerSecond: 6e9 })).toEqual([
      'For this machine: 1B, slowly',
      'Largest in RAM: 12B Q4_K_M',
      'Quick enough to chat: none of these',
    ]);
  });

  it('takes a size for the least where memory was measured beside other work', () => {
    const wordsAt = (bandwidthBytesPerSecond: number): readonly string[] => {
      const grid = whatFits({ ...laptop, bandwidthBytesPerSecond }, usual);
      return inShortRows(fitsInShort(grid), { onGpu: false, isSpeedLeast: true }).map(({ value }) => value);
    };
    expect(wordsAt(41e9)).toEqual(['at least 4B', '12B', 'at least 4B']);
    expect(wordsAt(6e9)).toEqual(['measure first', '12B', 'measure first']);
  });

  it('asks to measure first where speed decides, and says none where nothing fits', () => {
    expect(rowsFor({ ...laptop, bandwidthBytesPerSecond: null })[0]).toBe('For this machine: measure first');
    expect(rowsFor({ ...laptop, ramAvailableBytes: gib / 4 })).toEqual([
      'For this machine: none fits',
      'Largest in RAM: –',
      'Quick enough to chat: none of these',
    ]);
  });
});

describe('the cell of a loaded model', () => {
  const grid = whatFits(laptop, usual);
  const cellsOf = (artifact: Partial<Artifact>, quant: string | null) => {
    const [first] = sample.artifacts;
    if (first === undefined) throw new Error('There are sample models.');
    const loaded: LoadedModel = { ...sample.loaded, artifactId: first.id, quant };
    return loadedCells(grid, { loaded: [loaded], artifacts: [{ ...first, ...artifact }] });
  };
  it.each([
    ['its size', { parameters: 8.19e9, architecture: 'qwen3' }, 'Q4_K_M', [{ size: '8B', quant: 'Q4_K_M' }]],
    ['a mixture of experts', { parameters: 30.5e9, architecture: 'qwen3moe' }, 'Q6_K', [{ size: '30B A3B', quant: 'Q6_K' }]],
    ['a size near it', { parameters: 7.25e9, architecture: 'llama' }, 'Q8_0', [{ size: '8B', quant: 'Q8_0' }]],
    ['nothing between sizes', { parameters: 20e9, architecture: 'llama' }, 'Q4_K_M', []],
    ['nothing of unknown size', { parameters: null }, 'Q4_K_M', []],
    ['nothing of unknown quant', { parameters: 8.19e9, architecture: 'qwen3' }, null, []],
  ])('is %s', (_, artifact, quant, cells) => {
    expect(cellsOf(artifact, quant)).toEqual(cells);
  });
});

describe('readings of a GPU', () => {
  it('are found by name, else by place', () => {
    const second = { ...gpuLoad, name: 'GeForce GTX 1650' };
    expect(gpuReading({ ...reading, gpus: [second, gpuLoad] }, { gpu, index: 0 })).toBe(gpuLoad);
    expect(gpuReading({ ...reading, gpus: [second] }, { gpu, index: 0 })).toBe(second);
    expect(gpuReading({ ...reading, gpus: [gpuLoad, { ...gpuLoad, loadPercent: 3 }] }, { gpu, index: 1 })?.loadPercent).toBe(3);
    expect(gpuReading(reading, { gpu, index: 0 })).toBeUndefined();
  });

  it('note temperature and power as far as they are told', () => {
    expect(gpuNote(gpuLoad)).toBe('61 °C, 128 W');
    expect(gpuNote({ ...gpuLoad, temperatureCelsius: null })).toBe('128 W');
    expect(gpuNote({ ...gpuLoad, temperatureCelsius: null, powerWatts: null })).toBeNull();
    expect(gpuNote(undefined)).toBeNull();
  });
});

it('takes what Rightsize and its models hold off the memory of other apps', () => {
  const onGpu: LoadedModel = { ...sample.loaded, gpuLayers: 36, measured: { totalBytes: 7 * gib, gpuBytes: 6 * gib, ramBytes: gib } };
  const gpus = [gpu];
  expect(otherBytes(reading, { place: 'RAM', loaded: [], gpus })).toBe(4.5 * gib);
  expect(otherBytes({ ...reading, gpus: [gpuLoad] }, { place: 'GPU', loaded: [onGpu], gpus })).toBe(gib);
  expect(otherBytes(reading, { place: 'GPU', loaded: [onGpu], gpus })).toBeNull();
  expect(otherBytes({ ...reading, gpus: [gpuLoad] }, { place: 'GPU', loaded: [onGpu], gpus: [{ ...gpu, vramBytes: null }] })).toBeNull();
  expect(otherBytes(undefined, { place: 'RAM', loaded: [], gpus })).toBeNull();
});

describe('memory of several GPUs', () => {
  const second: Hardware['gpus'][number] = { ...gpu, name: 'GeForce GTX 1650', vramBytes: 4 * gib };
  const builtIn: Hardware['gpus'][number] = { ...gpu, name: 'Radeon Graphics', backend: 'vulkan', vramBytes: 2 * gib, unified: true };
  const model: LoadedModel = {
    ...sample.loaded,
    gpuLayers: 24,
    layers: 36,
    memory: {
      weightsBytes: 11 * gib,
      kvBytes: 2 * gib,
      computeBytes: gib,
      gpu: { weightsBytes: 8 * gib, kvBytes: 1.5 * gib, computeBytes: 0.5 * gib },
      residentBytes: 4.5 * gib,
    },
    measured: { totalBytes: 15 * gib, gpuBytes: 10.5 * gib, ramBytes: 4.5 * gib },
  };

  it('counts those together that share the layers, and leaves the others out', () => {
    const machine: Hardware = { ...sample.hardware, gpus: [builtIn, second, gpu] };
    expect(memoryScale(model, machine)).toEqual({ place: 'GPU', totalBytes: 16 * gib });
    const load = { ...reading, gpus: [builtIn, second, gpu].map(({ name }) => ({ ...gpuLoad, name, memoryUsedBytes: 6 * gib })) };
    expect(otherBytes(load, { place: 'GPU', loaded: [model], gpus: machine.gpus })).toBe(1.5 * gib);
  });

  it('is not known where no driver tells it, and never that of the processor', () => {
    expect(memoryScale(model, { ...sample.hardware, gpus: [{ ...gpu, vramBytes: null }] })).toEqual({ place: 'GPU', totalBytes: null });
  });

  it('holds of a split model only the part that lies on them', () => {
    expect(loadedBytesThere(model)).toBe(10.5 * gib);
    expect(loadedMemoryParts(model)).toEqual([
      { kind: 'weights', value: 8 * gib },
      { kind: 'kv', value: 1.5 * gib },
      { kind: 'compute', value: gib },
    ]);
    expect(loadedBytesThere({ ...model, measured: null })).toBe(10 * gib);
    expect(loadedBytesThere({ ...model, gpuLayers: 0 })).toBe(4.5 * gib);
    expect(loadedBytesThere({ ...model, memory: null })).toBeNull();
  });
});

it.each([
  ['NVIDIA GeForce RTX 3060', 'GeForce RTX 3060'],
  ['NVIDIA H200', 'H200'],
  ['AMD Ryzen 5 5600X', 'Ryzen 5 5600X'],
  ['Intel(R) UHD Graphics 630', 'UHD Graphics 630'],
  ['Intel(R) Graphics', 'Intel(R) Graphics'],
  ['AMD EPYC', 'AMD EPYC'],
  ['Apple M3', 'Apple M3'],
  ['AMD Radeon RX 6800 XT (RADV NAVI21)', 'Radeon RX 6800 XT'],
  ['AMD Radeon Graphics (RADV RENOIR)', 'AMD Radeon Graphics'],
  ['llvmpipe (LLVM 15.0.6, 256 bits)', 'llvmpipe'],
])('calls %s %s where there is little room', (name, short) => {
  expect(shortName(name)).toBe(short);
});

describe('facts in words', () => {
  it('say memory, bandwidth and backend of the largest GPU, and name the others', () => {
    const small = { ...gpu, name: 'GeForce GTX 1650', vramBytes: 4 * gib };
    expect(machineFacts({ ...sample.hardware, gpus: [gpu] })[0]).toEqual({
      kind: 'gpu',
      label: 'GPU',
      value: 'GeForce RTX 3060',
      short: 'GeForce RTX 3060',
      detail: '12.0 GiB, 360 GB/s, CUDA',
      source: 'Bandwidth as its maker publishes it.',
    });
    const [two] = machineFacts({ ...sample.hardware, gpus: [small, gpu] });
    expect(two).toMatchObject({ label: 'GPU, 1 of 2', value: 'GeForce RTX 3060' });
    expect(two?.detail).toBe('12.0 GiB, 360 GB/s, CUDA, also GeForce GTX 1650, 4.0 GiB');
  });

  it('say of a memory that was measured beside other work that it is at least so fast', () => {
    const { memory } = sample.hardware;
    expect(machineFacts({ ...sample.hardware, memory: { ...memory, bandwidthIsLeast: true } })[2]).toMatchObject({
      detail: 'at least 41 GB/s',
    });
  });

  it('leave out what a GPU does not tell', () => {
    const silent = { ...gpu, vramBytes: null, bandwidthBytesPerSecond: null, bandwidthSource: null };
    expect(machineFacts({ ...sample.hardware, gpus: [silent] })[0]).toMatchObject({ detail: 'CUDA' });
  });

  it('name the backend that is used and what is kept free for it', () => {
    const rows = (hardware: Hardware, off: boolean) =>
      Object.fromEntries(engineRows(hardware, { ...sample.settings, gpu: off ? 'off' : 'auto' }));
    const withGpu = { ...sample.hardware, gpus: [gpu] };
    expect(rows(withGpu, false)).toMatchObject({ Backend: 'CUDA', 'Keep free on GPU': '0.36 GiB' });
    expect(rows(withGpu, true)).toMatchObject({ Backend: 'Processor', 'Keep free in RAM': '0.48 GiB' });
    expect(Object.fromEntries(furtherEngineRows(withGpu, null))).toMatchObject({ 'Learned from': 'no load yet' });
  });

  it('say a unit once', () => {
    expect(unitOf(6.9 * gib, 12 * gib)).toBe('GiB of 12.0');
    expect(unitOf(0.05 * gib, 12 * gib)).toBe('MiB of 12.0 GiB');
    expect(unitOf(null, 12 * gib)).toBe('of 12.0 GiB');
    expect(unitOf(gib, null)).toBe('GiB');
    expect([usedOf(6.9 * gib, 12 * gib), usedOf(0.05 * gib, 12 * gib), usedOf(6.9 * gib, null)]).toEqual([
      '6.9 of 12.0 GiB',
      '51.2 MiB of 12.0 GiB',
      '6.9 GiB',
    ]);
  });
});

const observation: LoadObservation = {
  id: 'load-1',
  artifactId: 'qwen3-8b-q4_k_m.gguf',
  name: 'Qwen3 8B',
  at: 0,
  engine: 'node-llama-cpp 3.22.1',
  backend: 'cuda',
  device: 'GeForce RTX 3060',
  placement: { contextTokens: 8192, kvType: 'q8_0', flashAttention: true, batchTokens: 512, gpuLayers: 37, sequences: 1 },
  layers: 37,
  estimated: { tier: 't1', gpuBytes: 6 * gib, ramBytes: 0.71 * gib, totalBytes: 6.71 * gib },
  measured: {
    gpu: { weights: 0, kvAndState: 0, compute: 0 },
    ram: { weights: 0, kvAndState: 0, compute: 0 },
    gpuLostBytes: null,
    residentBytes: 0,
    totalBytes: 6.66 * gib,
  },
  tokensPerSecond: { estimated: 44, measured: null },
};

describe('a load in words', () => {
  it('says where it lay and how far the estimate was off', () => {
    expect(placementWords(observation)).toBe('37/37 layers, 8k, KV q8_0');
    expect(placementWords({ ...observation, backend: 'cpu', placement: { ...observation.placement, kvType: 'f16' } })).toBe('in RAM, 8k');
    const off = (estimated: number, measured: number): string =>
      errorWords({
        estimated: { ...observation.estimated, totalBytes: estimated },
        measured: { ...observation.measured, totalBytes: measured },
      });
    expect([off(101, 100), off(98, 100), off(100.01, 100), off(1, 0)]).toEqual(['+1.0%', '−2.0%', '0.0%', '–']);
  });
});

describe('the report', () => {
  const text = reportText({
    about: sample.about,
    hardware: {
      ...sample.hardware,
      gpus: [gpu],
      calibration: { ...noCalibration, loads: 3, gpuOverheadBytes: 0.3 * gib, cpuSpeedFactor: 0.93 },
    },
    checks: [{ id: 'engine', ok: true, detail: 'in /home/ada', hint: null }],
    settings: sample.settings,
    grid: whatFits(desktop, usual),
    loaded: [sample.loaded],
    loads: [observation],
  });

  it('says machine, GPU with the source of its bandwidth, engine, calibration, what fits and what was measured', () => {
    expect(text).toContain('- GPU: GeForce RTX 3060, 12.0 GiB, 360 GB/s, CUDA');
    expect(text).toContain('360 GB/s published');
    expect(text).toContain('- Memory bandwidth: 41 GB/s measured, free now 8.1 GiB');
    expect(text).toContain('- Calibration: GPU overhead 0.3 GiB, CPU speed × 0.93');
    expect(text).toContain('## What fits at 8,192 context, with the GPU\n\n- For this machine: about 14B');
    expect(text).toContain('estimated 6.50, measured 6.40 GiB');
    expect(text).toContain('- Qwen3 8B, 37/37 layers, 8k, KV q8_0, CUDA: estimated 6.71, measured 6.66 GiB (+0.8%)');
    expect(text).toContain('- ok: engine');
  });

  it('holds no path', () => {
    expect(text).not.toContain('/home');
  });

  it('leaves out what there is none of', () => {
    const bare = reportText({
      about: sample.about,
      hardware: sample.hardware,
      checks: [],
      settings: null,
      grid: null,
      loaded: [],
      loads: [],
    });
    for (const title of ['## What fits', '## Loaded now', '## Recent loads', 'Calibration']) expect(bare).not.toContain(title);
    expect(bare).not.toMatch(/NaN|undefined|null/);
  });
});
