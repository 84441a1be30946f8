import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import type { Database } from './database.ts';
import type { ScenarioKey } from './sampleTable.ts';

export type Overrule = NonNullable<Sample['overrule']>;

export interface OverruleTable {
  /** Replaces an earlier word on the same sample. */
  save(runId: string, key: ScenarioKey, overrule: Overrule): void;
  remove(runId: string, key: ScenarioKey): void;
}

/** What people say against the grader. Reading samples joins it; the journal itself stays as it was written. */
export function createOverruleTable(database: Database): OverruleTable {
  return {
    save: (runId, { modelId, suite, itemId, temperature, repeat }, { passed, note, at }) => {
      database.run(
        `INSERT INTO overrules (run_id, model_id, suite, item_id, temperature, repeat, passed, note, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (run_id, model_id, suite, item_id, temperature, repeat)
           DO UPDATE SET passed = excluded.passed, note = excluded.note, at = excluded.at`,
        ...[runId, modelId, suite, itemId, temperature, repeat],
        ...[Number(passed), note, at],
      );
    },
    remove: (runId, { modelId, suite, itemId, temperature, repeat }) => {
      database.run(
        'DELETE FROM overrules WHERE run_id = ? AND model_id = ? AND suite = ? AND item_id = ? AND temperature = ? AND repeat = ?',
        ...[runId, modelId, suite, itemId, temperature, repeat],
      );
    },
  };
}
