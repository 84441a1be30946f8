import { Worker } from 'node:worker_threads';

/** What one worker copies, in bytes: its two blocks together lie well beyond any last-level cache share of a core. */
export const bandwidthBlockBytes = 96 * 2 ** 20;
const rounds = 6;

/**
 * Measures memory bandwidth: every core copies a large block to another with memcpy at the same time, several rounds, the best counts.
 * A copy reads and writes each byte, so the result is twice the bytes copied per second of the slowest worker's round, summed over
 * workers that ran side by side. A sum in JavaScript would measure the interpreter; memcpy is what the hardware gives. STREAM Copy counts the
 * same way (https://www.cs.virginia.edu/stream/ref.html, checked 2026-11-21); the read for ownership of written lines is not counted.
 * @param options.workers how many cores copy
 * @param options.bytes size of a block; every worker takes two, for about a second
 * @returns bytes per second
 */
export async function measureBandwidth(options: {
  readonly workers: number;
  readonly bytes: number;
  readonly signal?: AbortSignal;
}): Promise<number> {
  const { bytes, signal } = options;
  signal?.throwIfAborted();
  // A script of its own would have to be found in source, build and archive alike; this function stands alone.
  const source = `(${copyRounds.toString()})()`;
  const barrier = new SharedArrayBuffer(8);
  const workers = Array.from(
    { length: options.workers },
    () => new Worker(source, { eval: true, workerData: { bytes, rounds, workers: options.workers, barrier } }),
  );
  const abort = (): void => void Promise.all(workers.map((worker) => worker.terminate()));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const times = await Promise.all(workers.map(roundTimes));
    // All workers copy together in a round, so the round's rate is what all moved in the time of the slowest.
    const rates = Array.from({ length: rounds }, (_, round) => {
      const slowestMs = Math.max(...times.map((ofWorker) => ofWorker[round] ?? Number.POSITIVE_INFINITY));
      return (2 * bytes * options.workers * 1000) / slowestMs;
    });
    return Math.max(...rates);
  } finally {
    signal?.removeEventListener('abort', abort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function roundTimes(worker: Worker): Promise<number[]> {
  return new Promise((resolve, reject) => {
    worker.once('message', (times: number[]) => resolve(times));
    worker.once('error', reject);
    worker.once('exit', () => reject(new DOMException('The measurement was stopped.', 'AbortError')));
  });
}

/** Runs in the worker: times of `rounds` copies in ms, each begun together with the other workers'. Uses nothing from outside itself. */
function copyRounds(): void {
  const { workerData, parentPort } = process.getBuiltinModule('node:worker_threads');
  const { performance } = process.getBuiltinModule('node:perf_hooks');
  const { bytes, rounds, workers, barrier } = workerData as { bytes: number; rounds: number; workers: number; barrier: SharedArrayBuffer };
  // Written once, so that every page is really there before the clock starts.
  const from = new Uint8Array(bytes).fill(1);
  const to = new Uint8Array(bytes).fill(2);
  const arrived = new Int32Array(barrier);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const count = Atomics.add(arrived, 0, 1) + 1;
    const goal = (round + 1) * workers;
    if (count === goal) Atomics.notify(arrived, 0);
    for (let seen = count; seen < goal; seen = Atomics.load(arrived, 0)) Atomics.wait(arrived, 0, seen);
    const startedAt = performance.now();
    to.set(from);
    times.push(performance.now() - startedAt);
  }
  parentPort?.postMessage(times);
}
