import * as z from 'zod';
import { ArtifactId, NextLoad } from './models.ts';

export const chatErrors = {
  conversationNotFound: 'conversation-not-found',
  messageNotFound: 'message-not-found',
  presetNotFound: 'preset-not-found',
  busy: 'conversation-busy',
  noModel: 'no-model-chosen',
  /** The model cannot see: it has no projector, or none that this engine reads. */
  noVision: 'images-unsupported',
  badImport: 'chat-import-unreadable',
} as const;

/** Sampling as llama.cpp names it. Null switches a sampler off; a null seed is a fresh one each time. */
export const Sampling = z.object({
  temperature: z.number().min(0).max(5).default(0.7),
  topP: z.number().min(0).max(1).nullable().default(0.9),
  topK: z.number().int().min(0).max(1_000_000).nullable().default(40),
  minP: z.number().min(0).max(1).nullable().default(0.05),
  repeatPenalty: z.number().min(0.5).max(3).nullable().default(null),
  /** As OpenAI has them; absent or null = off. */
  presencePenalty: z.number().min(-2).max(2).nullable().optional(),
  frequencyPenalty: z.number().min(-2).max(2).nullable().optional(),
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

/** What the model's own template says, or not: asked of a family that can think. */
export const Thinking = z.enum(['default', 'on', 'off']);
export type Thinking = z.infer<typeof Thinking>;

/** Which of the tools that ship a chat offers its model, and what each may do without asking. */
export const ChatTools = z.object({
  calculator: z.boolean().default(false),
  python: z.boolean().default(false),
  fetch: z.boolean().default(false),
  /** Host names that `http_get` may ask, `example.org` or `*.example.org`. Nothing else is ever fetched. */
  fetchHosts: z.array(z.string().min(1).max(253)).max(100).default([]),
  /** Tools whose calls are run without asking. The calculator's always are. */
  allowed: z
    .array(z.enum(['execute_python', 'http_get']))
    .max(2)
    .default([]),
});
export type ChatTools = z.infer<typeof ChatTools>;
export const noChatTools: ChatTools = ChatTools.parse({});

/** How a conversation is answered, beside its sampling. */
export const AnswerShape = z.object({
  thinking: Thinking.default('default'),
  /** JSON Schema that answers are held to; null = free text. */
  schema: z.record(z.string(), z.json()).nullable().default(null),
  tools: ChatTools.prefault({}),
  /** A conversation longer than the context: leave its oldest messages out and say so, or stop with an error. */
  overflow: z.enum(['drop-oldest', 'fail']).default('drop-oldest'),
});
export type AnswerShape = z.infer<typeof AnswerShape>;
export const defaultAnswerShape: AnswerShape = AnswerShape.parse({});

/** What goes into a prompt beside its words. Bytes as base64. */
export const NewAttachment = z.object({
  kind: z.enum(['image', 'text']),
  name: z.string().min(1).max(255),
  mediaType: z.string().max(100),
  data: z.base64().max(28_000_000),
});
export type NewAttachment = z.infer<typeof NewAttachment>;
export const attachmentLimit = 8;
/** Of one message, all together. */
export const attachmentBytes = 20_000_000;
/** Of an import, in one piece: a list of conversations comes in as many as it needs. */
export const importCharacters = 60_000_000;

export const Attachment = NewAttachment.omit({ data: true }).extend({ id: z.string(), sizeBytes: z.number() });
export type Attachment = z.infer<typeof Attachment>;

/** A call of a tool in an answer. `asking` waits for the person; `refused` was told to the model. */
export const ChatCall = z.object({
  id: z.string(),
  name: z.string(),
  arguments: z.record(z.string(), z.json()),
  state: z.enum(['asking', 'running', 'done', 'failed', 'refused']),
  /** What the model was told; null until there is something. */
  result: z.string().nullable(),
  tookMs: z.number().nullable(),
  /** Characters of the answer's text that came before it: where it is shown. */
  at: z.number(),
});
export type ChatCall = z.infer<typeof ChatCall>;

export const Conversation = z.object({
  id: z.string(),
  title: z.string(),
  /** An artifact of this disk, or a model behind an endpoint (`endpointModelId`). */
  modelId: ArtifactId.nullable(),
  systemPrompt: z.string(),
  sampling: Sampling,
  shape: AnswerShape,
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Conversation = z.infer<typeof Conversation>;

export const Message = z.object({
  id: z.string(),
  conversationId: z.string(),
  /** What it answers or follows; null for a first message. */
  parentId: z.string().nullable(),
  /** All that stand in its place, itself among them, oldest first: answers made again, questions edited. */
  siblingIds: z.array(z.string()),
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
      /** Where memory ran out or the context is full: how the model may be loaded instead. */
      next: NextLoad.optional(),
    })
    .nullable(),
  usage: Usage.nullable(),
  timings: Timings.nullable(),
  /** Tokens in the context after this message, and how many fit. */
  context: z.object({ usedTokens: z.number(), totalTokens: z.number(), droppedMessages: z.number() }).nullable(),
  modelId: ArtifactId.nullable(),
  modelName: z.string().nullable(),
  attachments: z.array(Attachment),
  calls: z.array(ChatCall),
  /** Whether a person has changed an answer's words. */
  isEdited: z.boolean(),
  /** What was asked for and could not be had, in words: tools that its template does not know. Absent where all was. */
  notice: z.string().optional(),
  createdAt: z.number(),
});
export type Message = z.infer<typeof Message>;

/** A conversation as it is shown: the messages of one path, from the first to the last. */
export const OpenConversation = z.object({ conversation: Conversation, messages: z.array(Message) });
export type OpenConversation = z.infer<typeof OpenConversation>;

/** How much of the context the next message would find taken. Null counts = cannot be told before the model is loaded. */
export const ContextUse = z.object({
  usedTokens: z.number().nullable(),
  totalTokens: z.number().nullable(),
  /** Messages that would be left out. */
  droppedMessages: z.number(),
});
export type ContextUse = z.infer<typeof ContextUse>;

/** A named way to answer. Those that ship have `isShipped` and cannot be changed. */
export const ChatPreset = z.object({
  id: z.string(),
  name: z.string().min(1).max(100),
  isShipped: z.boolean(),
  /** Null = leave the conversation's own. */
  systemPrompt: z.string().max(100_000).nullable(),
  sampling: Sampling,
  shape: AnswerShape.nullable(),
});
export type ChatPreset = z.infer<typeof ChatPreset>;

/** A place where searched words were found. */
export const ChatHit = z.object({
  conversationId: z.string(),
  title: z.string(),
  /** Null: the title has them. */
  messageId: z.string().nullable(),
  role: Message.shape.role.nullable(),
  /** Some words around, in parts; marked ones are the words that were searched. */
  snippet: z.array(z.object({ text: z.string(), isMarked: z.boolean() })),
  at: z.number(),
});
export type ChatHit = z.infer<typeof ChatHit>;

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
  /** A call is asked for, runs, or has ended: the whole of it, each time. */
  z.object({ kind: z.literal('call'), call: ChatCall }),
]);
export type AnswerEvent = z.infer<typeof AnswerEvent>;
