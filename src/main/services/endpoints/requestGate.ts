/** Lets requests to one endpoint through: so many at the same time, so many a minute, none while it asks for patience. */
export interface RequestGate {
  /** Resolves when a request may begin, in the order they were asked for. @returns what is called when it has ended. */
  enter(signal: AbortSignal): Promise<() => void>;
  /** Lets nobody in before this moment, ms on the clock of `now`. */
  holdUntil(moment: number): void;
}

interface Waiter {
  readonly begin: () => void;
}

const minuteMs = 60_000;

/** @param options.now a clock in ms that does not run backwards */
export function createRequestGate(options: {
  readonly concurrency: number;
  readonly requestsPerMinute: number | null;
  readonly now: () => number;
}): RequestGate {
  const { concurrency, requestsPerMinute, now } = options;
  const waiting: Waiter[] = [];
  /** Of the last minute, oldest first. */
  let begun: number[] = [];
  let underWay = 0;
  let closedUntil = 0;
  let timer: NodeJS.Timeout | undefined;

  function delayMs(): number {
    const at = now();
    begun = begun.filter((moment) => moment > at - minuteMs);
    const oldest = begun[0];
    const isFull = requestsPerMinute !== null && begun.length >= requestsPerMinute;
    return Math.max(closedUntil - at, isFull && oldest !== undefined ? oldest + minuteMs - at : 0);
  }

  function admit(): void {
    while (underWay < concurrency) {
      const first = waiting[0];
      if (first === undefined) return;
      const delay = delayMs();
      if (delay > 0) {
        clearTimeout(timer);
        timer = setTimeout(admit, Math.ceil(delay));
        return;
      }
      waiting.shift();
      underWay += 1;
      if (requestsPerMinute !== null) begun.push(now());
      first.begin();
    }
  }

  function leave(): void {
    underWay -= 1;
    admit();
  }

  return {
    enter(signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error);
        const onAbort = (): void => {
          waiting.splice(waiting.indexOf(waiter), 1);
          if (waiting.length === 0) clearTimeout(timer);
          reject(signal.reason as Error);
        };
        const waiter: Waiter = {
          begin() {
            signal.removeEventListener('abort', onAbort);
            resolve(once(leave));
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        waiting.push(waiter);
        admit();
      });
    },
    holdUntil(moment) {
      closedUntil = Math.max(closedUntil, moment);
    },
  };
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
