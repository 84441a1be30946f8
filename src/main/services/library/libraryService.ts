import type * as z from 'zod';
import type {
  AppSource,
  Artifact,
  BestScore,
  Inspection,
  LibraryChange,
  MeasuredSpeed,
  ModelFolder,
  ReclaimItem,
} from '#shared/contract/models.ts';

/** Every model file this app knows, where it lies and what is in it. Owns the truth; others hold ids. */
export interface LibraryService {
  list(): Artifact[];
  /** The artifact with exactly this id. */
  get(id: string): Artifact | undefined;
  /** @throws {RpcError} model-not-found */
  require(id: string): Artifact;
  /** What a person means by a name, an id or a path. @throws {RpcError} model-not-found with near names, model-ambiguous */
  resolve(nameOrIdOrPath: string): Artifact;
  folders(): ModelFolder[];
  /** Header facts of an artifact; of a split one over all its files. @throws {RpcError} model-not-found and codes of bad files */
  inspect(id: string): Promise<Inspection>;
  /** Header facts of any file on this disk. @throws {RpcError} file-missing, not-gguf, gguf-truncated, gguf-invalid, gguf-version-unsupported */
  inspectFile(path: string): Promise<Inspection>;
  /**
   * Takes a file (or the whole of a split one) into the library where it lies; a folder is added as a model folder. Nothing is copied.
   * @throws {RpcError} file-missing and codes of bad files; then nothing was taken in.
   */
  importPath(path: string): Promise<Artifact[]>;
  /**
   * Forgets an imported or vanished artifact. Its file is deleted only when it lies in the app's own model folder.
   * @throws {RpcError} model-not-found, not-owned, model-in-use
   */
  remove(id: string, options?: { readonly deleteFile?: boolean }): Promise<{ fileDeleted: boolean }>;
  /**
   * Takes in what a download has finished: verified files at their final place, the model's own first shard first. Known hashes are kept,
   * so nothing is read twice. A listed older version at the same place is replaced in the same row.
   */
  addDownloaded(download: DownloadedFiles): Promise<Artifact>;
  /** Other apps on this machine whose models are used in place. */
  apps(): AppSource[];
  /** Looks again at what takes space: partial files, orphans, duplicates by hash, models unused for 60 days. */
  reclaimable(): Promise<ReclaimItem[]>;
  /** Deletes items of the last listing, each checked again first. Nothing of another app is ever deleted. */
  reclaim(ids: readonly string[]): Promise<{ freedBytes: number; failed: { id: string; message: string }[] }>;
  /** Asks the hub whether files with a known origin have changed there. */
  checkUpdates(options?: { readonly signal?: AbortSignal }): Promise<{ checked: number; found: number }>;
  /** @returns false when the folder was already there. @throws {RpcError} folder-missing */
  addFolder(path: string): Promise<{ added: boolean }>;
  /** Forgets a folder and what was found in it; no file is touched. @throws {RpcError} folder-missing */
  removeFolder(folderId: string): Promise<void>;
  /** Looks at every folder again. Resolves when it is done. */
  rescan(): Promise<void>;
  /** Looks at one artifact's files again, and reads the header again where they changed. @throws {RpcError} model-not-found */
  refresh(id: string): Promise<Artifact>;
  /**
   * Compares an artifact with its files on disk before it is used; only where they differ is anything read.
   * @throws {RpcError} model-not-found
   */
  verify(id: string): Promise<{ readonly artifact: Artifact; readonly hasChanged: boolean }>;
  isScanning(): boolean;
  /** Resolves when no scan is running: after start, when everything that is there is listed. */
  whenScanned(): Promise<void>;
  /** The hash of an artifact, moved to the front of the queue. @throws {RpcError} model-not-found, or its problem when it cannot be read */
  whenHashed(id: string): Promise<string>;
  /** Hashing waits until the returned function is called, so that it does not disturb a measurement. */
  holdHashing(): () => void;
  recordSpeed(id: string, speed: MeasuredSpeed): void;
  recordScore(id: string, score: z.infer<typeof BestScore>): void;
  markUsed(id: string): void;
  /** A snapshot at once, then whole changed rows. @returns a function that ends the subscription. */
  subscribe(listener: (change: LibraryChange) => void): () => void;
  /** Stops scanning and hashing. What was found is kept. */
  dispose(): Promise<void>;
}

/** Files that a download brought, all verified. Paths are absolute. */
export interface DownloadedFiles {
  readonly repo: string;
  readonly revision: string;
  readonly commit: string;
  /** In shard order; `file` is the path within the repo. */
  readonly files: readonly { readonly path: string; readonly file: string; readonly sizeBytes: number; readonly sha256: string }[];
  readonly projectorPath: string | null;
  /** Every model file lay there before, put there by somebody else: whose it is does not change. */
  readonly wasHere: boolean;
  readonly verifiedAt: number;
}
