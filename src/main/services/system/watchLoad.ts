import { cpus, totalmem } from 'node:os';
import type { HardwareLoad } from '#shared/contract/system.ts';

const firstAfterMs = 250;
const everyMs = 1000;

export interface LoadWatch {
  /** @returns a function that ends the subscription; the last one to leave stops all reading. */
  subscribe(listener: (load: HardwareLoad) => void): () => void;
  dispose(): Promise<void>;
}

/** Reads how busy the machine is about once a second while somebody listens, and nothing while nobody does. */
export function createLoadWatch(options: {
  readonly now: () => number;
  readonly availableMemory: () => Promise<number>;
  readonly runnersResidentBytes: () => Promise<number>;
  /** Started with the first listener, stopped with the last. */
  readonly gpus: { start(): void; read(): Promise<HardwareLoad['gpus']>; stop(): Promise<void> };
}): LoadWatch {
  const { gpus } = options;
  const listeners = new Set<(load: HardwareLoad) => void>();
  let timer: NodeJS.Timeout | undefined;
  let before = cpuTimes();
  let stopping: Promise<void> = Promise.resolve();

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
    const [availableBytes, runnersResidentBytes, gpuReadings] = await Promise.all([
      options.availableMemory(),
      options.runnersResidentBytes(),
      gpus.read(),
    ]);
    if (listeners.size === 0) return;
    const memoryTotalBytes = totalmem();
    const load: HardwareLoad = {
      at: options.now(),
      cpuPercent: all === 0 ? 0 : Math.min(100, (100 * busy) / all),
      memoryUsedBytes: Math.max(0, memoryTotalBytes - availableBytes),
      memoryTotalBytes,
      ownResidentBytes: process.memoryUsage.rss(),
      runnersResidentBytes,
      gpus: gpuReadings,
    };
    for (const listener of [...listeners]) listener(load);
    schedule(everyMs);
  }

  function stop(): void {
    clearTimeout(timer);
    stopping = gpus.stop();
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) {
        before = cpuTimes();
        gpus.start();
      }
      schedule(firstAfterMs);
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) stop();
      };
    },
    async dispose() {
      if (listeners.size > 0) stop();
      listeners.clear();
      await stopping;
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
