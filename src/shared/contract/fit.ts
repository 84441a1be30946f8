import * as z from 'zod';
import type { FitEstimate, FitShape } from '#core/fit/fitTypes.ts';
import { RepoId } from './catalog.ts';
import { ArtifactId, KvType, LoadOptions, NextLoad } from './models.ts';

/** Codes of what keeps a fit from being known. */
export const fitErrors = {
  /** The engine's dry run did not end in time, or ended the process. */
  simulationFailed: 'simulation-failed',
} as const;

/** A model to plan for: one of the library, or a quant on the hub whose header can be read. */
export const FitTarget = z.union([
  z.object({ artifactId: ArtifactId }),
  z.object({ repo: RepoId, commit: z.string().min(1).max(200), file: z.string().min(1).max(1000) }),
]);
export type FitTarget = z.infer<typeof FitTarget>;

/** One placement, decided to the last number: a dry run guesses nothing. */
export const Placement = z.object({
  contextTokens: z
    .number()
    .int()
    .min(1)
    .max(2 ** 31),
  kvType: KvType,
  flashAttention: z.boolean(),
  batchTokens: z.number().int().min(1).max(1_048_576),
  /** Output layer counted; 0 = the processor alone. */
  gpuLayers: z.number().int().min(0).max(100_000),
  sequences: z.number().int().min(1).max(256).default(1),
});
export type Placement = z.infer<typeof Placement>;

/** Bytes that the engine reserves on one kind of device, by its own word. */
export const EngineShare = z.object({ weights: z.number(), kvAndState: z.number(), compute: z.number() });
export type EngineShare = z.infer<typeof EngineShare>;

/** What the engine's own dry run says it would reserve on this machine: tier T1. */
export const EngineBytes = z.object({
  backend: z.enum(['cpu', 'cuda', 'vulkan', 'metal']),
  placement: Placement,
  gpu: EngineShare,
  ram: EngineShare,
});
export type EngineBytes = z.infer<typeof EngineBytes>;

/** How a model would be loaded, and why. */
export const LoadPlan = z.object({
  /** Nothing is left open. */
  options: LoadOptions,
  backend: EngineBytes.shape.backend,
  batchTokens: z.number(),
  /** Null where nothing can be computed from the header; `reasons` say why. */
  fit: z.custom<FitEstimate>().nullable(),
  /** t0: computed; t1: the engine's dry run. */
  tier: z.enum(['t0', 't1']),
  /** Sentences for people, most important first: `All 29 layers fit on the GPU.` */
  reasons: z.array(z.string()),
  /** The next plan to try where this one runs out of memory; null = there is none smaller. */
  next: NextLoad.nullable(),
});
export type LoadPlan = z.infer<typeof LoadPlan>;

/** One load that happened: what was expected and what it took. Tier T2. */
export const LoadObservation = z.object({
  id: z.string(),
  artifactId: ArtifactId,
  name: z.string(),
  at: z.number(),
  engine: z.string(),
  backend: EngineBytes.shape.backend,
  /** Name of the GPU; null on a CPU. */
  device: z.string().nullable(),
  placement: Placement,
  layers: z.number(),
  estimated: z.object({ tier: z.enum(['t0', 't1']), gpuBytes: z.number(), ramBytes: z.number(), totalBytes: z.number() }),
  measured: z.object({
    gpu: EngineShare,
    ram: EngineShare,
    /** What the device had less after the load; null where it cannot be told. */
    gpuLostBytes: z.number().nullable(),
    /** Resident memory of the runner's process: right after the load, and the most that was seen after answers, which touch what was only reserved. */
    residentBytes: z.number(),
    /** GPU and process together, to hold against `estimated.totalBytes`. */
    totalBytes: z.number(),
  }),
  /** Generation, the median of the first answers; null until something long enough was generated. Both at the depth of those answers. */
  tokensPerSecond: z.object({ estimated: z.number().nullable(), measured: z.number().nullable() }),
});
export type LoadObservation = z.infer<typeof LoadObservation>;

const TokenTime = z.object({ depthTokens: z.number(), seconds: z.number() });

/** What is kept of a load to correct later estimates by; not sent to the page. */
export const LoadLesson = z.object({
  /** The estimate by formula alone; core's `LoadBaseline`. */
  baseline: z.object({
    ramBytes: z.number(),
    speed: z.tuple([TokenTime, TokenTime]).nullable(),
    bandwidthBytesPerSecond: z.number().positive().nullable().default(null),
  }),
  /** As it was shown, at half the context. */
  estimatedTokensPerSecond: z.number().nullable(),
  answers: z.array(z.object({ tokensPerSecond: z.number(), depthTokens: z.number() })),
});
export type LoadLesson = z.infer<typeof LoadLesson>;

/** The shape of a model on this disk, or why there is none. */
export const ArtifactShape = z.object({
  id: ArtifactId,
  shape: z.custom<FitShape>().nullable(),
  projectorBytes: z.number(),
  problem: z.string().nullable(),
});
export type ArtifactShape = z.infer<typeof ArtifactShape>;
