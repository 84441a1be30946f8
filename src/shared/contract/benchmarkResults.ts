import * as z from 'zod';
import { RunSummary, Suite } from './benchmarks.ts';
import { ArtifactId } from './models.ts';
import { Interval, ModelVerdict, Verdict } from './verdicts.ts';

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
  /** What the true p95 is at most, with 95 % confidence, by order statistics; null below 59 values. */
  p95AtMost: z.number().nullable().optional(),
});
export type Percentiles = z.infer<typeof Percentiles>;

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
      /** By the names of the items' tasks, in the order of the items. */
      byTask: z.array(z.object({ task: z.string(), interval: Interval })),
      formatAnswers: z.number().optional(),
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
  /** True for a model behind an endpoint: nothing is known of its size. */
  remote: z.boolean().optional(),
  ttfaMs: Percentiles,
  /** Milliseconds a token after the first, by answer. */
  tpotMs: Percentiles,
  /** Share of the items that passed on every asking, where each was asked k > 1 times. */
  /** Of an answer with its tools: what the model took and what the tools took. Only where tools were called. */
  modelMs: Percentiles,
  toolMs: Percentiles,
  /** How the askings ended; a limit of the plan is a time-out. Cancelled ones and those not run are no part of any rate. */
  endings: z.object({
    completed: z.number(),
    truncated: z.number(),
    timedOut: z.number(),
    errors: z.number(),
    cancelled: z.number(),
    notRun: z.number(),
  }),
  /** Why what was not run was not, the most frequent reason first. */
  notRunBecause: z.array(z.object({ reason: z.string(), n: z.number() })),
  /** Of a second load in the same sitting: the file is in memory then. */
  warmLoadMs: z.number().nullable(),
  passPowerK: z.object({ k: z.number(), n: z.number(), rate: z.number() }).nullable(),
  /** The five items that went worst, over all askings; fewer where fewer failed. */
  worst: z.array(z.object({ suite: z.string(), itemId: z.string(), share: z.number(), reason: z.string() })),
  toolCalls: z
    .object({
      /** Items with tools; shares of them. */
      n: z.number(),
      rightTool: z.number(),
      rightArguments: z.number(),
      extraCalls: z.number(),
      answeredWithout: z.number(),
    })
    .nullable(),
  /** Mean over answers with a judgement that can be used; `calibrated` = the judge agrees enough with people to count. */
  judged: z
    .object({ n: z.number(), missing: z.number(), score: z.number(), low: z.number(), high: z.number(), calibrated: z.boolean() })
    .nullable(),
  /** Of answers held against another model's: 1 = better, 0.5 = a tie. Never part of pass or fail. */
  preferred: z
    .object({ n: z.number(), missing: z.number(), score: z.number(), low: z.number(), high: z.number(), calibrated: z.boolean() })
    .nullable(),
  joulesPerAnswer: z.number().nullable(),
  promptTokensPerAnswer: z.number().nullable(),
  cachedTokensPerAnswer: z.number().nullable(),
  gpuUtilisation: z.number().nullable(),
  peakGpuBytes: z.number().nullable(),
  /** Of the scatter: no other is better in score, latency and memory alike beyond doubt. */
  frontier: z.enum(['on', 'tie', 'dominated']).nullable(),
  /** Requests a second and latency by requests at the same time, of an endpoint that was swept. */
  sweep: z.array(z.object({ concurrency: z.number(), requestsPerSecond: z.number(), totalMs: Percentiles, errors: z.number() })),
});
export type ModelResult = z.infer<typeof ModelResult>;

/** Money for a million tokens at a hosted model, by the user's own table. */
export const Price = z.object({
  model: z.string().min(1).max(120),
  inputPerMillion: z.number().min(0).max(100_000),
  outputPerMillion: z.number().min(0).max(100_000),
  currency: z.string().min(1).max(8),
  /** Day it was entered, as 2026-11-21. */
  enteredOn: z.iso.date(),
});
export type Price = z.infer<typeof Price>;

export const PriceTable = z.object({
  prices: z.array(Price).max(200),
  /** Money a kilowatt-hour; null = electricity is left out. */
  electricityPerKwh: z.number().min(0).max(1000).nullable(),
  currency: z.string().min(1).max(8),
});
export type PriceTable = z.infer<typeof PriceTable>;

export const RunCost = z.object({
  /** Mean of the run's answers. */
  inputTokens: z.number(),
  outputTokens: z.number(),
  rows: z.array(
    z.object({
      label: z.string(),
      modelId: ArtifactId.nullable(),
      kind: z.enum(['local', 'hosted']),
      /** Price in words: `$0.15 in, $0.60 out`, `electricity only`. */
      price: z.string(),
      passRate: z.number().nullable(),
      /** Money a thousand calls; null where nothing was measured or entered. */
      perThousandCalls: z.number().nullable(),
      currency: z.string(),
      enteredOn: z.string().nullable(),
    }),
  ),
  /** Watts the machine's sensor saw while answers were made; null without a sensor. */
  watts: z.number().nullable(),
});
export type RunCost = z.infer<typeof RunCost>;

/** One asking that one side passed and the other did not. */
export const Flip = z.object({
  suite: z.string(),
  itemId: z.string(),
  temperature: z.number(),
  repeat: z.number(),
  passedBefore: z.boolean(),
  /** What was asked; of a long question its two ends. */
  input: z.string(),
  outputBefore: z.string().nullable(),
  outputNow: z.string().nullable(),
});
export type Flip = z.infer<typeof Flip>;

/** Two runs of a model, or two models (quants) of one run, on the same questions. */
export const ModelComparison = z.object({
  modelId: ArtifactId,
  /** Items that both graded. */
  n: z.number(),
  /** Items that passed less often, and more often, than before. */
  lost: z.number(),
  gained: z.number(),
  /** Exact two-sided McNemar test. */
  mcnemarP: z.number(),
  /** Points and latency now against before; null where one side has none. */
  passRateBefore: z.number().nullable().optional(),
  passRateNow: z.number().nullable().optional(),
  latencyRatio: z.number().nullable().optional(),
  /** Askings with another answer that scored the same. */
  changed: z.number().optional(),
  /** What is not the same: the file's hash, the quant, the engine. Empty = only chance is left. */
  differs: z.array(z.string()).optional(),
  flips: z.array(Flip),
});
export type ModelComparison = z.infer<typeof ModelComparison>;

export const RunComparison = z.object({ baselineRunId: z.string(), models: z.array(ModelComparison) });
export type RunComparison = z.infer<typeof RunComparison>;

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
    /** Of all models, in words, with the suite that it was chosen for. */
    context: z.string().nullable().optional(),
    cpu: z.string().nullable(),
    models: z.array(z.object({ modelId: ArtifactId, sha256: z.string().nullable() })),
    power: z.enum(['mains', 'battery']).nullable().optional(),
    thermal: z.string().nullable().optional(),
  }),
  /** Two runs with the same key asked the same in the same way: their scores may be compared, and their speeds too. */
  comparability: z
    .object({ key: z.string(), parts: z.array(z.object({ name: z.string(), value: z.string() })) })
    .nullable()
    .optional(),
  /** How the judge did on the labelled judgements that ship. */
  judge: z
    .object({
      judgeId: ArtifactId,
      name: z.string(),
      n: z.number(),
      accuracy: z.number(),
      kappa: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      calibrated: z.boolean(),
      /** Share of a tenth of the judgements that came out otherwise with another seed. */
      flipRate: z.number().nullable(),
      problem: z.string().nullable(),
    })
    .nullable()
    .optional(),
  cost: RunCost.nullable().optional(),
  /** Why this run should be made anew: a model's file, the engine or a suite has changed since. */
  outdated: z.array(z.string()).optional(),
});
export type RunResults = z.infer<typeof RunResults>;
