/** Who fetches what in this process: two jobs that need the same file take turns, and the second finds it there. */
export interface Claims {
  /** Waits for its turn. @returns a function that ends it @throws the signal's reason */
  take(key: string, signal: AbortSignal): Promise<() => void>;
}

/** Makes claims that nobody holds. */
export function createClaims(): Claims {
  const taken = new Map<string, Promise<void>>();
  return {
    async take(key, signal) {
      for (let holder = taken.get(key); holder !== undefined; holder = taken.get(key)) await orAborted(holder, signal);
      signal.throwIfAborted();
      const { promise, resolve } = Promise.withResolvers<void>();
      taken.set(key, promise);
      return () => {
        taken.delete(key);
        resolve();
      };
    },
  };
}

async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<void>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
