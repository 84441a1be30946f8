import type { ApiCall } from '#main/services/api/apiCall.ts';
import { isErrorRequest } from '#main/services/api/apiMetrics.ts';
import type { ApiRequestRow, ApiRequestTable } from '#main/storage/apiRequestTable.ts';
import {
  type LoggedRequest,
  type RequestDetail,
  type ServerChange,
  type ServerSettings,
  type ServerState,
  serverErrors,
} from '#shared/contract/server.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/** What other programs asked: those under way in memory, those that are done in the database. */
export interface RequestLog {
  /** A request has changed. */
  changed(call: ApiCall): void;
  /** The state of the server has changed. */
  stateChanged(): void;
  subscribe(listener: (change: ServerChange) => void): () => void;
  list(which: { readonly errorsOnly: boolean; readonly offset: number; readonly limit: number }): {
    readonly requests: LoggedRequest[];
    readonly total: number;
  };
  /** @throws {RpcError} request-not-found */
  detail(id: string): RequestDetail;
  clear(): void;
  /** Lets go of what the settings no longer keep. */
  prune(): void;
  dispose(): void;
}

/** At most four a second: what changes is told, and what is done is written, together. */
const quietMs = 250;
/** In a snapshot, and of what has changed in a quarter of a second. */
const toldRequests = 200;
/** Of all questions and answers together. */
const keptCharacters = 64 * 2 ** 20;
const dayMs = 86_400_000;

/**
 * Makes the log, and lets go of what is too old.
 * @param options.settings as they are now
 * @param options.state of the server, for those who watch
 * @param options.bodyCharacters of all questions and answers together, at most; 64 Mi unless told
 */
export function createRequestLog(options: {
  readonly table: ApiRequestTable;
  readonly settings: () => ServerSettings;
  readonly state: () => ServerState;
  readonly log: Log;
  readonly now: () => number;
  readonly bodyCharacters?: number;
}): RequestLog {
  const { table, settings, log, now, bodyCharacters = keptCharacters } = options;
  const listeners = new Set<(change: ServerChange) => void>();
  const active = new Map<string, ApiCall>();
  const touched = new Map<string, LoggedRequest>();
  let done: ApiRequestRow[] = [];
  let isStateTold = true;
  let timer: NodeJS.Timeout | undefined;
  let lastFlush = Number.NEGATIVE_INFINITY;
  let isFailing = false;

  /** A log that cannot be written costs nobody an answer. It is said once, and again after it has worked in between. */
  function attempt(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!(error instanceof RpcError)) log.error('api.log-bug', { error });
      else if (!isFailing) log.warn('api.log-not-written', { reason: error.code });
      return false;
    }
  }

  const prune = (): void => {
    const { logDays, logLimit } = settings();
    attempt(() => table.prune({ notBefore: now() - logDays * dayMs, rows: logLimit, bodyCharacters }));
  };

  function write(): void {
    const rows = done;
    done = [];
    if (rows.length === 0) return;
    if (settings().logLimit > 0) isFailing = !attempt(() => table.insert(rows.slice(-settings().logLimit)));
    prune();
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    lastFlush = performance.now();
    write();
    const requests = newestFirst(touched.values()).slice(0, toldRequests);
    touched.clear();
    if (requests.length > 0) tell({ kind: 'requests', requests });
    if (!isStateTold) tell({ kind: 'state', state: options.state() });
    isStateTold = true;
  }

  function tell(change: ServerChange): void {
    for (const listener of [...listeners]) listener(change);
  }

  function flushSoon(): void {
    if (listeners.size === 0 && done.length === 0) return;
    timer ??= setTimeout(flush, Math.max(0, Math.ceil(lastFlush + quietMs - performance.now())));
  }

  const underWay = (): LoggedRequest[] => [...active.values()].map((call) => call.record().request);

  prune();
  return {
    changed(call) {
      const { request, question, answer } = call.record();
      if (request.state === 'done') {
        active.delete(call.id);
        done.push({ request, question, answer, isError: isErrorRequest(request) });
      } else active.set(call.id, call);
      if (listeners.size > 0) touched.set(call.id, request);
      isStateTold = false;
      flushSoon();
    },
    stateChanged() {
      isStateTold = false;
      flushSoon();
    },
    subscribe(listener) {
      flush();
      const kept = table.list({ errorsOnly: false, offset: 0, limit: toldRequests });
      listeners.add(listener);
      listener({ kind: 'snapshot', state: options.state(), requests: newestFirst([...kept, ...underWay()]) });
      return () => listeners.delete(listener);
    },
    list(which) {
      flush();
      prune();
      return { requests: [...table.list(which)], total: table.count(which) };
    },
    detail(id) {
      write();
      const call = active.get(id);
      if (call !== undefined) return call.record();
      const row = table.get(id);
      if (row !== undefined) return { request: row.request, question: row.question, answer: row.answer };
      throw new RpcError(serverErrors.requestNotFound, 'This request is no longer in the log.', {
        hint: 'The log keeps the newest requests only: how many and how long is set on the Server page.',
      });
    },
    clear() {
      done = [];
      touched.clear();
      table.clear();
      tell({ kind: 'cleared' });
      const left = newestFirst(underWay());
      if (left.length > 0) tell({ kind: 'requests', requests: left });
    },
    prune,
    dispose() {
      clearTimeout(timer);
      timer = undefined;
      listeners.clear();
      write();
    },
  };
}

const newestFirst = (requests: Iterable<LoggedRequest>): LoggedRequest[] => [...requests].sort((a, b) => b.at - a.at);
