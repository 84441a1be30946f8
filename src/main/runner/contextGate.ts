/**
 * Lets the engine come to rest. What changes the cells of a sequence waits in the library until no sequence of the context has anything left to
 * evaluate, which never happens while several answer: whoever wants to evaluate therefore asks here first.
 */
export interface ContextGate {
  /** What to wait for before the next step; null where nothing is in the way. */
  closed(): Promise<void> | null;
  /** Keeps all others from their next step until the work is done. */
  atRest<T>(work: () => Promise<T>): Promise<T>;
}

export function createContextGate(): ContextGate {
  let works = 0;
  let opening = Promise.withResolvers<void>();

  return {
    closed: () => (works === 0 ? null : opening.promise),
    async atRest(work) {
      works += 1;
      try {
        return await work();
      } finally {
        works -= 1;
        if (works === 0) {
          opening.resolve();
          opening = Promise.withResolvers();
        }
      }
    },
  };
}
