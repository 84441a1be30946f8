import { type LoadOptions, ModelSettings, modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { createSerialQueue } from '../serialQueue.ts';
import { asAskedAnd, isAsAsked, isOnlyLess, isTooNarrow } from './asAsked.ts';
import { createKeepAlive } from './keepAlive.ts';
import { type Asker, createLoadAskers } from './loadAskers.ts';
import { loadPlanOf } from './loadPlanOf.ts';
import { createModelOpener, loadOptionsOf } from './modelOpener.ts';
import type { Asking, LoadedRunner, LoadingOptions, ModelService } from './modelService.ts';
import type { ModelServiceOptions } from './modelServiceOptions.ts';
import { createRunnerEntries, type RunnerEntry } from './runnerEntries.ts';
import { requirePossible } from './savedOptions.ts';

/** Memory that has to stay free for a spare process to be worth it. */
const spareNeedsBytes = 2 * 2 ** 30;

/** For who needs more of a model than it was loaded for while others use it. */
const mostWaitMs = 120_000;

type Wish = Partial<LoadOptions> & LoadingOptions;

/** Loads and unloads models: one process each, decided here, run by the supervisor. */
export function createModelService(options: ModelServiceOptions): ModelService {
  const { library, settings, supervisor, log } = options;
  const entries = createRunnerEntries();
  const queues = new Map<string, ReturnType<typeof createSerialQueue>>();
  const askers = createLoadAskers();
  const keepAlive = createKeepAlive({
    settings,
    minutesOf: (id) => settingsOf(id).keepAliveMinutes,
    now: options.now,
    onCount: (entry, unloadsAt) => entries.setUnloadsAt(entry, unloadsAt),
    onExpired: (entry) => void opener.stop(entry),
  });
  const unsubscribe = library.subscribe((change) => {
    if (change.kind === 'removed') noted(() => options.modelSettings.remove(change.id));
  });

  const settingsOf = (id: string): ModelSettings => options.modelSettings.get(id) ?? ModelSettings.parse({});

  const opener = createModelOpener(options, { entries, keepAlive, settingsOf, noted });
  const { decide, open, explained, stop, readResident, noteSpeed } = opener;

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

  /**
   * The chat's runner of a model, if it can be used as it is. One that was loaded otherwise than asked for is stopped, and so is one that nobody uses
   * and that answers fewer at once than other programs want. Where it only sees too little, or its context is too short, its users are waited for.
   * @returns it, or how it is to be loaded
   */
  async function usable(id: string, wish: Wish): Promise<RunnerEntry | Wish> {
    const found = entries.find(id, 0);
    if (found !== undefined && isWaitedFor(found, wish)) await idleInTime(found, wish.signal);
    const entry = entries.find(id, 0);
    if (entry === undefined) return loadOptionsOf(wish);
    if (entry.purpose === 'benchmark') throw inUse('A benchmark is measuring this model.', 'Pause or cancel the benchmark first.');
    const { wishedContextTokens: _longer, ...needed } = wish;
    const isReady = entry.state === 'ready';
    const isIdle = entry.users === 0;
    // A conversation that is too long for a shorter context than wished for is refused with the numbers.
    const isRight = isReady && isAsAsked(entry, isIdle && mayReload(wish) ? wish : needed);
    const isNarrow = wish.holder === 'api' && isIdle && mayReload(wish) && isTooNarrow(entry, opener.parallel());
    if (isRight && !isNarrow) return entry;
    if (!isIdle) throw inUse('This model is answering with other load settings.', 'Wait for the answer or stop it, then try again.');
    if (!mayReload(wish)) throw notLoadedAnew();
    const next = isRight || isOnlyLess(entry, wish) ? asAskedAnd(entry, wish) : loadOptionsOf(wish);
    await stop(entry);
    return next;
  }

  const mayReload = ({ holder }: Wish): boolean => holder !== 'api' || settings.read().server.loadsOnDemand;

  const isWaitedFor = (entry: RunnerEntry, wish: Wish): boolean =>
    entry.purpose === 'chat' && entry.state === 'ready' && entry.users > 0 && mayReload(wish) && isOnlyLess(entry, wish);

  /** @throws the signal's reason */
  async function idleInTime(entry: RunnerEntry, signal: AbortSignal | undefined): Promise<void> {
    const limit = AbortSignal.timeout(mostWaitMs);
    try {
      await entries.untilIdle(entry, signal === undefined ? limit : AbortSignal.any([signal, limit]));
    } catch (error) {
      if (!limit.aborted) throw error;
    }
  }

  /** Loads it for one who asks and for all who wait for the same. */
  async function openShared(id: string, wish: Wish & Asking, asker: Asker): Promise<RunnerEntry> {
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
  async function take(id: string, wish: Wish & Asking, asker: Asker): Promise<LoadedRunner> {
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
    wish: Wish & Asking,
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
        const { isMapped = false } = wish;
        const entry = await open(id, wish, { purpose: 'benchmark', lane, isMapped });
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

    setParallel: (requests) => opener.setParallel(requests),

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

function notLoaded(): RpcError {
  return new RpcError(modelErrors.notLoaded, 'This model is not loaded, and models are not loaded on demand.', {
    hint: 'Load it in Rightsize, or switch on “Load on demand” on the Server page.',
  });
}

function notLoadedAnew(): RpcError {
  return new RpcError(modelErrors.notLoaded, 'This model would have to be loaded anew for this, and models are not loaded on demand.', {
    hint: 'Load it in Rightsize as it is needed, or switch on “Load on demand” on the Server page.',
  });
}

function inUse(message: string, hint: string): RpcError {
  return new RpcError(modelErrors.inUse, message, { hint });
}
