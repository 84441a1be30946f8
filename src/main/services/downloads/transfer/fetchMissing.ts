import { createAftermath, retryMs } from './aftermath.ts';
import { type BodyWriter, createBodyWriter } from './bodyWriter.ts';
import type { ChangeSignal } from './changeSignal.ts';
import type { ConnectionPolicy } from './connectionPolicy.ts';
import type { ByteRange, HeldBytes } from './heldBytes.ts';
import type { PartialFile } from './partialFile.ts';
import { crawlers, nextRange, slowestToSplit } from './rangePlan.ts';
import { type RangeRequest, type RequestEnd, startRangeRequest } from './rangeRequest.ts';
import { createSpeedMeter, type SpeedMeter } from './speedMeter.ts';
import type { TransferAddress, TransferAddresses } from './transferAddress.ts';
import type { TransferOptions } from './transferOptions.ts';
import { isPassing, problemOf } from './transferProblems.ts';
import type { WaitingRoom } from './waitingRoom.ts';

/** One file on its way: what is held of it, and everything that watches over it. */
export interface FetchContext {
  readonly options: TransferOptions;
  readonly sizeBytes: number;
  readonly maxConnections: number;
  /** The file is a page itself. */
  readonly isPage: boolean;
  /** Ends everything that belongs to the transfer; `fail` sets it off. */
  readonly signal: AbortSignal;
  readonly fail: (error: unknown) => void;
  /** ms since 1970; it may jump. */
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly addresses: TransferAddresses;
  readonly policy: ConnectionPolicy;
  readonly waiting: WaitingRoom;
  readonly held: HeldBytes;
  readonly file: PartialFile;
  readonly speed: SpeedMeter;
  /** Fired when bytes were given up, so that they are fetched again. */
  readonly changed: ChangeSignal;
  /** Requests under way, for whoever flushes, holds or counts them. */
  readonly running: Set<RunningFetch>;
  /** The disk is behind, so nobody reads on for now. */
  readonly isHeldBack: () => boolean;
  readonly onBytes: (bytes: number) => void;
  readonly onWritten: () => void;
  /** What later rounds still need to know. */
  readonly memory: { hasOneStream: boolean; comparesTags: boolean; countsConnections: boolean };
}

export interface RunningFetch extends BodyWriter {
  readonly ageMs: number;
  /** Ends it; what has come is kept and the rest is free for others. */
  stop(): void;
  /** Holds or goes on reading, for a reason that concerns all connections. */
  hold(isHeld: boolean): void;
}

const speedWindowMs = 3_000;

/**
 * Fetches all bytes that are missing, over as many connections as the policy wants, whatever the network does.
 * @throws {RpcError} what does not go away by itself; the signal's reason when aborted
 */
export async function fetchMissing(context: FetchContext): Promise<void> {
  const { options, sizeBytes, signal, held, running, policy, waiting, addresses, changed, memory, now, monotonicMs } = context;
  const aftermath = createAftermath(context);
  /** Connections that fetch or sit out a problem. */
  let busy = 0;
  let tickBytes = 0;
  let tickAt = monotonicMs();
  /** Of the last seconds, older ones counting less: what a connection usually brings. */
  let recentBytes = 0;
  let recentConnectionMs = 0;
  let heldBackAt = Number.NEGATIVE_INFINITY;

  const claims = (): ByteRange[] => [...running].map((request) => request.claim());

  function begin(address: TransferAddress, range: ByteRange, isSuspect: boolean): { request: RangeRequest; entry: RunningFetch } {
    const bornAt = monotonicMs();
    const reasons = { unwritten: false, everybody: false };
    let isPaused = false;
    const pace = (): void => {
      const shouldPause = reasons.unwritten || reasons.everybody;
      if (shouldPause === isPaused) return;
      isPaused = shouldPause;
      if (shouldPause) request.pause();
      else request.resume();
    };
    const writer = createBodyWriter({
      ...options,
      range,
      isSuspect,
      held,
      file: context.file,
      speed: createSpeedMeter({ windowMs: speedWindowMs, now: monotonicMs }),
      nextGap: (from) => held.firstGap(from, claims()),
      mayBegin,
      onBytes(bytes) {
        tickBytes += bytes;
        aftermath.bytesCame();
        context.onBytes(bytes);
      },
      onWritten: context.onWritten,
      pace(isBehind) {
        reasons.unwritten = isBehind;
        pace();
      },
    });
    const entry: RunningFetch = {
      ...writer,
      get ageMs() {
        return monotonicMs() - bornAt;
      },
      stop() {
        request.stop();
        writer.shorten(writer.position());
        changed.fire();
      },
      hold(isHeld: boolean) {
        reasons.everybody = isHeld;
        pace();
      },
    };
    const request = startRangeRequest({
      ...options,
      address,
      ...range,
      sizeBytes,
      comparesTags: memory.comparesTags,
      isPage: context.isPage,
      now,
      taker: writer,
    });
    /** A server that ignores ranges gets one stream; the first answer that says so carries on, the others end. */
    function mayBegin(kind: 'range' | 'whole-file'): boolean {
      if (kind === 'range') return true;
      if (memory.hasOneStream && [...running].some((other) => other !== entry && other.hasBegun())) return false;
      memory.hasOneStream = true;
      policy.limitTo(1);
      for (const other of running) if (other !== entry) other.stop();
      return true;
    }
    entry.hold(context.isHeldBack());
    return { request, entry };
  }

  function takeRange(): ByteRange | null {
    const range = nextRange(held, {
      ...options,
      sizeBytes,
      claims: claims(),
      connections: policy.target(),
      bytesPerSecond: context.speed.bytesPerSecond(),
    });
    if (range !== null) return range;
    const split = policy.target() > 1 ? slowestToSplit([...running], options) : null;
    if (split === null) return null;
    const { end } = split.request.claim();
    split.request.shorten(split.at);
    return { start: split.at, end };
  }

  /** One connection's share of the work. */
  async function connection(): Promise<void> {
    let isIdle = false;
    for (let failures = 0; !held.isComplete() || running.size > 0; ) {
      signal.throwIfAborted();
      if (isIdle || busy >= policy.target()) {
        isIdle = false;
        await changed.wait();
        continue;
      }
      busy++;
      try {
        await waiting.open();
        const address = await addresses.current();
        signal.throwIfAborted();
        const range = running.size < policy.target() ? takeRange() : null;
        isIdle = range === null;
        if (range === null) continue;
        const { request, entry } = begin(address, range, failures > 0 || !memory.comparesTags);
        running.add(entry);
        let end: RequestEnd;
        try {
          end = await request.ended;
          await entry.settled();
        } finally {
          request.stop();
          running.delete(entry);
          changed.fire();
        }
        signal.throwIfAborted();
        failures = await aftermath.goOn(end, entry, address, failures);
      } catch (error) {
        if (!isPassing(error)) throw error;
        failures++;
        await waiting.rest(Math.max(retryMs(options, failures), retryAtOf(error) - now()), problemOf(error));
      } finally {
        busy--;
        // One that found nothing to do has changed nothing: told so, idle connections would wake each other for ever.
        if (!isIdle) changed.fire();
      }
    }
  }

  function tick(): void {
    const elapsedMs = Math.max(1, monotonicMs() - tickAt);
    const speed = (tickBytes * 1000) / elapsedMs;
    recentBytes = recentBytes * 0.9 + tickBytes;
    recentConnectionMs = recentConnectionMs * 0.9 + elapsedMs * running.size;
    tickBytes = 0;
    tickAt = monotonicMs();
    if (policy.tick(speed)) {
      const farthestFirst = [...running].sort((one, other) => other.position() - one.position());
      for (const request of farthestFirst.slice(0, Math.max(0, running.size - policy.target()))) request.stop();
    }
    const meanBytesPerSecond = (recentBytes * 1000) / Math.max(1, recentConnectionMs);
    if (context.isHeldBack()) heldBackAt = monotonicMs();
    // A connection that had to wait for the disk does not crawl. One stream that ignores ranges would begin at the start of the file again.
    if (!memory.hasOneStream && monotonicMs() - heldBackAt > speedWindowMs)
      for (const request of crawlers([...running], { meanBytesPerSecond })) request.stop();
    changed.fire();
  }

  function stopAll(): void {
    for (const request of running) request.stop();
    changed.fire();
  }

  signal.addEventListener('abort', stopAll);
  const ticking = setInterval(tick, options.tickMs);
  const connections = Array.from({ length: Math.max(1, context.maxConnections) }, connection);
  try {
    await Promise.all(connections);
  } catch (error) {
    context.fail(error);
    await Promise.allSettled(connections);
    throw error;
  } finally {
    clearInterval(ticking);
    signal.removeEventListener('abort', stopAll);
  }
}

/** The hub client may know when to ask again. */
function retryAtOf(error: { readonly data?: unknown }): number {
  const retryAt = (error.data as { readonly retryAt?: unknown } | undefined)?.retryAt;
  return typeof retryAt === 'number' ? retryAt : 0;
}
