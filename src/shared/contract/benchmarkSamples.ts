import * as z from 'zod';
import { FinishReason, Timings, Usage } from './chat.ts';
import { ArtifactId } from './models.ts';
import { ToolCall } from './runner.ts';

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
