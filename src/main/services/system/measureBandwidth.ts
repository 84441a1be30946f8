import { Worker } from 'node:worker_threads';

/** What one worker copies, in bytes: its two blocks together lie well beyond any last-level cache share of a core. */
export const bandwidthBlockBytes = 96 * 2 ** 20;

/** Rounds in which every worker had its core to itself the whole time; so many are enough. */
const quietRounds = 6;
/** On a busy machine they may never come. */
const longestMs = 1200;
const mostRounds = 256;

export interface MeasuredBandwidth {
  readonly bytesPerSecond: number;
  /** False where other programs took the cores in every round: then the figure is too low. */
  readonly isQuiet: boolean;
}

/**
 * Measures memory bandwidth: every core copies a large block to another with memcpy at the same time, several rounds, the best counts.
 * A copy reads and writes each byte, so the result is twice the bytes copied per second of the slowest worker's round, summed over
 * workers that ran side by side. A sum in JavaScript would measure the interpreter; memcpy is what the hardware gives. STREAM Copy counts the
 * same way (https://www.cs.virginia.edu/stream/ref.html, checked 2026-11-21); the read for ownership of written lines is not counted.
 * Rounds go on until six were undisturbed, at most 1.2 s.
 * @param options.workers how many cores copy
 * @param options.bytes size of a block; every worker takes two
 */
export async function measureBandwidth(options: {
  readonly workers: number;
  readonly bytes: number;
  readonly signal?: AbortSignal;
}): Promise<MeasuredBandwidth> {
  const { bytes, signal } = options;
  signal?.throwIfAborted();
  // A script of its own would have to be found in source, build and archive alike; this function stands alone.
  const source = `(${copyRounds.toString()})()`;
  const shared = new SharedArrayBuffer(4 * (2 + mostRounds));
  const plan = { bytes, workers: options.workers, shared, quietRounds, longestMs, mostRounds };
  const workers = Array.from(
    { length: options.workers },
    (_, index) => new Worker(source, { eval: true, workerData: { ...plan, index } satisfies RoundsPlan }),
  );
  const abort = (): void => void Promise.all(workers.map((worker) => worker.terminate()));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const times = await Promise.all(workers.map(roundTimes));
    const disturbed = new Int32Array(shared, 8);
    const done = Math.min(...times.map((ofWorker) => ofWorker.length));
    // All workers copy together in a round, so the round's rate is what all moved in the time of the slowest.
    const rates = Array.from({ length: done }, (_, round) => {
      const slowestMs = Math.max(...times.map((ofWorker) => ofWorker[round] ?? Number.POSITIVE_INFINITY));
      return (2 * bytes * options.workers * 1000) / slowestMs;
    });
    return { bytesPerSecond: Math.max(...rates), isQuiet: rates.some((_, round) => disturbed[round] === 0) };
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

interface RoundsPlan {
  readonly index: number;
  readonly bytes: number;
  readonly workers: number;
  /** How many have arrived, whether it is enough, then for each round how many were disturbed. */
  readonly shared: SharedArrayBuffer;
  readonly quietRounds: number;
  readonly longestMs: number;
  readonly mostRounds: number;
}

/** Runs in the worker: times of copies in ms, each begun together with the other workers'. Uses nothing from outside itself. */
function copyRounds(): void {
  const { workerData, parentPort } = process.getBuiltinModule('node:worker_threads');
  const { performance } = process.getBuiltinModule('node:perf_hooks');
  const plan = workerData as RoundsPlan;
  // Written once, so that every page is really there before the clock starts.
  const from = new Uint8Array(plan.bytes).fill(1);
  const to = new Uint8Array(plan.bytes).fill(2);
  const arrived = new Int32Array(plan.shared, 0, 1);
  const isEnough = new Int32Array(plan.shared, 4, 1);
  const disturbed = new Int32Array(plan.shared, 8);
  const times: number[] = [];
  let goal = 0;
  const meet = (): void => {
    const count = Atomics.add(arrived, 0, 1) + 1;
    goal += plan.workers;
    if (count === goal) Atomics.notify(arrived, 0);
    for (let seen = count; seen < goal; seen = Atomics.load(arrived, 0)) Atomics.wait(arrived, 0, seen);
  };
  meet();
  const beganAt = performance.now();
  for (let round = 0, quiet = 0; round < plan.mostRounds && Atomics.load(isEnough, 0) === 0; round++) {
    meet();
    const cpuBefore = process.threadCpuUsage();
    const startedAt = performance.now();
    to.set(from);
    const elapsedMs = performance.now() - startedAt;
    const cpu = process.threadCpuUsage(cpuBefore);
    times.push(elapsedMs);
    // Another program had the core for a while.
    if ((cpu.user + cpu.system) / 1000 < 0.9 * elapsedMs) Atomics.add(disturbed, round, 1);
    meet();
    if (Atomics.load(disturbed, round) === 0) quiet++;
    // One decides for all, or some would wait for others that have gone.
    if (plan.index === 0 && (quiet >= plan.quietRounds || performance.now() - beganAt > plan.longestMs)) Atomics.store(isEnough, 0, 1);
    meet();
  }
  parentPort?.postMessage(times);
}
