import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { migrations as allMigrations, type Migration } from './migrations/migrations.ts';

export type SqlValue = SQLInputValue;

/**
 * One connection to the app's database. Tables are STRICT, so the type a caller claims for a row is what the migrations declare.
 * Everything is synchronous and short; nothing here runs once a token.
 */
export interface Database {
  readonly path: string;
  /** Every row of a query. @throws {RpcError} disk-full, database-broken */
  all<Row>(sql: string, ...values: readonly SqlValue[]): Row[];
  /** The first row of a query, or undefined. @throws {RpcError} disk-full, database-broken */
  get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined;
  /** Runs one statement. @returns how many rows it changed. @throws {RpcError} disk-full, database-broken */
  run(sql: string, ...values: readonly SqlValue[]): number;
  /** All or nothing; nested calls join the outer one. @returns what `work` returned. */
  transaction<T>(work: () => T): T;
  /** What SQLite finds wrong with the file; empty when it is sound. */
  problems(): readonly string[];
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Opens the database, creating it or bringing it up to date.
 * @param path file, or `:memory:`.
 * @param options.migrations replaces the app's own list in tests.
 * @param options.maxPages refuses to grow past this many pages of 4096 bytes: a real full disk for tests.
 * @throws {RpcError} database-newer (the file is left untouched), database-broken, data-folder-unwritable, data-folder-in-use, disk-full.
 */
export function openDatabase(
  path: string,
  options: { readonly migrations?: readonly Migration[]; readonly maxPages?: number } = {},
): Database {
  const migrations = options.migrations ?? allMigrations;
  return withSqliteErrors(path, () => {
    const sqlite = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5000 });
    try {
      refuseNewer(sqlite, path, migrations);
      sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      if (options.maxPages !== undefined) sqlite.exec(`PRAGMA max_page_count = ${Math.trunc(options.maxPages)};`);
      migrate(sqlite, migrations);
    } catch (error) {
      sqlite.close();
      throw error;
    }
    return wrap(sqlite, path);
  });
}

function refuseNewer(sqlite: DatabaseSync, path: string, migrations: readonly Migration[]): void {
  const known = migrations.at(-1)?.version ?? 0;
  const version = userVersion(sqlite);
  if (version <= known) return;
  throw new RpcError(
    systemErrors.databaseNewer,
    `The database was written by a newer Rightsize (format ${version}; this one knows ${known}). It was left untouched.`,
    { hint: 'Update Rightsize, or set RIGHTSIZE_HOME to another data folder.', data: { path, version, known } },
  );
}

function migrate(sqlite: DatabaseSync, migrations: readonly Migration[]): void {
  for (const migration of migrations) {
    if (migration.version <= userVersion(sqlite)) continue;
    sqlite.exec('BEGIN IMMEDIATE');
    try {
      sqlite.exec(migration.sql);
      sqlite.exec(`PRAGMA user_version = ${migration.version}`);
      sqlite.exec('COMMIT');
    } catch (error) {
      if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
      throw error;
    }
  }
}

function userVersion(sqlite: DatabaseSync): number {
  return Number(sqlite.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

function wrap(sqlite: DatabaseSync, path: string): Database {
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = sqlite.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const guard = <T>(work: () => T): T => withSqliteErrors(path, work);

  const database: Database = {
    path,
    all: <Row>(sql: string, ...values: readonly SqlValue[]) => guard(() => prepare(sql).all(...values) as unknown as Row[]),
    get: <Row>(sql: string, ...values: readonly SqlValue[]) => guard(() => prepare(sql).get(...values) as unknown as Row | undefined),
    run: (sql, ...values) => guard(() => Number(prepare(sql).run(...values).changes)),
    transaction<T>(work: () => T): T {
      if (sqlite.isTransaction) return work();
      return guard(() => {
        sqlite.exec('BEGIN IMMEDIATE');
        try {
          const value = work();
          sqlite.exec('COMMIT');
          return value;
        } catch (error) {
          // A full disk has already rolled back by itself.
          if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
          throw error;
        }
      });
    },
    problems() {
      const rows = guard(() => sqlite.prepare('PRAGMA quick_check').all());
      return rows.map((row) => String(row['quick_check'])).filter((text) => text !== 'ok');
    },
    close() {
      statements.clear();
      if (sqlite.isOpen) sqlite.close();
    },
    [Symbol.dispose]: () => database.close(),
  };
  return database;
}

/**
 * Holds an exclusive SQLite transaction on a file of its own until it is released or the process ends, however it ends.
 * @returns `taken` when another process, or this one, already holds it. @throws {RpcError} data-folder-unwritable, disk-full
 */
export function holdExclusively(path: string): 'taken' | { release(): void } {
  let sqlite: DatabaseSync | undefined;
  try {
    sqlite = new DatabaseSync(path, { timeout: 0 });
    sqlite.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    sqlite?.close();
    if (sqliteCode(error) === sqliteCodes.busy) return 'taken';
    throw translate(error, path);
  }
  const holder = sqlite;
  return {
    release() {
      if (holder.isOpen) holder.close();
    },
  };
}

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html */
const sqliteCodes = { busy: 5, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 } as const;

function withSqliteErrors<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translate(error, path);
  }
}

function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

function translate(error: unknown, path: string): unknown {
  switch (sqliteCode(error)) {
    case sqliteCodes.full:
      return new RpcError(systemErrors.diskFull, 'The disk is full. What was saved before is kept; the last change was not saved.', {
        hint: 'Free some space on the disk that holds the data folder, then try again.',
        cause: error,
      });
    case sqliteCodes.corrupt:
    case sqliteCodes.notADatabase:
      return new RpcError(systemErrors.databaseBroken, 'The database cannot be read. It was left as it is; no model was touched.', {
        hint: `Move ${path} aside and start again: models are found again, conversations and runs stay in the moved file.`,
        cause: error,
      });
    case sqliteCodes.readOnly:
    case sqliteCodes.cannotOpen:
    case sqliteCodes.ioError:
      return new RpcError(systemErrors.dataFolderUnwritable, 'The data folder cannot be written.', {
        hint: 'Check its permissions and its disk, or set RIGHTSIZE_HOME to another folder.',
        data: { path, reason: String(error) },
        cause: error,
      });
    case sqliteCodes.busy:
      return new RpcError(systemErrors.dataFolderInUse, 'Another program holds the database.', {
        hint: 'Close the program that has it open, then try again.',
        cause: error,
      });
    default:
      return error;
  }
}
