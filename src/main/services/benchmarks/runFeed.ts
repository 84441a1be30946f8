import type { RunChange, RunProgress } from '#shared/contract/benchmarks.ts';

/** Who wants to know what. Nothing is computed for nobody. */
export interface RunFeed {
  readonly hasChangeListeners: boolean;
  onChange(listener: (change: RunChange) => void): () => void;
  change(change: RunChange): void;
  isWatched(runId: string): boolean;
  onProgress(runId: string, listener: (progress: RunProgress) => void): () => void;
  /** Whether this listener is still subscribed. */
  listens(runId: string, listener: (progress: RunProgress) => void): boolean;
  progress(progress: RunProgress): void;
  clear(): void;
}

/** Makes a feed without listeners. */
export function createRunFeed(): RunFeed {
  const changeListeners = new Set<(change: RunChange) => void>();
  const progressListeners = new Map<string, Set<(progress: RunProgress) => void>>();
  return {
    get hasChangeListeners() {
      return changeListeners.size > 0;
    },
    onChange: (listener) => {
      changeListeners.add(listener);
      return () => changeListeners.delete(listener);
    },
    change: (change) => {
      for (const listener of [...changeListeners]) listener(change);
    },
    isWatched: (runId) => progressListeners.has(runId),
    onProgress: (runId, listener) => {
      const listeners = progressListeners.get(runId) ?? new Set();
      progressListeners.set(runId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) progressListeners.delete(runId);
      };
    },
    listens: (runId, listener) => progressListeners.get(runId)?.has(listener) ?? false,
    progress: (progress) => {
      for (const listener of [...(progressListeners.get(progress.run.id) ?? [])]) listener(progress);
    },
    clear: () => {
      changeListeners.clear();
      progressListeners.clear();
    },
  };
}
