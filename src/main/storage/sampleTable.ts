import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import type { Database } from './database.ts';

/** A journaled sample with what only the summary needs: the gaps between its tokens. */
export interface JournaledSample extends Sample {
  readonly interTokenMs?: readonly number[] | undefined;
}

/** What makes a scenario the one it is; the database lets each in once. */
export interface ScenarioKey {
  readonly modelId: string;
  readonly suite: string;
  readonly itemId: string;
  readonly temperature: number;
  readonly repeat: number;
}

export interface SampleQuery {
  readonly runId: string;
  readonly modelId?: string | undefined;
  readonly suite?: string | undefined;
  readonly temperature?: number | undefined;
  readonly failingOnly: boolean;
  readonly offset: number;
  readonly limit: number;
}

export interface SampleTable {
  /** One transaction of its own. @throws when this scenario of this run is already there. */
  insert(sample: JournaledSample): void;
  /** All or none, in one transaction. */
  insertAll(samples: readonly JournaledSample[]): void;
  keys(runId: string): readonly ScenarioKey[];
  one(runId: string, key: ScenarioKey): Sample | undefined;
  /** All of a run in the order they were made, each with a person's word where there is one: `passed` and `state` follow that. */
  all(runId: string): readonly JournaledSample[];
  find(query: SampleQuery): { readonly samples: readonly Sample[]; readonly total: number };
}

interface StoredSample {
  readonly run_id: string;
  readonly model_id: string;
  readonly suite: string;
  readonly item_id: string;
  readonly temperature: number;
  readonly repeat: number;
  readonly state: string;
  readonly passed: number | null;
  readonly detail: string;
  readonly finished_at: number;
  readonly overruled: number | null;
  readonly note: string | null;
  readonly at: number | null;
}

const columns = 'run_id, model_id, suite, item_id, temperature, repeat, state, passed, detail, finished_at';
const selection = `SELECT run_id, model_id, suite, item_id, temperature, repeat, state, samples.passed AS passed, detail, finished_at,
  overrules.passed AS overruled, note, at`;
const source = 'FROM samples LEFT JOIN overrules USING (run_id, model_id, suite, item_id, temperature, repeat)';

/** The journal: one row a scenario's outcome, written before it counts. */
export function createSampleTable(database: Database): SampleTable {
  function write(sample: JournaledSample): void {
    const { runId, modelId, suite, itemId, temperature, repeat, state, passed, finishedAt, overrule: _word, ...detail } = sample;
    database.run(
      `INSERT INTO samples (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      runId,
      modelId,
      suite,
      itemId,
      temperature,
      repeat,
      state,
      passed === null ? null : Number(passed),
      JSON.stringify(detail),
      finishedAt,
    );
  }

  return {
    insert: write,
    insertAll: (samples) => {
      database.transaction(() => {
        for (const sample of samples) write(sample);
      });
    },
    keys: (runId) =>
      database
        .all<StoredSample>('SELECT model_id, suite, item_id, temperature, repeat FROM samples WHERE run_id = ?', runId)
        .map((stored) => ({
          modelId: stored.model_id,
          suite: stored.suite,
          itemId: stored.item_id,
          temperature: stored.temperature,
          repeat: stored.repeat,
        })),
    one: (runId, { modelId, suite, itemId, temperature, repeat }) => {
      const stored = database.get<StoredSample>(
        `${selection} ${source} WHERE run_id = ? AND model_id = ? AND suite = ? AND item_id = ? AND temperature = ? AND repeat = ?`,
        ...[runId, modelId, suite, itemId, temperature, repeat],
      );
      return stored === undefined ? undefined : withoutGaps(toSample(stored));
    },
    all: (runId) => database.all<StoredSample>(`${selection} ${source} WHERE run_id = ? ORDER BY number`, runId).map(toSample),
    find: (query) => {
      const conditions = ['run_id = ?'];
      const values: (string | number)[] = [query.runId];
      const named = { model_id: query.modelId, suite: query.suite, temperature: query.temperature };
      for (const [column, value] of Object.entries(named)) {
        if (value === undefined) continue;
        conditions.push(`${column} = ?`);
        values.push(value);
      }
      if (query.failingOnly) conditions.push("(overrules.passed = 0 OR overrules.passed IS NULL AND state IN ('failed', 'error'))");
      const where = conditions.join(' AND ');
      const counted = database.get<{ total: number }>(`SELECT count(*) AS total ${source} WHERE ${where}`, ...values);
      const rows = database.all<StoredSample>(
        `${selection} ${source} WHERE ${where} ORDER BY number LIMIT ? OFFSET ?`,
        ...values,
        query.limit,
        query.offset,
      );
      return { samples: rows.map(toSample).map(withoutGaps), total: counted?.total ?? 0 };
    },
  };
}

function toSample(stored: StoredSample): JournaledSample {
  const detail = JSON.parse(stored.detail) as Omit<JournaledSample, keyof ScenarioKey | 'runId' | 'state' | 'passed' | 'finishedAt'>;
  const word = stored.overruled === null ? null : { passed: stored.overruled === 1, note: stored.note ?? '', at: stored.at ?? 0 };
  return {
    ...detail,
    runId: stored.run_id,
    modelId: stored.model_id,
    suite: stored.suite,
    itemId: stored.item_id,
    temperature: stored.temperature,
    repeat: stored.repeat,
    state: word === null ? (stored.state as Sample['state']) : word.passed ? 'passed' : 'failed',
    passed: word?.passed ?? (stored.passed === null ? null : stored.passed === 1),
    finishedAt: stored.finished_at,
    ...(word === null ? {} : { overrule: word }),
  };
}

function withoutGaps({ interTokenMs: _gaps, ...sample }: JournaledSample): Sample {
  return sample;
}
