import type { FitMachine } from './fitTypes.ts';

const mebibyte = 2 ** 20;

/**
 * What the system itself keeps of RAM, with a desktop and nothing open. Windows 11 idles at 2.0 to 2.6 GB after a fresh installation and takes
 * more where there is more; macOS wires about 2 GB; Linux desktops take less (published figures, read 2026-11-21).
 */
const systemBytes = { least: 2.5e9, share: 0.1, most: 6e9 } as const;
/** What the desktop keeps of a GPU that drives a display: the margin that llama.cpp's users and tools leave (published, read 2026-11-21). */
const desktopBytes = 512 * mebibyte;

/**
 * The same machine as if every other app were closed: everything free but what the system itself keeps, and never less than is free now. Memory
 * that CPU and GPU share is counted once, in RAM; what the GPU may use of it stays limited.
 */
export function ifOthersClosed(machine: FitMachine): FitMachine {
  const { gpu, ramBytes, ramAvailableBytes } = machine;
  const wanted = Math.min(Math.max(systemBytes.least, systemBytes.share * ramBytes), systemBytes.most);
  const system = Math.min(wanted, ramBytes / 2);
  const desktop = gpu?.unified ? 0 : Math.min(desktopBytes, (gpu?.vramBytes ?? 0) / 2);
  return {
    ...machine,
    ramAvailableBytes: Math.max(ramAvailableBytes, Math.floor(ramBytes - system)),
    gpu: gpu && { ...gpu, freeBytes: Math.max(gpu.freeBytes, Math.floor(gpu.vramBytes - desktop)) },
  };
}
