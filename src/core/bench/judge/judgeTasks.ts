import { readName } from '../../names/readName.ts';
import type { JudgeTask } from '../labelledItem.ts';

/** An answer as the choice of tasks sees it. */
export interface JudgeableSample {
  readonly modelId: string;
  readonly suite: string;
  readonly itemId: string;
  readonly temperature: number;
  readonly repeat: number;
  readonly output: string | null;
}

export interface JudgedModel {
  readonly modelId: string;
  readonly name: string;
}

/** One thing to ask a judge: about one answer, or about two of the same item. */
export interface JudgementTask<Sample extends JudgeableSample = JudgeableSample> {
  readonly sample: Sample;
  /** Answer it is held against, of a preference. */
  readonly against: Sample | null;
  readonly judge: JudgeTask;
}

export interface JudgementPlan<Sample extends JudgeableSample = JudgeableSample> {
  readonly tasks: readonly JudgementTask<Sample>[];
  /** Models that this judge must not judge, with the reason. */
  readonly leftOut: readonly { readonly modelId: string; readonly reason: string }[];
}

/**
 * Chooses what a judge is asked. It never judges itself nor a model of its own family: both prefer what sounds like them. A preference holds each
 * model against one and the same other, so that n models take n - 1 pairs.
 * @param run.samples answers of all models; those that said nothing are left out
 * @param run.judgeOf what an item asks of a judge; null = nothing
 * @param run.referenceId model that preferences are held against
 */
export function planJudgements<Sample extends JudgeableSample>(run: {
  readonly judge: JudgedModel;
  readonly models: readonly JudgedModel[];
  readonly samples: readonly Sample[];
  readonly judgeOf: (sample: Sample) => JudgeTask | null;
  readonly referenceId: string | null;
}): JudgementPlan<Sample> {
  const leftOut = run.models.flatMap((model) => {
    const reason = reasonNotToJudge(run.judge, model);
    return reason === null ? [] : [{ modelId: model.modelId, reason }];
  });
  const barred = new Set(leftOut.map(({ modelId }) => modelId));
  const open = run.samples.filter((sample) => !barred.has(sample.modelId) && (sample.output ?? '').trim() !== '');
  const references = new Map(open.filter((sample) => sample.modelId === run.referenceId).map((sample) => [askingOf(sample), sample]));
  const tasks = open.flatMap((sample): JudgementTask<Sample>[] => {
    const judge = run.judgeOf(sample);
    if (judge === null) return [];
    if (judge.kind === 'checklist') return [{ sample, against: null, judge }];
    const against = references.get(askingOf(sample));
    return against === undefined || against.modelId === sample.modelId ? [] : [{ sample, against, judge }];
  });
  return { tasks, leftOut };
}

/**
 * Why a judge must not judge a model: it is the same, or of the same family by its name.
 * @returns a sentence, or null where it may
 */
export function reasonNotToJudge(judge: JudgedModel, model: JudgedModel): string | null {
  if (judge.modelId === model.modelId) return 'A model does not judge itself.';
  const family = readName(judge.name).family;
  if (family === null || readName(model.name).family !== family) return null;
  return `The judge is of the same family, ${family}: models prefer answers that sound like their own.`;
}

const askingOf = ({ suite, itemId, temperature, repeat }: JudgeableSample): string => JSON.stringify([suite, itemId, temperature, repeat]);
