import * as z from 'zod';
import { kvTypes } from '#core/fit/fitTypes.ts';

/** Codes of everything that can go wrong with a model file or with loading one. */
export const modelErrors = {
  notFound: 'model-not-found',
  /** Asked by another program, while models are not loaded on demand. */
  notLoaded: 'model-not-loaded',
  ambiguous: 'model-ambiguous',
  notGguf: 'not-gguf',
  truncated: 'gguf-truncated',
  invalid: 'gguf-invalid',
  unsupportedVersion: 'gguf-version-unsupported',
  unsupportedArchitecture: 'architecture-unsupported',
  shardMissing: 'shard-missing',
  fileMissing: 'file-missing',
  fileChanged: 'file-changed',
  folderMissing: 'folder-missing',
  notOwned: 'not-owned',
  inUse: 'model-in-use',
  diskFull: 'disk-full',
  outOfMemory: 'out-of-memory',
  loadFailed: 'load-failed',
  runnerCrashed: 'runner-crashed',
  runnerUnresponsive: 'runner-unresponsive',
  runnerBlocked: 'runner-blocked',
  driver: 'driver-failed',
  template: 'chat-template-failed',
  contextFull: 'context-full',
  schema: 'schema-invalid',
} as const;

export const ArtifactId = z.string().min(1).max(200);
export type ArtifactId = z.infer<typeof ArtifactId>;

/** A measured number with what is needed to trust it. */
export const MeasuredSpeed = z.object({
  promptTokensPerSecond: z.number().nullable(),
  generationTokensPerSecond: z.number().nullable(),
  loadMs: z.number().nullable(),
  peakMemoryBytes: z.number().nullable(),
  measuredAt: z.number(),
  runId: z.string().nullable(),
});
export type MeasuredSpeed = z.infer<typeof MeasuredSpeed>;

export const BestScore = z.object({
  passRate: z.number(),
  low: z.number(),
  high: z.number(),
  n: z.number(),
  runId: z.string(),
  suite: z.string(),
});

/** Apps whose models are used where they lie. Their folders are read and never written. */
export const AppName = z.enum(['ollama', 'lm-studio', 'hub-cache', 'llama-cpp', 'jan', 'gpt4all', 'docker']);
export type AppName = z.infer<typeof AppName>;

/**
 * Whose file it is. `downloaded` was fetched by Rightsize (into its own folder or into the shared hub cache) and may be deleted by it;
 * `folder` lies in a folder that the user added; an app's name: that app downloaded it.
 */
export const Owner = z.enum(['bundled', 'imported', 'folder', 'downloaded', ...AppName.options]);
export type Owner = z.infer<typeof Owner>;

/** Where an artifact came from. Null fields = not known. */
export const Provenance = z.object({
  repo: z.string(),
  revision: z.string().nullable(),
  commit: z.string().nullable(),
  /** Path within the repo. */
  file: z.string().nullable(),
  /** Whether the bytes were checked against the hub's hash, and when. */
  verifiedAt: z.number().nullable(),
});
export type Provenance = z.infer<typeof Provenance>;

/** One quant on this disk: a GGUF file or a complete shard set. */
export const Artifact = z.object({
  /** Readable and stable: a slug of the file name, with a short path hash where two would be equal. */
  id: ArtifactId,
  name: z.string(),
  publisher: z.string().nullable(),
  repo: z.string().nullable(),
  quant: z.string().nullable(),
  /** What the app that owns it calls it: `llama3.2:3b`. Null where its file name is all there is. */
  nameInApp: z.string().nullable(),
  /** First (or only) file. Shown to the user; the page never sends it back. */
  path: z.string(),
  files: z.array(z.string()),
  sizeBytes: z.number(),
  /** Of the only file; of a shard set the hash over its files' hashes in order. Null until hashed. */
  sha256: z.string().nullable(),
  /** What the owning app, or the hub, says it is. The bytes were not read for it: enough to find the same model, not to prove it. */
  claimedSha256: z.string().nullable().optional(),
  owner: Owner,
  folderId: z.string().nullable(),
  state: z.enum(['ready', 'missing', 'broken']),
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).nullable(),
  architecture: z.string().nullable(),
  parameters: z.number().nullable(),
  contextTokens: z.number().nullable(),
  license: z.string().nullable(),
  hasChatTemplate: z.boolean(),
  /** The vision or audio projector that lies beside it. */
  projectorPath: z.string().nullable(),
  provenance: Provenance.nullable(),
  /** The hub has other bytes for this file now. Null = none known. */
  update: z.object({ commit: z.string(), sizeBytes: z.number(), foundAt: z.number() }).nullable(),
  addedAt: z.number(),
  lastUsedAt: z.number().nullable(),
  speed: MeasuredSpeed.nullable(),
  score: BestScore.nullable(),
});
export type Artifact = z.infer<typeof Artifact>;

/** Header facts as `inspect` prints them and the drawer shows them. Long values are cut, never arrays of a vocabulary. */
export const Inspection = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  version: z.number(),
  architecture: z.string().nullable(),
  name: z.string().nullable(),
  quant: z.string().nullable(),
  parameters: z.number().nullable(),
  contextTokens: z.number().nullable(),
  blockCount: z.number().nullable(),
  embeddingLength: z.number().nullable(),
  headCount: z.number().nullable(),
  headCountKv: z.number().nullable(),
  vocabularySize: z.number().nullable(),
  license: z.string().nullable(),
  shard: z.object({ index: z.number(), total: z.number() }).nullable(),
  tensorCount: z.number(),
  tensorBytes: z.number(),
  bitsPerWeight: z.number().nullable(),
  tensorTypes: z.array(z.object({ type: z.string(), count: z.number(), bytes: z.number() })),
  metadata: z.array(z.object({ key: z.string(), type: z.string(), value: z.string() })),
  chatTemplate: z.string().nullable(),
});
export type Inspection = z.infer<typeof Inspection>;

export const ModelFolder = z.object({
  id: z.string(),
  path: z.string(),
  available: z.boolean(),
  artifactCount: z.number(),
  sizeBytes: z.number(),
});
export type ModelFolder = z.infer<typeof ModelFolder>;

/** Models of another app on this machine. */
export const AppSource = z.object({
  app: AppName,
  /** For people: `LM Studio`. */
  label: z.string(),
  /** Folder that was looked at; null where the app was not found. */
  path: z.string().nullable(),
  isEnabled: z.boolean(),
  /** Why nothing could be read, in words; null when it could. */
  problem: z.string().nullable(),
  artifactCount: z.number(),
  sizeBytes: z.number(),
});
export type AppSource = z.infer<typeof AppSource>;

/** Something that takes space and may be let go. */
export const ReclaimItem = z.object({
  /** Opaque; valid until the next listing. */
  id: z.string(),
  kind: z.enum(['partial', 'orphan', 'duplicate', 'unused']),
  /** For people: file name or model name. */
  name: z.string(),
  path: z.string(),
  owner: Owner.nullable(),
  /** What deleting would free: 0 for a second link to the same bytes. */
  sizeBytes: z.number(),
  lastUsedAt: z.number().nullable(),
  /** Why it is listed: `Same bytes as …`, `Not used for 93 days`. */
  reason: z.string(),
  artifactId: z.string().nullable(),
  /** False where another app owns it: then the hint says how that app removes it. */
  canDelete: z.boolean(),
  hint: z.string().nullable(),
});
export type ReclaimItem = z.infer<typeof ReclaimItem>;

/** First item is a snapshot, then whole changed rows. */
export const LibraryChange = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('snapshot'),
    artifacts: z.array(Artifact),
    folders: z.array(ModelFolder),
    apps: z.array(AppSource),
    scanning: z.boolean(),
    disk: z.object({ freeBytes: z.number(), totalBytes: z.number() }).nullable(),
  }),
  z.object({ kind: z.literal('artifact'), artifact: Artifact }),
  z.object({ kind: z.literal('removed'), id: ArtifactId }),
  z.object({ kind: z.literal('folders'), folders: z.array(ModelFolder), apps: z.array(AppSource), scanning: z.boolean() }),
]);
export type LibraryChange = z.infer<typeof LibraryChange>;

export const KvType = z.enum(kvTypes);
export type KvType = z.infer<typeof KvType>;

/** How a model is loaded. Null = Rightsize decides and says what it chose. */
export const LoadOptions = z.object({
  contextTokens: z.number().int().min(128).max(16_777_216).nullable().default(null),
  threads: z.number().int().min(1).max(1024).nullable().default(null),
  gpuLayers: z.number().int().min(0).max(100_000).nullable().default(null),
  /** Of keys and values; a quantised cache needs flash attention. */
  kvType: KvType.nullable().default(null),
  flashAttention: z.boolean().nullable().default(null),
  /** Conversations answered side by side, each with a context of its own. Null: one, or what the local API needs while it runs and memory allows. */
  sequences: z.number().int().min(1).max(64).nullable().default(null),
});
export type LoadOptions = z.infer<typeof LoadOptions>;

/** How one model is loaded whenever nothing else is asked for, as its owner left it. */
export const ModelSettings = z.object({
  load: LoadOptions.prefault({}),
  /** Minutes without use after which it is unloaded; 0 = never, null = as the settings say for all. */
  keepAliveMinutes: z.number().min(0).max(1440).nullable().default(null),
});
export type ModelSettings = z.infer<typeof ModelSettings>;

/** What to try after a load ran out of memory. Words say what is smaller: `Load with 4,096 context`. In `data.next` of that load's error. */
export const NextLoad = z.object({ options: LoadOptions, words: z.string() });
export type NextLoad = z.infer<typeof NextLoad>;
const NextLoadData = z.object({ next: NextLoad });

/** What an error's data says to try next; null where it says nothing of the kind. */
export function nextLoadIn(data: unknown): NextLoad | null {
  const parsed = NextLoadData.safeParse(data);
  return parsed.success ? parsed.data.next : null;
}

export const LoadedModel = z.object({
  artifactId: ArtifactId,
  name: z.string(),
  quant: z.string().nullable(),
  state: z.enum(['loading', 'ready', 'unloading']),
  progress: z.number(),
  backend: z.string().nullable(),
  contextTokens: z.number().nullable(),
  threads: z.number().nullable(),
  gpuLayers: z.number().nullable(),
  layers: z.number().nullable(),
  memory: z
    .object({
      weightsBytes: z.number().nullable(),
      kvBytes: z.number().nullable(),
      computeBytes: z.number().nullable(),
      /** The part of these that lies on GPUs; null where none does, or the engine did not say. */
      gpu: z.object({ weightsBytes: z.number(), kvBytes: z.number(), computeBytes: z.number() }).nullable(),
      residentBytes: z.number(),
    })
    .nullable(),
  kvType: KvType.nullable(),
  flashAttention: z.boolean().nullable(),
  /** What it was expected to take before it was loaded, and whether the engine's dry run said so; null = not estimated. */
  estimate: z.object({ tier: z.enum(['t0', 't1']), totalBytes: z.number(), gpuBytes: z.number(), ramBytes: z.number() }).nullable(),
  /** What it took: lost by the GPU, and resident in its process; null until it is loaded. */
  measured: z.object({ totalBytes: z.number(), gpuBytes: z.number().nullable(), ramBytes: z.number() }).nullable(),
  /** Why it was loaded this way, in sentences. */
  reasons: z.array(z.string()),
  loadMs: z.number().nullable(),
  /** Conversations it can answer side by side, and how many it answers now. */
  sequences: z.number(),
  users: z.number(),
  /** Whether it can be shown images. */
  seesImages: z.boolean(),
  /** When it is unloaded if nobody asks it anything; null = not, or somebody is asking. */
  unloadsAt: z.number().nullable(),
  /** What holds it: a chat or another program, a benchmark, or nothing. */
  usedBy: z.enum(['chat', 'api', 'benchmark']).nullable(),
});
export type LoadedModel = z.infer<typeof LoadedModel>;
