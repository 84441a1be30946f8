import type * as z from 'zod';
import type { EngineBytes } from '#shared/contract/fit.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type {
  CountRequest,
  EmbedRequest,
  EmbedResult,
  GenerateItem,
  GenerateRequest,
  GenerateResult,
  LoadRequest,
  LoadResult,
  MeasureRequest,
  MeasureResult,
  RunnerMemory,
  RunnerRoutes,
  SimulateRequest,
} from '#shared/contract/runner.ts';
import type { Log } from '#shared/log.ts';
import { connectRpc } from '#shared/rpc/connectRpc.ts';
import type { OutputOf } from '#shared/rpc/routeTable.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { classifyCrash, type RunnerActivity } from './classifyCrash.ts';
import { watchHeartbeat } from './heartbeat.ts';
import { readMemoryKills } from './memoryKills.ts';
import { createOutputRing } from './outputRing.ts';
import type { RunnerExit, RunnerProcess } from './runnerProcess.ts';

/** How long a runner gets before it is killed, in milliseconds. */
export interface RunnerDeadlines {
  readonly readyMs: number;
  readonly cancelMs: number;
  readonly stopMs: number;
  /** While something runs, it is asked for a sign of life this often ... */
  readonly heartbeatEveryMs: number;
  /** ... and killed after this long without one. */
  readonly unresponsiveMs: number;
}

export const runnerDeadlines: RunnerDeadlines = {
  readyMs: 10_000,
  cancelMs: 2_000,
  stopMs: 1_000,
  heartbeatEveryMs: 5_000,
  unresponsiveMs: 30_000,
};

/** One runner process from spawn to observed exit. When it dies, whatever waits for it rejects with `crash`. */
export interface RunnerGeneration {
  readonly key: string;
  readonly pid: number | undefined;
  readonly exited: Promise<RunnerExit>;
  /** Why it ended by itself; null while it lives and after a stop that was asked for. */
  readonly crash: RpcError | null;
  load(
    request: LoadRequest,
    options?: { readonly onProgress?: (progress: number) => void; readonly signal?: AbortSignal },
  ): Promise<LoadResult>;
  /** Aborting ends it with what there is and the finish reason `cancelled`. */
  generate(
    request: z.input<typeof GenerateRequest>,
    options?: { readonly onItem?: (item: GenerateItem) => void; readonly signal?: AbortSignal },
  ): Promise<GenerateResult>;
  measure(request: z.input<typeof MeasureRequest>, options?: { readonly signal?: AbortSignal }): Promise<MeasureResult>;
  tokenise(text: string): Promise<readonly number[]>;
  /** Tokens of a conversation after the model's own template. */
  count(request: CountRequest, options?: { readonly signal?: AbortSignal }): Promise<number>;
  embed(request: EmbedRequest, options?: { readonly signal?: AbortSignal }): Promise<EmbedResult>;
  memory(): Promise<RunnerMemory>;
  devices(): Promise<OutputOf<RunnerRoutes['runner.devices']>>;
  /** Only of a runner that is thrown away: some headers end the process. @throws {RpcError} simulation-failed and codes of a crash */
  simulate(request: z.input<typeof SimulateRequest>): Promise<EngineBytes>;
  /** Asks it to end and kills it after a second. Resolves with the observed exit; may be called twice. */
  stop(): Promise<RunnerExit>;
}

/** What only the supervisor may do with a generation. */
export interface OwnedGeneration extends RunnerGeneration {
  /** Gives a spare its model. */
  claim(key: string): void;
  /** Resolves when the process answers. @throws {RpcError} runner-unresponsive, runner-crashed, cancelled */
  ready(signal?: AbortSignal): Promise<void>;
  /** Resolves when its first load has ended, well or not. Never for a runner that loads nothing. */
  readonly loadSettled: Promise<void>;
  /** Whether it has evaluated anything without failing. */
  readonly hasWorked: boolean;
}

export function createRunnerGeneration(options: {
  readonly key: string;
  readonly process: RunnerProcess;
  readonly log: Log;
  readonly deadlines: RunnerDeadlines;
}): OwnedGeneration {
  const { process: runner, log, deadlines } = options;
  const rpc = connectRpc<RunnerRoutes>(runner.pipe);
  const output = createOutputRing();
  let key = options.key;
  let crash: RpcError | null = null;
  /** Set before we kill it: then its end is our doing, and this is what waiting calls are told. */
  let verdict: RpcError | null = null;
  let stopping: Promise<RunnerExit> | null = null;
  let hasWorked = false;
  const activities: RunnerActivity[] = ['starting'];
  const firstLoad = Promise.withResolvers<void>();
  const memoryKillsBefore = readMemoryKills();

  runner.onOutput((line) => output.add(line));
  const exited = new Promise<RunnerExit>((resolve) => {
    runner.onExit((exit) => {
      const isOurs = stopping !== null || verdict !== null;
      if (verdict !== null && verdict.code !== pipeErrors.cancelled) crash = verdict;
      if (!isOurs) {
        const activity = activities.at(-1) ?? 'idle';
        crash = classifyCrash({ key, exit, activity, output: output.lines(), sawMemoryKill: sawMemoryKill() });
      }
      if (crash === null) log.info('runner.exited', { key, pid: runner.pid, code: exit.code, signal: exit.signal });
      else log.error('runner.crashed', { key, pid: runner.pid, code: exit.code, signal: exit.signal, reason: crash.code });
      resolve(exit);
    });
  });

  function sawMemoryKill(): boolean {
    return (readMemoryKills() ?? 0) > (memoryKillsBefore ?? Number.POSITIVE_INFINITY);
  }

  /** Parallel calls end in any order, so the newest of equal activities goes. */
  function endActivity(activity: RunnerActivity): void {
    const at = activities.lastIndexOf(activity);
    if (at >= 0) activities.splice(at, 1);
  }

  function killBecause(error: RpcError): void {
    verdict ??= error;
    runner.kill();
  }

  /** Runs one call with heartbeat and cancel grace, and tells the death of the process instead of the closing of its pipe. */
  async function run<T>(activity: RunnerActivity, call: (signal: AbortSignal | undefined) => Promise<T>, signal?: AbortSignal): Promise<T> {
    activities.push(activity);
    const stopHeartbeat = watchHeartbeat({
      ping: () => rpc.call('runner.ping', {}),
      everyMs: deadlines.heartbeatEveryMs,
      deadlineMs: deadlines.unresponsiveMs,
      onSilent: () => killBecause(unresponsive(deadlines.unresponsiveMs, { key, activity, output: output.lines() })),
    });
    let graceTimer: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      graceTimer = setTimeout(
        () => killBecause(new RpcError(pipeErrors.cancelled, 'Cancelled. The model had to be unloaded for it.')),
        deadlines.cancelMs,
      );
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await call(signal);
    } catch (error) {
      if (!(error instanceof RpcError && error.code === pipeErrors.closed)) throw error;
      await exited;
      throw crash ?? verdict ?? new RpcError(pipeErrors.cancelled, 'The model was unloaded.', { cause: error });
    } finally {
      stopHeartbeat();
      clearTimeout(graceTimer);
      signal?.removeEventListener('abort', onAbort);
      endActivity(activity);
    }
  }

  async function stopNow(): Promise<RunnerExit> {
    // The answer never comes: the pipe closes with the process.
    void rpc.call('runner.stop', {}).catch(() => undefined);
    const timer = setTimeout(() => runner.kill(), deadlines.stopMs);
    try {
      return await exited;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    get key() {
      return key;
    },
    pid: runner.pid,
    exited,
    get crash() {
      return crash;
    },
    get hasWorked() {
      return hasWorked;
    },
    claim(newKey) {
      key = newKey;
    },
    async ready(signal) {
      const timer = setTimeout(
        () => killBecause(unresponsive(deadlines.readyMs, { key, activity: 'starting', output: output.lines() })),
        deadlines.readyMs,
      );
      const onAbort = (): void => killBecause(new RpcError(pipeErrors.cancelled, 'Cancelled.'));
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted) onAbort();
      try {
        await run('starting', () => rpc.call('runner.ping', {}));
        endActivity('starting');
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      }
    },
    loadSettled: firstLoad.promise,
    load: (request, { onProgress, signal } = {}) =>
      run(
        'loading',
        (cancel) => rpc.stream('runner.load', request, { onItem: (item) => onProgress?.(item.progress), ...withSignal(cancel) }),
        signal,
      ).finally(firstLoad.resolve),
    async generate(request, { onItem, signal } = {}) {
      const result = await run(
        'generating',
        (cancel) => rpc.stream('runner.generate', request, { onItem: (item) => onItem?.(item), ...withSignal(cancel) }),
        signal,
      );
      hasWorked = true;
      return result;
    },
    async measure(request, { signal } = {}) {
      const result = await run('measuring', (cancel) => rpc.call('runner.measure', request, withSignal(cancel)), signal);
      hasWorked = true;
      return result;
    },
    count: async (request, { signal } = {}) =>
      (await run('inspecting', () => rpc.call('runner.count', request, signal === undefined ? {} : { signal }))).tokens,
    embed: (request, { signal } = {}) => run('generating', () => rpc.call('runner.embed', request, signal === undefined ? {} : { signal })),
    tokenise: async (text) => (await run('inspecting', () => rpc.call('runner.tokenise', { text }))).tokens,
    memory: () => run('inspecting', () => rpc.call('runner.memory', {})),
    devices: () => run('inspecting', () => rpc.call('runner.devices', {})),
    // It loads nothing, so a spare may take its place as soon as it has answered.
    simulate: (request) => run('inspecting', () => rpc.call('runner.simulate', request)).finally(firstLoad.resolve),
    stop() {
      stopping ??= stopNow();
      return stopping;
    },
  };
}

function withSignal(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function unresponsive(
  afterMs: number,
  data: { readonly key: string; readonly activity: RunnerActivity; readonly output: readonly string[] },
): RpcError {
  return new RpcError(
    modelErrors.runnerUnresponsive,
    `The model’s process gave no sign of life for ${Math.round(afterMs / 1000)} s and was stopped.`,
    {
      hint: 'The file may be damaged, or the machine too busy. Try again, or try another quant.',
      data,
    },
  );
}
