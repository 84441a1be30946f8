import { readFile } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { runTool } from './runTool.ts';

/**
 * Memory that a new process can take without anything being swapped out, in bytes. On Linux the kernel's own `MemAvailable`, never more
 * than a control group leaves; on macOS what `vm_stat` shows to be free or given up at once; on Windows what the system calls available.
 */
export async function readAvailableMemory(): Promise<number> {
  const constrained = process.constrainedMemory();
  const available = (await readSystem()) ?? freemem();
  return constrained > 0 && constrained < totalmem() ? Math.min(available, process.availableMemory()) : available;
}

async function readSystem(): Promise<number | undefined> {
  if (process.platform === 'linux') return parseMemAvailable(await readFile('/proc/meminfo', 'utf8').catch(() => ''));
  if (process.platform !== 'darwin') return undefined;
  const bytes = parseVmStat((await runTool('/usr/bin/vm_stat', [], {})) ?? '');
  return bytes === undefined ? undefined : Math.min(bytes, totalmem());
}

/** `/proc/meminfo`. @returns bytes, or undefined where the line is missing */
export function parseMemAvailable(text: string): number | undefined {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/**
 * What `vm_stat` of macOS prints: pages that are free, that hold files and that programs have marked as purgeable. The rest is what Activity Monitor
 * calls used: wired, compressed, and anonymous pages, which "inactive" ones also are for the larger part under pressure; counting those as
 * free would promise memory that first has to be compressed. File-backed pages include the speculative ones (active + inactive + speculative =
 * file-backed + anonymous in recorded outputs, 2026-11-21).
 * @returns bytes, or undefined where a figure is missing
 */
export function parseVmStat(text: string): number | undefined {
  const pageBytes = Number(/page size of (\d{4,6}) bytes/.exec(text)?.[1]);
  const pages = ['Pages free', 'File-backed pages', 'Pages purgeable'].map((name) =>
    Number(new RegExp(`^${name}:\\s+(\\d{1,15})\\.?\\s*$`, 'm').exec(text)?.[1]),
  );
  const bytes = pageBytes * pages.reduce((sum, count) => sum + count, 0);
  return Number.isFinite(bytes) ? bytes : undefined;
}
