import type { ChatTurn } from '#shared/contract/runner.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';

/** The sequences of a context: each answers one conversation at a time, all of them side by side. */
export interface SequencePool<Sequence> {
  /**
   * Takes the free sequence that has most of the conversation already, or waits for the first that comes free, in order of asking.
   * @throws {RpcError} cancelled, when the signal aborts before it came to its turn
   */
  use<T>(turns: readonly ChatTurn[], work: SequenceWork<Sequence, T>, signal?: AbortSignal): Promise<T>;
  /** Waits until nothing else is at work and lets nothing else begin: a measurement is alone. */
  exclusively<T>(work: SequenceWork<Sequence, T>): Promise<T>;
}

type SequenceWork<Sequence, T> = (sequence: Sequence, use: SequenceUse) => Promise<T>;

export interface SequenceUse {
  /** Keeps the sequence until this has settled, although the work is done: what the engine is evaluating cannot be called back. */
  holdUntil(settled: Promise<unknown>): void;
  /** Whether others are at work in the same context now. */
  isShared(): boolean;
}

interface Slot<Sequence> {
  readonly sequence: Sequence;
  isBusy: boolean;
  /** What it was asked last. */
  turns: readonly ChatTurn[];
  usedAt: number;
}

interface Waiting {
  readonly isExclusive: boolean;
  readonly begin: () => void;
}

/**
 * Makes the pool over the sequences of a context.
 * @param sequences at least one
 */
export function createSequencePool<Sequence>(sequences: readonly [Sequence, ...Sequence[]]): SequencePool<Sequence> {
  const slots: readonly Slot<Sequence>[] = sequences.map((sequence) => ({ sequence, isBusy: false, turns: [], usedAt: 0 }));
  const waiting: Waiting[] = [];
  let isExclusive = false;
  let uses = 0;

  const busySlots = (): number => slots.filter((slot) => slot.isBusy).length;

  function pump(): void {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const busy = busySlots();
      if (isExclusive || busy === slots.length || (next.isExclusive && busy > 0)) return;
      waiting.shift();
      next.begin();
    }
  }

  function inTurn<T>(
    options: { readonly isExclusive: boolean; readonly turns: readonly ChatTurn[]; readonly signal?: AbortSignal | undefined },
    work: SequenceWork<Sequence, T>,
  ): Promise<T> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        const at = waiting.indexOf(entry);
        if (at < 0) return;
        waiting.splice(at, 1);
        reject(new RpcError(pipeErrors.cancelled, 'Cancelled before it came to its turn.'));
        // Whoever waited behind it may have waited for it alone.
        pump();
      };
      const begin = (): void => {
        signal?.removeEventListener('abort', onAbort);
        const slot = bestOf(slots, options.turns);
        slot.isBusy = true;
        slot.turns = options.turns;
        slot.usedAt = ++uses;
        isExclusive = options.isExclusive;
        let held: Promise<unknown> | null = null;
        const free = (): void => {
          slot.isBusy = false;
          if (options.isExclusive) isExclusive = false;
          pump();
        };
        void work(slot.sequence, {
          holdUntil: (settled) => {
            held = settled;
          },
          isShared: () => busySlots() > 1,
        })
          .then(resolve, reject)
          .finally(() => (held === null ? free() : held.then(free, free)));
      };
      const entry: Waiting = { isExclusive: options.isExclusive, begin };
      waiting.push(entry);
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted) onAbort();
      pump();
    });
  }

  return {
    use: (turns, work, signal) => inTurn({ isExclusive: false, turns, signal }, work),
    exclusively: (work) => inTurn({ isExclusive: true, turns: [] }, work),
  };
}

/** The free one that shares most turns from the beginning; of equals the one that was left alone longest. */
function bestOf<Sequence>(slots: readonly Slot<Sequence>[], turns: readonly ChatTurn[]): Slot<Sequence> {
  const free = slots.filter((slot) => !slot.isBusy);
  const best = free.reduce<Slot<Sequence> | null>((chosen, slot) => {
    if (chosen === null) return slot;
    const more = sharedTurns(slot.turns, turns) - sharedTurns(chosen.turns, turns);
    return more > 0 || (more === 0 && slot.usedAt < chosen.usedAt) ? slot : chosen;
  }, null);
  if (best === null) throw new Error('no sequence is free');
  return best;
}

function sharedTurns(a: readonly ChatTurn[], b: readonly ChatTurn[]): number {
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared]?.role === b[shared]?.role && a[shared]?.content === b[shared]?.content)
    shared += 1;
  return shared;
}
