import { mcnemarExact } from '#core/bench/statistics.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';

/** One item that one run passed and the other did not. */
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
  /** Scenarios that both runs graded. */
  readonly n: number;
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
  const byModel = new Map<string, { n: number; flips: Flip[] }>();
  for (const sample of now) {
    const earlier = known.get(scenarioOf(sample));
    if (earlier === undefined || earlier.passed === null || sample.passed === null) continue;
    const model = byModel.get(sample.modelId) ?? { n: 0, flips: [] };
    byModel.set(sample.modelId, model);
    model.n += 1;
    if (earlier.passed === sample.passed) continue;
    const { suite, itemId, temperature, repeat } = sample;
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
    models: [...byModel].map(([modelId, { n, flips }]) => {
      const lost = flips.filter((flip) => flip.passedBefore).length;
      const gained = flips.length - lost;
      return { modelId, n, lost, gained, mcnemarP: mcnemarExact({ lost, gained }), flips };
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
