import type { FreshOptions, FreshRunner, ModelService } from '#main/services/models/modelService.ts';
import { noteAnswer } from '#main/services/models/noteAnswer.ts';
import type { LoadOptions } from '#shared/contract/models.ts';
import type { Answerer } from './answerer.ts';

const memoryPollMs = 250;

/** A runner of this machine that a benchmark asks, with the most memory (its process and what it took of the GPU's) it was ever seen to hold. */
export interface LaneRunner extends Answerer {
  readonly fresh: FreshRunner;
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
  options: Pick<LoadOptions, 'contextTokens'> &
    FreshOptions & {
      readonly modelId: string;
      readonly signal: AbortSignal;
      readonly lane: number;
      readonly kvType?: LoadOptions['kvType'];
      /** Absent = as the machine's settings say. */
      readonly threads?: number;
    },
): Promise<LaneRunner> {
  const { modelId, ...loading } = options;
  const fresh = await models.fresh(modelId, loading);
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
    modelId,
    fresh,
    warmedTests: new Set(),
    knowsTools: fresh.load.knowsTools ?? false,
    generate: async (request, asking) => {
      const result = await generation.generate(request, asking);
      // A grammar takes time of its own, which says nothing of the next chat.
      if (request.schema === null) noteAnswer(fresh, result);
      return result;
    },
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
