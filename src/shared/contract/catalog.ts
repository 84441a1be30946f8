import * as z from 'zod';
import type { RepoFile, RepoQuant } from '#core/catalog/repoFile.ts';
import type { FitShape } from '#core/fit/fitTypes.ts';

/** Codes of everything that can go wrong between this machine and the hub. */
export const hubErrors = {
  /** No network, no name, no route, proxy gone. */
  unreachable: 'hub-unreachable',
  /** 5xx for longer than the retries last. */
  down: 'hub-down',
  rateLimited: 'hub-rate-limited',
  /** What answered is not the hub: a captive portal, a proxy's page. */
  notTheHub: 'hub-not-itself',
  /** An answer that makes no sense: no JSON, wrong shape, wrong lengths. */
  badAnswer: 'hub-answer-invalid',
  repoNotFound: 'repo-not-found',
  revisionNotFound: 'revision-not-found',
  fileNotFound: 'repo-file-not-found',
  /** Gated or private, and there is no token. */
  tokenNeeded: 'token-needed',
  tokenInvalid: 'token-invalid',
  /** Gated, and this account has not accepted the licence on the repo's page. */
  licenceNotAccepted: 'licence-not-accepted',
  /** Asked for and refused, or a private repo of somebody else. */
  denied: 'access-denied',
  /** Taken down by the hub. */
  gone: 'repo-disabled',
  /** A path or name that would leave its folder, or that no file system takes. */
  unsafeName: 'unsafe-file-name',
  badEndpoint: 'hub-address-invalid',
  badProxy: 'proxy-invalid',
  nameUnclear: 'name-unclear',
  quantNotFound: 'quant-not-found',
} as const;

/** `publisher/name`. */
export const RepoId = z.string().regex(/^[\w.-]{1,96}\/[\w.-]{1,96}$/, 'not a repo id like publisher/name');
export const GatedState = z.enum(['no', 'auto', 'manual']);

export const CatalogSort = z.enum(['trending', 'downloads', 'likes', 'updated', 'created']);
export type CatalogSort = z.infer<typeof CatalogSort>;

export const CatalogQuery = z.object({
  text: z.string().max(20_000).default(''),
  sort: CatalogSort.default('trending'),
  /** Only these publishers; empty = all. */
  publishers: z.array(z.string().max(96)).max(50).default([]),
  /** Only publishers in the list of known good packagers. */
  trustedOnly: z.boolean().default(false),
  /** Other formats are listed but marked as not for this engine. */
  library: z.enum(['gguf', 'any']).default('gguf'),
  minParameters: z.number().min(0).nullable().default(null),
  maxParameters: z.number().min(0).nullable().default(null),
  /** By the name: `instruct`, `coder`, `reasoning`, `vision`, `embedding`, … */
  tune: z.string().max(40).nullable().default(null),
  /** SPDX-like, as the hub tags it: `apache-2.0`. */
  license: z.string().max(60).nullable().default(null),
  updatedWithinDays: z.number().int().min(1).max(3650).nullable().default(null),
  /** Only what would fit this machine at some quant, by parameters and by what the list tells. */
  fits: z.boolean().default(false),
});
export type CatalogQuery = z.infer<typeof CatalogQuery>;

/** Where an answer came from. `cached` is shown with its age. */
export const Freshness = z.object({ source: z.enum(['hub', 'cache']), fetchedAt: z.number(), isOffline: z.boolean() });
export type Freshness = z.infer<typeof Freshness>;

export const CatalogModel = z.object({
  repo: z.string(),
  publisher: z.string(),
  isTrusted: z.boolean(),
  downloads: z.number().nullable(),
  likes: z.number().nullable(),
  updatedAt: z.number().nullable(),
  createdAt: z.number().nullable(),
  gated: GatedState,
  /** From the hub's header facts, else from the name; null where neither tells. */
  parameters: z.number().nullable(),
  architecture: z.string().nullable(),
  contextTokens: z.number().nullable(),
  license: z.string().nullable(),
  pipeline: z.string().nullable(),
  library: z.string().nullable(),
  /** False for formats this engine does not run. Null = unknown. */
  isRunnable: z.boolean().nullable(),
  /** Artifact ids of this repo that are in the library. */
  artifactIds: z.array(z.string()),
});
export type CatalogModel = z.infer<typeof CatalogModel>;

export const CatalogPage = z.object({
  models: z.array(CatalogModel),
  /** Passed back for the next page; null at the end. Opaque. */
  cursor: z.string().nullable(),
  freshness: Freshness,
});
export type CatalogPage = z.infer<typeof CatalogPage>;

export const Access = z.enum(['open', 'granted', 'token-needed', 'licence-not-accepted', 'denied', 'unknown']);
export type Access = z.infer<typeof Access>;

export const CatalogQuant = z.custom<
  RepoQuant & {
    /** One of each repo, with the reason in words; null where nothing can be recommended. */
    readonly recommended: string | null;
    /** `Near original`, `Large loss`, … by published loss of the type; null where nobody measured it. */
    readonly quality: string | null;
    /** In the library already. */
    readonly artifactId: string | null;
  }
>();
export type CatalogQuant = z.infer<typeof CatalogQuant>;

export const CatalogRepo = z.object({
  repo: z.string(),
  publisher: z.string(),
  isTrusted: z.boolean(),
  /** Commit that everything below is of. */
  commit: z.string(),
  revision: z.string(),
  license: z.string().nullable(),
  licenseUrl: z.string().nullable(),
  gated: GatedState,
  downloads: z.number().nullable(),
  likes: z.number().nullable(),
  updatedAt: z.number().nullable(),
  baseModels: z.array(z.string()),
  tags: z.array(z.string()),
  pipeline: z.string().nullable(),
  /** The hub's own header facts of one file of the repo: hold for all of them. */
  parameters: z.number().nullable(),
  architecture: z.string().nullable(),
  contextTokens: z.number().nullable(),
  /** Whether the bundled engine knows the architecture; null = unknown. */
  isArchitectureSupported: z.boolean().nullable(),
  quants: z.array(CatalogQuant),
  projectors: z.array(z.custom<RepoFile>()),
  /** Page of the repo, for a browser. */
  url: z.string(),
  freshness: Freshness,
});
export type CatalogRepo = z.infer<typeof CatalogRepo>;

/** Header of one remote file, read by range. */
export const RemoteHeader = z.object({
  repo: z.string(),
  file: z.string(),
  sha256: z.string().nullable(),
  architecture: z.string().nullable(),
  name: z.string().nullable(),
  parameters: z.number().nullable(),
  contextTokens: z.number().nullable(),
  quant: z.string().nullable(),
  bitsPerWeight: z.number().nullable(),
  license: z.string().nullable(),
  hasChatTemplate: z.boolean(),
  expertCount: z.number().nullable(),
  /** What the estimate of memory is computed from. For a split model of all shards. */
  shape: z.custom<FitShape>(),
  /** Where name and header disagree, in words. */
  mismatches: z.array(z.object({ field: z.string(), name: z.string(), header: z.string(), sentence: z.string() })),
  /** What reading it cost; 0 where it was cached. */
  requests: z.number(),
  bytesRead: z.number(),
});
export type RemoteHeader = z.infer<typeof RemoteHeader>;

export const ModelCard = z.object({ repo: z.string(), commit: z.string(), markdown: z.string(), isCut: z.boolean(), freshness: Freshness });
export type ModelCard = z.infer<typeof ModelCard>;

export const HubAccount = z.object({
  /** Origin that requests go to, and whether it is a mirror: a mirror never gets the token. */
  endpoint: z.string(),
  isMirror: z.boolean(),
  /** Where the token lies: `environment` is HF_TOKEN. */
  token: z.enum(['none', 'stored', 'environment']),
  /** False where the system offers no protection for what is stored (`basic_text`, a plain 0600 file); shown in words. */
  isProtected: z.boolean(),
  /** Who the token belongs to, when last asked; null = not asked or refused. */
  name: z.string().nullable(),
  /** Of the proxy in use, credentials left out; null = none. */
  proxy: z.string().nullable(),
});
export type HubAccount = z.infer<typeof HubAccount>;
