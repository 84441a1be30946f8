import { describe, expect, test } from 'vitest';
import { plainGpuName, publishedGpuBandwidth } from '#core/machine/gpuBandwidth.ts';
import { publishedGigabytesPerSecond } from '#core/machine/publishedGpuBandwidths.ts';

const gibibyte = 2 ** 30;

describe('published bandwidth', () => {
  test.each([
    ['NVIDIA GeForce RTX 4090', 24, 1008e9],
    ['NVIDIA GeForce RTX 4090 Laptop GPU', 16, 576e9],
    ['GeForce RTX 4090', null, 1008e9],
    ['NVIDIA RTX A6000', 48, 768e9],
    ['NVIDIA RTX 6000 Ada Generation', 48, 960e9],
    ['Quadro RTX 6000', 24, 672e9],
    ['NVIDIA A100-SXM4-80GB', 80, 2039e9],
    ['NVIDIA H200', 140, 4800e9],
    ['Tesla T4', 15, 320e9],
    ['AMD Radeon RX 7900 XTX (RADV NAVI31)', 24, 960e9],
    ['AMD Radeon RX 7900 XT', 20, 800e9],
    ['AMD Radeon 8060S Graphics (RADV GFX1151)', 96, 256e9],
    ['Intel(R) Arc(tm) A770 Graphics (DG2)', 16, 560e9],
    ['Intel(R) Arc(TM) B580 Graphics', 12, 456e9],
    ['Apple M2 Max', 48, 400e9],
  ])('is known for %s', (name, gibibytes, bytesPerSecond) => {
    expect(publishedGpuBandwidth(name, gibibytes === null ? null : gibibytes * gibibyte)).toBe(bytesPerSecond);
  });

  test('tells cards of one name apart by their memory, which engines report a little low, and says nothing without it', () => {
    expect(publishedGpuBandwidth('NVIDIA GeForce RTX 3080', 9.76 * gibibyte)).toBe(760e9);
    expect(publishedGpuBandwidth('NVIDIA GeForce RTX 3080', 11.6 * gibibyte)).toBe(912e9);
    expect(publishedGpuBandwidth('NVIDIA GeForce RTX 3080', null)).toBeNull();
    expect(publishedGpuBandwidth('NVIDIA GeForce RTX 3080', 20 * gibibyte)).toBeNull();
  });

  test.each([
    'NVIDIA GeForce RTX 4090 Ti',
    'NVIDIA GeForce RTX 3080 Laptop GPU',
    'NVIDIA GeForce RTX 2080 Super with Max-Q Design',
    'AMD Radeon Graphics (RADV RENOIR)',
    'Intel(R) UHD Graphics 770 (ADL-S GT1)',
    'Apple M4 Max',
    'llvmpipe (LLVM 15.0.6, 256 bits)',
    '__proto__',
    'constructor',
    '',
  ])('is unknown for %j', (name) => {
    expect(publishedGpuBandwidth(name, 16 * gibibyte)).toBeNull();
  });

  test('every entry can be found by its own name and is a figure of memory', () => {
    for (const [name, published] of publishedGigabytesPerSecond) {
      expect(plainGpuName(name)).toBe(name);
      for (const figure of typeof published === 'number' ? [published] : Object.values(published)) {
        expect(figure).toBeGreaterThan(50);
        expect(figure).toBeLessThanOrEqual(8000);
      }
    }
  });
});
