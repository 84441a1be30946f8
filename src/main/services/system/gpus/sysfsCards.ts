import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { displayName } from '../displayName.ts';
import { type GpuCard, unreadCard } from './gpuCard.ts';

const vendors: Readonly<Record<string, GpuCard['vendor']>> = { '0x1002': 'amd', '0x8086': 'intel' };
const mostCards = 64;

/**
 * AMD and Intel cards as Linux shows them, in the order of their numbers. AMD's driver tells load, memory, temperature and power; Intel's hardly
 * anything (https://docs.kernel.org/gpu/amdgpu/thermal.html and driver-misc.html, checked 2026-11-21). A sleeping card is not
 * read: that would wake it. Never throws.
 * @param sysfs `/sys`
 */
export async function readSysfsCards(sysfs: string): Promise<GpuCard[]> {
  const names = (await entries(join(sysfs, 'class/drm'))).filter((name) => /^card\d{1,3}$/.test(name));
  const ordered = names.toSorted((a, b) => Number(a.slice(4)) - Number(b.slice(4))).slice(0, mostCards);
  const cards = await Promise.all(ordered.map((name) => readCard(join(sysfs, 'class/drm', name, 'device'))));
  return cards.filter((card) => card !== undefined);
}

/** Whether the kernel has put every device of a driver to sleep. False where there is none, or where it does not tell. */
export async function isAsleep(sysfs: string, driver: string): Promise<boolean> {
  const folder = join(sysfs, 'bus/pci/drivers', driver);
  const devices = (await entries(folder)).filter((name) => /^[\da-f]{4,8}:/.test(name));
  const states = await Promise.all(devices.map((name) => text(join(folder, name, 'power/runtime_status'))));
  return states.length > 0 && states.every((state) => state === 'suspended');
}

async function readCard(device: string): Promise<GpuCard | undefined> {
  const vendor = vendors[await text(join(device, 'vendor'))];
  if (vendor === undefined) return undefined;
  if ((await text(join(device, 'power/runtime_status'))) === 'suspended') return unreadCard(vendor);
  const sensors = await findSensors(join(device, 'hwmon'));
  const [product, load, used, total, sharedUsed, sharedTotal, milliCelsius, averageMicrowatts, microwatts] = await Promise.all([
    text(join(device, 'product_name')),
    number(join(device, 'gpu_busy_percent')),
    number(join(device, 'mem_info_vram_used')),
    number(join(device, 'mem_info_vram_total')),
    number(join(device, 'mem_info_gtt_used')),
    number(join(device, 'mem_info_gtt_total')),
    sensors === undefined ? null : number(join(sensors, 'temp1_input')),
    sensors === undefined ? null : number(join(sensors, 'power1_average')),
    sensors === undefined ? null : number(join(sensors, 'power1_input')),
  ]);
  const power = averageMicrowatts ?? microwatts;
  return {
    vendor,
    name: product === '' ? null : displayName(product),
    loadPercent: load === null ? null : Math.min(100, load),
    usedBytes: used,
    totalBytes: total === 0 ? null : total,
    freeBytes: null,
    shared: sharedUsed === null || sharedTotal === null ? null : { usedBytes: sharedUsed, totalBytes: sharedTotal },
    temperatureCelsius: milliCelsius === null ? null : milliCelsius / 1000,
    powerWatts: power === null ? null : power / 1e6,
  };
}

async function findSensors(folder: string): Promise<string | undefined> {
  const [first] = (await entries(folder)).filter((name) => name.startsWith('hwmon')).toSorted();
  return first === undefined ? undefined : join(folder, first);
}

async function number(path: string): Promise<number | null> {
  const value = await text(path);
  return /^\d{1,15}$/.test(value) ? Number(value) : null;
}

/** A file of the kernel's, or nothing where it is not or cannot be read. */
async function text(path: string): Promise<string> {
  return (await readFile(path, 'utf8').catch(() => '')).slice(0, 200).trim();
}

async function entries(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}
