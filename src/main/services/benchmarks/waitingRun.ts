import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { isOver } from './machineGuard.ts';
import type { MachineReadings } from './machineReadings.ts';

/** The run that paused itself and goes on when the reason is over. There is one at most. */
export interface WaitingRun {
  readonly runId: string | null;
  /** Resolves when nothing waits any more. */
  readonly ended: Promise<void>;
  /** @param code what it paused itself for */
  wait(runId: string, code: string): void;
  /** Lets it rest: somebody else decides about it now. */
  forget(runId?: string): void;
}

/**
 * Makes the place where a run waits.
 * @param options.resume goes on with a run, which lets go of it here. Where that is not possible now it is tried again.
 */
export function createWaitingRun(options: {
  readonly readings: Pick<MachineReadings, 'power' | 'heat'>;
  readonly everyMs: number;
  readonly resume: (runId: string) => Promise<void>;
}): WaitingRun {
  let waiting: { readonly runId: string; readonly timer: NodeJS.Timeout; readonly resolve: () => void } | null = null;
  let ended: Promise<void> = Promise.resolve();

  function forget(runId?: string): void {
    if (waiting === null || (runId !== undefined && waiting.runId !== runId)) return;
    clearInterval(waiting.timer);
    waiting.resolve();
    waiting = null;
  }

  async function look(runId: string, code: string): Promise<void> {
    if (!(await isOver(code, options.readings)) || waiting?.runId !== runId) return;
    try {
      await options.resume(runId);
    } catch (error) {
      // Another run is at work: this one waits for that as well.
      if (!(error instanceof RpcError)) throw error;
      if (error.code !== benchmarkErrors.runActive) forget(runId);
    }
  }

  return {
    get runId() {
      return waiting?.runId ?? null;
    },
    get ended() {
      return ended;
    },
    wait(runId, code) {
      forget();
      const { promise, resolve } = Promise.withResolvers<void>();
      ended = promise;
      let isLooking = false;
      const timer = setInterval(() => {
        if (isLooking) return;
        isLooking = true;
        void look(runId, code).finally(() => {
          isLooking = false;
        });
      }, options.everyMs);
      waiting = { runId, timer, resolve };
    },
    forget,
  };
}
