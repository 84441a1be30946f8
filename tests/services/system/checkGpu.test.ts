import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkGpu, type GpuCheckNeeds } from '#main/services/system/checkGpu.ts';
import { unreadCard } from '#main/services/system/gpus/gpuCard.ts';
import type { GpuDevice } from '#shared/contract/runner.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const rtx: GpuDevice = {
  name: 'NVIDIA GeForce RTX 4090',
  backend: 'vulkan',
  vramBytes: 24e9,
  freeBytes: 23e9,
  unified: false,
  bandwidthBytesPerSecond: null,
  bandwidthSource: null,
};
const rtxCard = { ...unreadCard('nvidia', 'NVIDIA GeForce RTX 4090'), totalBytes: 24e9 };
const radeon = { ...unreadCard('amd'), totalBytes: 24e9 };

function needs(given: Partial<GpuCheckNeeds>): GpuCheckNeeds {
  const folder = temporaryFolder();
  return { devices: [], cards: [], platform: 'linux', sysfs: join(folder, 'sys'), dev: join(folder, 'dev'), ...given };
}

test('a machine without a GPU, and one whose GPU is used, are as they should be', async () => {
  expect(await checkGpu(needs({}))).toEqual({ id: 'gpu', ok: true, detail: expect.stringContaining('No GPU'), hint: null });
  expect(await checkGpu(needs({ devices: [rtx], cards: [rtxCard] }))).toMatchObject({
    ok: true,
    detail: 'NVIDIA GeForce RTX 4090 (vulkan)',
  });
});

test('an NVIDIA card that the engine cannot use is said, with what to install', async () => {
  expect(await checkGpu(needs({ cards: [rtxCard] }))).toEqual({
    id: 'gpu',
    ok: false,
    detail: 'NVIDIA GeForce RTX 4090 is here, but the engine can use neither CUDA nor Vulkan on it: models run on the CPU',
    hint: expect.stringMatching(/newest driver and the Vulkan loader/),
  });
  const graphics = { ...rtx, name: 'Intel(R) UHD Graphics 770 (ADL-S GT1)' };
  expect(await checkGpu(needs({ devices: [graphics], cards: [rtxCard], platform: 'win32' }))).toMatchObject({
    ok: false,
    detail: expect.stringMatching(/models run on Intel/),
    hint: expect.not.stringContaining('loader'),
  });
});

test('an NVIDIA card on the bus without its driver is said', async () => {
  const given = needs({});
  const device = (name: string, vendor: string, kind: string): void => {
    const folder = join(given.sysfs, 'bus/pci/devices', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'vendor'), `${vendor}\n`);
    writeFileSync(join(folder, 'class'), `${kind}\n`);
  };
  device('0000:01:00.1', '0x10de', '0x040300');
  expect(await checkGpu(given)).toMatchObject({ ok: true });
  device('0000:01:00.0', '0x10de', '0x030000');
  expect(await checkGpu(given)).toMatchObject({
    ok: false,
    detail: expect.stringContaining('no driver'),
    hint: expect.stringContaining('driver'),
  });
});

test('a Radeon without a Vulkan driver is a fault, the graphics of a processor are not', async () => {
  expect(await checkGpu(needs({ cards: [radeon] }))).toMatchObject({ ok: false, hint: expect.stringContaining('mesa-vulkan-drivers') });
  expect(await checkGpu(needs({ cards: [unreadCard('intel')] }))).toMatchObject({
    ok: true,
    detail: expect.stringMatching(/GPU of Intel .*mesa-vulkan-drivers/),
    hint: null,
  });
});

test.skipIf(process.getuid?.() === 0)('a card that this user may not open is said', async () => {
  const given = needs({ cards: [radeon] });
  mkdirSync(join(given.dev, 'dri'), { recursive: true });
  writeFileSync(join(given.dev, 'dri/renderD128'), '', { mode: 0o000 });
  expect(await checkGpu(given)).toMatchObject({
    ok: false,
    detail: expect.stringContaining('may not'),
    hint: expect.stringContaining('render'),
  });
});
