import * as z from 'zod';
import { Thinking } from './chat.ts';
import { ArtifactId, KvType } from './models.ts';
import { Interval, Verdict } from './verdicts.ts';

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

export const ReportFormat = z.enum(['json', 'jsonl', 'csv', 'md', 'html', 'junit']);
export type ReportFormat = z.infer<typeof ReportFormat>;
