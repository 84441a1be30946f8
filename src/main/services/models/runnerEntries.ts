import type { RunnerGeneration } from '#main/supervisor/runnerSupervisor.ts';
import type { Artifact, LoadedModel, LoadOptions } from '#shared/contract/models.ts';
import type { LoadResult } from '#shared/contract/runner.ts';
import type { LoadDecision } from './decideLoad.ts';
import { estimateOf, measuredOf } from './loadMemory.ts';
import type { LoadingOptions, Purpose } from './modelService.ts';

/** One runner from the decision to load until its process is gone. */
export interface RunnerEntry {
  /** The supervisor's key: the artifact's id, with the number of the lane where a benchmark runs several. */
  readonly key: string;
  readonly artifact: Artifact;
  readonly lane: number;
  readonly purpose: Purpose;
  /** Aborts a load that is not wanted any more. */
  readonly controller: AbortController;
  generation?: RunnerGeneration;
  decision?: LoadDecision;
  load?: LoadResult;
  /** Of the load as it was noted; absent where it was not. */
  observationId?: string;
  state: LoadedModel['state'];
  progress: number;
  /** Of its process, as read last. */
  residentBytes: number | null;
  /** The most that was seen, in steps of a MiB: the first answer touches memory that the load has only reserved. */
  mostResidentBytes: number | null;
  /** What was asked for, before anything was decided. */
  readonly options: Partial<LoadOptions>;
  /** Context that was wished for beside it; it may not have fitted. */
  readonly wishedContextTokens: number | null;
  users: number;
  /** Of `users`: other programs. */
  apiUsers: number;
  /** The most since nobody held it. */
  mostUsers: number;
  /** By the last holder's word; undefined = as settings say. */
  keepAliveMs: number | null | undefined;
  unloadsAt: number | null;
  lastUse: number;
}

/**
 * Memory that unloading it would give back, as far as it is known. What GPU and processor share is counted once; where the engine has not told
 * what it reserved on a GPU, what was expected there counts.
 */
export function heldBytes({ load, decision, residentBytes }: RunnerEntry): { readonly ramBytes: number; readonly gpuBytes: number } {
  const now = residentBytes ?? 0;
  const measured = load === undefined || decision === undefined ? null : measuredOf({ ...load, residentBytes: now }, decision);
  if (measured === null) return { ramBytes: now, gpuBytes: load === undefined ? 0 : (decision?.plan?.fit.bytes.gpu ?? 0) };
  const gpuBytes = measured.gpuBytes ?? 0;
  return { ramBytes: measured.totalBytes - gpuBytes, gpuBytes };
}

/** What it took, the most that was seen. Null until it is loaded, and where the engine does not tell. */
export function takenBytes({ load, decision, mostResidentBytes }: RunnerEntry): LoadedModel['measured'] {
  if (load === undefined || decision === undefined) return null;
  return measuredOf({ ...load, residentBytes: mostResidentBytes ?? load.residentBytes }, decision);
}

/** What one that is still being loaded will take: the weights that are there already are missing from what is free. */
function claimedBytes({ decision, progress }: RunnerEntry): ReturnType<typeof heldBytes> {
  const plan = decision?.plan ?? null;
  if (plan === null) return { ramBytes: (decision?.weightBytes ?? 0) * (1 - progress), gpuBytes: 0 };
  const { bytes, buffers } = plan.fit;
  const loadedOn = (isGpu: boolean): number =>
    progress * buffers.filter(({ device }) => (device === 'gpu') === isGpu).reduce((sum, { weights }) => sum + weights, 0);
  return { ramBytes: bytes.ram - loadedOn(false), gpuBytes: bytes.gpu - loadedOn(true) };
}

/** Less is not told and not kept: it is asked once a second while somebody looks. */
const leastGrowthBytes = 2 ** 20;

/** The list of loaded models, and who is told of it. */
export function createRunnerEntries() {
  const entries = new Set<RunnerEntry>();
  const listeners = new Set<(models: LoadedModel[]) => void>();
  const idleWaiters = new Map<RunnerEntry, Set<() => void>>();
  /** Keys under which a model ever ran: each has a breaker of its own. */
  const usedKeys = new Map<string, Set<string>>();
  let uses = 0;

  function changed(): void {
    if (listeners.size === 0) return;
    const models = list();
    for (const listener of [...listeners]) listener(models);
  }

  function settle(entry: RunnerEntry): void {
    for (const resolve of idleWaiters.get(entry) ?? []) resolve();
    idleWaiters.delete(entry);
  }

  function list(): LoadedModel[] {
    const shown = [...entries].filter((entry) => entry.lane === 0);
    return shown.map((entry) =>
      toLoadedModel(
        entry,
        [...entries].filter((other) => other.artifact.id === entry.artifact.id),
      ),
    );
  }

  /** Chats' models that nobody holds, longest unused first. */
  const idle = (): RunnerEntry[] =>
    [...entries]
      .filter((entry) => entry.purpose === 'chat' && entry.state === 'ready' && entry.users === 0)
      .sort((a, b) => a.lastUse - b.lastUse);

  return {
    add(start: Pick<RunnerEntry, 'artifact' | 'lane' | 'purpose' | 'controller' | 'options' | 'wishedContextTokens'>): RunnerEntry {
      const key = start.lane === 0 ? start.artifact.id : `${start.artifact.id}#${start.lane}`;
      const entry: RunnerEntry = {
        ...start,
        key,
        state: 'loading',
        progress: 0,
        residentBytes: null,
        mostResidentBytes: null,
        users: 0,
        apiUsers: 0,
        mostUsers: 0,
        keepAliveMs: undefined,
        unloadsAt: null,
        lastUse: uses++,
      };
      entries.add(entry);
      usedKeys.set(start.artifact.id, (usedKeys.get(start.artifact.id) ?? new Set()).add(key));
      changed();
      return entry;
    },
    remove(entry: RunnerEntry): void {
      settle(entry);
      if (entries.delete(entry)) changed();
    },
    keysOf: (artifactId: string): readonly string[] => [...(usedKeys.get(artifactId) ?? [artifactId])],
    all: (): RunnerEntry[] => [...entries],
    of: (artifactId: string): RunnerEntry[] => [...entries].filter((entry) => entry.artifact.id === artifactId),
    find: (artifactId: string, lane: number): RunnerEntry | undefined =>
      [...entries].find((entry) => entry.artifact.id === artifactId && entry.lane === lane),
    idle,
    /**
     * What loading a model may count on beside what is free now: idle ones may be unloaded for it, and itself, where a chat has it loaded otherwise.
     * What others that are being loaded will take is not there any more: negative where that is more.
     */
    reclaimable(artifactId: string): ReturnType<typeof heldBytes> {
      const all = [...entries];
      const going = new Set([...idle(), ...all.filter((entry) => entry.artifact.id === artifactId && entry.purpose === 'chat')]);
      const coming = all.filter((entry) => entry.state === 'loading' && !going.has(entry));
      const sum = (of: 'ramBytes' | 'gpuBytes'): number =>
        [...going].reduce((total, entry) => total + heldBytes(entry)[of], 0) -
        coming.reduce((total, entry) => total + claimedBytes(entry)[of], 0);
      return { ramBytes: sum('ramBytes'), gpuBytes: sum('gpuBytes') };
    },
    /** Whether no other model is being loaded, measured or asked, and this one was asked one thing at a time. */
    isAloneAtWork: (entry: RunnerEntry): boolean =>
      entry.mostUsers <= 1 &&
      [...entries].every((other) => other === entry || (other.state === 'ready' && other.purpose === 'chat' && other.users === 0)),
    isMeasuring: (): boolean => [...entries].some((entry) => entry.purpose === 'benchmark'),
    setProgress(entry: RunnerEntry, progress: number): void {
      // A hundredth is all a progress bar shows.
      if (progress - entry.progress < 0.01) return;
      entry.progress = progress;
      changed();
    },
    setDecision(entry: RunnerEntry, decision: LoadDecision): void {
      entry.decision = decision;
      changed();
    },
    setReady(entry: RunnerEntry, residentBytes: number): void {
      Object.assign(entry, { state: 'ready', progress: 1, residentBytes, mostResidentBytes: residentBytes });
      changed();
    },
    setUnloadsAt(entry: RunnerEntry, at: number | null): void {
      if (entry.unloadsAt === at) return;
      entry.unloadsAt = at;
      if (entries.has(entry)) changed();
    },
    setUnloading(entry: RunnerEntry): void {
      entry.state = 'unloading';
      if (entries.has(entry)) changed();
    },
    /** @returns whether it is more than ever before */
    setResident(entry: RunnerEntry, residentBytes: number): boolean {
      const hasMoved = Math.abs(residentBytes - (entry.residentBytes ?? 0)) >= leastGrowthBytes;
      const hasGrown = residentBytes - (entry.mostResidentBytes ?? 0) >= leastGrowthBytes;
      entry.residentBytes = residentBytes;
      if (hasGrown) entry.mostResidentBytes = residentBytes;
      if ((hasMoved || hasGrown) && entries.has(entry)) changed();
      return hasGrown;
    },
    hold(entry: RunnerEntry, { holder, keepAliveMs }: Pick<LoadingOptions, 'holder' | 'keepAliveMs'>): void {
      entry.mostUsers = entry.users === 0 ? 1 : Math.max(entry.mostUsers, entry.users + 1);
      entry.users++;
      if (holder === 'api') entry.apiUsers++;
      entry.keepAliveMs = keepAliveMs;
      entry.lastUse = uses++;
      changed();
    },
    release(entry: RunnerEntry, { holder }: Pick<LoadingOptions, 'holder'>): void {
      entry.users--;
      if (holder === 'api') entry.apiUsers--;
      if (entry.users === 0) settle(entry);
      if (entries.has(entry)) changed();
    },
    /** Resolves when nobody holds the entry, or when it is gone. @throws the signal's reason */
    async untilIdle(entry: RunnerEntry, signal?: AbortSignal): Promise<void> {
      if (entry.users === 0 || !entries.has(entry)) return;
      signal?.throwIfAborted();
      const waiters = idleWaiters.get(entry) ?? new Set();
      idleWaiters.set(entry, waiters);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiters.add(resolve);
      const onAbort = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        await promise;
      } finally {
        waiters.delete(resolve);
        signal?.removeEventListener('abort', onAbort);
      }
    },
    list,
    subscribe(listener: (models: LoadedModel[]) => void): () => void {
      listeners.add(listener);
      listener(list());
      return () => listeners.delete(listener);
    },
  };
}

function toLoadedModel(entry: RunnerEntry, lanes: readonly RunnerEntry[]): LoadedModel {
  const { load, decision } = entry;
  const request = decision?.request;
  const residentBytes = lanes.reduce((total, lane) => total + (lane.residentBytes ?? 0), 0);
  return {
    artifactId: entry.artifact.id,
    name: entry.artifact.name,
    quant: entry.artifact.quant,
    state: entry.state,
    progress: entry.progress,
    backend: load?.backend ?? request?.backend ?? null,
    contextTokens: load?.contextTokens ?? request?.contextTokens ?? null,
    threads: load?.threads ?? request?.threads ?? null,
    gpuLayers: load?.gpuLayers ?? request?.gpuLayers ?? null,
    layers: load?.layers ?? decision?.plan?.fit.layers ?? null,
    memory: load === undefined ? null : { ...reservedBytes(load), residentBytes },
    kvType: request?.kvType ?? null,
    flashAttention: request?.flashAttention ?? null,
    estimate: decision === undefined ? null : estimateOf(decision),
    measured: takenBytes(entry),
    reasons: [...(decision?.reasons ?? [])],
    loadMs: load?.loadMs ?? null,
    sequences: request?.sequences ?? 1,
    users: entry.users,
    seesImages: load?.seesImages ?? false,
    unloadsAt: entry.unloadsAt,
    usedBy: usedBy(entry),
  };
}

/** Of several the one who sits in front of it. */
function usedBy({ purpose, users, apiUsers }: RunnerEntry): LoadedModel['usedBy'] {
  if (purpose === 'benchmark') return 'benchmark';
  if (users === 0) return null;
  return users > apiUsers ? 'chat' : 'api';
}

function reservedBytes({ reserved }: LoadResult): Omit<NonNullable<LoadedModel['memory']>, 'residentBytes'> {
  if (reserved === null) return { weightsBytes: null, kvBytes: null, computeBytes: null, gpu: null };
  const { gpu, ram } = reserved;
  const isOnGpu = gpu.weights + gpu.kvAndState + gpu.compute > 0;
  return {
    weightsBytes: gpu.weights + ram.weights,
    kvBytes: gpu.kvAndState + ram.kvAndState,
    computeBytes: gpu.compute + ram.compute,
    gpu: isOnGpu ? { weightsBytes: gpu.weights, kvBytes: gpu.kvAndState, computeBytes: gpu.compute } : null,
  };
}
