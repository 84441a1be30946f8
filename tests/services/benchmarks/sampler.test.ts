import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createWorkSampler } from '#main/services/benchmarks/sampler.ts';
import { openEnergyCounter } from '#main/services/system/energyCounter.ts';
import { unreadCard } from '#main/services/system/gpus/gpuCard.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const card = { ...unreadCard('nvidia', 'A card'), loadPercent: 80, usedBytes: 4e9, powerWatts: 200 };

describe('energy counters', () => {
  it('add up packages and memory, and go on where a counter begins anew', async () => {
    const sysfs = temporaryFolder();
    zone(sysfs, 'intel-rapl:0', { name: 'package-0', energy: 9_000_000, range: 10_000_000 });
    zone(sysfs, 'intel-rapl:0:0', { name: 'core', energy: 1, range: 10_000_000 });
    zone(sysfs, 'intel-rapl:0:1', { name: 'dram', energy: 1_000_000, range: 10_000_000 });
    zone(sysfs, 'intel-rapl:1', { name: 'psys', energy: 5_000_000, range: 10_000_000 });
    const counter = await openEnergyCounter({ platform: 'linux', sysfs });
    expect(counter?.read()).toBe(0);
    zone(sysfs, 'intel-rapl:0', { name: 'package-0', energy: 1_500_000, range: 10_000_000 });
    zone(sysfs, 'intel-rapl:0:1', { name: 'dram', energy: 1_250_000, range: 10_000_000 });
    expect(counter?.read()).toBeCloseTo(2.75);
  });

  it('are none where the system has none or lets nobody read them', async () => {
    const sysfs = temporaryFolder();
    expect(await openEnergyCounter({ platform: 'linux', sysfs })).toBeNull();
    expect(await openEnergyCounter({ platform: 'darwin', sysfs: '/sys' })).toBeNull();
    zone(sysfs, 'intel-rapl:0', { name: 'package-0', energy: 'denied', range: 10_000_000 });
    expect(await openEnergyCounter({ platform: 'linux', sysfs })).toBeNull();
  });
});

describe('what is sampled while an answer is made', () => {
  it('is the energy of the processor where it does the work, whatever a card takes', async () => {
    let joules = 10;
    const sampler = createWorkSampler({ energy: { read: () => joules }, cards: null, now: () => 0 });
    const sampling = sampler.startSampling({ onGpu: false });
    joules = 14;
    expect(sampling.end()).toEqual({ joules: 4, gpuUtilisation: null, gpuMemoryBytes: null });
    await sampler.close();
  });

  it('is power over time on a card, with its load and most memory', async () => {
    vi.useFakeTimers();
    try {
      let at = 0;
      let cards = [card];
      const sampler = createWorkSampler({
        energy: null,
        cards: { start: () => undefined, stop: async () => undefined, latest: async () => cards },
        now: () => at,
      });
      const sampling = sampler.startSampling({ onGpu: true });
      at = 100;
      await vi.advanceTimersByTimeAsync(100);
      cards = [{ ...card, loadPercent: 40, usedBytes: 6e9, powerWatts: 100 }];
      at = 200;
      await vi.advanceTimersByTimeAsync(100);
      at = 250;
      expect(sampling.end()).toEqual({ joules: expect.closeTo(20 + 10 + 5), gpuUtilisation: expect.closeTo(1.6 / 3), gpuMemoryBytes: 6e9 });
      expect(sampler.startSampling({ onGpu: false }).end()).toEqual({ joules: null, gpuUtilisation: null, gpuMemoryBytes: null });
      await sampler.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('is unknown, and never 0, without a sensor', async () => {
    const sampler = createWorkSampler({ energy: null, cards: null, now: () => 0 });
    expect(sampler.startSampling({ onGpu: true }).end()).toEqual({ joules: null, gpuUtilisation: null, gpuMemoryBytes: null });
    await sampler.close();
  });
});

function zone(sysfs: string, name: string, of: { readonly name: string; readonly energy: number | string; readonly range: number }): void {
  const folder = join(sysfs, 'class/powercap', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'name'), `${of.name}\n`);
  writeFileSync(join(folder, 'energy_uj'), `${of.energy}\n`);
  writeFileSync(join(folder, 'max_energy_range_uj'), `${of.range}\n`);
}
