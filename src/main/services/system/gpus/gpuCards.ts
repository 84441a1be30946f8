import { readAppleCards } from './appleCard.ts';
import type { GpuCard } from './gpuCard.ts';
import { readNvidiaCards } from './nvidiaSmi.ts';
import { readSysfsCards } from './sysfsCards.ts';
import { createNvidiaWatch, type NvidiaWatchOptions } from './watchNvidia.ts';

/** What the system tells of its GPUs without opening one. Nothing here throws: what cannot be read is absent or null. */
export interface GpuCards {
  /** Once, now. */
  read(): Promise<readonly GpuCard[]>;
  /** Readings about once a second (or as told), between `start` and `stop`; `latest` gives the last ones. */
  start(): void;
  latest(): Promise<readonly GpuCard[]>;
  stop(): Promise<void>;
}

/**
 * NVIDIA by nvidia-smi, AMD and Intel on Linux by sysfs, Apple by ioreg. Elsewhere (AMD and Intel on Windows) the system has no cheap way
 * to tell that does not depend on its language.
 */
export function createGpuCards(options: NvidiaWatchOptions): GpuCards {
  const { platform, sysfs } = options;
  const watch = createNvidiaWatch(options);
  let reading: Promise<readonly GpuCard[]> | undefined;

  async function readOthers(): Promise<readonly GpuCard[]> {
    if (platform === 'linux') return await readSysfsCards(sysfs);
    return platform === 'darwin' ? await readAppleCards() : [];
  }

  return {
    read() {
      // Those who ask at once share one answer.
      reading ??= Promise.all([readNvidiaCards(options), readOthers()]).then((cards) => {
        reading = undefined;
        return cards.flat();
      });
      return reading;
    },
    start: () => watch.start(),
    latest: async () => [...watch.cards(), ...(await readOthers())],
    stop: () => watch.stop(),
  };
}
