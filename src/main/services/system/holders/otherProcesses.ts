import { setTimeout as wait } from 'node:timers/promises';
import { runTool } from '../runTool.ts';
import type { MemoryProcess } from './memoryProcess.ts';

const longestMs = 5000;

/** Processes of macOS by `ps`, with the memory that each has resident. */
export async function readMacProcesses(): Promise<MemoryProcess[]> {
  return parsePs((await runTool('/bin/ps', ['-axo', 'pid=,ppid=,rss=,comm='], {})) ?? '');
}

/** Lines of pid, parent's pid, KiB and path, as `ps -axo pid=,ppid=,rss=,comm=` prints them. */
export function parsePs(text: string): MemoryProcess[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,12})\s+(\S.*)$/.exec(line);
    if (match === null) return [];
    const [, pid, parentPid, kibibytes, program = ''] = match;
    return [
      {
        pid: Number(pid),
        parentPid: Number(parentPid),
        program: program.trim(),
        isPath: program.startsWith('/'),
        privateBytes: Number(kibibytes) * 1024,
        sharedBytes: 0,
      },
    ];
  });
}

/** Processes of Windows. Takes a second or two: Windows is asked through PowerShell. None after 5 s. */
export async function readWindowsProcesses(): Promise<MemoryProcess[]> {
  const { processes } = await import('systeminformation');
  const given = new AbortController();
  try {
    const answer = await Promise.race([
      processes().catch(() => undefined),
      wait(longestMs, undefined, { ref: false, signal: given.signal }),
    ]);
    return (answer?.list ?? []).map(({ pid, parentPid, name, path, memRss }) => ({
      pid,
      parentPid,
      program: path || name || '',
      isPath: Boolean(path),
      privateBytes: Number.isFinite(memRss) ? memRss * 1024 : 0,
      sharedBytes: 0,
    }));
  } finally {
    given.abort();
  }
}
