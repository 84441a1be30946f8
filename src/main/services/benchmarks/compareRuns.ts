import { mcnemarExact } from '#core/bench/statistics.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';

/** One asking that one run passed and the other did not. */
export interface Flip {
  readonly suite: string;
  readonly itemId: string;
  readonly temperature: number;
  readonly repeat: number;
  /** Whether the baseline passed it; the run itself did the opposite. */
  readonly passedBefore: boolean;
  readonly outputBefore: string | null;
  readonly outputNow: string | null;
}

export interface ModelComparison {
  readonly modelId: string;
  /** Items that both runs graded: askings of one item (repeats, temperatures) are not independent, so each item counts once. */
  readonly n: number;
  /** Items that passed less often, and more often, than before. */
  readonly lost: number;
  readonly gained: number;
  /** Exact two-sided McNemar test: small = the difference is hardly chance. */
  readonly mcnemarP: number;
  readonly flips: readonly Flip[];
}

export interface RunComparison {
  readonly baselineRunId: string;
  readonly models: readonly ModelComparison[];
}

/**
 * Holds a run against an earlier one on the same questions: what was lost, what was gained, and whether that may be chance.
 * @param now samples of the run. @param before samples of the baseline; models and items in only one of them are left out.
 */
export function compareRuns(
  baselineRunId: string,
  { now, before }: { readonly now: readonly JournaledSample[]; readonly before: readonly JournaledSample[] },
): RunComparison {
  const known = new Map(before.map((sample) => [scenarioOf(sample), sample]));
  const byModel = new Map<string, { readonly balances: Map<string, number>; readonly flips: Flip[] }>();
  for (const sample of now) {
    const earlier = known.get(scenarioOf(sample));
    if (earlier === undefined || earlier.passed === null || sample.passed === null) continue;
    const model = byModel.get(sample.modelId) ?? { balances: new Map<string, number>(), flips: [] };
    byModel.set(sample.modelId, model);
    const { suite, itemId, temperature, repeat } = sample;
    const item = JSON.stringify([suite, itemId]);
    model.balances.set(item, (model.balances.get(item) ?? 0) + Number(sample.passed) - Number(earlier.passed));
    if (earlier.passed === sample.passed) continue;
    model.flips.push({
      suite,
      itemId,
      temperature,
      repeat,
      passedBefore: earlier.passed,
      outputBefore: earlier.output,
      outputNow: sample.output,
    });
  }
  return {
    baselineRunId,
    models: [...byModel].map(([modelId, { balances, flips }]) => {
      const changes = [...balances.values()];
      const lost = changes.filter((balance) => balance < 0).length;
      const gained = changes.filter((balance) => balance > 0).length;
      return { modelId, n: balances.size, lost, gained, mcnemarP: mcnemarExact({ lost, gained }), flips };
    }),
  };
}

/** The question must be the same, not only its name: a data set may have changed between the runs. */
const scenarioOf = (sample: JournaledSample): string =>
  JSON.stringify([
    sample.modelId,
    sample.suite,
    sample.itemId,
    sample.temperature,
    sample.repeat,
    sample.input,
    sample.system,
    sample.expected,
  ]);
