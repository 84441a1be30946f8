import { createHash, type Hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransferFile, type TransferFileOptions } from '#main/services/downloads/transfer/createTransferFile.ts';
import type { TransferProgress, TransferRequest, TransferResult } from '#main/services/downloads/transfer/transfer.ts';
import type { HubClient, ResolvedFile } from '#main/services/hub/hubClient.ts';
import type { HubFault } from '../../fixtures/hub/hubsim.mjs';
import { startHub, type TestHub } from '../../fixtures/hub/startHub.ts';
import { openHub } from '../hub/hubHarness.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

export const kibibyte = 1024;
export const mebibyte = 1024 * kibibyte;
const repo = 'maker/model-GGUF';

/** Small sizes and short waits, so that a file of a few megabytes has many parts and a fault is over in milliseconds. */
export const quick: TransferFileOptions = {
  minRequestBytes: 64 * kibibyte,
  usualRequestBytes: 512 * kibibyte,
  maxRequestBytes: mebibyte,
  blockBytes: mebibyte,
  batchBytes: 64 * kibibyte,
  maxUnwrittenBytes: 256 * kibibyte,
  maxUnsafeBytes: 2 * mebibyte,
  saveBytes: mebibyte / 2,
  saveMs: 20,
  keepMs: Number.POSITIVE_INFINITY,
  stallMs: 200,
  firstRetryMs: 5,
  longestRetryMs: 40,
  tickMs: 50,
  progressMs: 5,
  random: () => 0.5,
};

export interface Transfer {
  readonly sim: TestHub;
  readonly hub: HubClient;
  readonly resolved: ResolvedFile;
  readonly partialPath: string;
  readonly statePath: string;
  readonly progress: TransferProgress[];
  /** Runs it once; `more` replaces parts of the request. */
  run(options?: TransferFileOptions, more?: Partial<TransferRequest>): Promise<TransferResult>;
  /** Whether the partial file has the content of the hub. */
  isWhole(): boolean;
  /** What the simulator sent of the file, and how much of that twice. */
  sent(): { readonly bytes: number; readonly redundantBytes: number; readonly requests: number };
  /** Requests for its bytes, as they came. */
  ranges(): readonly { readonly range: string | null; readonly status: number; readonly bytes: number }[];
}

/** A hub with one file of generated content (or of `content`), and everything to fetch it. */
export async function openTransfer(options: {
  readonly sizeBytes?: number;
  readonly content?: Uint8Array;
  readonly path?: string;
  readonly faults?: readonly HubFault[];
  readonly hub?: Readonly<Record<string, unknown>>;
}): Promise<Transfer> {
  const { path = 'model-Q4_K_M.gguf', sizeBytes = 8 * mebibyte } = options;
  const content =
    options.content === undefined
      ? { model: { virtual: { [path]: { size: sizeBytes, seed: 7 } } } }
      : { files: { [path]: options.content } };
  const sim = await startHub({ [repo]: content }, options.hub);
  const hub = openHub(sim.url);
  const resolved = await hub.resolve({ repo, revision: 'main', path });
  sim.resetStats();
  sim.setFaults(options.faults ?? []);
  const folder = temporaryFolder();
  const partialPath = join(folder, 'model.partial');
  const statePath = join(folder, 'model.state');
  const progress: TransferProgress[] = [];

  return {
    sim,
    hub,
    resolved,
    partialPath,
    statePath,
    progress,
    run: (engine = {}, more = {}) =>
      createTransferFile({ ...quick, ...engine })({
        hub,
        repo,
        commit: resolved.commit,
        path,
        sizeBytes: resolved.sizeBytes,
        sha256: resolved.sha256,
        gitSha1: resolved.gitSha1,
        partialPath,
        statePath,
        maxConnections: 8,
        signal: new AbortController().signal,
        onProgress: (one) => void progress.push(one),
        ...more,
      }),
    isWhole: () => digestOf(readFileSync(partialPath), resolved) === (resolved.sha256 ?? resolved.gitSha1),
    sent() {
      const files = (sim.stats() as unknown as { files: Record<string, ReturnType<Transfer['sent']>> }).files;
      return files[`${repo}/${path}`] ?? { bytes: 0, redundantBytes: 0, requests: 0 };
    },
    ranges: () => (sim.stats() as unknown as { ranges: ReturnType<Transfer['ranges']> }).ranges,
  };
}

function digestOf(bytes: Uint8Array, resolved: ResolvedFile): string {
  const hash: Hash = resolved.sha256 === null ? createHash('sha1').update(`blob ${bytes.length}\0`) : createHash('sha256');
  return hash.update(bytes).digest('hex');
}
