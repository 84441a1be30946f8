import type { DownloadJob, DownloadRequest, DownloadsChange } from '#shared/contract/downloads.ts';
import type { Cancellable } from '../hub/hubClient.ts';

/** The queue of downloads. Durable: after any end of the process it goes on where it was. */
export interface DownloadService {
  list(): DownloadJob[];
  /**
   * Puts a quant into the queue. The same quant at the same commit is the same job; one that is on this disk already is ready at once.
   * @throws {RpcError} repo-not-found, quant-not-found, token-needed, licence-not-accepted, unsafe-file-name, disk-full, folder-unwritable, …
   */
  start(request: DownloadRequest, options?: Cancellable & { readonly folder?: string }): Promise<DownloadJob>;
  /** Keeps what was fetched. @throws {RpcError} download-not-found */
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  /** Ends it and deletes its partial files. */
  cancel(id: string): Promise<void>;
  move(id: string, before: string | null): void;
  pauseAll(): Promise<void>;
  resumeAll(): void;
  clearFinished(): void;
  /** Resolves when the job is ready; rejects with its problem when it failed, was paused or cancelled. */
  whenDone(id: string, options?: Cancellable): Promise<DownloadJob>;
  /** Files of jobs that are not finished: nobody else may touch them. */
  partialPaths(): readonly string[];
  /** A snapshot at once, then changed jobs, at most four a second each. @returns a function that ends the subscription. */
  subscribe(listener: (change: DownloadsChange) => void): () => void;
  /** Stops what runs, keeps what was fetched; the next start goes on. */
  dispose(): Promise<void>;
}
