import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { MemoryProcess } from './memoryProcess.ts';

const mostProcesses = 10_000;
/** Read in one go: some 2 ms. Each is a read of kernel memory, which the thread pool would only make slower. */
const processesAtOnce = 64;
const anonymousLine = /^RssAnon:\s+(\d{1,15}) kB$/m;
const sharedLine = /^RssShmem:\s+(\d{1,15}) kB$/m;
const parentLine = /^PPid:\s+(\d{1,15})$/m;
/** What a process needs to be asked for its program. */
const leastBytes = 4 * 2 ** 20;

/**
 * Processes of this machine by `/proc`, without the kernel's own. Private is what is anonymous: pages of files are given back without anybody
 * closing anything.
 */
export async function readLinuxProcesses(proc = '/proc'): Promise<MemoryProcess[]> {
  const pids = attempt(() => readdirSync(proc))?.filter((name) => /^\d{1,10}$/.test(name)) ?? [];
  const processes: MemoryProcess[] = [];
  for (const [index, pid] of pids.slice(0, mostProcesses).entries()) {
    if (index > 0 && index % processesAtOnce === 0) await setImmediate();
    const folder = join(proc, pid);
    const status = parseStatus(attempt(() => readFileSync(join(folder, 'status'), 'utf8')) ?? '');
    if (status === undefined) continue;
    const { name, ...memory } = status;
    const isLarge = memory.privateBytes + memory.sharedBytes >= leastBytes;
    processes.push({ pid: Number(pid), ...memory, ...((isLarge ? programOf(folder) : undefined) ?? { program: name, isPath: false }) });
  }
  return processes;
}

/** `/proc/<pid>/status`, in which the kernel escapes line breaks of the name. @returns undefined for a kernel thread, a zombie and what is no status */
export function parseStatus(
  text: string,
): { readonly name: string; readonly parentPid: number; readonly privateBytes: number; readonly sharedBytes: number } | undefined {
  const [anonymous, shared, parentPid] = [anonymousLine, sharedLine, parentLine].map((line) => line.exec(text)?.[1]);
  if (anonymous === undefined || parentPid === undefined) return undefined;
  const name = /^Name:\t(.*)$/m.exec(text)?.[1] ?? '';
  return { name, parentPid: Number(parentPid), privateBytes: Number(anonymous) * 1024, sharedBytes: Number(shared ?? 0) * 1024 };
}

/** The file that runs, or where another user's is not told what it was called as. */
function programOf(folder: string): Pick<MemoryProcess, 'program' | 'isPath'> | undefined {
  const path = attempt(() => readlinkSync(join(folder, 'exe')));
  if (path !== undefined) return { program: path.replace(/ \(deleted\)$/, ''), isPath: true };
  const [called = ''] = (attempt(() => readFileSync(join(folder, 'cmdline'), 'utf8')) ?? '').split('\0');
  // A process may write a title of its own there: `postgres: walwriter`. Only its first word, never an argument.
  const first = called.split(/[:\s]/)[0] ?? '';
  return first === '' ? undefined : { program: first, isPath: false };
}

/** Processes end while they are read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
