import { type Artifact, type LoadOptions, type ModelSettings, modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { GeneratedSpeed } from '../fit/fitService.ts';
import { fileProblem, problemError } from '../library/fileProblem.ts';
import { type LoadDecision, withReasons } from './decideLoad.ts';
import type { createKeepAlive } from './keepAlive.ts';
import { observedLoad } from './loadMemory.ts';
import { createLoadPlanner, type Planning } from './loadPlanner.ts';
import { makeRoom } from './makeRoom.ts';
import type { Asking, FreshOptions, LoadingOptions, Purpose } from './modelService.ts';
import type { ModelServiceOptions } from './modelServiceOptions.ts';
import { isOffered, nextLoadOf, type OfferedLoad, withNextLoad } from './nextLoadOf.ts';
import { type createRunnerEntries, type RunnerEntry, takenBytes } from './runnerEntries.ts';
import { withSavedOptions } from './savedOptions.ts';

/** How a model is decided about, started and stopped, and what is remembered of it. Whose turn it is, is the service's affair. */
export function createModelOpener(
  options: ModelServiceOptions,
  parts: {
    readonly entries: ReturnType<typeof createRunnerEntries>;
    readonly keepAlive: Pick<ReturnType<typeof createKeepAlive>, 'cancel'>;
    readonly settingsOf: (id: string) => ModelSettings;
    /** Does what is only remembered: on a full disk it is not. */
    readonly noted: (note: () => void) => void;
  },
) {
  const { library, supervisor, log } = options;
  const { entries, keepAlive, settingsOf, noted } = parts;
  const planner = createLoadPlanner(options);
  /** What was asked for when a model ran out of memory last, and what was offered then, by the supervisor's key. */
  const ranOut = new Map<string, { readonly request: string; readonly offered: OfferedLoad | null }>();
  let parallel: number | null = null;

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
    const saved = savedFor(wish, settingsOf(artifact.id).load);
    const settled = usesSettings ? withSavedOptions(wish.options, saved) : { options: wish.options, words: null };
    const freed = entries.reclaimable(artifact.id);
    const decision = await planner.decide(current, { ...wish, options: settled.options, freed, wishedSequences: isChat ? parallel : null });
    return settled.words === null ? decision : { ...decision, reasons: [...decision.reasons, settled.words] };
  }

  async function open(
    id: string,
    wish: Partial<LoadOptions> & LoadingOptions & Asking,
    holder: { readonly purpose: Purpose; readonly lane: number } & Pick<FreshOptions, 'isMapped'>,
  ): Promise<RunnerEntry> {
    const { isMapped = false } = holder;
    const controller = new AbortController();
    const signal = wish.signal === undefined ? controller.signal : AbortSignal.any([wish.signal, controller.signal]);
    const { purpose, lane } = holder;
    const { wishedContextTokens = null } = wish;
    const start = { artifact: library.require(id), lane, purpose, controller, options: loadOptionsOf(wish), wishedContextTokens };
    const entry = entries.add(start);
    try {
      const last = ranOut.get(entry.key);
      const decided = await decide(entry.artifact, {
        options: entry.options,
        ...holder,
        wishedContextTokens,
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

  return {
    decide,
    open,
    explained,
    stop,
    readResident,
    noteSpeed,
    /** Requests that one model should answer side by side while the local API runs; null while it does not. */
    parallel: (): number | null => parallel,
    setParallel(requests: number | null): void {
      parallel = requests;
    },
  };
}

/** A context that is wished for beyond the one that is saved is taken instead of it. */
function savedFor({ wishedContextTokens }: Pick<Planning, 'wishedContextTokens'>, saved: LoadOptions): LoadOptions {
  const isShorter = saved.contextTokens !== null && saved.contextTokens < (wishedContextTokens ?? 0);
  return isShorter ? { ...saved, contextTokens: null } : saved;
}

/** What a wish says of the load, and nothing else of it. */
export function loadOptionsOf({ contextTokens, threads, gpuLayers, kvType, flashAttention, sequences }: Partial<LoadOptions>): LoadOptions {
  return {
    contextTokens: contextTokens ?? null,
    threads: threads ?? null,
    gpuLayers: gpuLayers ?? null,
    kvType: kvType ?? null,
    flashAttention: flashAttention ?? null,
    sequences: sequences ?? null,
  };
}
