import * as z from 'zod';
import { FinishReason, Timings, Usage } from './chat.ts';
import { ArtifactId, KvType } from './models.ts';
import { Thinking, ToolCall } from './runner.ts';

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
  /** The model's template tells it of no tools. */
  toolsUnsupported: 'tools-unsupported',
  /** No sandbox could be had for code. */
  sandboxMissing: 'sandbox-missing',
  /** A limit of the plan was reached: time of an answer, turns with tools. */
  limitReached: 'limit-reached',
  judgeUnusable: 'judge-unusable',
  /** A run paused itself, as its plan says. */
  onBattery: 'on-battery',
  tooHot: 'too-hot',
  /** Of a model behind an endpoint: what only an engine on this machine shows. */
  notMeasured: 'not-measured',
  /** Of telemetry: nobody takes it there, or whoever does refused it. */
  collectorUnreachable: 'collector-unreachable',
  collectorRefused: 'collector-refused',
  sampleNotFound: 'sample-not-found',
  /** Nothing was answered, so there is nothing that a person could see otherwise. */
  notOverrulable: 'not-overrulable',
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
  /** Of a suite that ships; its items never change under one number. */
  version: z.number().int().optional(),
  /** Temperatures it is asked at unless others are named; null = the plan's own default. */
  temperatures: z.array(z.number()).nullable().optional(),
  /** Room that its answers need; null = the plan's own default. */
  maxTokens: z.number().int().nullable().optional(),
  /** Context that its longest items need; a model is loaded with it as far as it fits, unless the plan names one. */
  contextTokens: z.number().int().nullable().optional(),
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
  thinking: Thinking.default('default'),
  /** Of keys and values; null = as the model would be loaded for a chat. */
  kvType: KvType.nullable().default(null),
  /**
   * How the 5 % are shared among the models of the run. `holm`: among all that were named before. `fixed-sequence`: from the largest down, each at
   * 5 %, until one does not pass; then nothing below it can.
   */
  testing: z.enum(['holm', 'fixed-sequence']).default('holm'),
  /** Model that is asked about answers with a rubric, in a phase after all others. Never itself a candidate there. */
  judgeId: ArtifactId.nullable().default(null),
  /** Runners that answer side by side; null = as many as a calibration shows to pay. */
  lanes: z.number().int().min(1).max(64).nullable().default(null),
  /** Requests at the same time that an endpoint is measured with, one part of the run each. */
  concurrency: z.array(z.number().int().min(1).max(64)).min(1).max(8).default([1]),
  /** Seconds that an answer may take, tools included. A limit that is hit is a failed answer. */
  answerSeconds: z.number().int().min(1).max(86_400).default(600),
  /** Model turns of one answer with tools. */
  turns: z.number().int().min(1).max(50).default(10),
  /** Minutes that the run may take before it pauses by itself; null = as long as it needs. */
  runMinutes: z.number().min(1).nullable().default(null),
  /** Askings again after a crash or a broken connection. A wrong answer is never asked again. */
  retries: z.number().int().min(0).max(10).default(1),
  pauseOnBattery: z.boolean().default(false),
  pauseOnHeat: z.boolean().default(false),
  /**
   * When more items were asked for, milliseconds since 1970: each is a further look at the data, and the verdict shares its 5 % among the looks.
   * Written by the run, never by a caller.
   */
  extendedAt: z.array(z.number()).max(100).optional(),
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
  /** Items that cannot be asked on this machine, or of the models that the reason names, as far as that is known before the run. */
  notRun: z.array(z.object({ items: z.number(), reason: z.string(), hint: z.string().nullable() })),
  /**
   * What the plan's judge is asked after the answers: about how many judgements, of how many items, and how many of people's it is tried on first
   * (0 = it was already). Null without a judge.
   */
  judging: z.object({ items: z.number(), judgements: z.number(), ofPeople: z.number() }).nullable(),
});
export type Estimate = z.infer<typeof Estimate>;

export const Interval = z.object({ passRate: z.number(), low: z.number(), high: z.number(), n: z.number(), passed: z.number() });
export type Interval = z.infer<typeof Interval>;

/** A call of a tool with what came of it. Calls of one turn are parallel. */
export const RecordedCall = ToolCall.extend({ turn: z.number(), result: z.string(), error: z.string().nullable(), tookMs: z.number() });
export type RecordedCall = z.infer<typeof RecordedCall>;

/** What making a sample took, beside its timings. */
export const SampleWork = z.object({
  modelMs: z.number(),
  toolMs: z.number(),
  turns: z.number(),
  attempts: z.number(),
  /** Answers made at the same time on this machine; only those made alone (1) count for latency and speed. */
  beside: z.number(),
  joules: z.number().nullable(),
  /** 0 to 1. */
  gpuUtilisation: z.number().nullable(),
  gpuMemoryBytes: z.number().nullable(),
});
export type SampleWork = z.infer<typeof SampleWork>;

/** What a judge said of one answer. */
export const Judgement = z.object({
  judgeId: ArtifactId,
  judgeName: z.string(),
  kind: z.enum(['checklist', 'preference']),
  /** Share of the criteria that are met, 0 to 1; of a preference 1 = better, 0 = worse, 0.5 = tie. Null = the judge did not do as it was told. */
  score: z.number().nullable(),
  criteria: z.array(z.object({ criterion: z.string(), met: z.enum(['met', 'not-met', 'cannot-tell', 'void']), evidence: z.string() })),
  note: z.string(),
  /** Of a preference: the model it was held against. */
  againstId: ArtifactId.nullable(),
});
export type Judgement = z.infer<typeof Judgement>;

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
      /** How the tools were used, of items that are graded by their calls. */
      tools: z
        .object({ rightTool: z.boolean(), rightArguments: z.boolean(), extraCalls: z.number(), answeredWithout: z.boolean() })
        .nullable()
        .optional(),
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
  // What follows is absent in what was journaled before it was measured.
  reasoning: z.string().nullable().optional(),
  /** Calls of tools in the order they were made. */
  calls: z.array(RecordedCall).optional(),
  work: SampleWork.optional(),
  judgements: z.array(Judgement).optional(),
  /** A person's word against the grader's: then `passed` and `state` follow the person, and the grade stays to be seen. */
  overrule: z.object({ passed: z.boolean(), note: z.string(), at: z.number() }).nullable().optional(),
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
  /** What the true p95 is at most, with 95 % confidence, by order statistics; null below 59 values. */
  p95AtMost: z.number().nullable().optional(),
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

export const Verdict = z.object({
  state: ModelVerdict,
  modelId: ArtifactId.nullable(),
  model: z.string().nullable(),
  reason: z.string(),
  /** What the next larger model that also fits would buy, in words; null when there is none. */
  nextLarger: z.string().nullable(),
  moreItems: z.number().nullable(),
  /** How the 5 % were shared: the procedure, the look at the data (from 1), and what of them this look may spend. */
  level: z.object({ testing: z.enum(['holm', 'fixed-sequence']), look: z.number(), alpha: z.number() }).optional(),
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
      /** Of those done: could not be asked or graded here, so neither passed nor failed. */
      notRun: z.number().optional(),
    }),
  ),
  remainingMs: z.number().nullable(),
  /** Answers made at the same time now. */
  lanes: z.number().optional(),
  /** Askings again after a crash or a broken connection, so far. */
  retries: z.number().optional(),
  /** The phase after all answers, where there is a judge. */
  judging: z.object({ judge: z.string(), done: z.number(), total: z.number() }).nullable().optional(),
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

export const ReportFormat = z.enum(['json', 'jsonl', 'csv', 'md', 'html', 'junit']);
export type ReportFormat = z.infer<typeof ReportFormat>;
