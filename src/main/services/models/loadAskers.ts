import type { LoadOptions } from '#shared/contract/models.ts';
import type { LoadingOptions } from './modelService.ts';

type Wish = Partial<LoadOptions> & LoadingOptions;

/** Somebody who waits for a model. */
export interface Asker {
  /** Of the load that is made for this one and for all who would take the same: set once none of them waits any more. */
  readonly loadSignal: AbortSignal;
  /** Why a load of the same that it waited for has failed. */
  readonly failure: { readonly error: unknown } | null;
  /** Waits until the work is done or the asker's signal is set, whichever is first; what is made after that is handed to `undo`. */
  waitFor<T>(work: Promise<T>, undo: (made: T) => void): Promise<T>;
  /** Tells all who wait for the same how far it is. */
  tellProgress(progress: number): void;
  /** All others who wait for the same fail with it. */
  fail(error: unknown): void;
}

interface Waiting extends Asker {
  readonly id: string;
  readonly wish: Wish;
  readonly load: AbortController;
  failure: Asker['failure'];
}

/** Who waits for which model: one load is made for all who would take it, and ends when the last of them has gone. */
export function createLoadAskers() {
  const waiting = new Set<Waiting>();
  /** Gone, while the work that was begun for them goes on: others may wait for it. */
  const gone = new Set<Waiting>();

  const whoWouldTake = (load: Waiting): readonly Waiting[] =>
    [...waiting].filter(
      ({ id, wish }) =>
        id === load.id &&
        (wish.sees !== true || load.wish.sees === true) &&
        (wish.wishedContextTokens ?? 0) <= (load.wish.wishedContextTokens ?? 0) &&
        optionNames.every((name) => (wish[name] ?? load.wish[name]) === load.wish[name]),
    );

  function leave(asker: Waiting, isWorking: boolean): void {
    waiting.delete(asker);
    if (isWorking) gone.add(asker);
    for (const other of [...gone]) {
      if (other.id !== asker.id || whoWouldTake(other).length > 0) continue;
      gone.delete(other);
      other.load.abort(other.wish.signal?.reason);
    }
  }

  return {
    join(id: string, wish: Wish): Asker {
      const load = new AbortController();
      const asker: Waiting = {
        id,
        wish,
        load,
        loadSignal: load.signal,
        failure: null,
        waitFor: (work, undo) =>
          new Promise((resolve, reject) => {
            const { signal } = wish;
            let isWaiting = true;
            waiting.add(asker);
            const end = (isWorking: boolean): void => {
              isWaiting = false;
              signal?.removeEventListener('abort', onAbort);
              leave(asker, isWorking);
            };
            const onAbort = (): void => {
              end(true);
              reject(signal?.reason);
            };
            const settled = (tell: () => void): void => {
              gone.delete(asker);
              if (isWaiting) end(false);
              tell();
            };
            work.then(
              (made) => (isWaiting ? settled(() => resolve(made)) : settled(() => undo(made))),
              (error: unknown) => settled(() => reject(error)),
            );
            signal?.addEventListener('abort', onAbort, { once: true });
            if (signal?.aborted) onAbort();
          }),
        tellProgress(progress) {
          for (const { wish: others } of whoWouldTake(asker)) others.onProgress?.(progress);
        },
        fail(error) {
          for (const other of whoWouldTake(asker)) if (other !== asker) other.failure = { error };
        },
      };
      return asker;
    },
  };
}

const optionNames = [
  'contextTokens',
  'threads',
  'gpuLayers',
  'kvType',
  'flashAttention',
  'sequences',
] as const satisfies readonly (keyof LoadOptions)[];
