import { modelErrors } from '#shared/contract/models.ts';
import type { Log } from '#shared/log.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { createBreaker } from './breaker.ts';
import {
  createRunnerGeneration,
  type OwnedGeneration,
  type RunnerDeadlines,
  type RunnerGeneration,
  runnerDeadlines,
} from './runnerGeneration.ts';
import type { SpawnRunner } from './runnerProcess.ts';

export type { RunnerGeneration } from './runnerGeneration.ts';

/** Owns every runner of this app. One generation per key at most, from spawn to observed exit. */
export interface RunnerSupervisor {
  /**
   * A fresh process, or the warm spare, that answers.
   * @throws {RpcError} runner-blocked while the breaker of this key is open, model-in-use while one is alive.
   */
  start(key: string, options?: { readonly signal?: AbortSignal }): Promise<RunnerGeneration>;
  get(key: string): RunnerGeneration | undefined;
  clearBreaker(key: string): void;
  /** Stops the runner of this key, does the work, and lets nobody start one meanwhile: for deleting or replacing its file. */
  withStopped<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** Whether one process waits, ready but without a model. Off while something is measured. */
  keepSpare(on: boolean): void;
  /** Stops everything. Resolves after the exits were seen; afterwards nothing starts. */
  dispose(): Promise<void>;
}

const spareKey = 'spare';

export function createRunnerSupervisor(options: {
  readonly spawnRunner: SpawnRunner;
  readonly log: Log;
  readonly deadlines?: Partial<RunnerDeadlines>;
}): RunnerSupervisor {
  const { log } = options;
  const deadlines = { ...runnerDeadlines, ...options.deadlines };
  const alive = new Map<string, OwnedGeneration>();
  /** Every process that has not been seen to exit, spares included. */
  const processes = new Set<OwnedGeneration>();
  const held = new Map<string, Promise<unknown>>();
  const breaker = createBreaker();
  let spare: OwnedGeneration | null = null;
  let wantsSpare = false;
  let disposing: Promise<void> | null = null;

  function spawn(key: string): OwnedGeneration {
    const generation = createRunnerGeneration({ key, process: options.spawnRunner(), log, deadlines });
    processes.add(generation);
    void generation.exited.then(() => processes.delete(generation));
    return generation;
  }

  function refillSpare(): void {
    if (!wantsSpare || spare !== null || disposing !== null) return;
    const fresh = spawn(spareKey);
    spare = fresh;
    void fresh.exited.then(() => {
      if (spare === fresh) spare = null;
    });
    // A spare that fails is not replaced: the next start makes its own process and reports what is wrong.
    void fresh
      .ready()
      .catch((error: unknown) => log.warn('runner.spare-failed', { reason: error instanceof RpcError ? error.code : 'unknown' }));
  }

  function take(key: string): OwnedGeneration {
    const taken = spare ?? spawn(key);
    spare = null;
    taken.claim(key);
    alive.set(key, taken);
    // The next spare starts when this one's load no longer needs the processor.
    void taken.loadSettled.then(refillSpare);
    void taken.exited.then(() => {
      alive.delete(key);
      // One that has answered before it crashed starts the count again: a model that answers is worth another process.
      if (taken.hasWorked) breaker.recordSuccess(key);
      if (taken.crash !== null) breaker.recordFailure(key, taken.crash);
      refillSpare();
    });
    return taken;
  }

  return {
    async start(key, { signal } = {}) {
      while (held.has(key)) await held.get(key);
      if (disposing !== null) throw new RpcError(pipeErrors.closed, 'Rightsize is closing.');
      signal?.throwIfAborted();
      breaker.check(key);
      if (alive.has(key)) {
        throw new RpcError(modelErrors.inUse, 'This model is already loaded, or is still being unloaded.', {
          hint: 'Unload it first, or wait a moment.',
        });
      }
      const generation = take(key);
      await generation.ready(signal);
      log.info('runner.started', { key, pid: generation.pid });
      return generation;
    },
    get: (key) => alive.get(key),
    clearBreaker: (key) => breaker.clear(key),
    async withStopped(key, work) {
      while (held.has(key)) await held.get(key);
      const done = (async () => {
        await alive.get(key)?.stop();
        return work();
      })();
      const settled = done.catch(() => undefined).finally(() => held.delete(key));
      held.set(key, settled);
      return done;
    },
    keepSpare(on) {
      wantsSpare = on;
      if (on) refillSpare();
      else {
        void spare?.stop();
        spare = null;
      }
    },
    dispose() {
      disposing ??= (async () => {
        spare = null;
        await Promise.all([...processes].map((generation) => generation.stop()));
      })();
      return disposing;
    },
  };
}
