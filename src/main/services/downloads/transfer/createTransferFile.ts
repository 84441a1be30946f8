import { stat } from 'node:fs/promises';
import { downloadErrors } from '#shared/contract/downloads.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { beforeAbort } from '../../beforeAbort.ts';
import { createChangeSignal } from './changeSignal.ts';
import { createConnectionPolicy } from './connectionPolicy.ts';
import { type ContentDigests, createContentHasher } from './contentHasher.ts';
import { type FetchContext, fetchMissing, type RunningFetch } from './fetchMissing.ts';
import { createBadRangeSearch } from './findBadRanges.ts';
import { createHeldBytes } from './heldBytes.ts';
import { type OpenFile, openPartialFile, toFileError } from './partialFile.ts';
import { createProgressFeed } from './progressFeed.ts';
import { createSpeedMeter } from './speedMeter.ts';
import { createStateSaver } from './stateSaver.ts';
import type { TransferFile, TransferProgress, TransferRequest, TransferResult } from './transfer.ts';
import { createTransferAddresses } from './transferAddress.ts';
import { productionTransferOptions, type TransferOptions } from './transferOptions.ts';
import { loadTransferState } from './transferState.ts';
import { createWaitingRoom } from './waitingRoom.ts';

export interface TransferFileOptions extends Partial<TransferOptions> {
  /** Opens the partial file; the file system's own where not given. */
  readonly openFile?: OpenFile;
}

/**
 * Makes the engine that fetches one file: parallel ranges, written in place, digested and hashed on the way, safe at any moment.
 * The state file is left beside the finished partial file; who takes the file away takes that too.
 * @param options what differs from production; tests shorten times
 */
export function createTransferFile(options: TransferFileOptions = {}): TransferFile {
  const limits: TransferOptions = { ...productionTransferOptions, ...options };
  return async (request) => {
    request.signal.throwIfAborted();
    const blockBytes = blockBytesFor(request.sizeBytes, limits.blockBytes);
    return await transfer(request, { ...limits, blockBytes }, options.openFile);
  };
}

/** Waking the hashing thread costs more than hashing a batch. */
const hashStepBytes = 4 * 2 ** 20;

async function transfer(request: TransferRequest, options: TransferOptions, openFile: OpenFile | undefined): Promise<TransferResult> {
  const { sizeBytes, partialPath, statePath } = request;
  const now = Date.now;
  /** For speeds: the clock may be set. */
  const monotonicMs = (): number => performance.now();
  const earlier = await loadTransferState({ statePath, partialPath, target: request, blockBytes: options.blockBytes });
  const file = await openPartialFile({ path: partialPath, keep: earlier.length > 0, open: openFile });
  const held = createHeldBytes({ sizeBytes, blockBytes: options.blockBytes, pieces: earlier });
  const over = new AbortController();
  const signal = AbortSignal.any([request.signal, over.signal]);
  const fail = (error: unknown): void => over.abort(error);
  const running = new Set<RunningFetch>();
  const changed = createChangeSignal();
  const waiting = createWaitingRoom({ signal, now });
  const speed = createSpeedMeter({ windowMs: 3_000, now: monotonicMs });
  let bytesReceived = 0;
  let isVerifying = false;
  let isHeldBack = false;
  let toldFrontier = 0;

  function holdBack(): void {
    if (saver.isBehind() === isHeldBack) return;
    isHeldBack = !isHeldBack;
    for (const fetch of running) fetch.hold(isHeldBack);
  }

  function giveUp(range: { readonly start: number; readonly end: number }): void {
    const start = held.drop(range)[0]?.start ?? range.start;
    hasher.rewind(start);
    toldFrontier = Math.min(toldFrontier, start);
    hasher.advance(held.frontier());
    saver.dropped();
    changed.fire();
  }

  const hasher = createContentHasher({
    path: partialPath,
    sizeBytes,
    blockBytes: options.blockBytes,
    withGitSha1: request.gitSha1 !== null && request.sha256 === null,
    earlier,
    onDamaged: giveUp,
    onFailed: fail,
  });
  const saver = createStateSaver({
    held,
    file,
    statePath,
    target: request,
    limits: options,
    beforeSave: async () => {
      await Promise.all([...running].map((fetch) => fetch.settled()));
    },
    onSaved: holdBack,
    onFailed: fail,
  });
  const feed = createProgressFeed({ everyMs: options.progressMs, read: readProgress, tell: request.onProgress });
  const context: FetchContext = {
    options,
    sizeBytes,
    maxConnections: Math.max(1, request.maxConnections),
    isPage: /\.html?$/i.test(request.path),
    signal,
    fail,
    now,
    monotonicMs,
    addresses: createTransferAddresses({ ...request, signal }, { now }),
    policy: createConnectionPolicy({ start: options.startConnections, max: request.maxConnections }),
    waiting,
    held,
    file,
    speed,
    changed,
    running,
    isHeldBack: () => isHeldBack,
    onBytes(bytes) {
      bytesReceived += bytes;
      speed.add(bytes);
    },
    onWritten() {
      saver.written();
      if (held.frontier() - toldFrontier >= hashStepBytes || held.isComplete()) {
        toldFrontier = held.frontier();
        hasher.advance(toldFrontier);
      }
      holdBack();
    },
    memory: { hasOneStream: false, comparesTags: true, countsConnections: false },
  };

  function readProgress(): TransferProgress {
    const isReceiving = [...running].some((fetch) => fetch.hasBegun());
    const wait = isReceiving || isVerifying ? null : waiting.current();
    return {
      phase: isVerifying ? 'verifying' : wait === null ? 'fetching' : 'waiting',
      bytesDone: saver.safeBytes(),
      bytesPerSecond: Math.round(speed.bytesPerSecond()),
      problem: wait?.problem ?? null,
      retryAt: wait?.retryAt ?? null,
    };
  }

  /** Fetches what is missing until a hash of the whole file comes out, right or wrong. */
  async function fetchAndHash(): Promise<ContentDigests> {
    for (;;) {
      await fetchMissing(context);
      isVerifying = true;
      feed.look();
      const digests = await beforeAbort(hasher.whole(), signal);
      isVerifying = false;
      if (digests !== null) return digests;
    }
  }

  try {
    // Earlier bytes are hashed while the rest is fetched.
    hasher.advance(held.frontier());
    const search = createBadRangeSearch({ held, hasher, atOnce: context.policy.target() });
    let digests = await fetchAndHash();
    while (!isRight(digests, request)) {
      isVerifying = true;
      await beforeAbort(search.giveUpNext(), signal);
      isVerifying = false;
      saver.dropped();
      await fetchMissing(context);
      const from = search.changedFrom();
      if (from === null) continue;
      hasher.rewind(from);
      digests = await fetchAndHash();
    }
    await saver.finish();
    await checkSize(partialPath, sizeBytes);
    feed.look();
    return { sha256: digests.sha256, bytesReceived };
  } catch (error) {
    // An abort from outside and a failure inside both end the connections with an AbortError; the reason is the signal's.
    const reason = signal.aborted ? signal.reason : error;
    over.abort(reason);
    await saver.finish().catch(() => undefined);
    throw reason;
  } finally {
    feed.dispose();
    await hasher.dispose();
    await file.close().catch(() => undefined);
  }
}

function isRight(digests: ContentDigests, request: TransferRequest): boolean {
  if (request.sha256 !== null) return digests.sha256 === request.sha256;
  return request.gitSha1 === null || digests.gitSha1 === request.gitSha1;
}

/** Blocks grow with the file, so that the state file stays small. */
function blockBytesFor(sizeBytes: number, smallest: number): number {
  let blockBytes = smallest;
  while (sizeBytes / blockBytes > 8192) blockBytes *= 2;
  return blockBytes;
}

/** Somebody else may have written beyond the end. @throws {RpcError} download-state-broken */
async function checkSize(path: string, sizeBytes: number): Promise<void> {
  const there = await stat(path).catch((error) => {
    throw toFileError(error);
  });
  if (there.size === sizeBytes) return;
  throw new RpcError(downloadErrors.stateBroken, 'Another program has changed the file while it was downloaded. It was not put in place.', {
    hint: 'Start the download again, and leave its folder alone while it runs.',
  });
}
