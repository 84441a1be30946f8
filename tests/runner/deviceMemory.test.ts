import { expect, test } from 'vitest';
import { deviceMemory, isIntegrated } from '#main/runner/deviceMemory.ts';

test('one device has what the engine tells', () => {
  expect(deviceMemory(['NVIDIA GeForce RTX 4090'], { total: 24e9, free: 22e9, unifiedSize: 0 })).toEqual([
    { vramBytes: 24e9, freeBytes: 22e9, unified: false },
  ]);
  expect(deviceMemory(['Apple M2 Max'], { total: 24e9, free: 24e9, unifiedSize: 24e9 })).toMatchObject([{ unified: true }]);
});

test('a card beside the graphics of the processor has what those have not', () => {
  const sums = { total: 40e9, free: 30e9, unifiedSize: 16e9 };
  expect(deviceMemory(['Intel(R) UHD Graphics 770 (ADL-S GT1)', 'AMD Radeon RX 7900 XTX'], sums)).toEqual([
    { vramBytes: 16e9, freeBytes: null, unified: true },
    { vramBytes: 24e9, freeBytes: null, unified: false },
  ]);
});

test('of several of a kind the share of each is unknown', () => {
  const unknown = { vramBytes: null, freeBytes: null, unified: false };
  expect(deviceMemory(['A', 'B'], { total: 40e9, free: 30e9, unifiedSize: 0 })).toEqual([unknown, unknown]);
  expect(deviceMemory(['A', 'B'], null)).toEqual([unknown, unknown]);
  const sums = { total: 64e9, free: 30e9, unifiedSize: 16e9 };
  expect(deviceMemory(['NVIDIA A', 'AMD Radeon 780M Graphics (RADV PHOENIX)', 'NVIDIA A'], sums)).toEqual([
    unknown,
    { vramBytes: 16e9, freeBytes: null, unified: true },
    unknown,
  ]);
});

test('what is built into a processor is told by its name', () => {
  const integrated = [
    'Intel(R) UHD Graphics 770 (ADL-S GT1)',
    'Intel(R) Iris(R) Xe Graphics (TGL GT2)',
    'Intel(R) Arc(tm) Graphics (MTL)',
    'Intel(R) Arc(TM) 140V GPU (16GB)',
    'Intel(R) Graphics (ARL)',
    'AMD Radeon Graphics (RADV RAPHAEL_MENDOCINO)',
    'AMD Radeon(TM) Graphics',
    'AMD Radeon 780M Graphics (RADV PHOENIX)',
    'AMD Radeon 8060S Graphics (RADV GFX1151)',
    'AMD Radeon(TM) Vega 8 Graphics',
  ];
  const cards = [
    'Intel(R) Arc(tm) A770 Graphics (DG2)',
    'Intel(R) Arc(TM) B580 Graphics',
    'Intel(R) Arc(tm) Pro B60 Graphics (BMG G21)',
    'AMD Radeon RX 7900 XTX (RADV NAVI31)',
    'AMD Radeon RX Vega 64',
    'AMD Radeon VII (RADV VEGA20)',
    'AMD Radeon PRO W7900',
    'NVIDIA GeForce RTX 4090',
    'llvmpipe (LLVM 15.0.6, 256 bits)',
  ];
  expect(integrated.filter((name) => !isIntegrated(name))).toEqual([]);
  expect(cards.filter(isIntegrated)).toEqual([]);
});
