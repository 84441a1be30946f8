import { setTimeout as delay } from 'node:timers/promises';
import type { TransferProblem } from './transferProblems.ts';

export interface Waiting {
  readonly problem: TransferProblem;
  /** ms since 1970. */
  readonly retryAt: number;
}

/** Where connections sit out a problem, and where others see for what and how long. */
export interface WaitingRoom {
  /** Waits for one connection. @throws the signal's reason */
  rest(waitMs: number, problem: TransferProblem): Promise<void>;
  /** Nobody begins anything before that time. */
  close(until: number, problem: TransferProblem): void;
  /** Resolves when it is not closed. @throws the signal's reason */
  open(): Promise<void>;
  /** The one that ends first; null when nobody waits. */
  current(): Waiting | null;
}

export function createWaitingRoom(options: { readonly signal: AbortSignal; readonly now: () => number }): WaitingRoom {
  const resting = new Set<Waiting>();
  let closed: (Waiting & { readonly closedAt: number }) | null = null;

  async function rest(waitMs: number, problem: TransferProblem): Promise<void> {
    const waiting = { problem, retryAt: options.now() + waitMs };
    resting.add(waiting);
    try {
      await delay(waitMs, undefined, { signal: options.signal });
    } finally {
      resting.delete(waiting);
    }
  }

  return {
    rest,
    close(until, problem) {
      if (closed === null || until > closed.retryAt) closed = { problem, retryAt: until, closedAt: options.now() };
    },
    async open() {
      // A clock that was set back since would have everybody wait for as long again.
      for (let wait = closed; wait !== null && wait.retryAt > options.now() && wait.closedAt <= options.now(); wait = closed) {
        await rest(wait.retryAt - options.now(), wait.problem);
      }
    },
    current: () => [...resting].sort((one, other) => one.retryAt - other.retryAt)[0] ?? null,
  };
}
