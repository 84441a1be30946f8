import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100; // USER_HZ, fixed by Linux's ABI.
const pageBytes = 4096;

export interface ProcessTree {
  readonly processes: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** CPU time and resident memory of a process and all below it, from /proc. Null where there is no /proc. */
export function readProcessTree(rootPid: number): ProcessTree | null {
  const all = readAll();
  if (all === null) return null;
  const wanted = new Set([rootPid]);
  let tree: ProcessTree = { processes: 0, cpuSeconds: 0, residentBytes: 0 };
  // A child's number may be below its parent's after a wrap, so go round until nothing is added.
  for (let size = -1; size !== wanted.size; ) {
    size = wanted.size;
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid);
  }
  for (const entry of all) {
    if (!wanted.has(entry.pid)) continue;
    tree = {
      processes: tree.processes + 1,
      cpuSeconds: tree.cpuSeconds + entry.cpuSeconds,
      residentBytes: tree.residentBytes + entry.residentBytes,
    };
  }
  return tree;
}

function readAll(): { pid: number; parent: number; cpuSeconds: number; residentBytes: number }[] | null {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => readOne(Number(name)));
  } catch {
    return null;
  }
}

function readOne(pid: number): { pid: number; parent: number; cpuSeconds: number; residentBytes: number }[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces; fields are counted after it. proc(5): 4 ppid, 14 utime, 15 stime, 24 rss.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const field = (number: number): number => Number(fields[number - 3]);
    return [{ pid, parent: field(4), cpuSeconds: (field(14) + field(15)) / ticksPerSecond, residentBytes: field(24) * pageBytes }];
  } catch {
    return [];
  }
}
