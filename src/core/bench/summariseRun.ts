import { formatCount } from '../units.ts';
import { type AnswerKind, answerKind } from './answerKind.ts';
import { decideVerdict } from './decideVerdict.ts';
import { frontierOf } from './frontier.ts';
import {
  collectOutcomes,
  compareOutcomes,
  intervalOf,
  isAttempted,
  isCompleted,
  isNotRun,
  isTruncated,
  type PairedComparison,
} from './itemOutcomes.ts';
import { itemStandings } from './itemStandings.ts';
import { levelOf } from './lookLevel.ts';
import { generationSpeed, modelMetrics, wasAlone } from './modelMetrics.ts';
import { loadItemId, speedTests, warmLoadItemId } from './planRun.ts';
import type { FrontierPlace, ModelResult, PairedResult, RunVerdict, SuiteResult } from './runRecords.ts';
import type { SampleRecord } from './sampleRecord.ts';
import { percentilesOf, spreadOf } from './statistics.ts';
import { sweepOf } from './sweepOf.ts';
import { type Evidence, type RunSamples, type WeighedRun, weighRun } from './weighRun.ts';

export interface RunOutcome {
  /** By size on disk, ascending: the verdict reads top down. Models behind an endpoint, of which no size is known, come last. */
  readonly models: ModelResult[];
  readonly verdict: RunVerdict;
}

/**
 * Sums a run up: results of each model with verdict, and the verdict of the run. Works on unfinished runs too.
 * @param run models, suites, samples and the plan's bar, margin and reference (null: each model is compared with the best scoring one, but only
 * a reference that was chosen can make a model fail), and how the 5 % are shared among models and looks
 * @returns results in the shape of the contract
 */
export function summariseRun(run: RunSamples): RunOutcome {
  const { reference, models: judged } = weighRun(run);
  const evidence = judged.map(({ model }) => model);
  const models = judged.map((one) => resultOf(one, { run, reference }));
  const outcomes = new Map(evidence.map((model) => [model.facts.modelId, model.outcomes]));
  const compare = (modelId: string, otherId: string): PairedComparison | null =>
    compareOutcomes(outcomes.get(modelId) ?? new Map(), outcomes.get(otherId) ?? new Map());
  const verdict = decideVerdict(models, { bar: run.plan.bar, compare });
  const places = placesOf(evidence, models, { compare, margin: run.plan.margin });
  return {
    models: models.map((model) => ({ ...model, frontier: places.get(model.modelId) ?? null })),
    verdict: { ...verdict, level: levelOf(run.plan) },
  };
}

function placesOf(
  evidence: readonly Evidence[],
  models: readonly ModelResult[],
  options: Parameters<typeof frontierOf>[1],
): ReadonlyMap<string, FrontierPlace> {
  const memory = new Map(models.map((model) => [model.modelId, model.peakMemoryBytes]));
  const placed = evidence.filter(({ facts, outcomes }) => facts.remote !== true && outcomes.size > 0);
  return frontierOf(
    placed.map(({ facts, answers }) => {
      const alone = answers.filter((sample) => wasAlone(sample) && isCompleted(sample));
      return {
        modelId: facts.modelId,
        totalsMs: alone.flatMap((sample) => sample.timings?.totalMs ?? []),
        joules: alone.flatMap((sample) => sample.work?.joules ?? []),
        peakMemoryBytes: memory.get(facts.modelId) ?? null,
      };
    }),
    options,
  );
}

function resultOf(
  judged: WeighedRun['models'][number],
  { run, reference }: { readonly run: RunSamples; readonly reference: Evidence | null },
): ModelResult {
  const { model, interval: overall, comparison, judgement } = judged;
  const { facts, samples, answers } = model;
  const metrics = modelMetrics(answers);
  const speed = speedOf(samples);
  const measured = (test: string): number | null => speed.find((entry) => entry.test === test)?.tokensPerSecond.mean ?? null;
  return {
    ...{ modelId: facts.modelId, name: facts.name, quant: facts.quant, sizeBytes: facts.sizeBytes, parameters: facts.parameters },
    ...(facts.remote === undefined ? {} : { remote: facts.remote }),
    overall,
    verdict: judgement?.verdict ?? null,
    verdictReason: judgement === null ? null : `${judgement.reason}${aboutSkipped(answers)}`,
    moreItems: judgement?.moreItems ?? null,
    suites: run.suites.flatMap((suite) => (suite.kind === 'labelled' ? summariseSuite(suite.id, answers) : [])),
    paired: reference && comparison ? pairedResult(reference, comparison, run.plan.margin) : null,
    ...metrics,
    ...itemStandings(answers, { judgeIsCalibrated: run.judgeIsCalibrated ?? false }),
    generationTokensPerSecond: metrics.generationTokensPerSecond ?? measured('tg128'),
    promptTokensPerSecond: metrics.promptTokensPerSecond ?? measured('pp512'),
    speed,
    loadMs: loadTime(samples),
    warmLoadMs: measuredLoad(samples, warmLoadItemId),
    peakMemoryBytes: samples.reduce<number | null>((peak, sample) => larger(peak, sample.peakMemoryBytes), null),
    frontier: null,
    sweep: facts.remote === true ? sweepOf(answers) : [],
  };
}

function speedOf(samples: readonly SampleRecord[]): ModelResult['speed'] {
  return speedTests.flatMap(({ id }) => {
    const spread = spreadOf(
      samples.filter((sample) => sample.state === 'measured' && sample.itemId === id).flatMap((sample) => sample.tokensPerSecond ?? []),
    );
    return spread ? [{ test: id, tokensPerSecond: spread }] : [];
  });
}

/** A model that was left early, or gave up, was not asked everything: its score says nothing of the rest. */
function aboutSkipped(answers: readonly SampleRecord[]): string {
  const skipped = answers.filter(isNotRun).length;
  if (skipped === 0) return '';
  return ` ${formatCount(skipped)} planned ${skipped === 1 ? 'answer was' : 'answers were'} not run.`;
}

function summariseSuite(suite: string, answers: readonly SampleRecord[]): SuiteResult[] {
  const attempted = answers.filter((sample) => sample.suite === suite && isAttempted(sample));
  const alone = attempted.filter(wasAlone);
  const completed = alone.filter(isCompleted);
  const interval = intervalOf(collectOutcomes(attempted));
  if (!interval) return [];
  const formats = attempted.flatMap((sample) => sample.grade?.format ?? []);
  const share = (holds: (format: { readonly strict: boolean; readonly loose: boolean }) => boolean): number | null =>
    formats.length > 0 ? formats.filter(holds).length / formats.length : null;
  const failedAs = (kind: AnswerKind): number =>
    attempted.filter((sample) => sample.state === 'failed' && answerKind(sample.output ?? '') === kind).length;
  const temperatures = [...new Set(attempted.map((sample) => sample.temperature))].toSorted((a, b) => a - b);
  return [
    {
      suite,
      interval,
      byTemperature: temperatures.flatMap((temperature) => {
        const at = intervalOf(collectOutcomes(attempted.filter((sample) => sample.temperature === temperature)));
        return at ? [{ temperature, interval: at }] : [];
      }),
      byTask: intervalsByTask(attempted),
      formatAnswers: formats.length,
      formatStrict: share((format) => format.strict),
      formatLoose: share((format) => format.loose),
      errors: attempted.filter((sample) => sample.state === 'error').length,
      truncated: attempted.filter(isTruncated).length,
      refused: failedAs('refused'),
      empty: failedAs('empty'),
      ttftMs: percentilesOf(completed.flatMap((sample) => sample.timings?.ttftMs ?? [])),
      totalMs: percentilesOf(completed.flatMap((sample) => sample.timings?.totalMs ?? [])),
      generationTokensPerSecond: generationSpeed(alone),
    },
  ];
}

/** The kinds of questions of a suite apart, such as the depths of a long text: which of them a model cannot do. */
function intervalsByTask(attempted: readonly SampleRecord[]): SuiteResult['byTask'] {
  const byItem = attempted.toSorted((a, b) => (a.itemId < b.itemId ? -1 : a.itemId > b.itemId ? 1 : 0));
  const tasks = [...new Set(byItem.map((sample) => sample.task))];
  return tasks.flatMap((task) => {
    const interval = intervalOf(collectOutcomes(attempted.filter((sample) => sample.task === task)));
    return interval ? [{ task, interval }] : [];
  });
}

function pairedResult(reference: Evidence, comparison: PairedComparison, margin: number): PairedResult {
  const { n, difference, lowerBound, mcnemarP, lost, gained } = comparison;
  return { referenceId: reference.facts.modelId, n, difference, lowerBound, nonInferior: lowerBound > -margin, mcnemarP, lost, gained };
}

/** Of the load that was measured for itself, otherwise the first load that any answer waited for. */
function loadTime(samples: readonly SampleRecord[]): number | null {
  return measuredLoad(samples, loadItemId) ?? samples.find((sample) => (sample.timings?.loadMs ?? null) !== null)?.timings?.loadMs ?? null;
}

function measuredLoad(samples: readonly SampleRecord[], itemId: string): number | null {
  return samples.find((sample) => sample.itemId === itemId && sample.state === 'measured')?.timings?.loadMs ?? null;
}

function larger(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
