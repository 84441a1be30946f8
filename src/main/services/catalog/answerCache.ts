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
   * @param options.maxAgeMs an answer this young is given without asking; Infinity for what never changes
   * @throws {RpcError} what the hub refuses, and what keeps it from being asked where nothing was kept
   */
  ask<T>(
    request: string,
    ask: (options: Cancellable) => Promise<T>,
    options?: Cancellable & { readonly maxAgeMs?: number },
  ): Promise<Answered<T>>;
  /** What was kept, of any age. */
  kept<T>(request: string): Answered<T> | undefined;
  keep(request: string, answer: unknown): void;
}

export interface AnswerCacheOptions {
  readonly database: Database;
  /** Address of the hub in use: a mirror's answers are not the hub's. */
  readonly endpoint: () => string;
  readonly log: Log;
  readonly now: () => number;
  /** How long the hub is waited for where an older answer is at hand. */
  readonly patienceMs: number;
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

/** Answers of the hub, kept for the time without it. */
export function createAnswerCache(options: AnswerCacheOptions): AnswerCache {
  const { log, now } = options;
  const table = hubAnswerTable(options.database);
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
    keep,
    async ask<T>(request: string, ask: (options: Cancellable) => Promise<T>, asked: Cancellable & { readonly maxAgeMs?: number } = {}) {
      const older = kept<T>(request);
      if (older !== undefined && now() - older.freshness.fetchedAt <= (asked.maxAgeMs ?? -1)) return older;
      const patience = older === undefined ? undefined : AbortSignal.timeout(options.patienceMs);
      const signals = [asked.signal, patience].filter((signal) => signal !== undefined);
      try {
        const answer = await ask(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) });
        keep(request, answer);
        return { answer, freshness: { source: 'hub', fetchedAt: now(), isOffline: false } };
      } catch (error) {
        asked.signal?.throwIfAborted();
        const wasUnheard = patience?.aborted === true || (error instanceof RpcError && unheard.has(error.code));
        if (older === undefined || !wasUnheard) throw error;
        return { ...older, freshness: { ...older.freshness, isOffline: true } };
      }
    },
  };
}
