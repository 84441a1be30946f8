import type { FreshRunner, ModelService } from '#main/services/models/modelService.ts';

const memoryPollMs = 250;

/** A runner that a benchmark asks, with the most memory it was ever seen to hold. */
export interface LaneRunner {
  readonly fresh: FreshRunner;
  readonly isAlive: boolean;
  /** Highest resident memory of the process plus what it took of the GPU's; null until first read. */
  readonly peakMemoryBytes: number | null;
  readonly residentBytes: number | null;
  /** Speed tests whose warm-up was done on this process. */
  readonly warmedTests: Set<string>;
  /** Reads the peak once more, stops the process and resolves when it is gone. */
  close(): Promise<void>;
}

/**
 * Starts a fresh runner with the model and watches its memory four times a second.
 * @throws {RpcError} whatever loading throws.
 */
export async function openLaneRunner(
  models: Pick<ModelService, 'fresh'>,
  options: { readonly modelId: string; readonly contextTokens: number | null; readonly signal: AbortSignal; readonly lane: number },
): Promise<LaneRunner> {
  const { modelId, contextTokens, signal, lane } = options;
  const fresh = await models.fresh(modelId, { contextTokens, signal, lane });
  const { generation } = fresh;
  let isAlive = true;
  let isAsking = false;
  let peakMemoryBytes: number | null = null;
  let residentBytes: number | null = null;
  void generation.exited.then(() => {
    isAlive = false;
    clearInterval(timer);
  });

  async function readMemory(): Promise<void> {
    if (isAsking || !isAlive) return;
    isAsking = true;
    try {
      const memory = await generation.memory();
      residentBytes = memory.residentBytes + (memory.vramBytes ?? 0);
      peakMemoryBytes = Math.max(peakMemoryBytes ?? 0, memory.peakResidentBytes + (memory.vramBytes ?? 0));
    } catch {
      // It has died or is dying: whoever waits for its answer learns why.
    } finally {
      isAsking = false;
    }
  }
  const timer = setInterval(() => void readMemory(), memoryPollMs);
  timer.unref();
  await readMemory();

  return {
    fresh,
    warmedTests: new Set(),
    get isAlive() {
      return isAlive;
    },
    get peakMemoryBytes() {
      return peakMemoryBytes;
    },
    get residentBytes() {
      return residentBytes;
    },
    close: async () => {
      clearInterval(timer);
      await readMemory();
      await fresh.release();
    },
  };
}
