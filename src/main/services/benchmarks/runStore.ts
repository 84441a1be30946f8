import type { Database } from '#main/storage/database.ts';
import { createRunTable, type RunPatch, type RunRow, type RunTable } from '#main/storage/runTable.ts';
import { benchmarkErrors, type RunSummary } from '#shared/contract/benchmarks.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/** Runs as they stand, also when the disk is too full to write that down. */
export interface RunStore {
  readonly table: RunTable;
  /** @throws {RpcError} run-not-found */
  find(runId: string): RunRow;
  /** Newest first. */
  list(): readonly RunRow[];
  /** Writes a change. What can't be written is kept until it can, or until the app ends. */
  update(runId: string, patch: RunPatch): void;
  /** Writes a change, and what could not be written before, or throws. @throws {RpcError} disk-full */
  updateOrThrow(runId: string, patch: RunPatch): void;
  remove(runId: string): void;
}

/** Makes the store over the database's runs. */
export function createRunStore(database: Database): RunStore {
  const table = createRunTable(database);
  const unwritten = new Map<string, RunPatch>();
  const withUnwritten = (row: RunRow): RunRow => ({ ...row, ...unwritten.get(row.id) });

  function write(runId: string, patch: RunPatch): void {
    table.update(runId, { ...unwritten.get(runId), ...patch });
    unwritten.delete(runId);
  }

  return {
    table,
    find: (runId) => {
      const row = table.get(runId);
      if (row !== undefined) return withUnwritten(row);
      const newest = table.list()[0];
      throw new RpcError(benchmarkErrors.runNotFound, `There is no run ${runId}.`, {
        hint: newest === undefined ? 'No benchmark was run yet.' : `The newest is ${newest.id}.`,
      });
    },
    list: () => table.list().map(withUnwritten),
    updateOrThrow: write,
    update: (runId, patch) => {
      const whole = { ...unwritten.get(runId), ...patch };
      try {
        write(runId, patch);
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        unwritten.set(runId, { ...whole, error: whole.error ?? error.toJSON() });
      }
    },
    remove: (runId) => {
      table.remove(runId);
      unwritten.delete(runId);
    },
  };
}

/** A run as the contract shows it. @param live counts of a run that is running, newer than what is written. */
export function runSummary(row: RunRow, live: { readonly done: number; readonly elapsedMs: number } | null = null): RunSummary {
  const { id, name, state, plan, total, done, startedAt, finishedAt, elapsedMs, verdict, error } = row;
  const shown =
    error === null ? null : { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  return { id, name, state, plan, total, done, startedAt, finishedAt, elapsedMs, verdict, ...live, error: shown };
}
