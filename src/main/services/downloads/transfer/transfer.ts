import type * as z from 'zod';
import type { DownloadProblem } from '#shared/contract/downloads.ts';
import type { HubClient } from '../../hub/hubClient.ts';

/** One file to be fetched. */
export interface TransferRequest {
  readonly hub: Pick<HubClient, 'resolve' | 'dispatcher'>;
  readonly repo: string;
  readonly commit: string;
  readonly path: string;
  /** As the hub told when the job was made; another size or hash at the hub now ends the transfer with `changed-on-hub`. */
  readonly sizeBytes: number;
  readonly sha256: string | null;
  readonly gitSha1: string | null;
  /** Where bytes are written. Never the final name. */
  readonly partialPath: string;
  /** Which bytes of it are safe; written atomically after the data. */
  readonly statePath: string;
  /** Connections at most. */
  readonly maxConnections: number;
  /** Aborting keeps everything that was fetched. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TransferProgress) => void;
}

export interface TransferProgress {
  readonly phase: 'fetching' | 'verifying' | 'waiting';
  /** Safe bytes; never falls, across restarts too, unless bad ranges had to be given up. */
  readonly bytesDone: number;
  /** Over the last seconds; 0 when nothing arrives. */
  readonly bytesPerSecond: number;
  /** Why it waits; null when it does not. It goes on by itself. */
  readonly problem: z.infer<typeof DownloadProblem> | null;
  /** ms since 1970. */
  readonly retryAt: number | null;
}

/** What a finished transfer is: all bytes written, synced, and hashed to what the hub says. */
export interface TransferResult {
  readonly sha256: string;
  /** Received over the network in this call, wasted ones included. */
  readonly bytesReceived: number;
}

/**
 * Fetches one file. Resolves when `partialPath` holds exactly the bytes the hub's hash names.
 * @throws {RpcError} codes of `downloadErrors` and `hubErrors` for what does not go away by itself; with the signal's reason when aborted.
 *   In each case what is safe stays on disk, and another call goes on from there.
 */
export type TransferFile = (request: TransferRequest) => Promise<TransferResult>;
