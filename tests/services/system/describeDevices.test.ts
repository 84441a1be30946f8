import { describe, expect, test } from 'vitest';
import { describeDevices, describeLoad } from '#main/services/system/gpus/describeDevices.ts';
import { type GpuCard, unreadCard } from '#main/services/system/gpus/gpuCard.ts';
import type { GpuDevice } from '#shared/contract/runner.ts';

const gibibyte = 2 ** 30;
const memory = { availableBytes: 12 * gibibyte, bandwidthBytesPerSecond: 50e9 };

function device(name: string, given: Partial<GpuDevice> = {}): GpuDevice {
  return {
    name,
    backend: 'cuda',
    vramBytes: null,
    freeBytes: null,
    unified: false,
    bandwidthBytesPerSecond: null,
    bandwidthSource: null,
    ...given,
  };
}

function card(vendor: GpuCard['vendor'], name: string | null, given: Partial<GpuCard> = {}): GpuCard {
  return { ...unreadCard(vendor, name), ...given };
}

describe('devices of the engine', () => {
  test('have each their own memory where the engine told only the sum', () => {
    const cards = [
      card('nvidia', 'NVIDIA GeForce RTX 4090', { usedBytes: gibibyte, freeBytes: 22 * gibibyte, totalBytes: 24 * gibibyte }),
      card('nvidia', 'NVIDIA GeForce RTX 3060', { usedBytes: 2 * gibibyte, freeBytes: 9 * gibibyte, totalBytes: 12 * gibibyte }),
    ];
    const devices = [device('NVIDIA GeForce RTX 3060'), device('NVIDIA GeForce RTX 4090')];
    expect(describeDevices(devices, cards, memory)).toMatchObject([
      { vramBytes: 12 * gibibyte, freeBytes: 9 * gibibyte, bandwidthBytesPerSecond: 360e9, bandwidthSource: 'published' },
      { vramBytes: 24 * gibibyte, freeBytes: 22 * gibibyte, bandwidthBytesPerSecond: 1008e9, bandwidthSource: 'published' },
    ]);
  });

  test('have the memory that is free now, not what was free when the engine was asked', () => {
    const asked = device('NVIDIA GeForce RTX 4090', { vramBytes: 23.5 * gibibyte, freeBytes: 23 * gibibyte });
    const now = [
      card('nvidia', 'NVIDIA GeForce RTX 4090', { usedBytes: 20 * gibibyte, freeBytes: 3 * gibibyte, totalBytes: 24 * gibibyte }),
    ];
    expect(describeDevices([asked], now, memory)).toMatchObject([{ vramBytes: 23.5 * gibibyte, freeBytes: 3 * gibibyte }]);
    expect(describeDevices([asked], [], memory)).toMatchObject([{ freeBytes: 23 * gibibyte }]);
  });

  test('are not mistaken for another card of the same name that the engine was not shown', () => {
    const two = [1, 2].map((used) =>
      card('nvidia', 'NVIDIA H100 PCIe', { usedBytes: used * gibibyte, freeBytes: gibibyte, totalBytes: 80 * gibibyte }),
    );
    const only = device('NVIDIA H100 PCIe', { vramBytes: 80 * gibibyte, freeBytes: 70 * gibibyte });
    expect(describeDevices([only], two, memory)).toMatchObject([{ freeBytes: 70 * gibibyte }]);
  });

  test('of AMD are found by memory beside the graphics of the processor, which have no name either', () => {
    const cards = [
      card('amd', null, { usedBytes: 0.2 * gibibyte, totalBytes: 0.5 * gibibyte, shared: { usedBytes: 0, totalBytes: 15 * gibibyte } }),
      card('amd', null, { usedBytes: 4 * gibibyte, totalBytes: 24 * gibibyte, shared: { usedBytes: 0, totalBytes: 15 * gibibyte } }),
    ];
    const xtx = device('AMD Radeon RX 7900 XTX (RADV NAVI31)', { backend: 'vulkan' });
    const expected = [{ freeBytes: 20 * gibibyte, vramBytes: 24 * gibibyte, bandwidthBytesPerSecond: 960e9 }];
    expect(describeDevices([{ ...xtx, vramBytes: 24 * gibibyte, freeBytes: 24 * gibibyte }], cards, memory)).toMatchObject(expected);
    expect(describeDevices([xtx], cards, memory)).toMatchObject(expected);
  });

  test('of AMD are told apart from the graphics of its processor in whatever order the engine names them', () => {
    const graphics = card('amd', null, {
      usedBytes: gibibyte,
      totalBytes: 2 * gibibyte,
      shared: { usedBytes: 0, totalBytes: 14 * gibibyte },
    });
    const xtx = card('amd', null, {
      usedBytes: 4 * gibibyte,
      totalBytes: 24 * gibibyte,
      shared: { usedBytes: 0, totalBytes: 15 * gibibyte },
    });
    const devices = [
      device('AMD Radeon Graphics (RADV RAPHAEL_MENDOCINO)', { backend: 'vulkan', unified: true, vramBytes: 16 * gibibyte }),
      device('AMD Radeon RX 7900 XTX (RADV NAVI31)', { backend: 'vulkan', vramBytes: 24 * gibibyte }),
    ];
    const expected = [{ freeBytes: 12 * gibibyte }, { freeBytes: 20 * gibibyte }];
    for (const cards of [
      [graphics, xtx],
      [xtx, graphics],
    ])
      for (const told of [devices, devices.map((one) => ({ ...one, vramBytes: null }))])
        expect(describeDevices(told, cards, memory)).toMatchObject(expected);
  });

  test('that share the memory of the processor have no more free than it, and its measured bandwidth where none is published', () => {
    const shared = device('AMD Radeon Graphics (RADV RENOIR)', {
      backend: 'vulkan',
      unified: true,
      vramBytes: 16 * gibibyte,
      freeBytes: 15 * gibibyte,
    });
    const cards = [
      card('amd', null, { usedBytes: gibibyte, totalBytes: 2 * gibibyte, shared: { usedBytes: gibibyte, totalBytes: 14 * gibibyte } }),
    ];
    expect(describeDevices([shared], cards, memory)).toMatchObject([
      { freeBytes: 12 * gibibyte, bandwidthBytesPerSecond: 50e9, bandwidthSource: 'measured' },
    ]);
    const roomy = { availableBytes: 20 * gibibyte, bandwidthBytesPerSecond: null };
    expect(describeDevices([shared], cards, roomy)).toMatchObject([
      { freeBytes: 14 * gibibyte, bandwidthBytesPerSecond: null, bandwidthSource: null },
    ]);
    const intel = { ...shared, name: 'Intel(R) Iris(R) Xe Graphics (TGL GT2)' };
    expect(describeDevices([intel], [card('intel', null)], memory)).toMatchObject([{ freeBytes: 12 * gibibyte }]);
  });

  test('of Apple have what all programs leave, and the published bandwidth, which the cores alone do not reach', () => {
    const apple = device('Apple M2 Max', { backend: 'metal', unified: true, vramBytes: 24 * gibibyte, freeBytes: 24 * gibibyte });
    const roomy = { availableBytes: 28 * gibibyte, bandwidthBytesPerSecond: 200e9 };
    expect(describeDevices([apple], [card('apple', 'Apple M2 Max', { usedBytes: 3 * gibibyte })], roomy)).toMatchObject([
      { freeBytes: 21 * gibibyte, bandwidthBytesPerSecond: 400e9, bandwidthSource: 'published' },
    ]);
  });

  test('keep unknown what nobody tells', () => {
    expect(describeDevices([device('A new GPU', { backend: 'vulkan' })], [], memory)).toEqual([device('A new GPU', { backend: 'vulkan' })]);
  });
});

describe('readings of the live page', () => {
  test('are one a device, named as the engine names it, unknown where the system tells nothing', () => {
    const devices = [
      device('AMD Radeon RX 7900 XTX (RADV NAVI31)', { backend: 'vulkan', vramBytes: 24 * gibibyte }),
      device('Intel(R) Arc(tm) A770 Graphics (DG2)', { backend: 'vulkan', vramBytes: 16 * gibibyte }),
    ];
    const cards = [
      card('amd', null, { loadPercent: 90, usedBytes: gibibyte, totalBytes: 24 * gibibyte, temperatureCelsius: 70, powerWatts: 300 }),
    ];
    expect(describeLoad(devices, cards)).toEqual([
      {
        name: 'AMD Radeon RX 7900 XTX (RADV NAVI31)',
        loadPercent: 90,
        memoryUsedBytes: gibibyte,
        memoryTotalBytes: 24 * gibibyte,
        temperatureCelsius: 70,
        powerWatts: 300,
      },
      {
        name: 'Intel(R) Arc(tm) A770 Graphics (DG2)',
        loadPercent: null,
        memoryUsedBytes: null,
        memoryTotalBytes: 16 * gibibyte,
        temperatureCelsius: null,
        powerWatts: null,
      },
    ]);
  });

  test('include a card that the engine cannot use, but none that tells nothing', () => {
    const cards = [card('nvidia', 'NVIDIA GeForce GT 710', { loadPercent: 3, totalBytes: gibibyte, usedBytes: 0 }), card('intel', null)];
    expect(describeLoad([], cards)).toMatchObject([{ name: 'NVIDIA GeForce GT 710', loadPercent: 3, memoryTotalBytes: gibibyte }]);
  });

  test('leave out the power of a whole chip, and count what its GPU uses of the memory', () => {
    const shared = device('AMD Radeon Graphics (RADV RENOIR)', { backend: 'vulkan', unified: true, vramBytes: 16 * gibibyte });
    const cards = [
      card('amd', null, {
        loadPercent: 5,
        powerWatts: 25,
        usedBytes: gibibyte,
        totalBytes: 2 * gibibyte,
        shared: { usedBytes: gibibyte, totalBytes: 14 * gibibyte },
      }),
    ];
    expect(describeLoad([shared], cards)).toMatchObject([{ loadPercent: 5, powerWatts: null, memoryUsedBytes: 2 * gibibyte }]);
  });
});
