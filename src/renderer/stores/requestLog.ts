import type { LoggedRequest } from '#shared/contract/server.ts';

/** What is known here of the log: its newest part, and whatever else was read. */
export interface RequestLog {
  /** Newest first, each once. */
  readonly requests: readonly LoggedRequest[];
  /** How many the log holds; at least those that are known. */
  readonly total: number;
  readonly errors: number;
}

export const emptyLog: RequestLog = { requests: [], total: 0, errors: 0 };

/** What comes live takes the place of the oldest from here on; whoever goes down there reads them again. */
const liveAtMost = 5_000;

/** The log after something happened in it: a page that stays open for days holds no more than one that was opened now. */
export function withLiveRequests(log: RequestLog, changed: readonly LoggedRequest[]): RequestLog {
  const next = withRequests(log, changed);
  return { ...next, requests: next.requests.slice(0, Math.max(liveAtMost, log.requests.length)) };
}

/** Whether a request failed, or was left before it was answered. */
export function isError(request: LoggedRequest): boolean {
  return (request.status !== null && request.status >= 400) || request.problem !== null;
}

/** The log after some of its requests came or changed. What was never seen counts as new, unless it was read out of the log. */
export function withRequests(
  log: RequestLog,
  changed: readonly LoggedRequest[],
  counts?: { readonly total?: number; readonly errors?: number },
): RequestLog {
  const known = new Map(log.requests.map((request) => [request.id, request]));
  let { total, errors } = log;
  for (const request of changed) {
    const before = known.get(request.id);
    if (before === undefined) total += 1;
    if (isError(request) && (before === undefined || !isError(before))) errors += 1;
    known.set(request.id, request);
  }
  // Ids break ties, or rows of one millisecond would change places.
  const requests = [...known.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  const failed = requests.filter(isError).length;
  return {
    requests,
    total: Math.max(counts?.total ?? total, requests.length),
    errors: Math.max(counts?.errors ?? errors, failed),
  };
}
