import { describe, expect, it } from 'vitest';
import type { FitMachine } from '#core/fit/fitTypes.ts';
import { fitsInShort } from '#core/fit/reference/fitsInShort.ts';
import { gridQuants, type WhatFits, type WhatFitsCell, whatFits } from '#core/fit/reference/whatFits.ts';

const gib = 2 ** 30;
const usual = { contextTokens: 8192, withGpu: true };
/** A laptop sold as 16 GB: two channels of DDR4, a browser open. */
const laptop: FitMachine = { ramBytes: 15.6 * gib, ramAvailableBytes: 10 * gib, gpu: null, bandwidthBytesPerSecond: 41e9 };
const desktop: FitMachine = {
  ramBytes: 15.9 * gib,
  ramAvailableBytes: 11.3 * gib,
  gpu: { backend: 'cuda', vramBytes: 12 * gib, freeBytes: 11.3 * gib, unified: false, bandwidthBytesPerSecond: 360e9 },
  bandwidthBytesPerSecond: 41e9,
};

describe('what fits here', () => {
  it('has a cell for every size and quant, and more bits never take less', () => {
    const { rows } = whatFits(desktop, usual);
    expect(rows.map(({ model }) => model.size)).toEqual(['1B', '3B', '4B', '8B', '12B', '14B', '24B', '30B A3B', '32B', '70B']);
    for (const { cells } of rows) {
      expect(cells.map((cell) => cell?.quant)).toEqual([...gridQuants]);
      const totals = cells.map((cell) => cell?.totalBytes ?? Number.NaN);
      expect(totals).toEqual(totals.toSorted((a, b) => a - b));
      expect(totals.every((bytes) => bytes > 0.5 * gib)).toBe(true);
    }
  });

  it('tells GPU, layers in RAM and too large apart, each with its bytes', () => {
    const grid = whatFits(desktop, usual);
    expect(at(grid, '8B', 'Q4_K_M')).toMatchObject({ state: 'gpu', gpuLayers: 37, layers: 37 });
    expect(gibOf(at(grid, '8B', 'Q4_K_M'))).toBeCloseTo(6.8, 1);
    expect(at(grid, '32B', 'Q4_K_M')).toMatchObject({ state: 'partial', gpuLayers: 33, layers: 65 });
    expect(at(grid, '70B', 'Q4_K_M')).toMatchObject({ state: 'none', gpuLayers: 0 });
  });

  it('plans for the processor alone where asked', () => {
    const grid = whatFits(desktop, { ...usual, withGpu: false });
    expect(grid.onGpu).toBe(false);
    expect(at(grid, '8B', 'Q4_K_M')).toMatchObject({ state: 'cpu', gpuLayers: 0 });
    expect(grid).toEqual({ ...whatFits({ ...desktop, gpu: null }, usual), onGpu: false });
  });

  it('takes more for a longer context, and has no cell beyond what a model was trained for', () => {
    const short = at(whatFits(laptop, { ...usual, contextTokens: 2048 }), '4B', 'Q4_K_M');
    const long = at(whatFits(laptop, { ...usual, contextTokens: 32_768 }), '4B', 'Q4_K_M');
    expect(gibOf(long)).toBeGreaterThan(gibOf(short) + 3);
    const beyond = whatFits(laptop, { ...usual, contextTokens: 65_536 });
    expect(at(beyond, '4B', 'Q4_K_M')).toBeNull();
    expect(at(beyond, '3B', 'Q4_K_M')).not.toBeNull();
  });
});

describe('what the grid comes to', () => {
  it.each([35, 41, 50])('says 4B for a laptop of 16 GB whose memory reaches %i GB/s', (gigabytes) => {
    const machine = { ...laptop, bandwidthBytesPerSecond: gigabytes * 1e9 };
    expect(fitsInShort(whatFits(machine, usual)).about).toEqual({ size: '4B', isQuick: true });
  });

  it('names the largest that fits RAM and the largest that is quick enough apart', () => {
    expect(fitsInShort(whatFits(laptop, usual))).toEqual({
      about: { size: '4B', isQuick: true },
      largestOnGpu: null,
      usualOnGpu: null,
      withRam: null,
      largestInRam: { size: '12B', quant: 'Q4_K_M' },
      quickEnough: { dense: '4B', experts: null },
    });
  });

  it('names what a GPU of 12 GiB holds, alone and with RAM', () => {
    expect(fitsInShort(whatFits(desktop, usual))).toMatchObject({
      about: { size: '14B', isQuick: true },
      largestOnGpu: { size: '24B', quant: 'Q2_K' },
      usualOnGpu: '14B',
      withRam: '32B',
      largestInRam: null,
    });
  });

  it('tells a mixture of experts apart: quick for its size', () => {
    const roomy = { ...laptop, ramBytes: 31 * gib, ramAvailableBytes: 24 * gib };
    expect(fitsInShort(whatFits(roomy, usual))).toMatchObject({
      about: { size: '4B', isQuick: true },
      quickEnough: { dense: '4B', experts: '30B A3B' },
    });
  });

  it('does not say a size where speed decides and was not measured', () => {
    const short = fitsInShort(whatFits({ ...laptop, bandwidthBytesPerSecond: null }, usual));
    expect(short).toMatchObject({ about: 'unknown', quickEnough: 'unknown', largestInRam: { size: '12B' } });
  });

  it('takes what fits a GPU whose speed nobody knows', () => {
    const { gpu } = desktop;
    const machine = { ...desktop, gpu: gpu && { ...gpu, bandwidthBytesPerSecond: null } };
    expect(fitsInShort(whatFits(machine, usual))).toMatchObject({ about: { size: '14B', isQuick: true }, quickEnough: 'unknown' });
  });

  it('names the smallest where nothing is quick enough', () => {
    expect(fitsInShort(whatFits({ ...laptop, bandwidthBytesPerSecond: 6e9 }, usual))).toMatchObject({
      about: { size: '1B', isQuick: false },
      largestInRam: { size: '12B', quant: 'Q4_K_M' },
      quickEnough: { dense: null, experts: null },
    });
  });

  it('says nothing where nothing fits', () => {
    const machine = { ...laptop, ramAvailableBytes: 0.3 * gib };
    expect(fitsInShort(whatFits(machine, usual))).toMatchObject({
      about: null,
      largestInRam: null,
      quickEnough: { dense: null, experts: null },
    });
  });
});

function at(grid: WhatFits, size: string, quant: string): WhatFitsCell | null {
  const row = grid.rows.find(({ model }) => model.size === size);
  return row?.cells.find((cell) => cell?.quant === quant) ?? null;
}

function gibOf(cell: WhatFitsCell | null): number {
  return (cell?.totalBytes ?? Number.NaN) / gib;
}
