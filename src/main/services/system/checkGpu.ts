import { constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GpuDevice } from '#shared/contract/runner.ts';
import type { DoctorCheck } from '#shared/contract/system.ts';
import type { GpuCard } from './gpus/gpuCard.ts';

export interface GpuCheckNeeds {
  /** What the engine can use. Empty where no engine started. */
  readonly devices: readonly GpuDevice[];
  /** What the system shows. */
  readonly cards: readonly GpuCard[];
  readonly platform: NodeJS.Platform;
  /** `/sys` and `/dev` */
  readonly sysfs: string;
  readonly dev: string;
}

/** Less than this of its own is a processor's graphics: nothing is lost where it goes unused. */
const leastOwnBytes = 2 * 2 ** 30;

/** Whether the engine can use the GPUs that are there. Having none is no fault: everything runs on the CPU. */
export async function checkGpu(needs: GpuCheckNeeds): Promise<DoctorCheck> {
  const { devices, cards, platform } = needs;
  const used = devices.map((device) => `${device.name} (${device.backend})`).join(', ');
  const nvidia = cards.find((card) => card.vendor === 'nvidia');
  if (nvidia !== undefined && !devices.some((device) => device.backend === 'cuda' || /nvidia/i.test(device.name))) {
    const loader = platform === 'linux' ? ' and the Vulkan loader (package libvulkan1 or vulkan-icd-loader)' : '';
    return found(`${nvidia.name ?? 'An NVIDIA card'} is here, but the engine can use neither CUDA nor Vulkan on it`, used, {
      hint: `Install NVIDIA’s newest driver${loader}, then start Rightsize again.`,
    });
  }
  if (devices.length > 0) return { id: 'gpu', ok: true, detail: used, hint: null };
  if (platform === 'linux') return await checkLinux(needs);
  return none();
}

async function checkLinux({ cards, sysfs, dev }: GpuCheckNeeds): Promise<DoctorCheck> {
  if (await hasNvidiaCard(sysfs))
    return found('An NVIDIA card is here, but no driver answers for it', '', {
      hint: 'Install NVIDIA’s driver with your distribution’s tools and restart the machine; let the card into a container with `--gpus all`.',
    });
  if (cards.length === 0) return none();
  const isOwn = cards.some((card) => (card.totalBytes ?? 0) >= leastOwnBytes);
  const makers = [...new Set(cards.map((card) => (card.vendor === 'amd' ? 'AMD' : 'Intel')))].join(' and ');
  const isLocked = await areNodesLocked(join(dev, 'dri'));
  const detail = `A GPU of ${makers} is here, but ${isLocked ? 'this user may not use it' : 'the engine finds no Vulkan driver for it'}`;
  const hint = isLocked
    ? 'Add yourself to the group render: `sudo usermod -aG render $USER`, then log in again.'
    : 'Install Mesa’s Vulkan driver (package mesa-vulkan-drivers, or vulkan-radeon or vulkan-intel), then start Rightsize again.';
  return isOwn ? found(detail, '', { hint }) : { id: 'gpu', ok: true, detail: `${detail}: models run on the CPU. ${hint}`, hint: null };
}

function found(detail: string, used: string, { hint }: { readonly hint: string }): DoctorCheck {
  return { id: 'gpu', ok: false, detail: `${detail}: models run on ${used === '' ? 'the CPU' : used}`, hint };
}

function none(): DoctorCheck {
  return { id: 'gpu', ok: true, detail: 'No GPU that the engine can use: models run on the CPU', hint: null };
}

/** On the bus, whether or not a driver has taken it. */
async function hasNvidiaCard(sysfs: string): Promise<boolean> {
  const folder = join(sysfs, 'bus/pci/devices');
  for (const name of await readdir(folder).catch(() => [])) {
    const [vendor, kind] = await Promise.all(['vendor', 'class'].map((file) => readFile(join(folder, name, file), 'utf8').catch(() => '')));
    // Class 03: a display controller; the sound part of a card is none.
    if (vendor?.trim() === '0x10de' && kind?.startsWith('0x03')) return true;
  }
  return false;
}

async function areNodesLocked(folder: string): Promise<boolean> {
  const nodes = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith('renderD'));
  const open = await Promise.all(
    nodes.map((name) =>
      access(join(folder, name), constants.R_OK | constants.W_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return nodes.length > 0 && !open.includes(true);
}
