import type { MemoryHolders } from '#shared/contract/system.ts';
import type { GpuProcess } from '../gpus/nvidiaSmi.ts';
import { familyOf, groupHolders } from './groupHolders.ts';
import { readLinuxProcesses } from './linuxProcesses.ts';
import type { MemoryProcess } from './memoryProcess.ts';
import { readMacProcesses, readWindowsProcesses } from './otherProcesses.ts';

/** Who holds memory now, by program. Names only: no paths, no arguments. Never throws: what cannot be read is empty. */
export async function readHolders(options: {
  readonly platform: NodeJS.Platform;
  readonly ownPid: number;
  readonly gpuProcesses: () => Promise<readonly GpuProcess[]>;
}): Promise<MemoryHolders> {
  const [processes, onGpu] = await Promise.all([readProcesses(options.platform), options.gpuProcesses()]);
  const grouping = { own: familyOf(options.ownPid, processes), platform: options.platform };
  return { ram: groupHolders(processes, grouping), gpu: groupHolders(onGpuOf(onGpu, processes), grouping) };
}

async function readProcesses(platform: NodeJS.Platform): Promise<MemoryProcess[]> {
  if (platform === 'linux') return await readLinuxProcesses();
  return platform === 'darwin' ? await readMacProcesses() : await readWindowsProcesses();
}

/**
 * One for each process, which may hold memory on several GPUs. Named as the system names it where it does: the driver cuts long paths and
 * tells none of another user.
 */
function onGpuOf(held: readonly GpuProcess[], processes: readonly MemoryProcess[]): MemoryProcess[] {
  const known = new Map(processes.map((process) => [process.pid, process]));
  return [...Map.groupBy(held, ({ pid }) => pid)].flatMap(([pid, parts]) => {
    const seen = known.get(pid);
    const path = parts.find((part) => part.path !== null)?.path;
    const program = seen?.isPath === true ? seen.program : (path ?? seen?.program);
    if (program === undefined) return [];
    const privateBytes = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    return [{ pid, parentPid: seen?.parentPid ?? 0, program, isPath: /[/\\]/.test(program), privateBytes, sharedBytes: 0 }];
  });
}
