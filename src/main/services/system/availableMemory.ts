import { readFile } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';

/**
 * Memory that a new process can take without anything being swapped out, in bytes. On Linux the kernel's own `MemAvailable`, never more
 * than a control group leaves; elsewhere what the system calls free, which leaves caches out and so is on the careful side.
 */
export async function readAvailableMemory(): Promise<number> {
  const constrained = process.constrainedMemory();
  const available = (await readMemAvailable()) ?? freemem();
  return constrained > 0 && constrained < totalmem() ? Math.min(available, process.availableMemory()) : available;
}

async function readMemAvailable(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
