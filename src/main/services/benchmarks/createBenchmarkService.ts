import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import type { LibraryService } from '#main/services/library/libraryService.ts';
import type { ModelService } from '#main/services/models/modelService.ts';
import type { Database } from '#main/storage/database.ts';
import { createDatasetTable } from '#main/storage/datasetTable.ts';
import { createRunTable, type RunRow } from '#main/storage/runTable.ts';
import { createSampleTable } from '#main/storage/sampleTable.ts';
import { benchmarkErrors, type RunChange, type RunPlan, type RunProgress, type RunSummary } from '#shared/contract/benchmarks.ts';
import type { Log } from '#shared/log.ts';
import { pipeErrors, RpcError, type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import type { BenchmarkService } from './benchmarkService.ts';
import { compareRuns } from './compareRuns.ts';
import { createRunControl, type RunControl, type StopRequest } from './runControl.ts';
import { executeRun, JournalError, type RunWatch } from './runExecutor.ts';
import { estimateRun, expectedPaces, type PreparedRun, plannedModels, prepareRun } from './runPlanning.ts';
import { renderRunReport } from './runReport.ts';
import { recordFindings, resultsOf } from './runResults.ts';
import { createRunTally, type RunTally } from './runTally.ts';
import { createSuiteCatalogue } from './suiteCatalogue.ts';

const progressEveryMs = 250;
const elapsedSavedEveryMs = 2000;

interface ActiveRun {
  readonly id: string;
  readonly control: RunControl;
  readonly tally: RunTally;
  readonly watch: RunWatch;
  /** Milliseconds of earlier sittings, and when this one began. */
  readonly elapsedBeforeMs: number;
  readonly startedAt: number;
  settled: Promise<void>;
}

/**
 * Makes the benchmark service. Runs that were running when the process before this one ended are marked interrupted: the data
 * folder's lock says that nobody else can be running them.
 * @param options.suitesFolder where the suites that ship lie.
 * @param options.now clock, milliseconds since 1970.
 */
export function createBenchmarkService(options: {
  readonly database: Database;
  readonly library: Pick<LibraryService, 'list' | 'get' | 'refresh' | 'whenHashed' | 'holdHashing' | 'recordSpeed' | 'recordScore'>;
  readonly models: Pick<ModelService, 'fresh'>;
  readonly suitesFolder: string;
  readonly log: Log;
  readonly now?: () => number;
}): BenchmarkService {
  const { database, library, models, log } = options;
  const now = options.now ?? Date.now;
  const runs = createRunTable(database);
  const samples = createSampleTable(database);
  const catalogue = createSuiteCatalogue({ folder: options.suitesFolder, datasets: createDatasetTable(database), now });
  const changeListeners = new Set<(change: RunChange) => void>();
  const progressListeners = new Map<string, Set<(progress: RunProgress) => void>>();
  /** States that could not be written because the disk is full; the journal itself is whole. */
  const unwritten = new Map<string, Partial<Pick<RunRow, 'state' | 'error'>>>();
  let active: ActiveRun | null = null;
  let isStarting = false;
  let isDisposed = false;

  const interrupted = runs.markRunningAsInterrupted();
  if (interrupted > 0) log.warn('runs-interrupted', { count: interrupted });

  function find(runId: string): RunRow {
    const row = runs.get(runId);
    if (row !== undefined) return { ...row, ...unwritten.get(runId) };
    throw new RpcError(benchmarkErrors.runNotFound, `There is no run ${runId}.`, {
      hint: runs.list().length === 0 ? 'No benchmark was run yet.' : `The newest is ${runs.list()[0]?.id}.`,
    });
  }

  function summary(row: RunRow): RunSummary {
    const { id, name, state, plan, total, done, startedAt, finishedAt, elapsedMs, verdict, error } = row;
    const isActive = active?.id === id;
    return {
      id,
      name,
      state,
      plan,
      total,
      done: isActive && active !== null ? active.tally.done : done,
      startedAt,
      finishedAt,
      elapsedMs: isActive && active !== null ? elapsed(active) : elapsedMs,
      verdict,
      error:
        error === null ? null : { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) },
    };
  }

  const elapsed = (run: ActiveRun): number => run.elapsedBeforeMs + (now() - run.startedAt);

  function emitRun(runId: string): void {
    if (changeListeners.size === 0) return;
    const change: RunChange = { kind: 'run', run: summary(find(runId)) };
    for (const listener of [...changeListeners]) listener(change);
  }

  function emitProgress(runId: string): void {
    const listeners = progressListeners.get(runId);
    if (listeners === undefined || listeners.size === 0 || active?.id !== runId) return;
    const progress = liveProgress(active);
    for (const listener of [...listeners]) listener(progress);
  }

  function liveProgress(run: ActiveRun): RunProgress {
    return { run: summary(find(run.id)), ...run.tally.snapshot(run.watch) };
  }

  /** State of a run that is not running: counted from the journal. */
  async function restingProgress(row: RunRow): Promise<RunProgress> {
    const prepared = await prepareRun(row, catalogue);
    const tally = createRunTally({ models: row.models, scenarios: prepared.scenarios });
    for (const sample of samples.all(row.id)) tally.add(sample);
    return { run: summary(row), ...tally.snapshot({ current: null, residentBytes: null }) };
  }

  function update(runId: string, patch: Partial<Pick<RunRow, 'state' | 'error' | 'elapsedMs' | 'finishedAt' | 'verdict'>>): void {
    try {
      runs.update(runId, patch);
      unwritten.delete(runId);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      unwritten.set(runId, { ...(patch.state && { state: patch.state }), error: patch.error ?? error.toJSON() });
    }
  }

  function begin(row: RunRow, prepared: PreparedRun): void {
    const tally = createRunTally({ models: row.models, scenarios: prepared.scenarios, expected: expectedPaces(prepared, library) });
    for (const sample of samples.all(row.id)) tally.add(sample);
    let isDirty = true;
    let savedAt = now();
    const watch: RunWatch = {
      current: null,
      residentBytes: null,
      isWatched: () => (progressListeners.get(row.id)?.size ?? 0) > 0,
      changed: () => {
        isDirty = true;
      },
    };
    const run: ActiveRun = {
      id: row.id,
      control: createRunControl(),
      tally,
      watch,
      elapsedBeforeMs: row.elapsedMs,
      startedAt: now(),
      settled: Promise.resolve(),
    };
    active = run;
    const timer = setInterval(() => {
      if (now() - savedAt >= elapsedSavedEveryMs) {
        savedAt = now();
        saveElapsed(run);
      }
      if (!isDirty) return;
      isDirty = false;
      emitRun(run.id);
      emitProgress(run.id);
    }, progressEveryMs);
    timer.unref();
    log.info('run-started', { runId: run.id, models: row.models.length, scenarios: row.total, done: tally.done });
    emitRun(run.id);
    run.settled = execute(row, prepared, run).finally(() => {
      clearInterval(timer);
    });
  }

  function saveElapsed(run: ActiveRun): void {
    try {
      runs.setElapsed(run.id, elapsed(run));
    } catch (error) {
      // The next sample says the same, louder.
      log.warn('elapsed-not-saved', { runId: run.id, error });
    }
  }

  async function execute(row: RunRow, prepared: PreparedRun, run: ActiveRun): Promise<void> {
    let end: Partial<Pick<RunRow, 'state' | 'error'>>;
    try {
      const isComplete = await executeRun(row, prepared, {
        models,
        library,
        control: run.control,
        now,
        runs,
        samples,
        tally: run.tally,
        watch: run.watch,
      });
      end = { state: isComplete ? 'done' : stateAfter(run.control.requested), error: null };
    } catch (error) {
      end = endAfter(error, run.id);
    }
    finish(row.id, { ...end, elapsedMs: elapsed(run) });
  }

  function endAfter(error: unknown, runId: string): { readonly state: RunRow['state']; readonly error: RpcErrorData } {
    if (error instanceof JournalError) {
      const { code, message, hint } = error.reason;
      log.error('run-paused', { runId, code });
      return { state: 'paused', error: { code, message, ...(hint === undefined ? {} : { hint }) } };
    }
    log.error('run-failed', { runId, error });
    return { state: 'failed', error: toRpcErrorData(error) };
  }

  function finish(runId: string, end: Partial<Pick<RunRow, 'state' | 'error' | 'elapsedMs'>>): void {
    const isOver = end.state === 'done' || end.state === 'cancelled' || end.state === 'failed';
    update(runId, { ...end, finishedAt: isOver ? now() : null });
    try {
      const results = resultsOf(find(runId), samples.all(runId));
      if (isOver) update(runId, { verdict: results.verdict });
      if (end.state === 'done') recordFindings({ runId, results, measuredAt: now() }, library);
    } catch (error) {
      log.error('results-failed', { runId, error });
    }
    log.info('run-settled', { runId, state: end.state });
    emitProgress(runId);
    active = null;
    emitRun(runId);
    // The last thing a watcher sees is the run at rest.
    const row = find(runId);
    const listeners = progressListeners.get(runId);
    if (listeners !== undefined && listeners.size > 0) {
      void restingProgress(row).then((progress) => {
        for (const listener of [...listeners]) listener(progress);
      });
    }
  }

  function refuseWhileActive(): void {
    if (isDisposed) throw new RpcError(pipeErrors.closed, 'Rightsize is closing.');
    if (active === null && !isStarting) return;
    throw new RpcError(benchmarkErrors.runActive, 'A benchmark is already running: two at once would disturb each other’s measurements.', {
      hint: 'Pause or cancel it first.',
    });
  }

  async function startExclusively<T>(work: () => Promise<T>): Promise<T> {
    refuseWhileActive();
    isStarting = true;
    try {
      return await work();
    } finally {
      isStarting = false;
    }
  }

  async function stop(runId: string, request: StopRequest): Promise<void> {
    if (active?.id !== runId) {
      const { state } = find(runId);
      throw new RpcError(benchmarkErrors.runNotActive, `The run ${runId} is not running; it is ${state}.`);
    }
    active.control.request(request);
    await active.settled;
  }

  return {
    suites: catalogue.list,
    addDataset: catalogue.addDataset,
    estimate: async (plan) => estimateRun(await prepare(plan), library),
    start: (plan) =>
      startExclusively(async () => {
        const prepared = await prepare(plan);
        checkReferences(plan, prepared);
        for (const suite of prepared.suites) await catalogue.keep(suite);
        const startedAt = now();
        const row: RunRow = {
          id: newRunId(startedAt),
          name: runName(prepared),
          state: 'running',
          plan,
          suites: prepared.suites,
          models: prepared.models,
          cpu: cpus()[0]?.model.trim() ?? null,
          total: prepared.scenarios.length,
          done: 0,
          startedAt,
          finishedAt: null,
          elapsedMs: 0,
          verdict: null,
          error: null,
        };
        runs.insert(row);
        begin(row, prepared);
        return { runId: row.id };
      }),
    pause: (runId, { now: atOnce = false } = {}) => stop(runId, atOnce ? 'pause-now' : 'pause'),
    resume: (runId) =>
      startExclusively(async () => {
        const row = find(runId);
        if (row.state === 'done' || row.state === 'cancelled') {
          throw new RpcError(benchmarkErrors.nothingToRun, `The run ${runId} is ${row.state}; there is nothing left to run.`, {
            hint: 'Start a new run.',
          });
        }
        const prepared = await prepareRun(row, catalogue);
        runs.update(runId, { state: 'running', error: null, finishedAt: null });
        unwritten.delete(runId);
        begin(find(runId), prepared);
      }),
    cancel: async (runId) => {
      if (active?.id === runId) return stop(runId, 'cancel');
      const row = find(runId);
      if (row.state !== 'paused' && row.state !== 'interrupted') {
        throw new RpcError(benchmarkErrors.runNotActive, `The run ${runId} is ${row.state}; there is nothing to cancel.`);
      }
      finish(runId, { state: 'cancelled', error: null });
    },
    remove: async (runId) => {
      find(runId);
      if (active?.id === runId) {
        throw new RpcError(benchmarkErrors.runActive, 'This run is still running.', { hint: 'Cancel it first.' });
      }
      runs.remove(runId);
      unwritten.delete(runId);
      for (const listener of [...changeListeners]) listener({ kind: 'removed', id: runId });
    },
    runs: () => runs.list().map((row) => summary({ ...row, ...unwritten.get(row.id) })),
    run: (runId) => summary(find(runId)),
    whenSettled: async (runId) => {
      if (active?.id === runId) await active.settled;
      return summary(find(runId));
    },
    subscribe: (listener) => {
      changeListeners.add(listener);
      listener({ kind: 'snapshot', runs: runs.list().map((row) => summary({ ...row, ...unwritten.get(row.id) })) });
      return () => changeListeners.delete(listener);
    },
    subscribeProgress: (runId, listener) => {
      const row = find(runId);
      const listeners = progressListeners.get(runId) ?? new Set();
      progressListeners.set(runId, listeners);
      listeners.add(listener);
      if (active?.id === runId) listener(liveProgress(active));
      else {
        void restingProgress(row).then(
          (progress) => {
            if (listeners.has(listener) && active?.id !== runId) listener(progress);
          },
          (error: unknown) => log.error('progress-failed', { runId, error }),
        );
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) progressListeners.delete(runId);
      };
    },
    results: (runId) => {
      const row = find(runId);
      return { ...resultsOf(row, samples.all(runId)), run: summary(row) };
    },
    compare: (runId, baselineRunId) =>
      compareRuns(baselineRunId, { now: samples.all(find(runId).id), before: samples.all(find(baselineRunId).id) }),
    samples: (query) => {
      find(query.runId);
      return samples.find(query);
    },
    report: (runId, format) => {
      const row = find(runId);
      const journaled = samples.all(runId);
      return renderRunReport({ ...resultsOf(row, journaled), run: summary(row) }, journaled, format);
    },
    dispose: async () => {
      isDisposed = true;
      active?.control.request('close');
      await active?.settled;
      changeListeners.clear();
      progressListeners.clear();
    },
  };

  async function prepare(plan: RunPlan): Promise<PreparedRun> {
    const suites = await Promise.all([...new Set(plan.suiteIds)].map((id) => catalogue.get(id)));
    return prepareRun({ plan, models: plannedModels(plan.modelIds, library), suites }, catalogue);
  }

  function checkReferences(plan: RunPlan, prepared: PreparedRun): void {
    if (plan.baselineRunId !== null) find(plan.baselineRunId);
    if (plan.referenceId !== null && !prepared.models.some((model) => model.modelId === plan.referenceId)) {
      throw new RpcError(pipeErrors.badInput, `The reference ${plan.referenceId} is not part of the run.`, {
        hint: 'Add it to the models, or choose one of them.',
      });
    }
    if (prepared.models.every((model) => library.get(model.modelId)?.state !== 'ready')) {
      const problem = library.get(prepared.models[0]?.modelId ?? '')?.problem;
      throw new RpcError(benchmarkErrors.nothingToRun, `None of the models can be loaded. ${problem?.message ?? ''}`.trim(), {
        hint: problem?.hint ?? 'Choose another model.',
      });
    }
  }
}

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

/** Sorts by time, is short enough to type, and is a folder's name on every system. */
function newRunId(at: number): string {
  const time = new Date(at).toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
  return `${time}-${randomBytes(3).toString('hex')}`;
}

function runName(prepared: PreparedRun): string {
  const names = (list: readonly string[], many: string): string => (list.length <= 3 ? list.join(', ') : `${list.length} ${many}`);
  const models = names(
    prepared.models.map((model) =>
      model.quant === null || model.name.includes(model.quant) ? model.name : `${model.name} ${model.quant}`,
    ),
    'models',
  );
  return `${models} · ${names(
    prepared.suites.map((suite) => suite.name),
    'suites',
  )}`;
}
