/** Wakes everybody who waits for something to have changed. */
export interface ChangeSignal {
  wait(): Promise<void>;
  fire(): void;
}

export function createChangeSignal(): ChangeSignal {
  let next = Promise.withResolvers<void>();
  return {
    wait: () => next.promise,
    fire() {
      next.resolve();
      next = Promise.withResolvers();
    },
  };
}
