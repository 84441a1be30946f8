import { type ComparabilityPart, comparabilityParts, differingConditions } from '#core/bench/comparability.ts';
import { type AnswerComparison, compareAnswers } from '#core/bench/compareAnswers.ts';
import { modelLabel } from '#core/bench/runRecords.ts';
import { formatCount } from '#core/units.ts';
import type { RunModel, RunRow } from '#main/storage/runTable.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import type { ModelComparison, RunComparison } from '#shared/contract/benchmarkResults.ts';

/** A run with its journal. */
export interface RunWithSamples {
  readonly run: Pick<RunRow, 'plan' | 'suites' | 'models' | 'cpu' | 'power' | 'thermal'>;
  readonly samples: readonly JournaledSample[];
}

/**
 * Holds a run against an earlier one on the same questions, model by model; what was asked of only one of them is left out.
 * @param now the run
 * @param before the baseline
 */
export function compareRuns(
  baselineRunId: string,
  { now, before }: { readonly now: RunWithSamples; readonly before: RunWithSamples },
): RunComparison {
  const samplesNow = Map.groupBy(now.samples, (sample) => sample.modelId);
  const samplesBefore = Map.groupBy(before.samples, (sample) => sample.modelId);
  return {
    baselineRunId,
    models: now.run.models.flatMap((model) => {
      const earlier = before.run.models.find(({ modelId }) => modelId === model.modelId);
      if (earlier === undefined) return [];
      const compared = compareAnswers(samplesNow.get(model.modelId) ?? [], samplesBefore.get(model.modelId) ?? []);
      if (compared.n === 0 && compared.reworded === 0) return [];
      const differs = [
        ...differentFile(model, earlier),
        ...differingConditions(conditionsOf(now.run, model), conditionsOf(before.run, earlier)),
        ...rewordedWords(compared),
      ];
      return [comparisonOf(model.modelId, compared, differs)];
    }),
  };
}

/**
 * Holds a model of a run against another one of it, mostly two quants of one model: `before` is the other.
 * @param of.modelId the model; @param of.againstId what it is held against
 */
export function compareModels(
  { run, samples }: RunWithSamples,
  of: { readonly modelId: string; readonly againstId: string },
): ModelComparison {
  const answersOf = (id: string): readonly JournaledSample[] => samples.filter((sample) => sample.modelId === id);
  const compared = compareAnswers(answersOf(of.modelId), answersOf(of.againstId));
  const [model, other] = [of.modelId, of.againstId].map((id) => run.models.find(({ modelId }) => modelId === id));
  const differs =
    model === undefined || other === undefined
      ? []
      : [
          ...(modelLabel(model) === modelLabel(other)
            ? differentFile(model, other)
            : [`the model: ${modelLabel(other)} then, ${modelLabel(model)} now`]),
          ...differingConditions(conditionsOf(run, model), conditionsOf(run, other)),
        ];
  return comparisonOf(of.modelId, compared, differs);
}

function comparisonOf(
  modelId: string,
  { reworded: _reworded, ...compared }: AnswerComparison,
  differs: readonly string[],
): ModelComparison {
  return { modelId, ...compared, differs: [...differs] };
}

/** Questions are compared one by one, so a suite as a whole may differ; files are told apart by their content. */
const comparedElsewhere: ReadonlySet<string> = new Set(['suites', 'items', 'models']);

function conditionsOf(run: RunWithSamples['run'], model: RunModel): readonly ComparabilityPart[] {
  return comparabilityParts({ ...run, models: [model] }).filter(({ name }) => !comparedElsewhere.has(name));
}

function differentFile(now: RunModel, before: RunModel): readonly string[] {
  if (now.sha256 === null || before.sha256 === null || now.sha256 === before.sha256) return [];
  return now.quant === before.quant || now.quant === null || before.quant === null
    ? ['the file: its content has changed']
    : [`the file: ${before.quant} then, ${now.quant} now`];
}

function rewordedWords({ reworded }: AnswerComparison): readonly string[] {
  if (reworded === 0) return [];
  return [`${formatCount(reworded)} ${reworded === 1 ? 'question is' : 'questions are'} not worded as before and left out`];
}
