import { type JudgedModel, planJudgements } from '#core/bench/judge/judgeTasks.ts';
import type { PreparedRun } from '#main/services/benchmarks/runPlanning.ts';
import type { Estimate } from '#shared/contract/benchmarks.ts';
import type { JudgeCalibration } from './calibrateJudge.ts';
import type { GoldSet } from './goldSet.ts';

/**
 * What a plan's judge will be asked, if every answer says something.
 * @param plan.referenceId model that preferences are held against
 * @param known.calibration how the judge did on the judgements of people; null = it is asked them first
 */
export function expectedJudging(
  plan: { readonly judge: JudgedModel; readonly referenceId: string | null; readonly prepared: PreparedRun },
  known: { readonly gold: GoldSet; readonly calibration: JudgeCalibration | null },
): NonNullable<Estimate['judging']> {
  const { prepared } = plan;
  const answers = prepared.scenarios.filter((scenario) => scenario.kind === 'answer' && (prepared.itemOf(scenario).judge ?? null) !== null);
  const { tasks } = planJudgements({
    judge: plan.judge,
    models: prepared.models,
    samples: answers.map((scenario) => ({ ...scenario, output: 'to come' })),
    judgeOf: (sample) => prepared.itemOfSample(sample)?.judge ?? null,
    referenceId: plan.referenceId,
  });
  return {
    items: new Set(answers.map(({ suite, itemId }) => JSON.stringify([suite, itemId]))).size,
    judgements: tasks.length,
    ofPeople: known.calibration === null ? known.gold.answers.reduce((sum, { criteria }) => sum + criteria.length, 0) : 0,
  };
}
