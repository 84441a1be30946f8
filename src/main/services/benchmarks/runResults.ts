import { createHash } from 'node:crypto';
import { comparabilityParts } from '#core/bench/comparability.ts';
import { contextWords } from '#core/bench/contextWords.ts';
import { scenariosOfSpeed } from '#core/bench/planRun.ts';
import { runCost } from '#core/bench/runCost.ts';
import type { ModelResult } from '#core/bench/runRecords.ts';
import { summariseRun } from '#core/bench/summariseRun.ts';
import type { LibraryService } from '#main/services/library/libraryService.ts';
import type { RunModel, RunRow } from '#main/storage/runTable.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import type { PriceTable, RunResults } from '#shared/contract/benchmarkResults.ts';
import { readEndpointModelId } from '#shared/contract/endpoints.ts';

export type ResultsWithoutRun = Omit<RunResults, 'run'>;

/** What results need beside the run's own journal. */
export interface ResultsAids {
  readonly prices: PriceTable;
  /** How the run's judge stands to people; null without a judge. */
  readonly judge: RunResults['judge'];
}

/** Sums a run up from its journal: the same samples give the same results, at any time and in any process. */
export function resultsOf(run: RunRow, samples: readonly JournaledSample[], { prices, judge }: ResultsAids): ResultsWithoutRun {
  const { models: summed, verdict } = summariseRun({
    models: run.models.map((model) => ({ ...model, remote: readEndpointModelId(model.modelId) !== null })),
    suites: run.suites,
    samples,
    plan: run.plan,
    judgeIsCalibrated: judge?.calibrated ?? false,
    toCome: answersToCome(run, samples),
  });
  const facts = new Map(run.models.map((model) => [model.modelId, model]));
  const models = summed.map((model) => withLoadFacts(model, facts.get(model.modelId)));
  const first = run.models.find((model) => model.engine !== null);
  return {
    suites: [...run.suites],
    verdict,
    models,
    conditions: {
      engine: first?.engine ?? null,
      backend: first?.backend ?? null,
      threads: first?.threads ?? null,
      contextTokens: first?.contextTokens ?? null,
      context: contextWords(run),
      cpu: run.cpu,
      models: run.models.map(({ modelId, sha256 }) => ({ modelId, sha256 })),
      power: run.power,
      thermal: run.thermal,
    },
    comparability: comparabilityOf(run),
    judge: judge ?? null,
    cost: runCost({ models, samples }, prices),
  };
}

/** By model: every model of a run is asked the same. */
function answersToCome({ state, total, models, suites }: RunRow, samples: readonly JournaledSample[]): ReadonlyMap<string, number> {
  if (state === 'done') return new Map();
  const labelled = new Set(suites.filter((suite) => suite.kind === 'labelled').map((suite) => suite.id));
  const planned = total / models.length - scenariosOfSpeed * (suites.length - labelled.size);
  const answers = Map.groupBy(
    samples.filter((sample) => labelled.has(sample.suite)),
    (sample) => sample.modelId,
  );
  return new Map(models.map(({ modelId }) => [modelId, Math.max(0, planned - (answers.get(modelId)?.length ?? 0))]));
}

/** A short name for the conditions of a run: two runs with the same one may be compared. */
function comparabilityOf(run: RunRow): NonNullable<RunResults['comparability']> {
  const parts = comparabilityParts(run);
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  return { key, parts: parts.map((part) => ({ ...part })) };
}

/** The load and the highest memory are known of every model that was loaded, also where no sample measured them. */
function withLoadFacts(model: ModelResult, facts: RunModel | undefined): ModelResult {
  const peaks = [model.peakMemoryBytes, facts?.peakMemoryBytes ?? null].filter((bytes) => bytes !== null);
  return {
    ...model,
    loadMs: model.loadMs ?? facts?.loadMs ?? null,
    peakMemoryBytes: peaks.length === 0 ? null : Math.max(...peaks),
  };
}

/** Writes what a finished run measured beside its models in the library. */
export function recordFindings(
  { runId, results, measuredAt }: { readonly runId: string; readonly results: ResultsWithoutRun; readonly measuredAt: number },
  library: Pick<LibraryService, 'get' | 'recordSpeed' | 'recordScore'>,
): void {
  const labelled = results.suites.filter((suite) => suite.kind === 'labelled').map((suite) => suite.id);
  for (const model of results.models) {
    const artifact = library.get(model.modelId);
    if (artifact === undefined) continue;
    const measured = (test: string): number | null => model.speed.find((entry) => entry.test === test)?.tokensPerSecond.mean ?? null;
    if (model.speed.length > 0) {
      library.recordSpeed(model.modelId, {
        promptTokensPerSecond: measured('pp512'),
        generationTokensPerSecond: measured('tg128'),
        loadMs: model.loadMs,
        peakMemoryBytes: model.peakMemoryBytes,
        measuredAt,
        runId,
      });
    }
    const isBetter =
      model.overall !== null && (artifact.score === null || artifact.score.runId === runId || model.overall.low >= artifact.score.low);
    if (model.overall !== null && isBetter) {
      const { passRate, low, high, n } = model.overall;
      library.recordScore(model.modelId, { passRate, low, high, n, runId, suite: labelled.join(', ') });
    }
  }
}
