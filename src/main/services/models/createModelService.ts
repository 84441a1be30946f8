import type { RunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import { type Artifact, type LoadOptions, modelErrors } from '#shared/contract/models.ts';
import type { GpuDevice, LoadRequest } from '#shared/contract/runner.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { FitService } from '../fit/fitService.ts';
import { fileProblem, problemError } from '../library/fileProblem.ts';
import type { LibraryService } from '../library/libraryService.ts';
import { createSerialQueue } from '../serialQueue.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import { decideLoad, kvBytes } from './decideLoad.ts';
import { createKeepAlive } from './keepAlive.ts';
import type { LoadedRunner, LoadingOptions, ModelService, Purpose } from './modelService.ts';
import { readLoadFacts } from './readLoadFacts.ts';
import { createRunnerEntries, type RunnerEntry } from './runnerEntries.ts';

export interface ModelServiceOptions {
  readonly library: Pick<LibraryService, 'require' | 'verify' | 'markUsed' | 'holdHashing'>;
  readonly settings: Pick<SettingsService, 'read' | 'subscribe'>;
  readonly supervisor: RunnerSupervisor;
  /** GPUs of this machine; asked before the first load that may use one. */
  readonly gpus: () => Promise<readonly GpuDevice[]>;
  readonly cores: () => Promise<number>;
  readonly availableMemory: () => Promise<number>;
  /** Shapes and dry runs to plan with, and the record of what loads took. */
  readonly fit: Pick<FitService, 'shapes' | 'machine' | 'simulate' | 'record' | 'recordSpeed'>;
  /** Whether a process without a model is kept ready once a model was used. */
  readonly keepsSpare: boolean;
  /** Engine name and release, told by every load. */
  readonly onEngine: (engine: string) => void;
  readonly log: Log;
}

/** Memory that has to stay free for a spare process to be worth it. */
const spareNeedsBytes = 2 * 2 ** 30;

/** Loads and unloads models: one process each, decided here, run by the supervisor. */
export function createModelService(options: ModelServiceOptions): ModelService {
  const { library, settings, supervisor, log } = options;
  const entries = createRunnerEntries();
  const queues = new Map<string, ReturnType<typeof createSerialQueue>>();
  const keepAlive = createKeepAlive({ settings, onExpired: (entry) => void stop(entry) });

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

  async function plan(artifact: Artifact, wish: Partial<LoadOptions>, purpose: Purpose, signal?: AbortSignal) {
    const current = await verified(artifact.id, purpose);
    const facts = await readLoadFacts(current, signal === undefined ? {} : { signal });
    const read = settings.read();
    const gpus = read.gpu === 'off' || wish.gpuLayers === 0 ? [] : await options.gpus();
    const request = decideLoad(facts, wish, { settings: read, machine: { cores: await options.cores(), gpus } });
    const neededBytes = request.backend === 'cpu' ? facts.tensorBytes + kvBytes(facts, request.contextTokens) : 0;
    return { artifact: current, request, neededBytes };
  }

  async function open(
    id: string,
    wish: Partial<LoadOptions> & LoadingOptions,
    holder: { readonly purpose: Purpose; readonly lane: number },
  ): Promise<RunnerEntry> {
    const controller = new AbortController();
    const signal = wish.signal === undefined ? controller.signal : AbortSignal.any([wish.signal, controller.signal]);
    const entry = entries.add({ artifact: library.require(id), lane: holder.lane, purpose: holder.purpose, controller });
    try {
      const planned = await plan(entry.artifact, wish, holder.purpose, signal);
      await makeRoom(planned);
      entry.request = planned.request;
      const generation = await supervisor.start(entry.key, { signal });
      entry.generation = generation;
      entry.load = await generation.load(planned.request, {
        signal,
        onProgress(progress) {
          wish.onProgress?.(progress);
          entries.setProgress(entry, progress);
        },
      });
      void generation.exited.then(() => {
        keepAlive.cancel(entry);
        entries.remove(entry);
      });
      const { engine } = entry.load;
      noted(() => options.onEngine(engine));
      entries.setReady(entry, entry.load.residentBytes);
      log.info('model.loaded', { artifactId: id, backend: entry.load.backend, loadMs: entry.load.loadMs, purpose: holder.purpose });
      return entry;
    } catch (error) {
      await entry.generation?.stop();
      entries.remove(entry);
      throw error;
    }
  }

  /** Unloads models that nobody holds, longest unused first, while memory is short for the next one. Never refuses. */
  async function makeRoom(planned: {
    readonly artifact: Artifact;
    readonly request: LoadRequest;
    readonly neededBytes: number;
  }): Promise<void> {
    for (const idle of entries.idle()) {
      if (planned.neededBytes <= (await options.availableMemory())) return;
      await stop(idle);
    }
    const availableBytes = await options.availableMemory();
    if (planned.neededBytes > availableBytes) {
      log.warn('model.memory-short', { artifactId: planned.artifact.id, neededBytes: planned.neededBytes, availableBytes });
    }
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
    if (memory !== undefined) entries.setResident(entry, memory.residentBytes);
  }

  /** The chat's runner of a model, if it can be used as it is. One that was loaded otherwise than asked for is stopped. */
  async function usable(id: string, wish: Partial<LoadOptions>): Promise<RunnerEntry | undefined> {
    const entry = entries.find(id, 0);
    if (entry === undefined) return undefined;
    if (entry.purpose === 'benchmark') throw inUse('A benchmark is measuring this model.', 'Pause or cancel the benchmark first.');
    if (entry.state === 'ready' && isAsAsked(entry.request, wish)) return entry;
    if (entry.users > 0)
      throw inUse('This model is answering with other load settings.', 'Wait for the answer or stop it, then try again.');
    await stop(entry);
    return undefined;
  }

  async function acquire(id: string, wish: Partial<LoadOptions> & LoadingOptions = {}): Promise<LoadedRunner> {
    return await queued(id, async () => {
      wish.signal?.throwIfAborted();
      const known = await usable(id, wish);
      const entry = known ?? (await open(id, wish, { purpose: 'chat', lane: 0 }));
      const { generation, load } = entry;
      if (generation === undefined || load === undefined) throw new Error('A ready entry has no runner.');
      entries.hold(entry);
      keepAlive.cancel(entry);
      const resumeHashing = library.holdHashing();
      noted(() => library.markUsed(id));
      if (options.keepsSpare && (await options.availableMemory()) > spareNeedsBytes && !entries.isMeasuring()) supervisor.keepSpare(true);
      let isReleased = false;
      return {
        artifact: entry.artifact,
        generation,
        load,
        isFresh: known === undefined,
        release() {
          if (isReleased) return;
          isReleased = true;
          resumeHashing();
          entries.release(entry);
          if (entry.users === 0) keepAlive.start(entry);
          void readResident(entry);
        },
      };
    });
  }

  const models: ModelService = {
    planLoad: async (artifact, wish, purpose) => (await plan(artifact, wish, purpose)).request,
    plan: async () => {
      throw new Error('To be built');
    },
    acquire,

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
        const entry = await open(id, wish, { purpose: 'benchmark', lane });
        const { generation, load, request } = entry;
        if (generation === undefined || load === undefined || request === undefined) throw new Error('A ready entry has no runner.');
        noted(() => library.markUsed(id));
        const release = (): Promise<void> => stop(entry);
        return { artifact: entry.artifact, generation, request, load, release, [Symbol.asyncDispose]: release };
      });
    },

    async load(id, wish, loading = {}) {
      const runner = await acquire(id, { ...wish, ...loading });
      runner.release();
      const shown = entries.list().find((model) => model.artifactId === id);
      if (shown === undefined) throw runner.generation.crash ?? new RpcError(modelErrors.loadFailed, 'The model was unloaded at once.');
      return shown;
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
      keepAlive.dispose();
      await Promise.all(entries.all().map(stop));
      await Promise.all([...queues.values()].map((queue) => queue(() => Promise.resolve())));
      await Promise.all(entries.all().map(stop));
    },
  };
  return models;
}

function isAsAsked(request: LoadRequest | undefined, wish: Partial<LoadOptions>): boolean {
  return (
    request !== undefined &&
    (wish.contextTokens ?? request.contextTokens) === request.contextTokens &&
    (wish.threads ?? request.threads) === request.threads &&
    (wish.gpuLayers ?? request.gpuLayers) === request.gpuLayers
  );
}

function inUse(message: string, hint: string): RpcError {
  return new RpcError(modelErrors.inUse, message, { hint });
}
