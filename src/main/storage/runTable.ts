import { RunPlan, type RunState, type Suite } from '#shared/contract/benchmarks.ts';
import type { Verdict } from '#shared/contract/verdicts.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import type { Database } from './database.ts';

/** What a run remembers of one model: what it was when the run was planned, and what loading it showed. */
export interface RunModel {
  readonly modelId: string;
  readonly name: string;
  readonly quant: string | null;
  readonly sizeBytes: number;
  readonly parameters: number | null;
  readonly sha256: string | null;
  readonly loadMs: number | null;
  readonly peakMemoryBytes: number | null;
  readonly engine: string | null;
  readonly backend: string | null;
  readonly threads: number | null;
  readonly contextTokens: number | null;
  readonly elapsedMs: number;
  readonly problem: RpcErrorData | null;
}

export interface RunRow {
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly plan: RunPlan;
  /** As they were when the run started; items are found by their sha256. */
  readonly suites: readonly Suite[];
  readonly models: readonly RunModel[];
  readonly cpu: string | null;
  /** What the machine ran on when the run was begun; null = unknown. */
  readonly power: 'mains' | 'battery' | null;
  /** What was said of its heat then. */
  readonly thermal: string | null;
  readonly total: number;
  readonly done: number;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly elapsedMs: number;
  readonly verdict: Verdict | null;
  readonly error: RpcErrorData | null;
}

/** A run as it is begun; what is not said of the machine is unknown. */
export type NewRun = Omit<RunRow, 'done' | 'power' | 'thermal'> & Partial<Pick<RunRow, 'power' | 'thermal'>>;

export type RunPatch = Partial<Pick<RunRow, 'state' | 'models' | 'finishedAt' | 'elapsedMs' | 'verdict' | 'error' | 'plan' | 'total'>>;

export interface RunTable {
  insert(run: NewRun): void;
  get(id: string): RunRow | undefined;
  /** Newest first. */
  list(): readonly RunRow[];
  update(id: string, patch: RunPatch): void;
  setElapsed(id: string, elapsedMs: number): void;
  /** Only while the data folder's lock is held: then no other process can be running them. @returns how many there were. */
  markRunningAsInterrupted(): number;
  /** Its samples go with it. */
  remove(id: string): void;
}

interface StoredRun {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly plan: string;
  readonly suites: string;
  readonly models: string;
  readonly cpu: string | null;
  readonly power: string | null;
  readonly thermal: string | null;
  readonly total: number;
  readonly done: number;
  readonly started_at: number;
  readonly finished_at: number | null;
  readonly elapsed_ms: number;
  readonly verdict: string | null;
  readonly error: string | null;
}

const columns = `id, name, state, plan, suites, models, cpu, power, thermal, total, started_at, finished_at, elapsed_ms, verdict, error,
  (SELECT count(*) FROM samples WHERE samples.run_id = runs.id) AS done`;

/** Runs of the benchmark: plan, state, what is known of each model. */
export function createRunTable(database: Database): RunTable {
  const find = (id: string): RunRow | undefined => {
    const stored = database.get<StoredRun>(`SELECT ${columns} FROM runs WHERE id = ?`, id);
    return stored === undefined ? undefined : toRow(stored);
  };

  return {
    insert: (run) => {
      database.run(
        `INSERT INTO runs (id, name, state, plan, suites, models, cpu, power, thermal, total, started_at, finished_at,
           elapsed_ms, verdict, error)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        run.id,
        run.name,
        run.state,
        JSON.stringify(run.plan),
        JSON.stringify(run.suites),
        JSON.stringify(run.models),
        run.cpu,
        run.power ?? null,
        run.thermal ?? null,
        run.total,
        run.startedAt,
        run.finishedAt,
        Math.round(run.elapsedMs),
        toJson(run.verdict),
        toJson(run.error),
      );
    },
    get: find,
    list: () => database.all<StoredRun>(`SELECT ${columns} FROM runs ORDER BY started_at DESC, id DESC`).map(toRow),
    update: (id, patch) => {
      const current = find(id);
      if (current === undefined) return;
      const next = { ...current, ...patch };
      database.run(
        `UPDATE runs SET state = ?, plan = ?, total = ?, models = ?, finished_at = ?, elapsed_ms = ?, verdict = ?, error = ?
         WHERE id = ?`,
        next.state,
        JSON.stringify(next.plan),
        next.total,
        JSON.stringify(next.models),
        next.finishedAt,
        Math.round(next.elapsedMs),
        toJson(next.verdict),
        toJson(next.error),
        id,
      );
    },
    setElapsed: (id, elapsedMs) => {
      database.run('UPDATE runs SET elapsed_ms = ? WHERE id = ?', Math.round(elapsedMs), id);
    },
    markRunningAsInterrupted: () => database.run("UPDATE runs SET state = 'interrupted' WHERE state = 'running'"),
    remove: (id) => {
      database.run('DELETE FROM runs WHERE id = ?', id);
    },
  };
}

const toJson = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));

function toRow(stored: StoredRun): RunRow {
  return {
    id: stored.id,
    name: stored.name,
    state: stored.state as RunState,
    // An older Rightsize knew fewer settings.
    plan: RunPlan.parse(JSON.parse(stored.plan)),
    suites: JSON.parse(stored.suites) as Suite[],
    models: JSON.parse(stored.models) as RunModel[],
    cpu: stored.cpu,
    power: stored.power === 'mains' || stored.power === 'battery' ? stored.power : null,
    thermal: stored.thermal,
    total: stored.total,
    done: stored.done,
    startedAt: stored.started_at,
    finishedAt: stored.finished_at,
    elapsedMs: stored.elapsed_ms,
    verdict: stored.verdict === null ? null : (JSON.parse(stored.verdict) as Verdict),
    error: stored.error === null ? null : (JSON.parse(stored.error) as RpcErrorData),
  };
}
