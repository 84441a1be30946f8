import type { LabelledItem } from '#core/bench/labelledItem.ts';
import type { PreparedRun } from '#main/services/benchmarks/runPlanning.ts';
import type { RunRow } from '#main/storage/runTable.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import type { RunResults } from '#shared/contract/benchmarkResults.ts';
import type { Estimate, RunPlan } from '#shared/contract/benchmarks.ts';

export interface JudgeProgress {
  readonly judge: string;
  readonly done: number;
  readonly total: number;
}

/** Judges of a run's answers: the phase after its candidates, and what came of it. */
export interface JudgeService {
  /** What the judge of a plan will be asked; null without one. */
  expected(plan: Pick<RunPlan, 'judgeId' | 'referenceId'>, prepared: PreparedRun): Estimate['judging'];
  /**
   * Asks the run's judge what it was not asked yet; nothing where the run has none.
   * @returns false when it was stopped before its end
   * @throws {RpcError} what keeps the judge from judging; what it judged is kept
   */
  judge(
    run: RunRow,
    work: {
      readonly samples: readonly JournaledSample[];
      readonly itemOf: (sample: Pick<JournaledSample, 'suite' | 'itemId'>) => LabelledItem | null;
      readonly signal: AbortSignal;
      readonly shouldStop: () => boolean;
      readonly onProgress: (progress: JudgeProgress) => void;
    },
  ): Promise<boolean>;
  /** Samples with what judges said of them. */
  join(run: Pick<RunRow, 'id' | 'plan'>, samples: readonly JournaledSample[]): readonly JournaledSample[];
  /** How the run's judge did on the judgements of people; null without a judge. */
  finding(run: RunRow): RunResults['judge'];
}
