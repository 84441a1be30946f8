/** An abort that work is waited for beside. A wait costs one promise, and nothing is kept once it is disposed. */
export interface AbortWatch {
  /** Settles as the work does, or with `aborted` as soon as the signal aborts; nobody waits for the work then. One at a time. */
  beside<T>(work: Promise<T>): Promise<T | 'aborted'>;
  /** A signal that is made of others would live as long as they do while somebody listens to it. */
  [Symbol.dispose](): void;
}

export function watchAbort(signal: AbortSignal): AbortWatch {
  let giveUp = (): void => undefined;
  const onAbort = (): void => giveUp();
  signal.addEventListener('abort', onAbort, { once: true });

  return {
    beside: (work) =>
      new Promise((resolve, reject) => {
        giveUp = () => resolve('aborted');
        work.then(resolve, reject);
        if (signal.aborted) giveUp();
      }),
    [Symbol.dispose]() {
      signal.removeEventListener('abort', onAbort);
      giveUp = () => undefined;
    },
  };
}
