import type { Flip, ModelComparison, ModelResult, RunResults } from '#shared/contract/benchmarkResults.ts';
import type { RunSummary } from '#shared/contract/benchmarks.ts';

export type Change = 'worse' | 'better' | 'none';

/** Two-sided; a change this likely by chance alone counts as none. */
const chanceLevel = 0.05;

/** Whether what was lost and gained is more than chance. */
export function changeOf({ lost, gained, mcnemarP }: Pick<ModelComparison, 'lost' | 'gained' | 'mcnemarP'>): Change {
  if (mcnemarP >= chanceLevel || lost === gained) return 'none';
  return lost > gained ? 'worse' : 'better';
}

/** How many models got worse, better or stayed, in that order; a kind without models is left out. */
export function changeCounts(models: readonly ModelComparison[]): readonly { readonly change: Change; readonly count: number }[] {
  return (['worse', 'better', 'none'] as const)
    .map((change) => ({ change, count: models.filter((model) => changeOf(model) === change).length }))
    .filter(({ count }) => count > 0);
}

/** Askings of one scenario by one model that flipped the same way. */
export interface FlippedScenario {
  readonly modelId: string;
  readonly suite: string;
  readonly itemId: string;
  readonly isHarm: boolean;
  readonly runs: number;
  readonly flips: readonly Flip[];
}

/** Flips by model and scenario: the harmful first, then what flipped most often. */
export function flippedScenarios(models: readonly ModelComparison[]): readonly FlippedScenario[] {
  const found = new Map<string, { modelId: string; suite: string; itemId: string; isHarm: boolean; flips: Flip[] }>();
  for (const { modelId, flips } of models) {
    for (const flip of flips) {
      const key = JSON.stringify([modelId, flip.suite, flip.itemId, flip.passedBefore]);
      const known = found.get(key);
      if (known === undefined)
        found.set(key, { modelId, suite: flip.suite, itemId: flip.itemId, isHarm: flip.passedBefore, flips: [flip] });
      else known.flips.push(flip);
    }
  }
  return [...found.values()]
    .map((scenario) => ({ ...scenario, runs: scenario.flips.length }))
    .sort((a, b) => Number(b.isHarm) - Number(a.isHarm) || b.runs - a.runs || compare(a.itemId, b.itemId));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The newest run that asked all the same of the same models, else the newest that shares anything. */
export function likeliestBaseline(run: RunSummary, choices: readonly RunSummary[]): RunSummary | undefined {
  const sameIds = (one: readonly string[], other: readonly string[]): boolean =>
    one.length === other.length && one.every((id) => other.includes(id));
  const alike = choices.find(({ plan }) => sameIds(plan.suiteIds, run.plan.suiteIds) && sameIds(plan.modelIds, run.plan.modelIds));
  return alike ?? choices[0];
}

/** What is not as it was, once for all models that it is true of, then how many are unchanged. Empty where nothing is told. */
export function whatChanged(
  models: readonly Pick<ModelComparison, 'modelId' | 'differs'>[],
  labels: ReadonlyMap<string, string>,
): readonly string[] {
  const told = models.filter((model) => model.differs !== undefined);
  if (told.length === 0) return [];
  const byChange = new Map<string, string[]>();
  for (const { modelId, differs = [] } of told) {
    for (const change of differs) byChange.set(change, [...(byChange.get(change) ?? []), labels.get(modelId) ?? modelId]);
  }
  if (byChange.size === 0) return ['Nothing is known to have changed: only chance is left.'];
  const unchanged = told.filter((model) => (model.differs ?? []).length === 0).length;
  const sentences = [...byChange].map(([change, names]) => `${names.length === told.length ? 'All models' : names.join(', ')}: ${change}.`);
  return unchanged === 0
    ? sentences
    : [...sentences, unchanged === 1 ? 'The other one is unchanged.' : `The other ${unchanged} are unchanged.`];
}

type Comparability = NonNullable<RunResults['comparability']>;

/** What two runs did not do alike, with both values; null where one of them does not say. */
export function differingParts(
  now: Comparability | null | undefined,
  before: Comparability | null | undefined,
): readonly { readonly name: string; readonly now: string | null; readonly before: string | null }[] | null {
  if (now == null || before == null) return null;
  if (now.key === before.key) return [];
  const earlier = new Map(before.parts.map((part) => [part.name, part.value]));
  const later = new Map(now.parts.map((part) => [part.name, part.value]));
  return [...new Set([...later.keys(), ...earlier.keys()])]
    .map((name) => ({ name, now: later.get(name) ?? null, before: earlier.get(name) ?? null }))
    .filter((part) => part.now !== part.before);
}

/** Runs that this one can be held against, newest first: earlier, over, and with a suite and a model in common. */
export function baselineChoices(run: RunSummary, runs: readonly RunSummary[]): readonly RunSummary[] {
  const shares = (one: readonly string[], other: readonly string[]): boolean => one.some((id) => other.includes(id));
  return runs.filter(
    (other) =>
      other.id !== run.id &&
      other.startedAt < run.startedAt &&
      other.done > 0 &&
      other.state !== 'running' &&
      shares(other.plan.suiteIds, run.plan.suiteIds) &&
      shares(other.plan.modelIds, run.plan.modelIds),
  );
}

/**
 * The two models to look at first: quants of one model where there are two, the larger as what the smaller is held against; else the verdict's
 * model (or the smallest) against the best other one.
 */
export function firstPair(
  models: readonly Pick<ModelResult, 'modelId' | 'name' | 'sizeBytes' | 'overall'>[],
  verdictId: string | null,
): { readonly modelId: string; readonly againstId: string } | null {
  const bySize = models.toSorted((a, b) => a.sizeBytes - b.sizeBytes);
  for (const [index, model] of bySize.entries()) {
    const sibling = bySize.slice(index + 1).findLast((other) => other.name === model.name);
    if (sibling !== undefined) return { modelId: model.modelId, againstId: sibling.modelId };
  }
  const subject = bySize.find((model) => model.modelId === verdictId) ?? bySize[0];
  const best = bySize.filter((model) => model !== subject).toSorted((a, b) => (b.overall?.passRate ?? 0) - (a.overall?.passRate ?? 0))[0];
  return subject === undefined || best === undefined ? null : { modelId: subject.modelId, againstId: best.modelId };
}
