import { cpus, totalmem } from 'node:os';
import type { HardwareLoad } from '#shared/contract/system.ts';

const firstAfterMs = 250;
const everyMs = 1000;

export interface LoadWatch {
  /** @returns a function that ends the subscription; the last one to leave stops all reading. */
  subscribe(listener: (load: HardwareLoad) => void): () => void;
  dispose(): void;
}

/** Reads how busy the machine is about once a second while somebody listens, and nothing while nobody does. */
export function createLoadWatch(options: {
  readonly now: () => number;
  readonly availableMemory: () => Promise<number>;
  readonly runnersResidentBytes: () => Promise<number>;
}): LoadWatch {
  const listeners = new Set<(load: HardwareLoad) => void>();
  let timer: NodeJS.Timeout | undefined;
  let before = cpuTimes();

  function schedule(afterMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void read(), afterMs);
    timer.unref();
  }

  async function read(): Promise<void> {
    const now = cpuTimes();
    const busy = now.busy - before.busy;
    const all = now.all - before.all;
    before = now;
    const [availableBytes, runnersResidentBytes] = await Promise.all([options.availableMemory(), options.runnersResidentBytes()]);
    if (listeners.size === 0) return;
    const memoryTotalBytes = totalmem();
    const load: HardwareLoad = {
      at: options.now(),
      cpuPercent: all === 0 ? 0 : Math.min(100, (100 * busy) / all),
      memoryUsedBytes: Math.max(0, memoryTotalBytes - availableBytes),
      memoryTotalBytes,
      ownResidentBytes: process.memoryUsage.rss(),
      runnersResidentBytes,
      gpus: [],
    };
    for (const listener of [...listeners]) listener(load);
    schedule(everyMs);
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) before = cpuTimes();
      schedule(firstAfterMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearTimeout(timer);
      };
    },
    dispose() {
      listeners.clear();
      clearTimeout(timer);
    },
  };
}

/** Time that all cores spent, in ms since start. */
function cpuTimes(): { readonly busy: number; readonly all: number } {
  let busy = 0;
  let all = 0;
  for (const { times } of cpus()) {
    const total = times.user + times.nice + times.sys + times.idle + times.irq;
    all += total;
    busy += total - times.idle;
  }
  return { busy, all };
}
