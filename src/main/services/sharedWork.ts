import { beforeAbort } from './beforeAbort.ts';

/**
 * Does the same work once for everybody who asks for it at the same time. It goes on as long as one of them still waits: each leaves by its
 * own signal, and the last one to leave ends it.
 */
export interface SharedWork<T> {
  join(key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Ends everything that runs. */
  dispose(): void;
}

interface Running<T> {
  readonly result: Promise<T>;
  readonly end: AbortController;
  waiting: number;
}

export function createSharedWork<T>(): SharedWork<T> {
  const running = new Map<string, Running<T>>();

  function start(key: string, work: (signal: AbortSignal) => Promise<T>): Running<T> {
    const end = new AbortController();
    const one: Running<T> = { result: work(end.signal), end, waiting: 0 };
    running.set(key, one);
    const forget = (): void => {
      if (running.get(key) === one) running.delete(key);
    };
    one.result.then(forget, forget);
    return one;
  }

  return {
    async join(key, work, signal) {
      signal?.throwIfAborted();
      const one = running.get(key) ?? start(key, work);
      one.waiting += 1;
      try {
        return await (signal === undefined ? one.result : beforeAbort(one.result, signal));
      } finally {
        one.waiting -= 1;
        if (one.waiting === 0) {
          if (running.get(key) === one) running.delete(key);
          one.end.abort();
        }
      }
    },
    dispose() {
      for (const one of running.values()) one.end.abort();
      running.clear();
    },
  };
}
