import * as z from 'zod';
import { AnswerEvent, Attachment, attachmentLimit, Message, NewAttachment, Sampling } from './chat.ts';
import { ArtifactId } from './models.ts';

export const comparisonErrors = {
  notFound: 'comparison-not-found',
  busy: 'comparison-running',
  /** Stands for the reason why a model of a blind comparison gave no answer: it could name the model. */
  hidden: 'comparison-hidden',
} as const;
export const comparedModels = { least: 2, most: 4 } as const;

/** What is asked of every model. */
export const ComparisonDraft = z.object({
  /** In the order of the columns; a blind one is shuffled. Artifacts, or models behind endpoints. */
  modelIds: z.array(ArtifactId).min(comparedModels.least).max(comparedModels.most),
  prompt: z.string().min(1).max(2_000_000),
  systemPrompt: z.string().max(100_000).default(''),
  /** Text files go to every model, pictures to those that see. */
  attachments: z.array(NewAttachment).max(attachmentLimit).default([]),
  /** One seed for all: a null seed is drawn once. */
  sampling: Sampling,
  /** Names stay hidden until a vote. */
  isBlind: z.boolean().default(false),
  /** `turns`: one after another, so that speeds can be compared. `together`: all at once. */
  pace: z.enum(['turns', 'together']).default('turns'),
});
export type ComparisonDraft = z.infer<typeof ComparisonDraft>;

/**
 * One model's answer. While a blind comparison is not voted on, model, reasoning, counts and speeds are null, and until all its answers are
 * written they are all `waiting`, without text: how fast a column grows would tell which model it is. One that is stopped is blind no more: who was
 * being asked at that moment is seen in what is in memory.
 */
export const ComparedAnswer = z.object({
  /** A, B, C, D. */
  label: z.string(),
  modelId: ArtifactId.nullable(),
  modelName: z.string().nullable(),
  text: z.string(),
  reasoning: z.string().nullable(),
  state: z.enum(['waiting', 'streaming', 'complete', 'stopped', 'failed']),
  finishReason: Message.shape.finishReason,
  error: Message.shape.error,
  usage: Message.shape.usage,
  timings: Message.shape.timings,
});
export type ComparedAnswer = z.infer<typeof ComparedAnswer>;

export const Comparison = z.object({
  id: z.string(),
  prompt: z.string(),
  systemPrompt: z.string(),
  attachments: z.array(Attachment),
  sampling: Sampling,
  isBlind: z.boolean(),
  pace: ComparisonDraft.shape.pace,
  answers: z.array(ComparedAnswer),
  /** Index of the better answer; `tie`: equally good, `none`: all bad; null: not voted. */
  vote: z.union([z.number().int(), z.enum(['tie', 'none'])]).nullable(),
  createdAt: z.number(),
});
export type Comparison = z.infer<typeof Comparison>;

/** A comparison without its answers and files, as a list shows it. */
export const ComparisonEntry = Comparison.omit({ answers: true, attachments: true }).extend({
  /** Names of the columns; null while they are hidden. */
  modelNames: z.array(z.string().nullable()),
});
export type ComparisonEntry = z.infer<typeof ComparisonEntry>;

/** How often a model was preferred where it was shown beside others. Only blind votes count. */
export const Standing = z.object({
  modelId: ArtifactId,
  modelName: z.string(),
  shown: z.number(),
  won: z.number(),
  tied: z.number(),
  lost: z.number(),
  /** Two-sided 95 % Wilson interval of won / (won + lost); null without either. */
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type Standing = z.infer<typeof Standing>;

/**
 * `answer` is what one column shows next, as a chat's answer does; `column` is the whole of it when its state changes. Of a blind comparison
 * only `progress` is told until all is written: how many columns have ended, not which.
 */
export const ComparisonEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), comparison: Comparison }),
  z.object({ kind: z.literal('answer'), index: z.number(), event: AnswerEvent }),
  z.object({ kind: z.literal('column'), index: z.number(), answer: ComparedAnswer }),
  z.object({ kind: z.literal('progress'), ended: z.number() }),
]);
export type ComparisonEvent = z.infer<typeof ComparisonEvent>;
