import type { MemoryHolder } from '#shared/contract/system.ts';
import type { MemoryProcess } from './memoryProcess.ts';
import { programName } from './programName.ts';

const mostHolders = 8;
/** Less than this makes no room for a model. */
const leastBytes = 50e6;

/**
 * Adds processes up by program, largest first, at most 8, without the system's own. What processes share is counted once for a program, as
 * much as the one that holds most of it.
 * @param options.own ids of processes that are left out: Rightsize and its runners
 */
export function groupHolders(
  processes: readonly MemoryProcess[],
  options: { readonly own: ReadonlySet<number>; readonly platform: NodeJS.Platform },
): MemoryHolder[] {
  const programs = new Map<string, { privateBytes: number; sharedBytes: number; processes: number }>();
  for (const { pid, program, isPath, privateBytes, sharedBytes } of processes) {
    const name = options.own.has(pid) ? null : programName(program, { isPath, platform: options.platform });
    if (name === null) continue;
    const sum = programs.get(name) ?? { privateBytes: 0, sharedBytes: 0, processes: 0 };
    programs.set(name, {
      privateBytes: sum.privateBytes + privateBytes,
      sharedBytes: Math.max(sum.sharedBytes, sharedBytes),
      processes: sum.processes + 1,
    });
  }
  return [...programs]
    .map(([name, sum]) => ({ name, bytes: sum.privateBytes + sum.sharedBytes, processes: sum.processes }))
    .filter(({ bytes }) => bytes >= leastBytes)
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, mostHolders);
}

/** A process and all that it started, however deep. */
export function familyOf(pid: number, processes: readonly Pick<MemoryProcess, 'pid' | 'parentPid'>[]): ReadonlySet<number> {
  const children = Map.groupBy(processes, (process) => process.parentPid);
  const family = new Set([pid]);
  // A set is walked to the end of what is added on the way; a pid that is its own parent is there already.
  for (const member of family) for (const child of children.get(member) ?? []) family.add(child.pid);
  return family;
}
