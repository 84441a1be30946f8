import * as z from 'zod';
import { call, stream } from '../rpc/routeTable.ts';
import { FinishReason, Sampling, Thinking, Timings, Usage } from './chat.ts';
import { EngineBytes, EngineShare, Placement } from './fit.ts';
import { KvType } from './models.ts';

/** The conversation between the app and one runner process. Frames and pipe are the page's; only the table differs. */
export const ToolCall = z.object({ name: z.string().max(200), arguments: z.record(z.string(), z.json()) });
export type ToolCall = z.infer<typeof ToolCall>;

/** A tool as a model is told of it; `parameters` is the JSON Schema of its arguments. */
export const ToolSpec = z.object({ name: z.string().min(1).max(200), description: z.string(), parameters: z.record(z.string(), z.json()) });
export type ToolSpec = z.infer<typeof ToolSpec>;

export const ChatTurn = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  /** Of an assistant's turn: what it called. */
  toolCalls: z.array(ToolCall).max(128).optional(),
  /** Of a tool's turn: which tool answers. */
  toolName: z.string().max(200).optional(),
  /** Of an assistant's turn that called: what it thought before, for families that go on from there. */
  reasoning: z.string().optional(),
  /** Of a user's turn: what it shows, before its words. Only for a model that was loaded with its projector, and for endpoints. */
  images: z
    .array(z.object({ mediaType: z.string().max(100), data: z.base64() }))
    .max(64)
    .optional(),
});
export type ChatTurn = z.infer<typeof ChatTurn>;

/** Everything is decided by the app: the runner guesses nothing. */
export const LoadRequest = z.object({
  path: z.string(),
  backend: z.enum(['cpu', 'cuda', 'vulkan', 'metal']),
  /** Of each sequence. */
  contextTokens: z.number().int().positive(),
  /** Conversations answered side by side, each with a context of its own; 1 where it is not said. */
  sequences: z.number().int().min(1).max(64).optional(),
  /** Prompt chunk and engine batch. 128 on a CPU: same speed, a quarter of the compute buffer. */
  batchTokens: z.number().int().positive(),
  threads: z.number().int().positive(),
  gpuLayers: z.number().int().nonnegative(),
  flashAttention: z.boolean(),
  /** Of keys and values alike. */
  kvType: KvType,
  useMmap: z.boolean(),
  /** The projector of a model that sees; left out: it is loaded for words alone. */
  projectorPath: z.string().optional(),
});
export type LoadRequest = z.infer<typeof LoadRequest>;

export const LoadResult = z.object({
  loadMs: z.number(),
  contextTokens: z.number(),
  trainContextTokens: z.number().nullable(),
  layers: z.number(),
  gpuLayers: z.number(),
  threads: z.number(),
  backend: z.string(),
  /** For the record of a measurement: node-llama-cpp version and llama.cpp release. */
  engine: z.string(),
  /** What the engine reserved by kind of device, by its own word; null where it told nothing. */
  reserved: z.object({ gpu: EngineShare, ram: EngineShare }).nullable(),
  /** What the GPUs had less after the load than before this process opened them; null on a CPU and where it cannot be told. */
  gpuLostBytes: z.number().nullable(),
  /** Name of the GPU that was used, several joined; null on a CPU. */
  device: z.string().nullable(),
  /** Of this process right after the load; it grows by what the first long prompt touches. */
  residentBytes: z.number(),
  hasChatTemplate: z.boolean(),
  /** Whether the template tells the model of tools, and whether thinking can be switched in it. */
  knowsTools: z.boolean().optional(),
  knowsThinking: z.boolean().optional(),
  /** Whether it can be shown images. */
  seesImages: z.boolean().optional(),
});
export type LoadResult = z.infer<typeof LoadResult>;

/** A token with the natural logarithm of its probability as the model gives it, and those most likely in its place. */
export const TokenLogprob = z.object({
  token: z.string(),
  logprob: z.number(),
  top: z.array(z.object({ token: z.string(), logprob: z.number() })),
});
export type TokenLogprob = z.infer<typeof TokenLogprob>;

/** Oldest turns are also dropped where a conversation fits but leaves less than this, or than may be written: an answer of one token helps nobody. */
export const leastAnswerTokens = 64;

export const GenerateRequest = z.object({
  /** Empty only with `raw`. */
  turns: z.array(ChatTurn).max(10_000),
  /** A prompt as it is, through no template, for completions in the old sense. */
  raw: z.string().max(4_000_000).optional(),
  /** The last turn is an assistant's, and the answer goes on where it ends. Its text is what is new. */
  continues: z.boolean().optional(),
  sampling: Sampling,
  /** JSON Schema that the answer is constrained to. */
  schema: z.record(z.string(), z.unknown()).nullable().default(null),
  /**
   * `reuse` keeps whatever prefix is already evaluated (chat). `fixed` keeps the longest prefix in whole
   * chunks of 128 tokens, so that every scored answer is computed the same way and greedy is bit-identical.
   * `fresh` starts from an empty context.
   */
  prefix: z.enum(['reuse', 'fixed', 'fresh']).default('reuse'),
  /** What to do when the conversation is longer than the context: fail, or drop the oldest turns after the system prompt. @see leastAnswerTokens */
  overflow: z.enum(['fail', 'drop-oldest']).default('fail'),
  /** Told to the model by its own template. @see LoadResult.knowsTools */
  tools: z.array(ToolSpec).max(512).optional(),
  /** Whether it may, must, or must with a certain one; `auto` where it is not said. Forced calls are held to the tool's schema by grammar. */
  toolChoice: z.union([z.enum(['auto', 'required']), z.object({ name: z.string().min(1).max(200) })]).optional(),
  thinking: Thinking.optional(),
  /** Of reasoning, at most; then it is closed, and the answer follows. Left out: as long as the model likes. Not for answers about pictures. */
  thinkingTokens: z.number().int().min(1).max(16_777_216).optional(),
  /** What is added to the logits of single tokens, by their numbers in the model's own vocabulary. Not for answers about pictures. */
  logitBias: z
    .array(z.tuple([z.number().int().min(0).max(16_777_216), z.number().min(-100).max(100)]))
    .max(1024)
    .optional(),
  /** Says of each token how likely it was, with this many in its place; left out: nothing is said. */
  logprobs: z.number().int().min(0).max(20).optional(),
});
export type GenerateRequest = z.infer<typeof GenerateRequest>;

/** At most one item per 16-33 ms. Text is new text only, counts are totals, atMs is since the request arrived. */
export const GenerateItem = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prompt'), processedTokens: z.number(), totalTokens: z.number(), atMs: z.number() }),
  z.object({
    kind: z.literal('tokens'),
    text: z.string(),
    reasoning: z.string(),
    completionTokens: z.number(),
    atMs: z.number(),
    tokensPerSecond: z.number().nullable(),
    logprobs: z.array(TokenLogprob).optional(),
  }),
]);
export type GenerateItem = z.infer<typeof GenerateItem>;

export const GenerateResult = z.object({
  text: z.string(),
  /** Between the reasoning marks of the template's family; null when there was none. */
  reasoning: z.string().nullable(),
  /** Of the tokens that were written, those of the reasoning, its marks among them. */
  reasoningTokens: z.number().optional(),
  finishReason: FinishReason,
  usage: Usage,
  timings: Timings,
  /** Seconds the prompt took and the gaps between tokens, for percentiles. */
  promptMs: z.number(),
  interTokenMs: z.array(z.number()),
  contextUsedTokens: z.number(),
  contextTokens: z.number(),
  droppedTurns: z.number(),
  seed: z.number(),
  /** sha256 of the final prompt text, so that two runs can prove they asked the same. */
  promptSha256: z.string(),
  /** What the model called, read out of its text in the form of its family; `text` is what is left. */
  toolCalls: z.array(ToolCall).optional(),
  /** Why what looks like a call is none; null where all was well. */
  toolProblem: z.string().nullable().optional(),
  /** Which stop sequence ended it; null where none did. */
  stopSequence: z.string().nullable().optional(),
  logprobs: z.array(TokenLogprob).optional(),
});
export type GenerateResult = z.infer<typeof GenerateResult>;

/** llama-bench's pp and tg: random tokens, empty context each repetition, no tokenisation and no sampling chain in the time. */
export const MeasureRequest = z.object({
  promptTokens: z.number().int().nonnegative(),
  generatedTokens: z.number().int().nonnegative(),
  /** Tokens already in the context (llama-bench `-d`). */
  depthTokens: z.number().int().nonnegative().default(0),
  seed: z.number().int().nonnegative().default(1),
  /** A run before the clock starts, as llama-bench does. */
  warmUp: z.boolean().default(false),
});
export const MeasureResult = z.object({ elapsedMs: z.number(), tokensPerSecond: z.number(), residentBytes: z.number() });
export type MeasureResult = z.infer<typeof MeasureResult>;

/** Texts to vectors, by the pooling that the model's file names (the last token's where it names none), each of length 1. */
export const EmbedRequest = z.object({
  texts: z.array(z.string().max(2_000_000)).min(1).max(2048),
  /** Whether of a text that is too long only its beginning is read; otherwise it is an error. */
  isCut: z.boolean().optional(),
});
export type EmbedRequest = z.infer<typeof EmbedRequest>;
export const EmbedResult = z.object({ vectors: z.array(z.array(z.number())), promptTokens: z.number() });
export type EmbedResult = z.infer<typeof EmbedResult>;

/** How many tokens a conversation has after the model's own template. */
export const CountRequest = GenerateRequest.pick({ turns: true, raw: true, tools: true, thinking: true });
export type CountRequest = z.infer<typeof CountRequest>;

export const RunnerMemory = z.object({ residentBytes: z.number(), peakResidentBytes: z.number(), vramBytes: z.number().nullable() });
export type RunnerMemory = z.infer<typeof RunnerMemory>;

export const GpuDevice = z.object({
  name: z.string(),
  backend: z.enum(['cuda', 'vulkan', 'metal']),
  vramBytes: z.number().nullable(),
  freeBytes: z.number().nullable(),
  unified: z.boolean(),
  /** Of its own memory, bytes a second, and where the figure is from; null = unknown. */
  bandwidthBytesPerSecond: z.number().nullable().default(null),
  bandwidthSource: z.enum(['published', 'measured']).nullable().default(null),
});
export type GpuDevice = z.infer<typeof GpuDevice>;

export const SimulateRequest = z.object({ header: z.base64(), backend: LoadRequest.shape.backend, placement: Placement });
export type SimulateRequest = z.infer<typeof SimulateRequest>;

export const runnerRoutes = {
  'runner.ping': call(z.object({}), z.object({ pid: z.number(), uptimeMs: z.number() })),
  'runner.load': stream(LoadRequest, z.object({ progress: z.number() }), LoadResult),
  'runner.tokenise': call(z.object({ text: z.string() }), z.object({ tokens: z.array(z.number()) })),
  'runner.count': call(CountRequest, z.object({ tokens: z.number() })),
  'runner.embed': call(EmbedRequest, EmbedResult),
  'runner.generate': stream(GenerateRequest, GenerateItem, GenerateResult),
  'runner.measure': call(MeasureRequest, MeasureResult),
  'runner.memory': call(z.object({}), RunnerMemory),
  /** Opens the GPU libraries: only ever asked of a runner that is thrown away afterwards. */
  'runner.devices': call(z.object({}), z.object({ devices: z.array(GpuDevice), cpuFeatures: z.array(z.string()), engine: z.string() })),
  /**
   * The engine's own dry run of a bare header (base64): allocates nothing. It ends the process on some bad headers, so it is only ever asked of
   * a runner that is thrown away afterwards.
   */
  'runner.simulate': call(SimulateRequest, EngineBytes),
  /** The polite half of stopping: aborts what runs and ends the process. There is no answer but its exit. */
  'runner.stop': call(z.object({}), z.object({})),
};
export type RunnerRoutes = typeof runnerRoutes;
