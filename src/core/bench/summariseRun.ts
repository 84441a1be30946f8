import { formatCount } from '../units.ts';
import { type AnswerKind, answerKind } from './answerKind.ts';
import { decideVerdict } from './decideVerdict.ts';
import {
  collectOutcomes,
  compareOutcomes,
  type ItemOutcomes,
  intervalOf,
  isAttempted,
  isCompleted,
  isTruncated,
  type PairedComparison,
} from './itemOutcomes.ts';
import { loadItemId, speedTests } from './planRun.ts';
import {
  type Interval,
  type ModelFacts,
  type ModelResult,
  modelLabel,
  type PairedResult,
  type RunVerdict,
  type SampleRecord,
  type SuiteResult,
} from './runRecords.ts';
import { histogramOf, mean, percentilesOf, spreadOf } from './statistics.ts';
import { judgeModels, type ModelJudgement, type ReferenceGate } from './verdict.ts';

export interface RunSamples {
  readonly models: readonly ModelFacts[];
  /** In the plan's order. */
  readonly suites: readonly { readonly id: string; readonly kind: 'speed' | 'labelled' }[];
  readonly samples: readonly SampleRecord[];
  readonly plan: { readonly bar: number; readonly margin: number; readonly referenceId: string | null };
}

export interface RunOutcome {
  /** By size on disk, ascending: the verdict reads top down. */
  readonly models: ModelResult[];
  readonly verdict: RunVerdict;
}

interface Evidence {
  readonly facts: ModelFacts;
  readonly samples: readonly SampleRecord[];
  /** Samples of labelled suites. */
  readonly answers: readonly SampleRecord[];
  readonly outcomes: ItemOutcomes;
}

/**
 * Sums a run up: results of each model with verdict, and the verdict of the run. Works on unfinished runs too.
 * @param run models, suites, samples and the plan's bar, margin and reference (null: each model is compared with the best scoring one, but only
 * a reference that was chosen can make a model fail)
 * @returns results in the shape of the contract
 */
export function summariseRun(run: RunSamples): RunOutcome {
  const labelled = new Set(run.suites.filter((suite) => suite.kind === 'labelled').map((suite) => suite.id));
  const byModel = Map.groupBy(run.samples, (sample) => sample.modelId);
  const evidence = run.models
    .map((facts): Evidence => {
      const samples = byModel.get(facts.modelId) ?? [];
      const answers = samples.filter((sample) => labelled.has(sample.suite));
      return { facts, samples, answers, outcomes: collectOutcomes(answers) };
    })
    .toSorted((a, b) => a.facts.sizeBytes - b.facts.sizeBytes || (a.facts.modelId < b.facts.modelId ? -1 : 1));
  const reference = findReference(evidence, run.plan.referenceId);
  const isScored = run.suites.some((suite) => suite.kind === 'labelled');
  const compared = evidence.map((model) => ({ model, ...comparedWith(reference, model, run) }));
  const judgements = isScored ? judgeModels(compared, run.plan) : [];
  const models = compared.map((one, at) => resultOf(one, { run, reference, judgement: judgements[at] ?? null }));
  const outcomesOf = (modelId: string): ItemOutcomes => evidence.find((model) => model.facts.modelId === modelId)?.outcomes ?? new Map();
  const verdict = decideVerdict(models, {
    bar: run.plan.bar,
    compare: (candidateId, referenceId) => compareOutcomes(outcomesOf(candidateId), outcomesOf(referenceId)),
  });
  return { models, verdict };
}

/** The chosen reference, or the best scoring model; of equals the smallest. */
function findReference(evidence: readonly Evidence[], referenceId: string | null): Evidence | null {
  if (referenceId !== null) return evidence.find((model) => model.facts.modelId === referenceId) ?? null;
  const scored = evidence.filter((model) => model.outcomes.size > 0);
  const rate = (model: Evidence): number => intervalOf(model.outcomes)?.passRate ?? 0;
  return scored.reduce<Evidence | null>((best, model) => (best === null || rate(model) > rate(best) ? model : best), null);
}

interface Compared {
  readonly model: Evidence;
  readonly interval: Interval | null;
  readonly comparison: PairedComparison | null;
  readonly gate: ReferenceGate | null;
}

/** Only a reference that was chosen can make a model fail. */
function comparedWith(reference: Evidence | null, model: Evidence, run: RunSamples): Omit<Compared, 'model'> {
  const comparison = reference && reference !== model ? compareOutcomes(model.outcomes, reference.outcomes) : null;
  const isChosen = run.plan.referenceId !== null;
  const gate = reference && comparison && isChosen ? { name: modelLabel(reference.facts), comparison } : null;
  return { interval: intervalOf(model.outcomes), comparison, gate };
}

function resultOf(
  compared: Compared,
  context: { readonly run: RunSamples; readonly reference: Evidence | null; readonly judgement: ModelJudgement | null },
): ModelResult {
  const { model, interval: overall, comparison } = compared;
  const { facts, samples, answers } = model;
  const { run, reference, judgement } = context;
  const attempted = answers.filter(isAttempted);
  const completed = attempted.filter(isCompleted);
  const totals = completed.flatMap((sample) => sample.timings?.totalMs ?? []);
  const histogram = histogramOf(totals);
  const speed = speedTests.flatMap(({ id }) => {
    const spread = spreadOf(
      samples.filter((sample) => sample.state === 'measured' && sample.itemId === id).flatMap((sample) => sample.tokensPerSecond ?? []),
    );
    return spread ? [{ test: id, tokensPerSecond: spread }] : [];
  });
  const measured = (test: string): number | null => speed.find((entry) => entry.test === test)?.tokensPerSecond.mean ?? null;
  return {
    ...{ modelId: facts.modelId, name: facts.name, quant: facts.quant, sizeBytes: facts.sizeBytes, parameters: facts.parameters },
    overall,
    verdict: judgement?.verdict ?? null,
    verdictReason: judgement === null ? null : `${judgement.reason}${aboutSkipped(answers)}`,
    moreItems: judgement?.moreItems ?? null,
    suites: run.suites.flatMap((suite) => (suite.kind === 'labelled' ? summariseSuite(suite.id, answers) : [])),
    paired: reference && comparison ? pairedResult(reference, comparison, run.plan.margin) : null,
    completionRate: attempted.length > 0 ? completed.length / attempted.length : null,
    ttftMs: percentilesOf(completed.flatMap((sample) => sample.timings?.ttftMs ?? [])),
    totalMs: percentilesOf(totals),
    interTokenMs: percentilesOf(completed.flatMap((sample) => sample.interTokenMs ?? [])),
    generationTokensPerSecond: generationSpeed(attempted) ?? measured('tg128'),
    promptTokensPerSecond: promptSpeed(attempted) ?? measured('pp512'),
    tokensPerAnswer: mean(attempted.flatMap((sample) => sample.usage?.completionTokens ?? [])),
    speed,
    loadMs: loadTime(samples),
    peakMemoryBytes: samples.reduce<number | null>((peak, sample) => larger(peak, sample.peakMemoryBytes), null),
    latencyHistogram: { binMs: histogram.binWidth, counts: [...histogram.counts] },
  };
}

/** A model that was left early, or gave up, was not asked everything: its score says nothing of the rest. */
function aboutSkipped(answers: readonly SampleRecord[]): string {
  const skipped = answers.filter((sample) => sample.state === 'skipped').length;
  if (skipped === 0) return '';
  return ` ${formatCount(skipped)} planned ${skipped === 1 ? 'answer was' : 'answers were'} skipped.`;
}

function summariseSuite(suite: string, answers: readonly SampleRecord[]): SuiteResult[] {
  const attempted = answers.filter((sample) => sample.suite === suite && isAttempted(sample));
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
      formatStrict: share((format) => format.strict),
      formatLoose: share((format) => format.loose),
      errors: attempted.filter((sample) => sample.state === 'error').length,
      truncated: attempted.filter(isTruncated).length,
      refused: failedAs('refused'),
      empty: failedAs('empty'),
      ttftMs: percentilesOf(attempted.filter(isCompleted).flatMap((sample) => sample.timings?.ttftMs ?? [])),
      generationTokensPerSecond: generationSpeed(attempted),
    },
  ];
}

function pairedResult(reference: Evidence, comparison: PairedComparison, margin: number): PairedResult {
  const { n, difference, lowerBound, mcnemarP, lost, gained } = comparison;
  return { referenceId: reference.facts.modelId, n, difference, lowerBound, nonInferior: lowerBound > -margin, mcnemarP, lost, gained };
}

/** Tokens over time, all answers together: a mean of rates would give one-word answers the same weight as long ones. */
function generationSpeed(samples: readonly SampleRecord[]): number | null {
  return pooledRate(
    samples.map(({ usage, timings }) => ({ tokens: (usage?.completionTokens ?? 0) - 1, perSecond: timings?.generationTokensPerSecond })),
  );
}

/** Tokens really read: those kept from an earlier prompt cost nothing. */
function promptSpeed(samples: readonly SampleRecord[]): number | null {
  return pooledRate(
    samples.map(({ usage, timings }) => ({
      tokens: usage ? usage.promptTokens - usage.cachedTokens : 0,
      perSecond: timings?.promptTokensPerSecond,
    })),
  );
}

function pooledRate(parts: readonly { readonly tokens: number; readonly perSecond: number | null | undefined }[]): number | null {
  let tokens = 0;
  let seconds = 0;
  for (const part of parts) {
    if (part.tokens <= 0 || !part.perSecond || part.perSecond <= 0) continue;
    tokens += part.tokens;
    seconds += part.tokens / part.perSecond;
  }
  return seconds > 0 ? tokens / seconds : null;
}

/** Of the load that was measured for itself, otherwise the first load that any answer waited for. */
function loadTime(samples: readonly SampleRecord[]): number | null {
  const measured = samples.find((sample) => sample.itemId === loadItemId && sample.state === 'measured')?.timings?.loadMs;
  return measured ?? samples.find((sample) => (sample.timings?.loadMs ?? null) !== null)?.timings?.loadMs ?? null;
}

function larger(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
