import type { DownloadJob, DownloadsChange } from '#shared/contract/downloads.ts';

/** Who wants to know how jobs stand. */
export interface DownloadFeed {
  subscribe(listener: (change: DownloadsChange) => void): () => void;
  /** A job has changed: told at once, or as soon as a quarter of a second has passed since the last time. */
  changed(id: string): void;
  removed(id: string): void;
  /** Calls a listener at every change, unthrottled and within the process. */
  watch(listener: () => void): () => void;
  clear(): void;
}

/** At most four a second for each job. */
const quietMs = 250;

/**
 * Makes a feed that nobody listens to yet.
 * @param options.jobs every job in the order of the queue
 * @param options.job one of them as it stands now
 */
export function createDownloadFeed(options: {
  readonly jobs: () => DownloadJob[];
  readonly job: (id: string) => DownloadJob | undefined;
}): DownloadFeed {
  const listeners = new Set<(change: DownloadsChange) => void>();
  const watchers = new Set<() => void>();
  const lastTold = new Map<string, number>();
  const timers = new Map<string, NodeJS.Timeout>();

  const emit = (change: DownloadsChange): void => {
    for (const listener of [...listeners]) listener(change);
  };
  function tell(id: string): void {
    timers.delete(id);
    const job = options.job(id);
    if (job === undefined || listeners.size === 0) return;
    lastTold.set(id, performance.now());
    emit({ kind: 'job', job });
  }
  function forget(id: string): void {
    clearTimeout(timers.get(id));
    timers.delete(id);
    lastTold.delete(id);
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      listener({ kind: 'snapshot', jobs: options.jobs() });
      return () => listeners.delete(listener);
    },
    changed(id) {
      for (const watcher of [...watchers]) watcher();
      if (listeners.size === 0 || timers.has(id)) return;
      const waitMs = (lastTold.get(id) ?? Number.NEGATIVE_INFINITY) + quietMs - performance.now();
      if (waitMs <= 0) tell(id);
      else timers.set(id, setTimeout(tell, Math.ceil(waitMs), id));
    },
    removed(id) {
      forget(id);
      for (const watcher of [...watchers]) watcher();
      emit({ kind: 'removed', id });
    },
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    clear() {
      for (const id of [...timers.keys()]) forget(id);
      listeners.clear();
      watchers.clear();
    },
  };
}
