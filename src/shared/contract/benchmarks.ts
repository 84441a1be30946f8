import * as z from 'zod';
import { FinishReason, Timings, Usage } from './chat.ts';
import { ArtifactId } from './models.ts';

export const benchmarkErrors = {
  suiteNotFound: 'suite-not-found',
  runNotFound: 'run-not-found',
  runActive: 'run-active',
  runNotActive: 'run-not-active',
  nothingToRun: 'nothing-to-run',
  datasetUnreadable: 'dataset-unreadable',
  datasetInvalid: 'dataset-invalid',
  modelChanged: 'model-changed',
  barMissed: 'bar-missed',
} as const;

export const Suite = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  kind: z.enum(['speed', 'labelled']),
  itemCount: z.number(),
  source: z.enum(['shipped', 'yours']),
  /** sha256 of its items, part of what makes two runs comparable. */
  sha256: z.string(),
});
export type Suite = z.infer<typeof Suite>;

/** The matrix: models x suites x temperatures x repeats. Temperature 0 is asked once however many repeats there are. */
export const RunPlan = z.object({
  modelIds: z.array(ArtifactId).min(1).max(500),
  suiteIds: z.array(z.string().min(1).max(200)).min(1).max(100),
  temperatures: z.array(z.number().min(0).max(5)).min(1).max(20).default([0]),
  repeats: z.number().int().min(1).max(100).default(1),
  /** Share that must be passed, beyond doubt at 95 % for all models of the run together. */
  bar: z.number().gt(0).lt(1).default(0.8),
  /** How much worse than the reference still counts as equal. */
  margin: z.number().gt(0).lt(1).default(0.1),
  /** Null = the best scoring model of the run. */
  referenceId: ArtifactId.nullable().default(null),
  baselineRunId: z.string().nullable().default(null),
  contextTokens: z.number().int().min(128).nullable().default(null),
  maxTokens: z.number().int().min(1).default(256),
  /** Constrain answers to the item's JSON Schema where it has one. Reported apart from native format compliance. */
  constrained: z.boolean().default(false),
  /** First n items of every suite; null = all. */
  itemLimit: z.number().int().min(1).nullable().default(null),
  /** Stop a model on a suite set once it can no longer reach the bar. */
  earlyStop: z.boolean().default(false),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
});
export type RunPlan = z.infer<typeof RunPlan>;

export const RunState = z.enum(['running', 'paused', 'interrupted', 'done', 'cancelled', 'failed']);
export type RunState = z.infer<typeof RunState>;

export const Estimate = z.object({
  models: z.number(),
  scenarios: z.number(),
  calls: z.number(),
  /** Null while nothing was ever measured here. */
  secondsTotal: z.number().nullable(),
  perModel: z.array(z.object({ modelId: ArtifactId, calls: z.number(), seconds: z.number().nullable() })),
  basis: z.enum(['measured', 'size', 'none']),
});
export type Estimate = z.infer<typeof Estimate>;

export const Interval = z.object({ passRate: z.number(), low: z.number(), high: z.number(), n: z.number(), passed: z.number() });
export type Interval = z.infer<typeof Interval>;

/** One sample = one scenario's outcome, journaled the moment it is known. */
export const Sample = z.object({
  runId: z.string(),
  modelId: ArtifactId,
  suite: z.string(),
  itemId: z.string(),
  task: z.string(),
  temperature: z.number(),
  repeat: z.number(),
  seed: z.number(),
  state: z.enum(['passed', 'failed', 'error', 'skipped', 'measured']),
  passed: z.boolean().nullable(),
  grade: z
    .object({
      grader: z.string(),
      reason: z.string(),
      format: z.object({ strict: z.boolean(), loose: z.boolean() }).nullable(),
      fields: z.array(z.object({ name: z.string(), passed: z.boolean() })).nullable(),
    })
    .nullable(),
  input: z.string(),
  system: z.string().nullable(),
  expected: z.string(),
  output: z.string().nullable(),
  finishReason: FinishReason.nullable(),
  usage: Usage.nullable(),
  timings: Timings.nullable(),
  /** Tokens per second of a `measured` sample (pp512, tg128). */
  tokensPerSecond: z.number().nullable(),
  peakMemoryBytes: z.number().nullable(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).nullable(),
  finishedAt: z.number(),
});
export type Sample = z.infer<typeof Sample>;

export const Spread = z.object({
  n: z.number(),
  mean: z.number(),
  standardDeviation: z.number().nullable(),
  min: z.number(),
  max: z.number(),
});

/** Percentiles by linear interpolation (type 7). p95 is null below 20 values, p99 below 100. */
export const Percentiles = z.object({
  n: z.number(),
  p50: z.number().nullable(),
  p90: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  max: z.number().nullable(),
});
export type Percentiles = z.infer<typeof Percentiles>;

export const ModelVerdict = z.enum(['fits', 'fails', 'not-enough-evidence']);

export const ModelResult = z.object({
  modelId: ArtifactId,
  name: z.string(),
  quant: z.string().nullable(),
  sizeBytes: z.number(),
  parameters: z.number().nullable(),
  /** Over all labelled suites of the run; null when only speed was measured. */
  overall: Interval.nullable(),
  verdict: ModelVerdict.nullable(),
  verdictReason: z.string().nullable(),
  moreItems: z.number().nullable(),
  suites: z.array(
    z.object({
      suite: z.string(),
      interval: Interval,
      byTemperature: z.array(z.object({ temperature: z.number(), interval: Interval })),
      formatStrict: z.number().nullable(),
      formatLoose: z.number().nullable(),
      errors: z.number(),
      truncated: z.number(),
      refused: z.number(),
      empty: z.number(),
    }),
  ),
  /** Against the reference on the same items; null for the reference itself. */
  paired: z
    .object({
      referenceId: ArtifactId,
      n: z.number(),
      difference: z.number(),
      lowerBound: z.number(),
      nonInferior: z.boolean(),
      mcnemarP: z.number(),
      lost: z.number(),
      gained: z.number(),
    })
    .nullable(),
  completionRate: z.number().nullable(),
  ttftMs: Percentiles,
  totalMs: Percentiles,
  interTokenMs: Percentiles,
  generationTokensPerSecond: z.number().nullable(),
  promptTokensPerSecond: z.number().nullable(),
  tokensPerAnswer: z.number().nullable(),
  speed: z.array(z.object({ test: z.string(), tokensPerSecond: Spread })),
  loadMs: z.number().nullable(),
  peakMemoryBytes: z.number().nullable(),
  latencyHistogram: z.object({ binMs: z.number(), counts: z.array(z.number()) }),
});
export type ModelResult = z.infer<typeof ModelResult>;

export const Verdict = z.object({
  state: ModelVerdict,
  modelId: ArtifactId.nullable(),
  model: z.string().nullable(),
  reason: z.string(),
  /** What the next larger model that also fits would buy, in words; null when there is none. */
  nextLarger: z.string().nullable(),
  moreItems: z.number().nullable(),
});
export type Verdict = z.infer<typeof Verdict>;

export const RunSummary = z.object({
  id: z.string(),
  name: z.string(),
  state: RunState,
  plan: RunPlan,
  total: z.number(),
  done: z.number(),
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  elapsedMs: z.number(),
  verdict: Verdict.nullable(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).nullable(),
});
export type RunSummary = z.infer<typeof RunSummary>;

export const RunChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), runs: z.array(RunSummary) }),
  z.object({ kind: z.literal('run'), run: RunSummary }),
  z.object({ kind: z.literal('removed'), id: z.string() }),
]);
export type RunChange = z.infer<typeof RunChange>;

export const CellState = z.enum(['queued', 'running', 'done', 'failed', 'skipped']);

/** The live matrix, whole, at most 4 times a second. */
export const RunProgress = z.object({
  run: RunSummary,
  models: z.array(
    z.object({
      modelId: ArtifactId,
      name: z.string(),
      quant: z.string().nullable(),
      state: CellState,
      done: z.number(),
      total: z.number(),
      interval: Interval.nullable(),
      elapsedMs: z.number(),
      remainingMs: z.number().nullable(),
      problem: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).nullable(),
    }),
  ),
  cells: z.array(
    z.object({
      modelId: ArtifactId,
      suite: z.string(),
      temperature: z.number(),
      state: CellState,
      done: z.number(),
      total: z.number(),
      passed: z.number(),
      /** Mean tok/s of a speed cell. */
      tokensPerSecond: z.number().nullable(),
    }),
  ),
  remainingMs: z.number().nullable(),
  current: z
    .object({ modelId: ArtifactId, suite: z.string(), itemId: z.string(), temperature: z.number(), input: z.string(), output: z.string() })
    .nullable(),
  /** Newest first, at most 8. */
  recent: z.array(
    z.object({
      modelId: ArtifactId,
      suite: z.string(),
      itemId: z.string(),
      passed: z.boolean().nullable(),
      reason: z.string(),
      totalMs: z.number().nullable(),
    }),
  ),
  /** Last minute of generation speed, oldest first. */
  tokensPerSecond: z.array(z.number()),
  residentBytes: z.number().nullable(),
});
export type RunProgress = z.infer<typeof RunProgress>;

export const RunResults = z.object({
  run: RunSummary,
  suites: z.array(Suite),
  verdict: Verdict,
  /** By file size, ascending: the verdict reads top down. */
  models: z.array(ModelResult),
  /** What a rerun needs to be comparable. */
  conditions: z.object({
    engine: z.string().nullable(),
    backend: z.string().nullable(),
    threads: z.number().nullable(),
    contextTokens: z.number().nullable(),
    cpu: z.string().nullable(),
    models: z.array(z.object({ modelId: ArtifactId, sha256: z.string().nullable() })),
  }),
});
export type RunResults = z.infer<typeof RunResults>;

export const ReportFormat = z.enum(['json', 'jsonl', 'csv', 'md', 'html', 'junit']);
export type ReportFormat = z.infer<typeof ReportFormat>;
