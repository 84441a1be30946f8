import type { RunnerGeneration, RunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import { type EngineBytes, fitErrors, type Placement } from '#shared/contract/fit.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';

/** How long a dry run may take, in milliseconds, once its process answers. */
export interface SimulatorLimits {
  readonly runMs: number;
  /** On top of it where the process has yet to open the engine, and where that opens a GPU's driver. */
  readonly openMs: number;
  readonly openGpuMs: number;
  /** How long the process is kept for a next question. */
  readonly idleMs: number;
}

export const simulatorLimits: SimulatorLimits = { runMs: 5000, openMs: 5000, openGpuMs: 15_000, idleMs: 3000 };

export interface DryRun {
  /** SHA-256 of the header. */
  readonly headerHash: string;
  readonly header: Uint8Array;
  readonly backend: EngineBytes['backend'];
  readonly placement: Placement;
}

/** The throw-away process that dry runs happen in: one at a time, kept for a moment, gone when a header breaks it. */
export interface SimulatorRunner {
  /** @throws {RpcError} simulation-failed, or why no process could be started */
  run(dryRun: DryRun): Promise<EngineBytes>;
  /** Ends the process. A dry run that it is at work on counts as late. */
  end(): Promise<void>;
  dispose(): Promise<void>;
}

/** The supervisor's key: never that of a model, so that no breaker of one is touched. */
const simulatorKey = 'fit-simulator';

interface Warm {
  readonly backend: DryRun['backend'];
  readonly generation: RunnerGeneration;
  hasAnswered: boolean;
  isEnded?: true;
}

export function createSimulatorRunner(supervisor: RunnerSupervisor, limits: SimulatorLimits): SimulatorRunner {
  let warm: Warm | null = null;
  let idle: NodeJS.Timeout | undefined;
  let ending: Promise<unknown> = Promise.resolve();
  let isDisposed = false;
  /** How often the process was ended for a load. */
  let ends = 0;

  function end(): Promise<unknown> {
    clearTimeout(idle);
    const last = warm;
    warm = null;
    if (last !== null) ending = Promise.all([ending, last.generation.stop()]);
    return ending;
  }

  /** Of the same backend, or a fresh one: an engine keeps the drivers open that it has opened. */
  async function started(backend: DryRun['backend']): Promise<Warm> {
    clearTimeout(idle);
    if (warm !== null && warm.backend === backend && warm.generation.crash === null) return warm;
    await end();
    supervisor.clearBreaker(simulatorKey);
    const endsBefore = ends;
    warm = { backend, generation: await supervisor.start(simulatorKey), hasAnswered: false };
    if (!isDisposed && ends === endsBefore) return warm;
    await end();
    throw isDisposed ? new RpcError(pipeErrors.closed, 'Rightsize is closing.') : endedEarly();
  }

  function rest(runner: Warm): void {
    runner.hasAnswered = true;
    idle = setTimeout(() => void end(), limits.idleMs).unref();
  }

  return {
    async run({ header, backend, placement }) {
      const runner = await started(backend);
      const openMs = backend === 'cpu' ? limits.openMs : limits.openGpuMs;
      const limitMs = limits.runMs + (runner.hasAnswered ? 0 : openMs);
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => late.reject(tookTooLong(limitMs)), limitMs);
      try {
        const answer = runner.generation.simulate({ header: Buffer.from(header).toString('base64'), backend, placement });
        const engine = await Promise.race([answer, late.promise]);
        rest(runner);
        return engine;
      } catch (error) {
        const isSaid = error instanceof RpcError && error.code === fitErrors.simulationFailed;
        if (isSaid && !wasEnded(error)) rest(runner);
        else void end();
        throw isSaid ? error : runner.isEnded ? endedEarly() : gaveUp(error);
      } finally {
        clearTimeout(timer);
      }
    },
    async end() {
      ends += 1;
      if (warm !== null) warm.isEnded = true;
      await end();
    },
    async dispose() {
      isDisposed = true;
      await end();
    },
  };
}

/** Whether a dry run was ended before it was through, which says nothing about its header. */
export function wasEnded(error: RpcError): boolean {
  return typeof error.data === 'object' && error.data !== null && 'wasEnded' in error.data;
}

function ended(message: string, cause?: unknown): RpcError {
  return new RpcError(fitErrors.simulationFailed, message, { data: { wasEnded: true }, cause });
}

function tookTooLong(limitMs: number): RpcError {
  const seconds = Math.max(1, Math.round(limitMs / 1000));
  return ended(`The engine’s dry run took more than ${seconds} s and was stopped.`);
}

function endedEarly(): RpcError {
  return ended('The engine’s dry run was ended because a model is being loaded.');
}

/** No header sends SIGKILL: the system does where memory runs out, and people do. */
function gaveUp(cause: unknown): RpcError {
  const data: unknown = cause instanceof RpcError ? cause.data : null;
  const isKilled = typeof data === 'object' && data !== null && 'signal' in data && data.signal === 'SIGKILL';
  if (isKilled)
    return ended('The system stopped the engine’s dry run, most often because memory runs out. Only the dry run was lost.', cause);
  return new RpcError(fitErrors.simulationFailed, 'The engine gave up on this header. Only the dry run was lost.', { cause });
}
