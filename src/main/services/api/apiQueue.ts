import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { ApiError } from './apiErrors.ts';

/** Places of models for requests, and who waits for one. */
export interface ApiQueue {
  /**
   * Takes a place of a model, or waits for one.
   * @param asking.isFurther a further answer of a request that was let in already: it waits however many do, and is not counted among them
   * @param asking.client of those who wait, whose program has fewest places gets the next one; equals in their order
   * @returns the function that gives the place back
   * @throws {ApiError} 429 when as many wait as may; {RpcError} cancelled at once when the signal is set
   */
  enter(
    modelId: string,
    asking: { readonly client: string; readonly signal: AbortSignal; readonly isFurther?: boolean; readonly onWait?: () => void },
  ): Promise<() => void>;
  /** Looks again after the limits have changed. */
  wake(): void;
  /** Requests that wait. */
  readonly waiting: number;
}

interface Waiting {
  readonly client: string;
  readonly begin: () => void;
}

interface Line {
  /** Clients that have a place, once for each. */
  readonly holders: string[];
  readonly waiting: Waiting[];
}

/**
 * Makes the queue.
 * @param options.parallel how many requests a model answers side by side now
 * @param options.queueLimit how many may wait, all models together
 * @param options.now milliseconds of any clock that does not go back
 */
export function createApiQueue(options: {
  readonly parallel: (modelId: string) => number;
  readonly queueLimit: () => number;
  readonly now: () => number;
}): ApiQueue {
  const lines = new Map<string, Line>();
  let waitingCount = 0;
  /** Of the last answers, the newest counting most; null before the first. */
  let meanHeldMs: number | null = null;

  function lineOf(modelId: string): Line {
    const line = lines.get(modelId) ?? { holders: [], waiting: [] };
    lines.set(modelId, line);
    return line;
  }

  function pump(modelId: string): void {
    const line = lines.get(modelId);
    if (line === undefined) return;
    while (line.waiting.length > 0 && line.holders.length < options.parallel(modelId)) nextOf(line)?.begin();
    if (line.holders.length === 0 && line.waiting.length === 0) lines.delete(modelId);
  }

  /** Gives the place back once, however often it is called. */
  function holdPlace(modelId: string, client: string): () => void {
    const { holders } = lineOf(modelId);
    holders.push(client);
    const since = options.now();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const heldMs = options.now() - since;
      meanHeldMs = meanHeldMs === null ? heldMs : 0.7 * meanHeldMs + 0.3 * heldMs;
      holders.splice(holders.indexOf(client), 1);
      pump(modelId);
    };
  }

  return {
    get waiting() {
      return waitingCount;
    },
    wake() {
      for (const modelId of [...lines.keys()]) pump(modelId);
    },
    enter(modelId, { client, signal, isFurther = false, onWait }) {
      if (signal.aborted) return Promise.reject(left());
      const line = lineOf(modelId);
      if (line.waiting.length === 0 && line.holders.length < options.parallel(modelId)) {
        return Promise.resolve(holdPlace(modelId, client));
      }
      if (!isFurther && waitingCount >= options.queueLimit()) return Promise.reject(fullError(waitingCount, meanHeldMs));
      const { promise, resolve, reject } = Promise.withResolvers<() => void>();
      const leave = (): void => {
        line.waiting.splice(line.waiting.indexOf(one), 1);
        if (!isFurther) waitingCount--;
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        leave();
        reject(left());
      };
      const one: Waiting = {
        client,
        begin() {
          leave();
          resolve(holdPlace(modelId, client));
        },
      };
      line.waiting.push(one);
      if (!isFurther) waitingCount++;
      signal.addEventListener('abort', onAbort, { once: true });
      onWait?.();
      return promise;
    },
  };
}

function nextOf({ holders, waiting }: Line): Waiting | undefined {
  const held = (client: string): number => holders.filter((holder) => holder === client).length;
  let next = waiting[0];
  let fewest = next === undefined ? 0 : held(next.client);
  for (const one of waiting) {
    if (fewest === 0) break;
    const places = held(one.client);
    if (places < fewest) [next, fewest] = [one, places];
  }
  return next;
}

const left = (): RpcError => new RpcError(pipeErrors.cancelled, 'The client hung up while it waited.');

function fullError(waiting: number, meanHeldMs: number | null): ApiError {
  const words = waiting === 0 ? 'none may wait' : waiting === 1 ? '1 request waits already' : `${waiting} requests wait already`;
  return new ApiError({
    status: 429,
    code: 'queue_full',
    message: `The model is busy and ${words}. Ask again in a moment.`,
    retryAfterSeconds: Math.min(60, Math.max(1, Math.ceil((meanHeldMs ?? 0) / 1000))),
  });
}
