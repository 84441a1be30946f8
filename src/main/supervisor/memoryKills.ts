import { readFileSync } from 'node:fs';

/**
 * How many processes Linux has killed for want of memory since it started, those of control groups included. The only proof there is: the process
 * itself just ends.
 * @returns null on other systems, and where the kernel does not count
 */
export function readMemoryKills(): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1];
    return count === undefined ? null : Number(count);
  } catch {
    return null;
  }
}
