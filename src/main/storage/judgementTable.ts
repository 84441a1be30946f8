import type { Judgement } from '#shared/contract/benchmarkSamples.ts';
import type { Database } from './database.ts';
import type { ScenarioKey } from './sampleTable.ts';

/** One word of a judge on one sample of a run. */
export interface JudgementRow extends ScenarioKey {
  readonly runId: string;
  readonly judgement: Judgement;
  readonly finishedAt: number;
}

export interface JudgementTable {
  /** One transaction of its own. @throws when this judge has judged this already. */
  insert(row: JudgementRow): void;
  /** All of a run in the order they were made. */
  all(runId: string): readonly JudgementRow[];
}

interface StoredJudgement {
  readonly run_id: string;
  readonly model_id: string;
  readonly suite: string;
  readonly item_id: string;
  readonly temperature: number;
  readonly repeat: number;
  readonly detail: string;
  readonly finished_at: number;
}

/** What judges said, one row a judgement, kept beside the samples and not in them: a grade stays what it was. */
export function createJudgementTable(database: Database): JudgementTable {
  return {
    insert: ({ runId, modelId, suite, itemId, temperature, repeat, judgement, finishedAt }) => {
      database.run(
        `INSERT INTO judgements (run_id, judge_id, model_id, other_model_id, suite, item_id, temperature, repeat, detail, finished_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        runId,
        judgement.judgeId,
        modelId,
        judgement.againstId ?? '',
        suite,
        itemId,
        temperature,
        repeat,
        JSON.stringify(judgement),
        finishedAt,
      );
    },
    all: (runId) =>
      database
        .all<StoredJudgement>(
          'SELECT run_id, model_id, suite, item_id, temperature, repeat, detail, finished_at FROM judgements WHERE run_id = ? ORDER BY number',
          runId,
        )
        .map((stored) => ({
          runId: stored.run_id,
          modelId: stored.model_id,
          suite: stored.suite,
          itemId: stored.item_id,
          temperature: stored.temperature,
          repeat: stored.repeat,
          judgement: JSON.parse(stored.detail) as Judgement,
          finishedAt: stored.finished_at,
        })),
  };
}
