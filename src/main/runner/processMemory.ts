import { readFileSync } from 'node:fs';
import type { Llama } from 'node-llama-cpp';
import type { RunnerMemory } from '#shared/contract/runner.ts';

/** Memory of this process now and at its peak. Video memory only where the engine uses a GPU. */
export async function readProcessMemory(llama: Llama | null): Promise<RunnerMemory> {
  const residentBytes = process.memoryUsage.rss();
  const vramBytes = llama === null || llama.gpu === false ? null : (await llama.getLlamaMemoryUsage()).gpuVram;
  return { residentBytes, peakResidentBytes: Math.max(residentBytes, readPeakBytes()), vramBytes };
}

/** VmHWM where the kernel gives it: `maxRSS` of a forked child starts at what its parent had before it became another program. */
function readPeakBytes(): number {
  if (process.platform === 'linux') {
    try {
      const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
      if (peak !== null) return Number(peak[1]) * 1024;
    } catch {
      // No /proc here: fall through to what every platform has.
    }
  }
  return process.resourceUsage().maxRSS * 1024;
}
