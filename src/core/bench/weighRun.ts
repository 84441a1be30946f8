import { collectOutcomes, compareOutcomes, type ItemOutcomes, intervalOf, type PairedComparison } from './itemOutcomes.ts';
import { canBeExtended, type LevelPlan, levelOf } from './lookLevel.ts';
import { type Interval, type ModelFacts, modelLabel } from './runRecords.ts';
import type { SampleRecord } from './sampleRecord.ts';
import { judgeModels, type ModelJudgement, type ReferenceGate } from './verdict.ts';

export interface RunSamples {
  readonly models: readonly ModelFacts[];
  /** In the plan's order. */
  readonly suites: readonly { readonly id: string; readonly kind: 'speed' | 'labelled' }[];
  readonly samples: readonly SampleRecord[];
  readonly plan: { readonly bar: number; readonly margin: number; readonly referenceId: string | null } & LevelPlan;
  /** By model, labelled answers that are planned and not there yet; none unless told. */
  readonly toCome?: ReadonlyMap<string, number>;
  /** Whether the run's judge agrees enough with people for its scores to count. */
  readonly judgeIsCalibrated?: boolean;
}

/** What one model answered. */
export interface Evidence {
  readonly facts: ModelFacts;
  readonly samples: readonly SampleRecord[];
  /** Samples of labelled suites. */
  readonly answers: readonly SampleRecord[];
  readonly outcomes: ItemOutcomes;
}

/** One model with its score, held against the reference. */
export interface Compared {
  readonly model: Evidence;
  readonly interval: Interval | null;
  readonly comparison: PairedComparison | null;
  readonly gate: ReferenceGate | null;
  readonly toCome: number;
}

export interface WeighedRun {
  readonly reference: Evidence | null;
  /** By size, smallest first; those behind an endpoint last. */
  readonly models: readonly (Compared & { readonly judgement: ModelJudgement | null })[];
}

/**
 * Weighs a run's answers: every model against the bar and the reference, at what the newest look may spend. What an earlier look has shown stays
 * shown, because that look has paid for it; only a model that fails by now loses it.
 * @param run models, suites, samples and plan
 * @returns no judgements where no labelled suite was asked
 */
export function weighRun(run: RunSamples): WeighedRun {
  const { reference, compared } = compareAll(run);
  const isScored = run.suites.some((suite) => suite.kind === 'labelled');
  const judgements = isScored ? judgeAll(compared, run) : [];
  return { reference, models: compared.map((one, at) => ({ ...one, judgement: judgements[at] ?? null })) };
}

function compareAll(run: RunSamples): { readonly reference: Evidence | null; readonly compared: readonly Compared[] } {
  const evidence = evidenceOf(run);
  const reference = findReference(evidence, run.plan.referenceId);
  return { reference, compared: evidence.map((model) => ({ model, ...comparedWith(reference, model, run) })) };
}

function evidenceOf(run: RunSamples): readonly Evidence[] {
  const labelled = new Set(run.suites.filter((suite) => suite.kind === 'labelled').map((suite) => suite.id));
  const byModel = Map.groupBy(run.samples, (sample) => sample.modelId);
  return run.models
    .map((facts): Evidence => {
      const samples = byModel.get(facts.modelId) ?? [];
      const answers = samples.filter((sample) => labelled.has(sample.suite));
      return { facts, samples, answers, outcomes: collectOutcomes(answers) };
    })
    .toSorted(({ facts: a }, { facts: b }) => bySize(a, b));
}

function bySize(a: ModelFacts, b: ModelFacts): number {
  const isRemote = (facts: ModelFacts): number => Number(facts.remote ?? false);
  return isRemote(a) - isRemote(b) || a.sizeBytes - b.sizeBytes || (a.modelId < b.modelId ? -1 : 1);
}

function judgeAll(compared: readonly Compared[], run: RunSamples): readonly ModelJudgement[] {
  const { plan } = run;
  const judge = (candidates: readonly Compared[], look?: number): readonly ModelJudgement[] => {
    const { testing, alpha } = levelOf(plan, look);
    // Sizes are known before the run, so this order is too. Of a model behind an endpoint no size is known: it comes last.
    const order = candidates.toSorted(({ model: { facts: a } }, { model: { facts: b } }) =>
      a.remote === true || b.remote === true ? bySize(a, b) : bySize(b, a),
    );
    const rule = { bar: plan.bar, margin: plan.margin, testing, alpha, isOneOfLooks: canBeExtended(plan) };
    const judged = judgeModels(
      order.map(({ model, interval, gate, toCome }) => ({ name: modelLabel(model.facts), interval, gate, toCome })),
      rule,
    );
    return candidates.flatMap((candidate) => judged[order.indexOf(candidate)] ?? []);
  };
  const earlier = (plan.extendedAt ?? []).map((at, index) => {
    // A run is extended once it has asked everything until then.
    const before = { ...run, samples: run.samples.filter((sample) => sample.finishedAt <= at), toCome: new Map() };
    return judge(compareAll(before).compared, index + 1);
  });
  return judge(compared).map((judgement, at) => {
    const shown = earlier.map((look) => look[at]).find((one) => one?.verdict === 'fits');
    if (shown === undefined || judgement.verdict !== 'not-enough-evidence') return judgement;
    return { ...shown, reason: `Shown before the run was extended: ${shown.reason}` };
  });
}

/** The chosen reference, or the best scoring model; of equals the smallest. */
function findReference(evidence: readonly Evidence[], referenceId: string | null): Evidence | null {
  if (referenceId !== null) return evidence.find((model) => model.facts.modelId === referenceId) ?? null;
  const scored = evidence.filter((model) => model.outcomes.size > 0);
  const rate = (model: Evidence): number => intervalOf(model.outcomes)?.passRate ?? 0;
  return scored.reduce<Evidence | null>((best, model) => (best === null || rate(model) > rate(best) ? model : best), null);
}

/** Only a reference that was chosen can make a model fail. */
function comparedWith(reference: Evidence | null, model: Evidence, run: RunSamples): Omit<Compared, 'model'> {
  const comparison = reference && reference !== model ? compareOutcomes(model.outcomes, reference.outcomes) : null;
  const isChosen = run.plan.referenceId !== null;
  const toComeOf = (one: Evidence): number => run.toCome?.get(one.facts.modelId) ?? 0;
  const toCome = toComeOf(model);
  const gate =
    reference && comparison && isChosen ? { name: modelLabel(reference.facts), comparison, toCome: toCome + toComeOf(reference) } : null;
  return { interval: intervalOf(model.outcomes), comparison, gate, toCome };
}
