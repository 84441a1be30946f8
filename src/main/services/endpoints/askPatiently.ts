import { setTimeout as wait } from 'node:timers/promises';
import { endpointErrors } from '#shared/contract/endpoints.ts';
import type { GenerateItem, GenerateRequest } from '#shared/contract/runner.ts';
import type { Answer } from '../benchmarks/answerer.ts';
import { askEndpoint, EndpointFailure, type EndpointLine } from './askEndpoint.ts';
import { chatBody, commonDialect, type Dialect, otherDialect } from './chatBody.ts';
import { cancelled } from './endpointProblem.ts';
import type { RequestGate } from './requestGate.ts';

/** How long failed requests wait before they are sent again. */
export interface EndpointPatience {
  /** Before the first, second, … try after a failure; the last one goes on. */
  readonly failureDelaysMs: readonly number[];
  /** The same for 429 without a word of when; as many waits as there are figures. */
  readonly limitDelaysMs: readonly number[];
  /** A longer wait than this is not sat out. */
  readonly longestLimitMs: number;
}

/** What one model of an endpoint was seen to refuse. Shared by all requests to it. */
export interface DialectMemory {
  read(): Dialect | undefined;
  write(dialect: Dialect): void;
}

/**
 * Asks until there is an answer, or until patience ends: after `retries` failures that may pass, after as many 429s as `patience` has figures for, or
 * at once for what asking again does not change. An answer that has begun is never asked for again.
 * @throws {RpcError} as `askEndpoint` does
 */
export async function askPatiently(
  line: EndpointLine,
  question: { readonly model: string; readonly request: GenerateRequest },
  ways: {
    readonly gate: RequestGate;
    readonly dialect: DialectMemory;
    readonly patience: EndpointPatience;
    readonly retries: number;
    readonly signal: AbortSignal;
    readonly onItem?: ((item: GenerateItem) => void) | undefined;
    readonly onWaiting?: ((isWaiting: boolean) => void) | undefined;
    readonly onFailure: (code: string) => void;
    /** Monotonic, ms; the gate's own. */
    readonly clock: () => number;
  },
): Promise<Answer> {
  const { gate, patience, signal, clock } = ways;
  let failures = 0;
  let limits = 0;
  for (;;) {
    ways.onWaiting?.(true);
    const leave = await orCancelled(gate.enter(signal));
    ways.onWaiting?.(false);
    const dialect = ways.dialect.read() ?? commonDialect;
    let delayMs: number;
    try {
      const body = chatBody(question.model, question.request, dialect);
      const answer = await askEndpoint(line, body, { request: question.request, signal, onItem: ways.onItem, clock });
      return { ...answer, attempts: 1 + failures + limits };
    } catch (error) {
      if (!(error instanceof EndpointFailure)) throw error;
      const other = error.code === endpointErrors.refused ? otherDialect(dialect, error.said) : null;
      if (other !== null) {
        ways.dialect.write(other);
        continue;
      }
      if (!signal.aborted) ways.onFailure(error.code);
      if (!error.mayRetry) throw error;
      if (error.code === endpointErrors.rateLimited) {
        const planned = patience.limitDelaysMs[limits++];
        const told = error.waitMs ?? planned ?? 0;
        if (planned === undefined || told > patience.longestLimitMs) throw error;
        gate.holdUntil(clock() + told);
        continue;
      }
      if (failures >= ways.retries) throw error;
      delayMs = patience.failureDelaysMs[Math.min(failures, patience.failureDelaysMs.length - 1)] ?? 0;
      failures += 1;
    } finally {
      leave();
    }
    ways.onWaiting?.(true);
    await orCancelled(wait(delayMs * (0.75 + Math.random() / 2), undefined, { signal }));
  }
}

async function orCancelled<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw cancelled(cause);
  }
}
