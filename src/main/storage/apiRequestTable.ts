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
  /** Of all rows; added up once, and kept in step since. Null = not known. */
  let bodyCharacters: number | null = null;

  const charactersWhere = (condition: string, ...values: readonly number[]): number =>
    database.get<{ total: number }>(`SELECT coalesce(sum(body_characters), 0) AS total FROM api_requests WHERE ${condition}`, ...values)
      ?.total ?? 0;

  /** @returns how many rows went */
  function drop(condition: string, value: number): number {
    const characters = charactersWhere(condition, value);
    const gone = database.run(`DELETE FROM api_requests WHERE ${condition}`, value);
    if (bodyCharacters !== null) bodyCharacters -= characters;
    return gone;
  }

  /** A change that fails is taken back by the database: then what is there is added up anew. */
  function change<T>(work: () => T): T {
    try {
      return database.transaction(work);
    } catch (error) {
      bodyCharacters = null;
      throw error;
    }
  }

  /** The number up to which rows must go, so that those that stay have no more; the oldest first. */
  function lastBeyond(excess: number): number {
    let number = 0;
    for (let left = excess; left > 0; ) {
      const row = database.get<{ number: number; body_characters: number }>(
        'SELECT number, body_characters FROM api_requests WHERE number > ? ORDER BY number LIMIT 1',
        number,
      );
      if (row === undefined) break;
      number = row.number;
      left -= row.body_characters;
    }
    return number;
  }

  return {
    insert: (rows) =>
      change(() => {
        for (const { request, isError, question, answer } of rows) {
          const characters = (question?.length ?? 0) + (answer?.length ?? 0);
          if (bodyCharacters !== null) bodyCharacters += characters;
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
      change(() => {
        bodyCharacters ??= charactersWhere('number > ?', 0);
        // Rows go from the oldest end, so their numbers say how many there are.
        const gone = drop('at < ?', limits.notBefore) + drop('number <= (SELECT max(number) FROM api_requests) - ?', limits.rows);
        const excess = bodyCharacters - limits.bodyCharacters;
        return excess <= 0 ? gone : gone + drop('number <= ?', lastBeyond(excess));
      }),
    clear() {
      database.run('DELETE FROM api_requests');
      bodyCharacters = 0;
    },
  };
}
