import type { LoggedRequest } from '#shared/contract/server.ts';
import type { Database } from './database.ts';

/** A request of the local API that is done, with what was kept of it. */
export interface ApiRequestRow {
  readonly request: LoggedRequest;
  readonly isError: boolean;
  readonly question: string | null;
  readonly answer: string | null;
}

export interface ApiRequestTable {
  /** All in one transaction. @throws {RpcError} disk-full; then none is there */
  insert(rows: readonly ApiRequestRow[]): void;
  /** Newest first. */
  list(which: { readonly errorsOnly: boolean; readonly offset: number; readonly limit: number }): readonly LoggedRequest[];
  count(which: { readonly errorsOnly: boolean }): number;
  /** @returns undefined when there is none */
  get(id: string): ApiRequestRow | undefined;
  /** Lets go of the oldest: what is too old, too many, or whose questions and answers have too many characters together. @returns how many went */
  prune(limits: { readonly notBefore: number; readonly rows: number; readonly bodyCharacters: number }): number;
  clear(): void;
}

interface StoredRequest {
  readonly request: string;
  readonly is_error: number;
  readonly question: string | null;
  readonly answer: string | null;
}

/** The log of the local API, in the order in which requests ended. */
export function createApiRequestTable(database: Database): ApiRequestTable {
  /** Known without adding up once it was; null = not known. */
  let bodyCharacters: number | null = null;

  function sumBodies(): number {
    const row = database.get<{ total: number }>('SELECT coalesce(sum(body_characters), 0) AS total FROM api_requests');
    return row?.total ?? 0;
  }

  return {
    insert: (rows) =>
      database.transaction(() => {
        for (const { request, isError, question, answer } of rows) {
          const characters = (question?.length ?? 0) + (answer?.length ?? 0);
          if (characters > 0) bodyCharacters = null;
          database.run(
            'INSERT INTO api_requests (id, at, is_error, body_characters, request, question, answer) VALUES (?, ?, ?, ?, ?, ?, ?)',
            request.id,
            request.at,
            isError ? 1 : 0,
            characters,
            JSON.stringify(request),
            question,
            answer,
          );
        }
      }),
    list: ({ errorsOnly, offset, limit }) =>
      database
        .all<{ request: string }>(
          'SELECT request FROM api_requests WHERE is_error >= ? ORDER BY number DESC LIMIT ? OFFSET ?',
          errorsOnly ? 1 : 0,
          limit,
          offset,
        )
        .map(({ request }) => JSON.parse(request) as LoggedRequest),
    count: ({ errorsOnly }) =>
      database.get<{ total: number }>('SELECT count(*) AS total FROM api_requests WHERE is_error >= ?', errorsOnly ? 1 : 0)?.total ?? 0,
    get(id) {
      const row = database.get<StoredRequest>('SELECT request, is_error, question, answer FROM api_requests WHERE id = ?', id);
      if (row === undefined) return undefined;
      const request = JSON.parse(row.request) as LoggedRequest;
      return { request, isError: row.is_error === 1, question: row.question, answer: row.answer };
    },
    prune: (limits) =>
      database.transaction(() => {
        let gone = database.run('DELETE FROM api_requests WHERE at < ?', limits.notBefore);
        gone += database.run(
          'DELETE FROM api_requests WHERE number <= (SELECT number FROM api_requests ORDER BY number DESC LIMIT 1 OFFSET ?)',
          limits.rows,
        );
        if (gone > 0) bodyCharacters = null;
        bodyCharacters ??= sumBodies();
        if (bodyCharacters <= limits.bodyCharacters) return gone;
        bodyCharacters = null;
        return (
          gone +
          database.run(
            `DELETE FROM api_requests WHERE number <= (
               SELECT number FROM (SELECT number, sum(body_characters) OVER (ORDER BY number DESC) AS total FROM api_requests)
               WHERE total > ? ORDER BY number DESC LIMIT 1)`,
            limits.bodyCharacters,
          )
        );
      }),
    clear() {
      database.run('DELETE FROM api_requests');
      bodyCharacters = 0;
    },
  };
}
