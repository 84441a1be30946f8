import type { JudgeService } from '#main/services/judge/judgeService.ts';
import type { RunRow } from '#main/storage/runTable.ts';
import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import { benchmarkErrors, type RunProgress } from '#shared/contract/benchmarks.ts';
import { systemErrors } from '#shared/contract/system.ts';
import type { Log } from '#shared/log.ts';
import { RpcError, type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { watchMachine } from './machineGuard.ts';
import type { Pace } from './pace.ts';
import { createRunControl, type RunControl, type StopRequest } from './runControl.ts';
import { type ExecutorNeeds, executeRun, JournalError, type RunWatch } from './runExecutor.ts';
import type { PreparedRun } from './runPlanning.ts';
import { runSummary } from './runStore.ts';
import { createRunTally } from './runTally.ts';
import type { WorkSampler } from './sampler.ts';

const ticksEveryMs = 250;
const savesElapsedEveryMs = 2000;

/** How a sitting ended. */
export interface SittingEnd {
  readonly state: RunRow['state'];
  readonly error: RpcErrorData | null;
  readonly elapsedMs: number;
}

/** A run while it is running: from start or resume until it is done, paused, cancelled or in trouble. */
export interface ActiveRun {
  readonly id: string;
  readonly control: RunControl;
  progress(): RunProgress;
  counts(): { readonly done: number; readonly elapsedMs: number };
  /** A person's word on a sample of this run. */
  revise(before: Sample, after: Sample): void;
  /** Resolves when everything has stopped and was written down. Never rejects. */
  readonly settled: Promise<void>;
}

/**
 * Begins to run what a run's journal does not hold yet.
 * @param hooks.onTick at most four times a second, when something changed. @param hooks.onEnd once, before `settled` resolves.
 */
export function beginRun(
  row: RunRow,
  prepared: PreparedRun & { readonly paces: ReadonlyMap<string, Pace> },
  needs: Omit<ExecutorNeeds, 'control' | 'tally' | 'watch' | 'sampler'> & {
    readonly openSampler: () => Promise<WorkSampler>;
    /** How it looks after the machine. @see watchMachine */
    readonly care: { readonly everyMs: number; readonly isForced: boolean };
    readonly judges: Pick<JudgeService, 'judge'>;
    readonly log: Log;
    readonly isWatched: () => boolean;
    readonly onTick: (run: ActiveRun) => void;
    readonly onEnd: (end: SittingEnd) => void;
  },
): ActiveRun {
  const { log, now, runs, samples } = needs;
  const control = createRunControl();
  const tally = createRunTally({ models: row.models, scenarios: prepared.scenarios, expected: prepared.paces });
  for (const sample of samples.all(row.id)) tally.add(sample);
  const startedAt = now();
  let savedAt = startedAt;
  let isDirty = true;
  const watch: RunWatch = {
    current: null,
    residentBytes: null,
    lanes: 1,
    judging: null,
    isWatched: needs.isWatched,
    changed: () => {
      isDirty = true;
    },
  };
  const elapsedMs = (): number => row.elapsedMs + (now() - startedAt);
  const counts = (): { readonly done: number; readonly elapsedMs: number } => ({ done: tally.done, elapsedMs: elapsedMs() });

  function tick(): void {
    if (now() - savedAt >= savesElapsedEveryMs) {
      savedAt = now();
      saveElapsed();
    }
    if (!isDirty) return;
    isDirty = false;
    needs.onTick(active);
  }

  function saveElapsed(): void {
    try {
      runs.setElapsed(row.id, elapsedMs());
    } catch (error) {
      // The next sample meets the same trouble and tells the user.
      log.warn('elapsed-not-saved', { runId: row.id, error });
    }
  }

  async function execute(): Promise<Pick<SittingEnd, 'state' | 'error'>> {
    try {
      await using sampler = closing(await needs.openSampler());
      const isComplete = await executeRun(row, prepared, { ...needs, sampler, control, tally, watch });
      return isComplete ? await judged() : stopped();
    } catch (error) {
      if (error instanceof JournalError) {
        log.error('run-paused', { runId: row.id, code: error.reason.code });
        return { state: 'paused', error: error.reason.toJSON() };
      }
      log.error('run-failed', { runId: row.id, error });
      return { state: 'failed', error: toRpcErrorData(error) };
    }
  }

  function stopped(): Pick<SittingEnd, 'state' | 'error'> {
    const state = stateAfter(control.requested);
    return { state, error: state === 'paused' ? control.reason : null };
  }

  /** A judge that cannot judge takes nothing from what was graded: the run is done, and says what it lacks. */
  async function judged(): Promise<Pick<SittingEnd, 'state' | 'error'>> {
    try {
      const isComplete = await needs.judges.judge(row, {
        samples: samples.all(row.id),
        itemOf: prepared.itemOfSample,
        signal: control.signal,
        shouldStop: () => control.requested !== null,
        onProgress: (progress) => {
          watch.judging = progress;
          watch.changed();
        },
      });
      return isComplete ? { state: 'done', error: null } : stopped();
    } catch (error) {
      if (control.requested !== null) return stopped();
      if (!(error instanceof RpcError)) throw error;
      if (error.code === systemErrors.diskFull) return { state: 'paused', error: error.toJSON() };
      log.warn('judge-failed', { runId: row.id, reason: error.code });
      return { state: 'done', error: { ...error.toJSON(), code: benchmarkErrors.judgeUnusable } };
    } finally {
      watch.judging = null;
    }
  }

  async function sit(): Promise<void> {
    const timer = setInterval(tick, ticksEveryMs);
    timer.unref();
    const endWatch = watchMachine(row.plan, {
      ...needs.care,
      readings: needs.readings,
      onReason: (reason) => control.request('pause', reason),
    });
    const end = await execute();
    endWatch();
    clearInterval(timer);
    try {
      needs.onTick(active);
    } finally {
      needs.onEnd({ ...end, elapsedMs: elapsedMs() });
    }
  }

  log.info('run-started', { runId: row.id, models: row.models.length, scenarios: row.total, done: tally.done });
  const active: ActiveRun = {
    id: row.id,
    control,
    counts,
    revise: (before, after) => {
      tally.revise(before, after);
      watch.changed();
    },
    progress: () => ({ run: runSummary({ ...row, state: 'running' }, counts()), ...tally.snapshot(watch), judging: watch.judging }),
    settled: Promise.resolve()
      .then(sit)
      .catch((error: unknown) => log.error('run-not-settled', { runId: row.id, error })),
  };
  return active;
}

const closing = (sampler: WorkSampler): WorkSampler & AsyncDisposable => ({
  ...sampler,
  [Symbol.asyncDispose]: () => sampler.close(),
});

function stateAfter(request: StopRequest | null): RunRow['state'] {
  switch (request) {
    case 'cancel':
      return 'cancelled';
    case 'close':
      return 'interrupted';
    case 'pause':
    case 'pause-now':
    case null:
      return 'paused';
  }
}
