import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parseIoreg } from '#main/services/system/gpus/appleCard.ts';
import { readSysfsCards } from '#main/services/system/gpus/sysfsCards.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

/** As amdgpu and i915 lay it out: a link from the class to the device on the bus. */
function addCard(sysfs: string, name: string, files: Readonly<Record<string, string>>): string {
  const device = join(sysfs, 'devices/pci0000:00', `0000:0${name.slice(4)}:00.0`);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(device, file)), { recursive: true });
    writeFileSync(join(device, file), text);
  }
  mkdirSync(join(sysfs, 'class/drm', name), { recursive: true });
  symlinkSync(device, join(sysfs, 'class/drm', name, 'device'));
  return device;
}

const radeon = {
  vendor: '0x1002\n',
  'power/runtime_status': 'active\n',
  gpu_busy_percent: '37\n',
  mem_info_vram_total: '25753026560\n',
  mem_info_vram_used: '2147483648\n',
  mem_info_gtt_total: '33554432000\n',
  mem_info_gtt_used: '104857600\n',
  'hwmon/hwmon4/temp1_input': '53000\n',
  'hwmon/hwmon4/power1_average': '98000000\n',
};

test('cards of AMD tell load, memory, temperature and power, in the order of their numbers', async () => {
  const sysfs = temporaryFolder();
  addCard(sysfs, 'card9', { ...radeon, gpu_busy_percent: '1', product_name: 'AMD Instinct MI210\n' });
  addCard(sysfs, 'card1', radeon);
  mkdirSync(join(sysfs, 'class/drm/card1-DP-1'));
  mkdirSync(join(sysfs, 'class/drm/renderD128'));
  expect(await readSysfsCards(sysfs)).toEqual([
    {
      vendor: 'amd',
      name: null,
      loadPercent: 37,
      usedBytes: 2147483648,
      totalBytes: 25753026560,
      freeBytes: null,
      shared: { usedBytes: 104857600, totalBytes: 33554432000 },
      temperatureCelsius: 53,
      powerWatts: 98,
    },
    expect.objectContaining({ name: 'AMD Instinct MI210', loadPercent: 1 }),
  ]);
});

test('newer cards tell the power of the moment, and Intel hardly anything', async () => {
  const sysfs = temporaryFolder();
  const { 'hwmon/hwmon4/power1_average': _average, ...rest } = radeon;
  addCard(sysfs, 'card0', { ...rest, 'hwmon/hwmon4/power1_input': '12500000\n' });
  addCard(sysfs, 'card1', { vendor: '0x8086\n' });
  addCard(sysfs, 'card2', { vendor: '0x1a03\n' });
  expect(await readSysfsCards(sysfs)).toMatchObject([
    { vendor: 'amd', powerWatts: 12.5 },
    { vendor: 'intel', loadPercent: null, usedBytes: null, totalBytes: null, shared: null, temperatureCelsius: null, powerWatts: null },
  ]);
});

test('a sleeping card is left asleep', async () => {
  const sysfs = temporaryFolder();
  addCard(sysfs, 'card0', { ...radeon, 'power/runtime_status': 'suspended\n' });
  expect(await readSysfsCards(sysfs)).toMatchObject([{ vendor: 'amd', loadPercent: null, usedBytes: null, totalBytes: null }]);
});

test('what is missing, empty or rubbish is unknown', async () => {
  const sysfs = temporaryFolder();
  const device = addCard(sysfs, 'card0', { ...radeon, gpu_busy_percent: '', mem_info_vram_used: 'lots', 'hwmon/hwmon4/temp1_input': '-1' });
  rmSync(join(device, 'mem_info_vram_total'));
  expect(await readSysfsCards(sysfs)).toMatchObject([
    { loadPercent: null, usedBytes: null, totalBytes: null, temperatureCelsius: null, powerWatts: 98 },
  ]);
  expect(await readSysfsCards(join(sysfs, 'nowhere'))).toEqual([]);
});

const ioreg = `+-o AGXAcceleratorG16G  <class AGXAcceleratorG16G, id 0x10000050b, registered, matched, active, busy 0 (655 ms), retain 51>
    {
      "IOClass" = "AGXAcceleratorG16G"
      "PerformanceStatistics" = {"In use system memory (driver)"=0,"Alloc system memory"=1574862848,"Tiler Utilization %"=20,"recoveryCount"=0,"Renderer Utilization %"=19,"TiledSceneBytes"=1605632,"Device Utilization %"=21,"SplitSceneCount"=0,"In use system memory"=351141888}
      "model" = "Apple M4"
      "gpu-core-count" = 10
    }

`;

test('the GPU of an Apple chip tells load and memory in use', () => {
  expect(parseIoreg(ioreg)).toEqual([
    {
      vendor: 'apple',
      name: 'Apple M4',
      loadPercent: 21,
      usedBytes: 351141888,
      totalBytes: null,
      freeBytes: null,
      shared: null,
      temperatureCelsius: null,
      powerWatts: null,
    },
  ]);
});

test.each([
  ['', []],
  ['no such class', []],
  ['+-o AGX\n{\n}\n', []],
  [
    '+-o AGX\n  "PerformanceStatistics" = {"Device Utilization %"=, "In use system memory"=lots}\n',
    [{ loadPercent: null, usedBytes: null, name: null }],
  ],
])('a registry that does not tell is unknown: %j', (text, cards) => {
  expect(parseIoreg(text)).toMatchObject(cards);
});
