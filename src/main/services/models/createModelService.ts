import type { ModelSettingsTable } from '#main/storage/modelSettingsTable.ts';
import type { RunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import { type Artifact, type LoadOptions, ModelSettings, modelErrors } from '#shared/contract/models.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { FitService, GeneratedSpeed } from '../fit/fitService.ts';
import { fileProblem, problemError } from '../library/fileProblem.ts';
import type { LibraryService } from '../library/libraryService.ts';
import { createSerialQueue } from '../serialQueue.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import { isAsAsked, isTooNarrow } from './asAsked.ts';
import { type LoadDecision, withReasons } from './decideLoad.ts';
import { createKeepAlive } from './keepAlive.ts';
import { type Asker, createLoadAskers } from './loadAskers.ts';
import { observedLoad } from './loadMemory.ts';
import { createLoadPlanner, type LoadPlannerOptions, type Planning } from './loadPlanner.ts';
import { loadPlanOf } from './loadPlanOf.ts';
import { makeRoom } from './makeRoom.ts';
import type { Asking, FreshOptions, LoadedRunner, LoadingOptions, ModelService, Purpose } from './modelService.ts';
import { isOffered, nextLoadOf, type OfferedLoad, withNextLoad } from './nextLoadOf.ts';
import { createRunnerEntries, type RunnerEntry, takenBytes } from './runnerEntries.ts';
import { requirePossible, withSavedOptions } from './savedOptions.ts';

export interface ModelServiceOptions extends LoadPlannerOptions {
  readonly library: Pick<LibraryService, 'require' | 'verify' | 'markUsed' | 'holdHashing' | 'subscribe'>;
  /** How each model is loaded where nothing else is asked for. */
  readonly modelSettings: ModelSettingsTable;
  readonly settings: Pick<SettingsService, 'read' | 'subscribe'>;
  readonly supervisor: RunnerSupervisor;
  /** Dry runs and calibration to plan with, and the record of what loads took. */
  readonly fit: Pick<FitService, 'simulate' | 'endDryRuns' | 'calibration' | 'record' | 'recordSpeed' | 'recordResident'>;
  /** Whether a process without a model is kept ready once a model was used. */
  readonly keepsSpare: boolean;
  /** Engine name and release, told by every load. */
  readonly onEngine: (engine: string) => void;
  readonly log: Log;
  readonly now: () => number;
}

/** Memory that has to stay free for a spare process to be worth it. */
const spareNeedsBytes = 2 * 2 ** 30;

/** Loads and unloads models: one process each, decided here, run by the supervisor. */
export function createModelService(options: ModelServiceOptions): ModelService {
  const { library, settings, supervisor, log } = options;
  const entries = createRunnerEntries();
  const planner = createLoadPlanner(options);
  const queues = new Map<string, ReturnType<typeof createSerialQueue>>();
  /** What was asked for when a model ran out of memory last, and what was offered then, by the supervisor's key. */
  const ranOut = new Map<string, { readonly request: string; readonly offered: OfferedLoad | null }>();
  const askers = createLoadAskers();
  const keepAlive = createKeepAlive({
    settings,
    minutesOf: (id) => settingsOf(id).keepAliveMinutes,
    now: options.now,
    onCount: (entry, unloadsAt) => entries.setUnloadsAt(entry, unloadsAt),
    onExpired: (entry) => void stop(entry),
  });
  const unsubscribe = library.subscribe((change) => {
    if (change.kind === 'removed') noted(() => options.modelSettings.remove(change.id));
  });
  let parallel: number | null = null;

  const settingsOf = (id: string): ModelSettings => options.modelSettings.get(id) ?? ModelSettings.parse({});

  /** Decisions about one model are made one after another. */
  function queued<T>(id: string, work: () => Promise<T>): Promise<T> {
    const queue = queues.get(id) ?? createSerialQueue();
    queues.set(id, queue);
    return queue(work);
  }

  /** What is only remembered must not cost a model that is loaded: on a full disk it is not remembered. */
  function noted(note: () => void): void {
    try {
      note();
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      log.warn('model.use-not-noted', { reason: error.code });
    }
  }

  async function verified(id: string, purpose: Purpose): Promise<Artifact> {
    const { artifact, hasChanged } = await library.verify(id);
    if (artifact.state !== 'ready') throw problemError(artifact.problem ?? fileProblem(modelErrors.fileMissing, 'The file is not there.'));
    if (hasChanged && purpose === 'benchmark') {
      throw problemError(fileProblem(modelErrors.fileChanged, 'The file has changed since the library read it.'), { artifactId: id });
    }
    return artifact;
  }

  async function decide(artifact: Artifact, wish: Omit<Planning, 'freed'> & Asking): Promise<LoadDecision> {
    const current = await verified(artifact.id, wish.purpose);
    // A benchmark measures what was asked, not what somebody likes to chat with.
    const isChat = wish.purpose === 'chat';
    const usesSettings = isChat && wish.usesSettings !== false;
    const settled = usesSettings ? withSavedOptions(wish.options, settingsOf(artifact.id).load) : { options: wish.options, words: null };
    const freed = entries.reclaimable(artifact.id);
    const decision = await planner.decide(current, { ...wish, options: settled.options, freed, wishedSequences: isChat ? parallel : null });
    return settled.words === null ? decision : { ...decision, reasons: [...decision.reasons, settled.words] };
  }

  async function open(
    id: string,
    wish: Partial<LoadOptions> & LoadingOptions & Asking,
    holder: { readonly purpose: Purpose; readonly lane: number } & Pick<FreshOptions, 'isMapped' | 'wishedContextTokens'>,
  ): Promise<RunnerEntry> {
    const { isMapped = false } = holder;
    const controller = new AbortController();
    const signal = wish.signal === undefined ? controller.signal : AbortSignal.any([wish.signal, controller.signal]);
    const { purpose, lane } = holder;
    const entry = entries.add({ artifact: library.require(id), lane, purpose, controller, options: loadOptionsOf(wish) });
    try {
      const last = ranOut.get(entry.key);
      const decided = await decide(entry.artifact, {
        options: entry.options,
        ...holder,
        usesSettings: wish.usesSettings,
        sees: wish.sees,
        signal,
      });
      const isTaken = last?.offered != null && isOffered(last.offered, wish);
      const decision = isTaken ? withReasons(decided, last.offered.reasons) : decided;
      entries.setDecision(entry, decision);
      if (decision.request.backend !== 'cpu') await options.fit.endDryRuns();
      await makeRoom({ artifactId: id, decision, idle: entries.idle(), availableMemory: options.availableMemory, stop, log });
      // A smaller load is not to blame for the crashes of the larger ones before it; for its own it is.
      if (last !== undefined && last.request !== JSON.stringify(decision.request)) {
        supervisor.clearBreaker(entry.key);
        ranOut.delete(entry.key);
      }
      const generation = await supervisor.start(entry.key, { signal });
      entry.generation = generation;
      entry.load = await generation.load(
        { ...decision.request, useMmap: decision.request.useMmap || isMapped },
        {
          signal,
          onProgress(progress) {
            wish.onProgress?.(progress);
            entries.setProgress(entry, progress);
          },
        },
      );
      void generation.exited.then(() => {
        keepAlive.cancel(entry);
        entries.remove(entry);
      });
      const { engine } = entry.load;
      noted(() => options.onEngine(engine));
      const isOfLanes = isMapped || (purpose === 'benchmark' && (decision.request.sequences ?? 1) > 1);
      const observed = isOfLanes ? null : observedLoad(entry.artifact, entry.load, decision);
      const observationId = observed === null ? null : options.fit.record(observed);
      if (observationId !== null) entry.observationId = observationId;
      entries.setReady(entry, entry.load.residentBytes);
      log.info('model.loaded', { artifactId: id, backend: entry.load.backend, loadMs: entry.load.loadMs, purpose });
      return entry;
    } catch (error) {
      await entry.generation?.stop();
      entries.remove(entry);
      throw explained(entry, error);
    }
  }

  /** An error of a load or of its work; where memory ran out with what may be tried next. */
  function explained(entry: RunnerEntry, error: unknown): unknown {
    if (entry.decision === undefined || !(error instanceof RpcError) || error.code !== modelErrors.outOfMemory) return error;
    const offered = nextLoadOf(entry.decision);
    ranOut.set(entry.key, { request: JSON.stringify(entry.decision.request), offered });
    return offered === null ? error : withNextLoad(error, offered.next);
  }

  async function stop(entry: RunnerEntry): Promise<void> {
    keepAlive.cancel(entry);
    entry.controller.abort();
    entries.setUnloading(entry);
    await entry.generation?.stop();
    entries.remove(entry);
  }

  async function readResident(entry: RunnerEntry): Promise<void> {
    if (entry.state !== 'ready') return;
    // A runner that has just died keeps its last number until its exit is seen.
    const memory = await entry.generation?.memory().catch(() => undefined);
    if (memory === undefined) return;
    const hasGrown = entries.setResident(entry, memory.residentBytes);
    const taken = hasGrown ? takenBytes(entry) : null;
    if (entry.observationId === undefined || taken === null) return;
    options.fit.recordResident(entry.observationId, { residentBytes: taken.ramBytes, totalBytes: taken.totalBytes });
  }

  function noteSpeed(entry: RunnerEntry, speed: GeneratedSpeed): void {
    if (entry.observationId === undefined) return;
    // What shares processor and memory with another model at work says nothing of either.
    if (entries.isAloneAtWork(entry)) options.fit.recordSpeed(entry.observationId, speed);
    // A chat's is read when it is released; a benchmark stops its runner instead.
    if (entry.purpose === 'benchmark') void readResident(entry);
  }

  /**
   * The chat's runner of a model, if it can be used as it is. One that was loaded otherwise than asked for is stopped, and so is one that nobody uses
   * and that answers fewer at once than other programs want.
   * @returns it, or how it is to be loaded
   */
  async function usable(id: string, wish: Partial<LoadOptions> & LoadingOptions): Promise<RunnerEntry | Partial<LoadOptions>> {
    const entry = entries.find(id, 0);
    if (entry === undefined) return loadOptionsOf(wish);
    if (entry.purpose === 'benchmark') throw inUse('A benchmark is measuring this model.', 'Pause or cancel the benchmark first.');
    const isRight = entry.state === 'ready' && isAsAsked(entry, wish);
    const mayReload = wish.holder === 'api' && entry.users === 0 && settings.read().server.loadsOnDemand;
    const isNarrow = mayReload && isTooNarrow(entry, parallel);
    if (isRight && !isNarrow) return entry;
    if (entry.users > 0)
      throw inUse('This model is answering with other load settings.', 'Wait for the answer or stop it, then try again.');
    await stop(entry);
    return loadOptionsOf(isRight ? entry.options : wish);
  }

  /** Loads it for one who asks and for all who wait for the same. */
  async function openShared(id: string, wish: Partial<LoadOptions> & LoadingOptions & Asking, asker: Asker): Promise<RunnerEntry> {
    if (asker.failure !== null) throw asker.failure.error;
    if (wish.holder === 'api' && !settings.read().server.loadsOnDemand) throw notLoaded();
    const { loadSignal, tellProgress } = asker;
    try {
      return await open(id, { ...wish, signal: loadSignal, onProgress: tellProgress }, { purpose: 'chat', lane: 0 });
    } catch (error) {
      if (!loadSignal.aborted) asker.fail(error);
      throw error;
    }
  }

  /** The chat's runner of a model, loaded or as it is. Only in the queue of the model. */
  async function take(id: string, wish: Partial<LoadOptions> & LoadingOptions & Asking, asker: Asker): Promise<LoadedRunner> {
    wish.signal?.throwIfAborted();
    const known = await usable(id, wish);
    const isKnown = 'key' in known;
    const entry = isKnown ? known : await openShared(id, { ...wish, ...known }, asker);
    const { generation, load } = entry;
    if (generation === undefined || load === undefined) throw new Error('A ready entry has no runner.');
    entries.hold(entry, wish);
    keepAlive.cancel(entry);
    const resumeHashing = library.holdHashing();
    noted(() => library.markUsed(id));
    if (options.keepsSpare && (await options.availableMemory()) > spareNeedsBytes && !entries.isMeasuring()) supervisor.keepSpare(true);
    let isReleased = false;
    return {
      artifact: entry.artifact,
      generation,
      load,
      isFresh: !isKnown,
      noteSpeed: (speed) => noteSpeed(entry, speed),
      explained: (error) => explained(entry, error),
      release() {
        if (isReleased) return;
        isReleased = true;
        resumeHashing();
        entries.release(entry, wish);
        if (entry.users === 0) keepAlive.start(entry);
        void readResident(entry);
      },
    };
  }

  /** Takes a model in its turn, with all who ask for it meanwhile. @param use what is done with it in that turn */
  function inTurn<T>(
    id: string,
    wish: Partial<LoadOptions> & LoadingOptions & Asking,
    { use, undo }: { readonly use: (runner: LoadedRunner) => T; readonly undo: (made: T) => void },
  ): Promise<T> {
    const asker = askers.join(id, wish);
    return asker.waitFor(
      queued(id, async () => use(await take(id, wish, asker))),
      undo,
    );
  }

  const models: ModelService = {
    plan: async (id, wish, { signal, usesSettings } = {}) =>
      loadPlanOf(await decide(library.require(id), { options: wish, purpose: 'chat', signal, usesSettings })),
    acquire: (id, wish = {}) => inTurn(id, wish, { use: (runner) => runner, undo: (runner) => runner.release() }),

    fresh(id, wish = {}) {
      const lane = wish.lane ?? 0;
      return queued(id, async () => {
        const chat = entries.find(id, 0);
        if (chat?.purpose === 'chat') {
          await entries.untilIdle(chat, wish.signal);
          await stop(chat);
        }
        if (entries.find(id, lane) !== undefined) throw inUse('This model is already being measured.', 'Wait for that benchmark to end.');
        supervisor.keepSpare(false);
        const { isMapped = false, wishedContextTokens = null } = wish;
        const entry = await open(id, wish, { purpose: 'benchmark', lane, isMapped, wishedContextTokens });
        const { generation, load, decision } = entry;
        if (generation === undefined || load === undefined || decision === undefined) throw new Error('A ready entry has no runner.');
        noted(() => library.markUsed(id));
        const release = (): Promise<void> => stop(entry);
        return {
          artifact: entry.artifact,
          generation,
          request: decision.request,
          load,
          noteSpeed: (speed) => noteSpeed(entry, speed),
          release,
          [Symbol.asyncDispose]: release,
        };
      });
    },

    load: (id, wish, loading = {}) =>
      inTurn(
        id,
        { ...wish, ...loading },
        {
          // Released in its turn: whoever waits behind finds nobody answering.
          use(runner) {
            runner.release();
            const shown = entries.list().find((model) => model.artifactId === id);
            if (shown === undefined)
              throw runner.generation.crash ?? new RpcError(modelErrors.loadFailed, 'The model was unloaded at once.');
            return shown;
          },
          undo: () => undefined,
        },
      ),

    setParallel(requests) {
      parallel = requests;
    },

    settings(id) {
      library.require(id);
      return settingsOf(id);
    },
    saveSettings(id, saved) {
      library.require(id);
      requirePossible(saved.load);
      options.modelSettings.save(id, saved);
      keepAlive.restart();
      return settingsOf(id);
    },

    async unload(id) {
      const found = entries.of(id);
      if (found.some((entry) => entry.purpose === 'benchmark')) {
        throw inUse('A benchmark is measuring this model.', 'Pause or cancel the benchmark first.');
      }
      for (const entry of found) await stop(entry);
    },

    unblock(id) {
      for (const key of entries.keysOf(id)) supervisor.clearBreaker(key);
    },

    async withStopped(id, work) {
      await models.unload(id);
      return await queued(id, () => supervisor.withStopped(id, work));
    },

    loaded: () => entries.list(),
    async residentBytes() {
      await Promise.all(entries.all().map(readResident));
      return entries.all().reduce((total, entry) => total + (entry.residentBytes ?? 0), 0);
    },
    subscribe: (listener) => entries.subscribe(listener),

    async dispose() {
      unsubscribe();
      keepAlive.dispose();
      await Promise.all(entries.all().map(stop));
      await Promise.all([...queues.values()].map((queue) => queue(() => Promise.resolve())));
      await Promise.all(entries.all().map(stop));
    },
  };
  return models;
}

/** What a wish says of the load, and nothing else of it. */
function loadOptionsOf({ contextTokens, threads, gpuLayers, kvType, flashAttention, sequences }: Partial<LoadOptions>): LoadOptions {
  return {
    contextTokens: contextTokens ?? null,
    threads: threads ?? null,
    gpuLayers: gpuLayers ?? null,
    kvType: kvType ?? null,
    flashAttention: flashAttention ?? null,
    sequences: sequences ?? null,
  };
}

function notLoaded(): RpcError {
  return new RpcError(modelErrors.notLoaded, 'This model is not loaded, and models are not loaded on demand.', {
    hint: 'Load it in Rightsize, or switch on “Load on demand” on the Server page.',
  });
}

function inUse(message: string, hint: string): RpcError {
  return new RpcError(modelErrors.inUse, message, { hint });
}
