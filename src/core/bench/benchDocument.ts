import { formatRate } from './formatRate.ts';
import type { Interval, ModelResult, ModelVerdict } from './runRecords.ts';
import type { RunReport } from './runReport.ts';

/** The row of a model over all labelled suites. */
const allSuites = 'all';

/** What is told of a model as a whole, in its row over all suites. */
export type WholeModel = Pick<
  ModelResult,
  | 'ttfaMs'
  | 'tpotMs'
  | 'interTokenMs'
  | 'modelMs'
  | 'toolMs'
  | 'endings'
  | 'notRunBecause'
  | 'tokensPerAnswer'
  | 'promptTokensPerAnswer'
  | 'cachedTokensPerAnswer'
  | 'joulesPerAnswer'
  | 'gpuUtilisation'
  | 'peakGpuBytes'
  | 'warmLoadMs'
  | 'passPowerK'
  | 'toolCalls'
  | 'judged'
  | 'preferred'
  | 'frontier'
  | 'worst'
  | 'sweep'
>;

/** One model on one suite, or on all of them. Latency, memory and speed are the model's where the suite has none of its own. */
export interface BenchRow {
  readonly id: string;
  readonly name: string;
  readonly quant: string | null;
  readonly suite: string;
  readonly n: number;
  readonly passed: number | null;
  readonly passRate: number | null;
  /** Two-sided 95 % Wilson. */
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: ModelVerdict | null;
  readonly verdictReason: string | null;
  readonly ttftMs: { readonly p50: number | null; readonly p95: number | null };
  readonly totalMs: { readonly p50: number | null; readonly p95: number | null };
  readonly generationTokensPerSecond: number | null;
  readonly promptTokensPerSecond: number | null;
  readonly peakMemoryBytes: number | null;
  readonly loadMs: number | null;
  /** Null of a model behind an endpoint. */
  readonly sizeBytes: number | null;
  readonly parameters: number | null;
  readonly completionRate: number | null;
  readonly formatStrict: number | null;
  readonly formatLoose: number | null;
  readonly errors: number | null;
  readonly truncated: number | null;
  readonly refused: number | null;
  readonly empty: number | null;
  /** Of the `speed` row: tokens per second by test. */
  readonly speed: readonly {
    readonly test: string;
    readonly n: number;
    readonly mean: number;
    readonly standardDeviation: number | null;
  }[];
  /** Only in the row over all suites. */
  readonly whole: WholeModel | null;
}

export interface BenchDocument {
  readonly runId: string;
  readonly state: string;
  readonly samples: { readonly done: number; readonly total: number };
  readonly plan: RunReport['run']['plan'];
  readonly verdict: {
    readonly state: ModelVerdict;
    /** Id of the model, as in `models[].id`; null where none fits. */
    readonly model: string | null;
    readonly name: string | null;
    readonly reason: string;
    readonly nextLarger: string | null;
    readonly moreItems: number | null;
    readonly level: RunReport['verdict']['level'] | null;
  };
  readonly models: readonly BenchRow[];
  readonly conditions: RunReport['conditions'];
  readonly comparability: RunReport['comparability'] | null;
  readonly judge: RunReport['judge'] | null;
  readonly cost: RunReport['cost'] | null;
  readonly outdated: readonly string[];
}

/**
 * A run as the command line and the JSON report give it: one row per model and suite, and one per model with the suite `all`.
 * @param results of a run
 */
export function benchDocument(results: RunReport): BenchDocument {
  const { run, verdict, models, conditions } = results;
  const speedSuites = results.suites.filter((suite) => suite.kind === 'speed').map((suite) => suite.id);
  return {
    runId: run.id,
    state: run.state,
    samples: { done: run.done, total: run.total },
    plan: run.plan,
    verdict: {
      state: verdict.state,
      model: verdict.modelId,
      name: verdict.model,
      reason: verdict.reason,
      nextLarger: verdict.nextLarger,
      moreItems: verdict.moreItems,
      level: verdict.level ?? null,
    },
    models: models.flatMap((model) => [...speedSuites.flatMap((suite) => speedRow(model, suite)), ...suiteRows(model), overallRow(model)]),
    conditions,
    comparability: results.comparability ?? null,
    judge: results.judge ?? null,
    cost: results.cost ?? null,
    outdated: results.outdated ?? [],
  };
}

function baseRow(model: ModelResult): BenchRow {
  return {
    id: model.modelId,
    name: model.name,
    quant: model.quant,
    suite: allSuites,
    ...score(null),
    verdict: null,
    verdictReason: null,
    ttftMs: { p50: model.ttftMs.p50, p95: model.ttftMs.p95 },
    totalMs: { p50: model.totalMs.p50, p95: model.totalMs.p95 },
    generationTokensPerSecond: model.generationTokensPerSecond,
    promptTokensPerSecond: model.promptTokensPerSecond,
    peakMemoryBytes: model.peakMemoryBytes,
    loadMs: model.loadMs,
    sizeBytes: model.remote === true ? null : model.sizeBytes,
    parameters: model.parameters,
    completionRate: null,
    formatStrict: null,
    formatLoose: null,
    errors: null,
    truncated: null,
    refused: null,
    empty: null,
    speed: [],
    whole: null,
  };
}

function overallRow(model: ModelResult): BenchRow {
  const total = (count: (suite: ModelResult['suites'][number]) => number): number =>
    model.suites.reduce((sum, suite) => sum + count(suite), 0);
  return {
    ...baseRow(model),
    ...score(model.overall),
    verdict: model.verdict,
    verdictReason: model.verdictReason,
    completionRate: model.completionRate,
    formatStrict: formatRate(model.suites, 'formatStrict'),
    formatLoose: formatRate(model.suites, 'formatLoose'),
    errors: total((suite) => suite.errors),
    truncated: total((suite) => suite.truncated),
    refused: total((suite) => suite.refused),
    empty: total((suite) => suite.empty),
    speed: speedOf(model),
    whole: wholeOf(model),
  };
}

function wholeOf(model: ModelResult): WholeModel {
  const { ttfaMs, tpotMs, interTokenMs, modelMs, toolMs, endings, tokensPerAnswer, promptTokensPerAnswer, cachedTokensPerAnswer } = model;
  const { joulesPerAnswer, gpuUtilisation, peakGpuBytes, warmLoadMs, passPowerK, toolCalls, judged, preferred } = model;
  return {
    ...{ ttfaMs, tpotMs, interTokenMs, modelMs, toolMs, endings, tokensPerAnswer, promptTokensPerAnswer, cachedTokensPerAnswer },
    ...{ joulesPerAnswer, gpuUtilisation, peakGpuBytes, warmLoadMs, passPowerK, toolCalls, judged, preferred },
    ...{ notRunBecause: model.notRunBecause, frontier: model.frontier, worst: model.worst, sweep: model.sweep },
  };
}

function suiteRows(model: ModelResult): readonly BenchRow[] {
  return model.suites.map((suite) => ({
    ...baseRow(model),
    suite: suite.suite,
    ...score(suite.interval),
    ttftMs: { p50: (suite.ttftMs ?? model.ttftMs).p50, p95: (suite.ttftMs ?? model.ttftMs).p95 },
    totalMs: { p50: (suite.totalMs ?? model.totalMs).p50, p95: (suite.totalMs ?? model.totalMs).p95 },
    generationTokensPerSecond: suite.generationTokensPerSecond ?? model.generationTokensPerSecond,
    formatStrict: suite.formatStrict,
    formatLoose: suite.formatLoose,
    errors: suite.errors,
    truncated: suite.truncated,
    refused: suite.refused,
    empty: suite.empty,
  }));
}

function speedRow(model: ModelResult, suite: string): readonly BenchRow[] {
  const speed = speedOf(model);
  if (speed.length === 0) return [];
  const meanOf = (test: string): number | null => speed.find((entry) => entry.test === test)?.mean ?? null;
  const row = { ...baseRow(model), suite, n: speed.reduce((sum, entry) => sum + entry.n, 0), speed };
  const none = { p50: null, p95: null };
  return [{ ...row, ttftMs: none, totalMs: none, generationTokensPerSecond: meanOf('tg128'), promptTokensPerSecond: meanOf('pp512') }];
}

function speedOf(model: ModelResult): BenchRow['speed'] {
  return model.speed.map(({ test, tokensPerSecond: { n, mean, standardDeviation } }) => ({ test, n, mean, standardDeviation }));
}

function score(interval: Interval | null): Pick<BenchRow, 'n' | 'passed' | 'passRate' | 'low' | 'high'> {
  if (interval === null) return { n: 0, passed: null, passRate: null, low: null, high: null };
  const { n, passed, passRate, low, high } = interval;
  return { n, passed, passRate, low, high };
}
