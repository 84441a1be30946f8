import * as z from 'zod';
import { ArtifactId, NextLoad } from './models.ts';

export const chatErrors = {
  conversationNotFound: 'conversation-not-found',
  messageNotFound: 'message-not-found',
  busy: 'conversation-busy',
  noModel: 'no-model-chosen',
} as const;

/** Sampling as llama.cpp names it. Null switches a sampler off; a null seed is a fresh one each time. */
export const Sampling = z.object({
  temperature: z.number().min(0).max(5).default(0.7),
  topP: z.number().min(0).max(1).nullable().default(0.9),
  topK: z.number().int().min(0).max(1_000_000).nullable().default(40),
  minP: z.number().min(0).max(1).nullable().default(0.05),
  repeatPenalty: z.number().min(0.5).max(3).nullable().default(null),
  seed: z.number().int().min(0).max(4_294_967_295).nullable().default(null),
  maxTokens: z.number().int().min(1).max(16_777_216).nullable().default(2048),
  stop: z.array(z.string().min(1).max(200)).max(16).default([]),
});
export type Sampling = z.infer<typeof Sampling>;
export const defaultSampling: Sampling = Sampling.parse({});

/** `limit` = a limit of time or of turns with tools, not of tokens. */
export const FinishReason = z.enum(['stop', 'stop-sequence', 'length', 'context-full', 'limit', 'cancelled', 'error']);
export type FinishReason = z.infer<typeof FinishReason>;

/** Token counts from the engine's own meter. `cachedTokens` were kept from an earlier prompt and are part of `promptTokens`. */
export const Usage = z.object({ promptTokens: z.number(), cachedTokens: z.number(), completionTokens: z.number() });
export type Usage = z.infer<typeof Usage>;

/** Clock: monotonic, in the process that owns the engine; 0 is the moment the request reached it. Null = not measurable (too few tokens). */
export const Timings = z.object({
  loadMs: z.number().nullable(),
  ttftMs: z.number().nullable(),
  /** First token of the answer itself, after any reasoning; absent in what was recorded before it was measured. */
  ttfaMs: z.number().nullable().optional(),
  promptTokensPerSecond: z.number().nullable(),
  generationTokensPerSecond: z.number().nullable(),
  totalMs: z.number(),
});
export type Timings = z.infer<typeof Timings>;

export const Conversation = z.object({
  id: z.string(),
  title: z.string(),
  modelId: ArtifactId.nullable(),
  systemPrompt: z.string(),
  sampling: Sampling,
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Conversation = z.infer<typeof Conversation>;

export const Message = z.object({
  id: z.string(),
  conversationId: z.string(),
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  reasoning: z.string().nullable(),
  state: z.enum(['streaming', 'complete', 'stopped', 'failed']),
  finishReason: FinishReason.nullable(),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      hint: z.string().optional(),
      /** Where memory ran out: how the model may be loaded instead. */
      next: NextLoad.optional(),
    })
    .nullable(),
  usage: Usage.nullable(),
  timings: Timings.nullable(),
  /** Tokens in the context after this message, and how many fit. */
  context: z.object({ usedTokens: z.number(), totalTokens: z.number(), droppedMessages: z.number() }).nullable(),
  modelId: ArtifactId.nullable(),
  modelName: z.string().nullable(),
  createdAt: z.number(),
});
export type Message = z.infer<typeof Message>;

export const ConversationChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), conversations: z.array(Conversation) }),
  z.object({ kind: z.literal('conversation'), conversation: Conversation }),
  z.object({ kind: z.literal('removed'), id: z.string() }),
]);
export type ConversationChange = z.infer<typeof ConversationChange>;

/** What an answer sends while it is made. `delta` carries new text only; counts are totals so far. */
export const AnswerEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), user: Message.nullable(), assistant: Message }),
  z.object({ kind: z.literal('loading'), progress: z.number() }),
  z.object({ kind: z.literal('prompt'), processedTokens: z.number(), totalTokens: z.number() }),
  z.object({
    kind: z.literal('delta'),
    text: z.string(),
    reasoning: z.string(),
    completionTokens: z.number(),
    tokensPerSecond: z.number().nullable(),
  }),
]);
export type AnswerEvent = z.infer<typeof AnswerEvent>;
