import type { Database } from '#main/storage/database.ts';
import { hubAnswerTable } from '#main/storage/hubAnswerTable.ts';
import { type Freshness, hubErrors } from '#shared/contract/catalog.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { Cancellable } from '../hub/hubClient.ts';

export interface Answered<T> {
  readonly answer: T;
  readonly freshness: Freshness;
}

export interface AnswerCache {
  /**
   * Asks the hub and keeps what it says. Where it cannot be asked, what it said last time is the answer.
   * @param request without any token; the endpoint is added
   * @param options.maxAgeMs an answer younger than this is given without asking; Infinity for what never changes
   * @throws {RpcError} what the hub refuses, and what keeps it from being asked where nothing was kept
   */
  ask<T>(
    request: string,
    ask: (options: Cancellable) => Promise<T>,
    options?: Cancellable & { readonly maxAgeMs?: number },
  ): Promise<Answered<T>>;
  /** What was kept, of any age. */
  kept<T>(request: string): Answered<T> | undefined;
}

export interface AnswerCacheOptions {
  readonly database: Database;
  /** Address of the hub in use: a mirror's answers are not the hub's. */
  readonly endpoint: () => string;
  readonly log: Log;
  readonly now: () => number;
  /** How long the hub is waited for where an older answer is at hand; `again` where it was not heard a moment ago. */
  readonly patienceMs: { readonly first: number; readonly again: number };
}

/** Changed together with the form of anything that is kept. */
const form = 'v1';
/** The hub was not heard; everything else is its word and stands. */
const unheard: ReadonlySet<string> = new Set([
  hubErrors.unreachable,
  hubErrors.down,
  hubErrors.rateLimited,
  hubErrors.notTheHub,
  hubErrors.badAnswer,
]);

/** For this long a hub that was not heard is expected to stay so. */
const momentMs = 60_000;

/** Answers of the hub, kept for the time without it. */
export function createAnswerCache(options: AnswerCacheOptions): AnswerCache {
  const { log, now } = options;
  const table = hubAnswerTable(options.database);
  let unheardAt = Number.NEGATIVE_INFINITY;
  const keyOf = (request: string): string => `${form} ${options.endpoint()} ${request}`;

  function kept<T>(request: string): Answered<T> | undefined {
    const found = table.read(keyOf(request), now());
    return found && { answer: found.answer as T, freshness: { source: 'cache', fetchedAt: found.fetchedAt, isOffline: false } };
  }

  function keep(request: string, answer: unknown): void {
    try {
      table.write(keyOf(request), answer, now());
    } catch (error) {
      // A full disk keeps nothing, and takes nothing from the answer.
      log.warn('catalog.not-kept', { code: error instanceof RpcError ? error.code : 'internal' });
    }
  }

  return {
    kept,
    async ask<T>(request: string, ask: (options: Cancellable) => Promise<T>, asked: Cancellable & { readonly maxAgeMs?: number } = {}) {
      const older = kept<T>(request);
      if (older !== undefined && isYoung(now() - older.freshness.fetchedAt, asked.maxAgeMs ?? 0)) return older;
      const { first, again } = options.patienceMs;
      const isShort = Math.abs(now() - unheardAt) < momentMs;
      const patience = older === undefined ? undefined : AbortSignal.timeout(isShort ? again : first);
      const signals = [asked.signal, patience].filter((signal) => signal !== undefined);
      try {
        const answer = await ask(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) });
        unheardAt = Number.NEGATIVE_INFINITY;
        keep(request, answer);
        return { answer, freshness: { source: 'hub', fetchedAt: now(), isOffline: false } };
      } catch (error) {
        asked.signal?.throwIfAborted();
        const wasUnheard = error instanceof RpcError ? unheard.has(error.code) : patience?.aborted === true;
        // A hub that is only slow would never be waited for again.
        if (wasUnheard && !(isShort && patience?.aborted === true)) unheardAt = now();
        if (older === undefined || !wasUnheard) throw error;
        return { ...older, freshness: { ...older.freshness, isOffline: true } };
      }
    },
  };
}

/** An answer from the future was kept before the clock was set back: how old it is, nobody knows. */
function isYoung(ageMs: number, maxAgeMs: number): boolean {
  return maxAgeMs === Number.POSITIVE_INFINITY || (ageMs >= 0 && ageMs < maxAgeMs);
}
