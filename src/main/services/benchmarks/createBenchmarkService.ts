import type { EndpointService } from '#main/services/endpoints/endpointService.ts';
import type { JudgeService } from '#main/services/judge/judgeService.ts';
import type { LibraryService } from '#main/services/library/libraryService.ts';
import type { ModelService } from '#main/services/models/modelService.ts';
import type { Database } from '#main/storage/database.ts';
import { createOverruleTable } from '#main/storage/overruleTable.ts';
import type { RunRow } from '#main/storage/runTable.ts';
import { createSampleTable } from '#main/storage/sampleTable.ts';
import { benchmarkErrors, type RunPlan, type RunSummary } from '#shared/contract/benchmarks.ts';
import type { Log } from '#shared/log.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { type ActiveRun, beginRun, type SittingEnd } from './activeRun.ts';
import type { AnswerAids } from './askItem.ts';
import type { BenchmarkService } from './benchmarkService.ts';
import { changesSince } from './changesSince.ts';
import { expectedGaps } from './expectedGaps.ts';
import { extendedRun } from './extendRun.ts';
import { isSelfMade } from './machineGuard.ts';
import type { MachineReadings } from './machineReadings.ts';
import { newRun } from './newRun.ts';
import { overruleSample } from './overruleSample.ts';
import type { PriceList } from './priceList.ts';
import type { StopRequest } from './runControl.ts';
import { createRunFeed } from './runFeed.ts';
import { checkPlan, estimateRun, expectedPaces, type PreparedRun, plannedModels, prepareRun, withReference } from './runPlanning.ts';
import { createRunReader } from './runReader.ts';
import { recordFindings } from './runResults.ts';
import { createRunStore, runSummary } from './runStore.ts';
import type { WorkSampler } from './sampler.ts';
import type { SuiteCatalogue } from './suiteCatalogue.ts';
import { createLacksTools } from './templateTools.ts';
import { createWaitingRun } from './waitingRun.ts';

/**
 * Makes the benchmark service. Runs that were running when the process before this one ended are marked interrupted: the data
 * folder's lock says that nobody else can be running them.
 * @param options.catalogue every suite that can be asked.
 * @param options.now clock, milliseconds since 1970.
 */
export function createBenchmarkService(options: {
  readonly database: Database;
  readonly library: Pick<
    LibraryService,
    'list' | 'get' | 'inspect' | 'refresh' | 'whenHashed' | 'holdHashing' | 'recordSpeed' | 'recordScore'
  >;
  readonly models: Pick<ModelService, 'fresh'>;
  readonly aids: AnswerAids;
  readonly catalogue: SuiteCatalogue;
  readonly endpoints: Pick<EndpointService, 'get' | 'generate'>;
  readonly readings: MachineReadings;
  readonly prices: PriceList;
  readonly judges: JudgeService;
  /** Opens the sensors for one sitting of a run. */
  readonly openSampler: () => Promise<WorkSampler>;
  /** Engine that was used last on this machine; null = none yet. */
  readonly engine: () => string | null;
  /** How often power and heat are looked at, where a plan wishes it. */
  readonly careEveryMs?: number;
  readonly log: Log;
  readonly now?: () => number;
}): BenchmarkService {
  const { database, library, models, endpoints, readings, catalogue, prices, judges, log } = options;
  const now = options.now ?? Date.now;
  const store = createRunStore(database);
  const samples = createSampleTable(database);
  const overrules = createOverruleTable(database);
  const feed = createRunFeed();
  const lacksTools = createLacksTools(library);
  let active: ActiveRun | null = null;
  let isStarting = false;
  let isDisposed = false;

  const interrupted = store.table.markRunningAsInterrupted();
  if (interrupted > 0) log.warn('runs-interrupted', { count: interrupted });

  const careEveryMs = options.careEveryMs ?? 10_000;
  const waiting = createWaitingRun({ readings, everyMs: careEveryMs, resume: goOn });

  const summary = (row: RunRow): RunSummary => runSummary(row, active?.id === row.id ? active.counts() : null);
  const reader = createRunReader({ store, samples, catalogue, judges, prices, summary });
  const emitRun = (runId: string): void => {
    if (feed.hasChangeListeners) feed.change({ kind: 'run', run: summary(store.find(runId)) });
  };

  /** @param isForced by the user, whatever its plan says of power and heat now */
  function begin(row: RunRow, prepared: PreparedRun, { isForced = false } = {}): void {
    if (isDisposed) throw new RpcError(pipeErrors.closed, 'Rightsize is closing.');
    const paces = expectedPaces(prepared, library);
    active = beginRun(
      row,
      { ...prepared, paces },
      {
        models,
        library,
        endpoints,
        readings,
        openSampler: options.openSampler,
        care: { everyMs: careEveryMs, isForced },
        judges,
        aids: options.aids,
        now,
        log,
        runs: store.table,
        samples,
        isWatched: () => feed.isWatched(row.id),
        onTick: (run) => {
          emitRun(run.id);
          if (feed.isWatched(run.id)) feed.progress(run.progress());
        },
        onEnd: (end) => finish(row.id, end),
      },
    );
    emitRun(row.id);
  }

  function finish(runId: string, end: SittingEnd): void {
    try {
      close(runId, end);
    } finally {
      // A run that was cancelled at rest must not let go of another that is running.
      if (active?.id === runId) active = null;
    }
    waiting.forget(runId);
    if (end.state === 'paused' && end.error !== null && isSelfMade(end.error.code) && !isDisposed) waiting.wait(runId, end.error.code);
    log.info('run-settled', { runId, state: end.state });
    emitRun(runId);
    // The last thing a watcher sees is the run at rest.
    showAtRest(runId);
  }

  function showAtRest(runId: string): void {
    if (feed.isWatched(runId)) reader.atRest(runId).then(feed.progress, (error: unknown) => log.error('progress-failed', { runId, error }));
  }

  /** Writes how a run ended and, when it is over, what came out of it. */
  function close(runId: string, end: SittingEnd): void {
    const { state } = end;
    const isOver = state === 'done' || state === 'cancelled' || state === 'failed';
    store.update(runId, { ...end, finishedAt: isOver ? now() : null });
    if (isOver) conclude(runId);
  }

  /** Writes down what a run that is over came to, as its samples and people's words on them stand now. */
  function conclude(runId: string): void {
    try {
      const row = store.find(runId);
      const results = reader.sumUp(row);
      store.update(runId, { verdict: results.verdict });
      if (row.state === 'done') recordFindings({ runId, results, measuredAt: row.finishedAt ?? now() }, library);
    } catch (error) {
      // The journal is whole: results are summed up again whenever they are asked for.
      log.error('results-failed', { runId, error });
    }
  }

  /** @throws {RpcError} nothing-to-run for a run that is over. */
  function resumable(runId: string): RunRow {
    const row = store.find(runId);
    if (row.state !== 'done' && row.state !== 'cancelled') return row;
    throw new RpcError(benchmarkErrors.nothingToRun, `The run ${runId} is ${row.state}; there is nothing left to run.`, {
      hint: 'Start a new run.',
    });
  }

  async function exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (isDisposed) throw new RpcError(pipeErrors.closed, 'Rightsize is closing.');
    if (active !== null || isStarting) {
      throw new RpcError(
        benchmarkErrors.runActive,
        'A benchmark is already running: two at once would disturb each other’s measurements.',
        {
          hint: 'Pause or cancel it first.',
        },
      );
    }
    isStarting = true;
    try {
      return await work();
    } finally {
      isStarting = false;
    }
  }

  async function goOn(runId: string, { isForced = false } = {}): Promise<void> {
    await exclusively(async () => {
      const prepared = await prepareRun(resumable(runId), catalogue);
      // It may have been cancelled or removed meanwhile.
      resumable(runId);
      waiting.forget(runId);
      // A suite that ships may have grown since: a Rightsize of before planned fewer.
      store.updateOrThrow(runId, { total: prepared.scenarios.length, state: 'running', error: null, finishedAt: null });
      begin(store.find(runId), prepared, { isForced });
    });
  }

  async function stop(runId: string, request: StopRequest): Promise<void> {
    const row = store.find(runId);
    if (waiting.runId === runId) {
      // It rests already; now it is the user who says when it goes on.
      waiting.forget(runId);
      store.update(runId, { error: null });
      emitRun(runId);
      return;
    }
    if (active?.id !== runId) {
      throw new RpcError(benchmarkErrors.runNotActive, `The run ${runId} is not running; it is ${row.state}.`, {
        hint: 'Only a running benchmark can be paused.',
      });
    }
    active.control.request(request);
    await active.settled;
  }

  async function prepare(plan: RunPlan): Promise<PreparedRun> {
    const suites = await Promise.all([...new Set(plan.suiteIds)].map((id) => catalogue.get(id)));
    return prepareRun({ plan, models: await plannedModels(plan.modelIds, { library, endpoints }), suites }, catalogue);
  }

  return {
    suites: catalogue.list,
    addDataset: catalogue.addDataset,
    estimate: async (plan) => {
      const settled = withReference(plan);
      const prepared = await prepare(settled);
      return {
        ...estimateRun(prepared, library),
        notRun: await expectedGaps(prepared, { sandbox: options.aids.sandbox.known(), lacksTools }),
        judging: judges.expected(settled, prepared),
      };
    },
    start: ({ extendedAt: _written, ...asked }) =>
      exclusively(async () => {
        const plan = withReference(asked);
        const prepared = await prepare(plan);
        checkPlan(plan, prepared, library);
        if (plan.baselineRunId !== null) store.find(plan.baselineRunId);
        for (const suite of prepared.suites) await catalogue.keep(suite);
        const row = await newRun(plan, prepared, { readings, startedAt: now() });
        store.table.insert(row);
        begin(row, prepared);
        return { runId: row.id };
      }),
    pause: (runId, { now: atOnce = false } = {}) => stop(runId, atOnce ? 'pause-now' : 'pause'),
    resume: (runId) => goOn(runId, { isForced: true }),
    extend: (runId, items) =>
      exclusively(async () => {
        const { plan, prepared } = await extendedRun(store.find(runId), { items, at: now() }, catalogue);
        store.updateOrThrow(runId, { plan, total: prepared.scenarios.length, state: 'running', error: null, finishedAt: null });
        begin(store.find(runId), prepared);
      }),
    outdated: async (runId) => changesSince(store.find(runId), { library, engine: options.engine(), suites: await catalogue.list() }),
    cancel: async (runId) => {
      if (active?.id === runId) return stop(runId, 'cancel');
      const { state, elapsedMs } = store.find(runId);
      if (state !== 'paused' && state !== 'interrupted') {
        throw new RpcError(benchmarkErrors.runNotActive, `The run ${runId} is ${state}; there is nothing to cancel.`, {
          hint: 'Its results stay as they are.',
        });
      }
      finish(runId, { state: 'cancelled', error: null, elapsedMs });
    },
    remove: async (runId) => {
      store.find(runId);
      if (active?.id === runId) throw new RpcError(benchmarkErrors.runActive, 'This run is still running.', { hint: 'Cancel it first.' });
      waiting.forget(runId);
      store.remove(runId);
      feed.change({ kind: 'removed', id: runId });
    },
    runs: () => store.list().map(summary),
    run: (runId) => summary(store.find(runId)),
    whenSettled: async (runId) => {
      for (;;) {
        if (active?.id === runId) await active.settled;
        else if (waiting.runId === runId) await waiting.ended;
        else return summary(store.find(runId));
      }
    },
    subscribe: (listener) => {
      listener({ kind: 'snapshot', runs: store.list().map(summary) });
      return feed.onChange(listener);
    },
    subscribeProgress: (runId, listener) => {
      store.find(runId);
      const unsubscribe = feed.onProgress(runId, listener);
      if (active?.id === runId) {
        listener(active.progress());
        return unsubscribe;
      }
      reader.atRest(runId).then(
        (progress) => {
          if (feed.listens(runId, listener) && active?.id !== runId) listener(progress);
        },
        (error: unknown) => log.error('progress-failed', { runId, error }),
      );
      return unsubscribe;
    },
    results: reader.results,
    compare: reader.compare,
    flips: reader.flips,
    samples: reader.samples,
    report: reader.report,
    prices: prices.read,
    setPrices: prices.write,
    overrule: (word) => {
      const { finishedAt } = store.find(word.runId);
      const { before, after } = overruleSample(word, { samples, overrules, now });
      if (active?.id === word.runId) active.revise(before, after);
      else showAtRest(word.runId);
      if (finishedAt !== null) conclude(word.runId);
      emitRun(word.runId);
    },
    dispose: async () => {
      isDisposed = true;
      waiting.forget();
      active?.control.request('close');
      await active?.settled;
      feed.clear();
    },
  };
}
