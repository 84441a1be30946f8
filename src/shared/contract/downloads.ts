import * as z from 'zod';

/** Codes of what ends or holds a download. Hub codes (contract/catalog.ts) apply too. */
export const downloadErrors = {
  notFound: 'download-not-found',
  diskFull: 'disk-full',
  /** Bytes arrived whole and are not what the hub says they are; bad ranges were fetched again and are still wrong. */
  hashMismatch: 'hash-mismatch',
  /** The file on the hub is another one than when the download began. Nothing of the two is mixed. */
  changedOnHub: 'changed-on-hub',
  folderUnwritable: 'folder-unwritable',
  fileInTheWay: 'file-in-the-way',
  stateBroken: 'download-state-broken',
} as const;

export const DownloadId = z.string().min(1).max(100);

/**
 * `waiting` goes on by itself (network back, limit over, space free) and says why in `problem`; `paused` needs the user.
 * `failed` was tried and cannot go on without a change; what was fetched is kept.
 */
export const DownloadState = z.enum(['queued', 'running', 'verifying', 'waiting', 'paused', 'failed', 'ready', 'cancelled']);
export type DownloadState = z.infer<typeof DownloadState>;

export const DownloadProblem = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });
export type DownloadProblem = z.infer<typeof DownloadProblem>;

export const DownloadFile = z.object({
  /** Path within the repo. */
  file: z.string(),
  role: z.enum(['model', 'mmproj']),
  sizeBytes: z.number(),
  bytesDone: z.number(),
  sha256: z.string().nullable(),
  state: z.enum(['queued', 'running', 'verifying', 'ready', 'failed']),
});
export type DownloadFile = z.infer<typeof DownloadFile>;

/** One quant on its way to this disk: all shards, and the projector of a vision model. */
export const DownloadJob = z.object({
  id: DownloadId,
  repo: z.string(),
  revision: z.string(),
  commit: z.string(),
  quant: z.string().nullable(),
  /** For people: `Qwen3 4B Instruct`. */
  name: z.string(),
  files: z.array(DownloadFile),
  state: DownloadState,
  bytesDone: z.number(),
  bytesTotal: z.number(),
  /** Over the last seconds; 0 when nothing arrives; null when not running. */
  bytesPerSecond: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  problem: DownloadProblem.nullable(),
  /** When a waiting one is tried again, ms since 1970. */
  retryAt: z.number().nullable(),
  /** Ascending = order of the queue. */
  position: z.number(),
  addedAt: z.number(),
  finishedAt: z.number().nullable(),
  /** Folder or cache that it goes to. */
  folder: z.string(),
  /** First file, once ready. */
  path: z.string().nullable(),
  artifactId: z.string().nullable(),
});
export type DownloadJob = z.infer<typeof DownloadJob>;

export const DownloadsChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), jobs: z.array(DownloadJob) }),
  /** Whole changed job, at most four a second each. */
  z.object({ kind: z.literal('job'), job: DownloadJob }),
  z.object({ kind: z.literal('removed'), id: DownloadId }),
]);
export type DownloadsChange = z.infer<typeof DownloadsChange>;

export const DownloadRequest = z.object({
  repo: z.string().max(200),
  /** Branch, tag or commit. */
  revision: z.string().max(200).default('main'),
  /** First file of the quant, as `CatalogQuant.file` has it. */
  file: z.string().max(1000),
  /** Takes the projector of a vision model along. */
  withProjector: z.boolean().default(true),
});
export type DownloadRequest = z.infer<typeof DownloadRequest>;
